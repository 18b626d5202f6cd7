"""What a text is compared with: rare shingles of a month, exact words of all time, its own url."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from marsad.articles import Article
from marsad.background import EMPTY_BACKGROUND
from marsad.novelty import STORE_COMMON_TEXTS, judge_novelty
from marsad.records import Record
from marsad.relations import Neighbourhood, NoveltyKind, Sketch
from marsad.sketches import fingerprint_of, sketch_of
from marsad.stories import STORY_DAYS, story_of
from tests.warehouse.conftest import BODY, article_of, batch_of, draft_of, record_of, store
from warehouse.core import Core
from warehouse.neighbours import WINDOW_DAYS

TODAY = date(2026, 3, 10)
LETTERS = "ابتثجحخدذرزسشصضطظعفق"  # twenty that the fold keeps apart
#: A cable of congratulation, sent to whoever has a national day.
CABLE = (
    "بعث الأمير برقية تهنئة إلى فخامة الرئيس {} بمناسبة ذكرى اليوم الوطني لبلاده الصديقة. "
    "وأعرب سموه في البرقية عن أصدق التهاني وأطيب التمنيات بموفور الصحة والسعادة للرئيس {} "
    "ولحكومة وشعب بلاده المزيد من التقدم والازدهار."
)
OTHER = "أعلنت الوزارة افتتاح ميناء جديد على الساحل الشرقي بعد ثلاث سنوات من العمل المتواصل"  # a new port is opened


def keep(core: Core, articles: Sequence[Article], on: date = TODAY, batch_id: str = "kept") -> None:
    with core.writing() as transaction:
        transaction.append_sketches([sketch_of(a.id, fingerprint_of(a.text)) for a in articles], on)
        transaction.append_articles(batch_of(*(record_of(a) for a in articles), batch_id=batch_id))


def ask(core: Core, *articles: Article, on: date = TODAY) -> dict[int, Neighbourhood]:
    prints = {a.id: fingerprint_of(a.text) for a in articles}
    with core.writing() as transaction:
        sketches = [sketch_of(key, found) for key, found in prints.items()]
        transaction.append_sketches(sketches, on)
        return transaction.neighbourhoods(sketches, on, prints)


def found(hoods: dict[int, Neighbourhood], article: Article) -> list[int]:
    return [neighbour.id for neighbour in hoods[article.id].neighbours]


def test_near_copies_are_found_within_the_month_only(core: Core) -> None:
    copy = article_of(2, body=f"{BODY}\n{OTHER}")
    keep(core, [article_of(1)], TODAY - timedelta(days=WINDOW_DAYS))
    assert found(ask(core, copy), copy) == []
    assert found(ask(core, copy, on=TODAY - timedelta(days=1)), copy) == [article_of(1).id]


def test_the_same_words_are_found_in_all_of_history(core: Core) -> None:
    copy = article_of(2)
    keep(core, [article_of(1)], TODAY - timedelta(days=3000))
    assert found(ask(core, copy), copy) == [article_of(1).id]


def test_a_text_meets_those_before_it_in_its_batch(core: Core) -> None:
    one, other = article_of(1), article_of(2, body=f"{BODY}\n{OTHER}")
    hoods = ask(core, one, other)
    assert found(hoods, one) == []
    assert found(hoods, other) == [one.id]


def judge(core: Core, article: Article, number: int) -> Record:
    """Compare one article as a cycle does, and keep it."""
    fingerprint = fingerprint_of(article.text)
    sketch = sketch_of(article.id, fingerprint)
    with core.writing() as transaction:
        transaction.append_sketches([sketch], TODAY)
        hoods = transaction.neighbourhoods([sketch], TODAY, {article.id: fingerprint})
        novelty = judge_novelty(article.id, fingerprint, hoods[article.id], EMPTY_BACKGROUND)
        story = story_of(article.id, novelty, transaction.story_ids(hoods))
        record = Record(draft_of(article), novelty, story)
        transaction.append_articles(batch_of(record, batch_id=f"judged-{number}"))
    return record


def test_the_fortieth_copy_of_a_wire_story_joins_the_first(core: Core) -> None:
    copies = [article_of(n, title=f"عنوان {n}", body=f"{BODY}\n{OTHER}") for n in range(40)]  # title
    records = [judge(core, copy, number) for number, copy in enumerate(copies)]
    assert [r.novelty.kind for r in records] == [NoveltyKind.NEW] + [NoveltyKind.DUPLICATE] * 39
    assert {r.story_id for r in records} == {copies[0].id}


def test_forty_cables_of_one_formula_stay_forty_stories(core: Core) -> None:
    turns = [[LETTERS[at:] + LETTERS[:at] for at in offsets] for offsets in ((0, 3, 8, 14), (0, 2, 6, 13))]
    letters = [four for turn in turns for four in zip(*turn, strict=True)]
    names = [f"{a}و{b}ي{c} {d}ا{a}ل من {c}{b}ا{d}" for a, b, c, d in letters]
    cables = [article_of(n, title="برقية", body=CABLE.format(name, name)) for n, name in enumerate(names)]  # cable
    records = [judge(core, cable, number) for number, cable in enumerate(cables)]
    assert len(records) == 40
    assert {r.novelty.kind for r in records} == {NoveltyKind.NEW}
    assert len({r.story_id for r in records}) == 40


def test_candidates_are_those_that_share_what_is_rare(core: Core) -> None:
    formulaic = [article_of(n, body=f"{BODY} {n}") for n in range(30)]
    kept = article_of(50, title="ميناء", body=OTHER)  # port
    keep(core, [*formulaic, kept])
    asked = article_of(99, body=f"{BODY} {OTHER}")
    assert kept.id in found(ask(core, asked), asked)


def test_what_more_texts_hold_than_marsad_calls_rare_leads_to_nobody(core: Core) -> None:
    keep(core, [article_of(n, title=f"عنوان {n}") for n in range(STORE_COMMON_TEXTS)])  # title
    asked = article_of(99, body=f"{BODY}\n{OTHER}")
    hoods = ask(core, asked)
    assert found(hoods, asked) == []
    counts = hoods[asked.id].store_counts
    assert counts is not None
    assert max(counts.values()) == STORE_COMMON_TEXTS + 1


def test_an_unrelated_text_has_no_neighbours(core: Core) -> None:
    keep(core, [article_of(1)])
    asked = article_of(2, title="ميناء", body=OTHER)  # port
    assert found(ask(core, asked), asked) == []


def test_a_changed_text_is_compared_with_what_stood_there_last(core: Core) -> None:
    keep(core, [article_of(1)])
    changed = article_of(1, body=OTHER)
    store(core, batch_of(record_of(changed, NoveltyKind.REVISION), batch_id="changed"))
    hoods = ask(core, article_of(1, body="نص ثالث"))  # a third text
    (last,) = hoods[changed.id].neighbours
    assert last.id == changed.id
    assert last.fingerprint.text_key == fingerprint_of(changed.text).text_key


def test_a_batch_that_comes_again_leaves_no_second_sketch(core: Core) -> None:
    for _ in range(2):
        keep(core, [article_of(1)])
    with core.reading() as connection:
        assert connection.execute("select count(*) from core.sketch").fetchall() == [(1,)]
        rows = connection.execute("select count(*), count(distinct hash) from core.posting").fetchall()
    assert rows[0][0] == rows[0][1] > 0


def test_sketches_of_another_version_are_not_compared(core: Core) -> None:
    sketch = replace(sketch_of(1, fingerprint_of(BODY)), version=0)
    with core.writing() as transaction, pytest.raises(ValueError, match="version 0"):
        transaction.append_sketches([sketch], TODAY)


def test_no_sketches_have_no_neighbourhoods(core: Core) -> None:
    assert ask(core) == {}


def told(*terms: int, number: int) -> Sketch:
    """A text like no other, whose lead says `terms`."""
    return sketch_of(article_of(number).id, fingerprint_of(f"نص {number}"), terms)


def keep_told(core: Core, sketch: Sketch, number: int, on: date) -> None:
    with core.writing() as transaction:
        transaction.append_sketches([sketch], on)
        article = article_of(number, title="عنوان", body=f"خبر {number} لا يشبه غيره")  # a title, news like no other
        transaction.append_articles(batch_of(record_of(article), batch_id=f"told-{number}"))


def ages(core: Core, sketch: Sketch, on: date) -> dict[int, int]:
    with core.writing() as transaction:
        hoods = transaction.neighbourhoods([sketch], on)
    return {teller.id: teller.age_days for teller in hoods[sketch.article_id].tellers}


@pytest.mark.parametrize(
    ("terms", "days", "is_found"),
    [
        pytest.param((1, 2, 3), 0, True, id="the same day"),
        pytest.param((1, 2, 9), STORY_DAYS - 1, True, id="two terms, days ago"),
        pytest.param((1, 2, 3), STORY_DAYS, False, id="too long ago"),
        pytest.param((1, 8, 9), 0, False, id="one term"),
    ],
)
def test_leads_that_say_the_same_are_found(core: Core, terms: tuple[int, ...], days: int, is_found: bool) -> None:  # noqa: FBT001  a row of the table
    keep_told(core, told(1, 2, 3, number=1), 1, TODAY - timedelta(days=days))
    found = ages(core, told(*terms, number=2), TODAY)
    assert found == ({article_of(1).id: days} if is_found else {})


def test_the_text_of_a_teller_is_its_title_and_body(core: Core) -> None:
    keep_told(core, told(1, 2, 3, number=1), 1, TODAY)
    with core.writing() as transaction:
        asked = told(1, 2, 3, number=2)
        (teller,) = transaction.neighbourhoods([asked], TODAY)[asked.article_id].tellers
    assert teller.text.startswith("عنوان\n\nخبر 1")
