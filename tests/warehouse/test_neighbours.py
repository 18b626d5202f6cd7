"""What a text is compared with: rare shingles of a month, exact words of all time, its own url."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from marsad.articles import Article
from marsad.relations import Neighbourhood, NoveltyKind
from marsad.sketches import fingerprint_of, sketch_of
from tests.warehouse.conftest import BODY, article_of, batch_of, record_of, store
from warehouse.core import Core
from warehouse.neighbours import RARE_LIMIT_COUNT, WINDOW_DAYS

TODAY = date(2026, 3, 10)
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


def test_a_formula_of_many_articles_leads_to_nobody(core: Core) -> None:
    keep(core, [article_of(n, title=f"عنوان {n}") for n in range(RARE_LIMIT_COUNT + 1)])  # title
    asked = article_of(99, body=f"{BODY}\n{OTHER}")
    hoods = ask(core, asked)
    assert found(hoods, asked) == []
    counts = hoods[asked.id].store_counts
    assert counts is not None
    assert max(counts.values()) == RARE_LIMIT_COUNT + 2


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
