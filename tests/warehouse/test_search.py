"""Search: any spelling, any clitic, side by side, the best first, in the newest reading."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from marsad.arabic import FOLD, fold
from marsad.articles import Entity, EntityType
from marsad.records import Record
from marsad.relations import Novelty, NoveltyKind
from tests.warehouse.conftest import NOW, article_of, batch_of, record_of, store
from warehouse import indexing
from warehouse.core import Core
from warehouse.folding import fold_parts
from warehouse.reader import Reader

PYONGYANG = Entity("pyongyang", "Pyongyang", "بيونغ يانغ", EntityType.GPE, aliases=("بيونجيانج",))
TEXTS = {
    1: ("وصول الوفد", "وصل الوفد إلى بيونغ يانغ صباحا، ثم عاد من بيونغ يانغ مساء."),  # the delegation arrived
    2: ("قمة في بيونج يانج", "بدأت القمة أمس."),  # a summit in Pyongyang
    3: ("بيان", "رحبت موسكو وبيونجيانج بالاتفاق."),  # Moscow and Pyongyang welcomed the agreement
    4: ("يانغ وحدها", "زارت مدينة بيونغ\nيانغ اسم رجل."),  # a name across two paragraphs
    5: ("خبر عن بيونغ", "يانغ في أول النص."),  # across title and body
    6: ("كوريا", "كُورِيَا الشَّمَالِيَّةُ ولكوريا وفدٌ."),  # vowel signs, a clitic
    7: ("مفكوريات", "ليس فيه شيء."),  # a word that only ends alike
}


def told(number: int, title: str, body: str, day: int = 0) -> Record:
    return record_of(article_of(number, title, body), at=NOW + timedelta(days=day))


def ids_of(*numbers: int) -> list[int]:
    return [article_of(number).id for number in numbers]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    core = Core(tmp_path_factory.mktemp("search"))
    core.create_or_migrate()
    core.append_entities([PYONGYANG], NOW)
    for number, (title, body) in TEXTS.items():
        store(core, batch_of(told(number, title, body), batch_id=f"articles-{number}"))
        core.publish()
    return Reader(core.folder)


def found(reader: Reader, phrase: str, rest: str = "") -> list[int]:
    return [key for (key,) in reader.query(f"select article_id from search(?{rest})", [phrase]).rows]


@pytest.mark.parametrize(
    ("phrase", "numbers"),
    [
        ("بيونج يانج", [2, 1, 4, 3]),
        ("بِيُونغ يانغ", [2, 1, 4, 3]),
        ("Pyongyang", [2, 1, 4, 3]),
        ("pyongyang", [2, 1, 4, 3]),
        ("كوريا", [6]),
        ("كوريا الشمالية", [6]),
        ("لكوريا الشمالية", [6]),
        ("وبيونغ يانغ", [2, 1, 4, 3]),
        ("الوفد", [1, 6]),
        ("للوفد", [1, 6]),
        ("وفد", [6, 1]),
        ("الوفد بيونغ", []),
        ("أمطار", []),  # rain
        ("", []),
        ("، !", []),
        ("' or 1=1 --", []),
        ("[أ-ي]+ (", []),
        ("%", []),
        ("\U0001f680 وفد", [6, 1]),
        ("وفد\x00", [6, 1]),
        ("\u202eالوفد", [1, 6]),
        ("و" * 100_000, []),
        ("الوفد " * 20_000, []),
        ("ﻻ" * 20, []),  # a ligature that folding takes apart
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_a_phrase_is_found_in_any_spelling_the_best_first(reader: Reader, phrase: str, numbers: list[int]) -> None:
    assert found(reader, phrase) == ids_of(*numbers)


FORMS = {
    1: ("ميناء", "وصلت سفن إلى راسون."),  # ships came to Rason
    2: ("مرفأ", "وراسون مدينة على البحر."),  # and Rason is a town by the sea
    3: ("رحلة", "غادروا لراسون، وبراسون سوق (Rason)."),  # they left for Rason; in Rason is a market
    4: ("سفر", "قال الوزير إن وزير النقل ووزير الخارجية سافرا."),  # two ministers
    5: ("ماء", "في البيت زير ماء."),  # a jar, spelt like the end of "minister"
    6: ("ولاية", "جرى ذلك عام ٢٠٢٤ في الولاية."),  # a state; in 2024
    7: ("أنباء", "كتب 2024 مرة."),
    8: ("أعداد", "وصل 3,000 عامل سنة ١٤٤٧هـ."),  # 3,000 workers came in the year 1447
    9: ("أرقام", "بلغت ٣٠٠٠ في سنة 1447 هـ، ثم ٢٬٥٠٠٬٠٠٠."),  # 3000 in 1447, then 2,500,000
}


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    core = Core(tmp_path_factory.mktemp("forms"))
    core.create_or_migrate()
    store(core, batch_of(*(told(number, *text, day=number) for number, text in FORMS.items())))
    core.publish()
    return Reader(core.folder)


@pytest.mark.parametrize(
    ("phrase", "numbers"),
    [
        ("راسون", [1, 3, 2]),
        ("وراسون", [2, 3, 1]),
        ("لراسون", [3, 2, 1]),
        ("فبالراسون", [3, 2, 1]),
        ("راســون", [1, 3, 2]),
        ("رَاسُونٌ", [1, 3, 2]),
        ("رأسون", [1, 3, 2]),
        ("'راسون'", [1, 3, 2]),
        ("«راسون»", [1, 3, 2]),
        ("RASON", [3]),
        ("سفن إلى راسون", [1]),
        ("السفن إلى راسون", [1]),
        ('"وسفن الى راسون"', [1]),
        ("راسون إلى سفن", []),
        ("وزير", [4]),
        ("زير", [5, 4]),
        ("الوزير", [4]),
        ("ولايه", [6]),
        ("بالولاية", [6]),
        ("٢٠٢٤", [7, 6]),
        ("2024", [7, 6]),
        ("2024م", [7, 6]),
        ("3000", [9, 8]),
        ("٣٬٠٠٠", [8, 9]),
        ("3.000 عامل", [8]),
        ("1447", [9, 8]),
        ("سنة 1447هـ", [8, 9]),
        ("سنة ١٤٤٧ هـ", [9, 8]),
        ("2500000", [9]),
        ("500", [9]),
        ("راسون " * 2_000, []),
        ("وفبكلال", []),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_a_word_is_found_with_other_clitics_than_it_is_asked_with_as_asked_first(
    forms: Reader, phrase: str, numbers: list[int]
) -> None:
    assert found(forms, phrase) == ids_of(*numbers)


def test_the_best_are_as_many_as_asked_for(reader: Reader) -> None:
    assert found(reader, "بيونج يانج", ", best := 2") == ids_of(2, 1)


@pytest.mark.parametrize(("most", "numbers"), [(0, []), (1, [4, 5]), (3, [2, 4, 5]), (4, [1, 2, 4, 5])])
def test_of_a_frequent_word_the_newest_runs_of_texts_are_looked_at(
    reader: Reader, most: int, numbers: list[int]
) -> None:
    sql = "select distinct article_id from core.places_of('بيونغ', most := ?)"  # the first half of a name
    assert {key for (key,) in reader.query(sql, [most]).rows} == set(ids_of(*numbers))


def test_hits_are_counted_once_for_all_spellings(reader: Reader) -> None:
    rows = reader.query("select article_id, hit_count from search('pyongyang') order by hit_count desc").rows
    assert rows[0] == (article_of(1).id, 2)
    assert {count for _, count in rows[1:]} == {1}


def test_a_snippet_is_the_text_as_written_around_the_first_hit(reader: Reader) -> None:
    rows = dict(reader.query("select article_id, snippet from search('بيونج يانج')").rows)
    assert rows[article_of(1).id] == "وصول الوفد وصل الوفد إلى بيونغ يانغ صباحا، ثم عاد من بيونغ يانغ مساء."
    assert rows[article_of(3).id].endswith("رحبت موسكو وبيونجيانج بالاتفاق.")


def test_the_newest_reading_is_searched(core: Core) -> None:
    store(core, batch_of(told(1, "زلزال", "زلزال في البحر")))  # an earthquake
    core.publish()
    changed = told(1, "إعصار", "إعصار في البحر", day=1)  # a storm
    store(core, batch_of(replace(changed, novelty=Novelty(NoveltyKind.REVISION)), batch_id="2"))
    core.publish()
    reader = Reader(core.folder)
    assert found(reader, "زلزال") == []
    assert found(reader, "إعصار") == ids_of(1)
    assert reader.query("select title, snippet from search('البحر')").rows == (("إعصار", "إعصار إعصار في البحر"),)


def test_a_spelling_listed_later_finds_what_was_stored_before(core: Core) -> None:
    store(core, batch_of(told(3, *TEXTS[3])))
    core.append_entities([replace(PYONGYANG, aliases=())], NOW)
    core.publish()
    assert found(Reader(core.folder), "بيونغ يانغ") == []
    core.append_entities([PYONGYANG], NOW)
    core.publish()
    assert found(Reader(core.folder), "بيونغ يانغ") == ids_of(3)


@pytest.mark.parametrize(
    ("batch_texts", "chunk", "runs"),
    [(1, 1, ()), (1, 1, (2,)), (3, 1, (2, 4)), (1, 1, (3, 5)), (7, 2, (2, 4)), (1, 100, (3, 5))],
    ids=str,
)
def test_the_index_is_the_same_however_it_grew(
    core: Core, monkeypatch: pytest.MonkeyPatch, batch_texts: int, chunk: int, runs: tuple[int, ...]
) -> None:
    monkeypatch.setattr(indexing, "CHUNK_TEXTS", chunk)
    monkeypatch.setattr(indexing, "WHOLE_RUNS", runs)
    records = [told(number, *text) for number, text in TEXTS.items()]
    for start in range(0, len(records), batch_texts):
        store(core, batch_of(*records[start : start + batch_texts], batch_id=f"articles-{start}"))
    core.publish()
    reader = Reader(core.folder)
    placed = reader.query(
        "select article_id, word, place % 65536 from (select word_id, unnest(places) as place from core.word_place) "
        "join core.word using (word_id) join core.word_text on text_id = place // 65536 order by all"
    ).rows
    expected = {
        (article_of(number).id, word, place)
        for number, (title, body) in TEXTS.items()
        for place, word in enumerate([*fold(title).split(), "", *fold(body).split()])
        if word
    }
    assert set(placed) == expected
    assert len(placed) == len(expected)
    counts = reader.query("select list(text_count order by first_id), sum(text_count) from core.word_run").rows[0]
    assert counts[1] == len(TEXTS)
    if chunk == 1:
        assert counts[0] == {(): [1] * 7, (2,): [2, 2, 2, 1], (2, 4): [4, 2, 1], (3, 5): [5, 1, 1]}[runs]


def random_texts() -> Iterator[str]:
    chance = random.Random(20260311)
    single = [one for one, folded in FOLD.items() if " " not in folded]  # a ligature of several words counts as one
    for _ in range(300):
        yield "".join(chance.choices([*single, " ", " ", " ", "\n", "،", "-", "\U0001f600"], k=chance.randint(0, 80)))


def test_the_words_of_a_snippet_are_counted_as_the_fold_counts_them(reader: Reader) -> None:
    texts = list(random_texts())
    pattern = fold_parts()["word_pattern"]
    sql = "select list_transform(?::varchar[], lambda one: regexp_extract_all(one, ?))"
    pieces = reader.query(sql, [texts, pattern]).rows[0][0]
    assert [len(found) for found in pieces] == [len(fold(text).split()) for text in texts]
    assert all(text.endswith("".join(found)) for text, found in zip(texts, pieces, strict=True))
