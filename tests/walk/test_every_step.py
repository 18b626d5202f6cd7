"""Ended before any one of its statements, commits and renames, work has left all of itself or nothing, and goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.desk import Desk, Silence
from flows.reconciling import reconcile
from marsad.errors import WarehouseUnusable
from marsad.records import TextReading
from tests.faults.steps import strike_everywhere
from tests.flows.test_reconciling import FIRST, desk_in, named, take, world
from tests.warehouse.conftest import article_of, polls_of, tagging_of
from warehouse.core import Core
from warehouse.publishing import PUBLIC_TABLES
from warehouse.reader import Reader
from warehouse.replaying import Replaying, append_readings

LATER = FIRST + timedelta(days=9)
INDEX = ("word", "word_text", "word_place", "word_run", "spelling", "speaker_spelling", "publication")
OTHERWISE = "وأضاف المصدر أن الجانبين اتفقا على مواصلة المشاورات خلال الأسابيع المقبلة."  # both go on talking
_TABLES = "select table_name from duckdb_tables() where schema_name = 'core' and not temporary order by 1"


#: Columns that say how often work was done, or by which batch, and nothing of what readers get.
_COUNTS = {"sketch": "batch", "posting": "batch", "term": "batch", "publication": "turn"}


def _summed(table: str) -> str:
    columns = f"* exclude ({_COUNTS[table]})" if table in _COUNTS else "*"
    return f"select '{table}', count(*), bit_xor(hash(t)) from (select {columns} from core.{table}) as t"


def digest_of(core: Core) -> object:
    """Return how many rows each table of the writer's holds, and what they say.

    What texts are found by is written anew by whoever judges anew, so the batch it carries says nothing.
    """
    try:
        with core.reading() as connection:
            names = [name for (name,) in connection.execute(_TABLES).fetchall()]
            told = " union all ".join(map(_summed, names))
            return sorted(connection.execute(told).fetchall())
    except WarehouseUnusable as error:
        return error.reason


def published(folder: Path) -> object:
    """Return the same of what readers get, the index of search included."""
    return sorted(Reader(folder).query(" union all ".join(map(_summed, (*PUBLIC_TABLES, *INDEX)))).rows)


def kept(folder: Path) -> object:
    return digest_of(Core(folder))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Three articles, stored and published one by one, and a fourth."""
    made = desk_in(tmp_path_factory.mktemp("steps") / "data")
    for number, article in enumerate(world()[:3]):
        take(made, [article], LATER, number)
        made.core.publish()
    take(made, world()[4:5], LATER, 9)
    return made


def at(desk: Desk, folder: Path) -> Desk:
    """Return the desk with another data folder."""
    return replace(desk, core=Core(folder))


def read_otherwise(folder: Path) -> None:
    core = Core(folder)
    texts = Replaying(core).kept_texts(article.id for article in world()[:6])
    readings = [TextReading(text, replace(tagging_of(article_of(1)), method="rules/later")) for text in texts]
    with core.writing() as transaction:
        append_readings(transaction, named("tag"), readings)


def take_more(desk: Desk, folder: Path) -> None:
    """Store a chunk in which one address shows two texts."""
    fifth, sixth = world()[5:7]
    take(at(desk, folder), [fifth, replace(fifth, body=f"{fifth.body}\n{OTHERWISE}"), sixth], LATER, 10)


Work = Callable[[Desk, Path], object]
WORKS: dict[str, tuple[Work, Callable[[Path], object]]] = {
    "a batch of polls": (lambda _, folder: Core(folder).append_polls(polls_of(1, 2, 3)), kept),
    "a batch of articles": (take_more, kept),
    "a publication": (lambda _, folder: Core(folder).publish(), published),
    "readings of a replay": (lambda _, folder: read_otherwise(folder), kept),
    "judging all anew": (lambda desk, folder: reconcile(at(desk, folder), Silence(), named("steps")), kept),
}


@pytest.mark.timeout(
    600
)  # some 40 endings each: 20 s of computing in all, which a machine that others use makes minutes
@pytest.mark.parametrize("name", WORKS)
def test_work_ended_at_any_step_is_done_or_not_and_done_at_last(desk: Desk, name: str, tmp_path: Path) -> None:
    work, picture = WORKS[name]
    count, found = strike_everywhere(desk.core.folder, tmp_path, lambda folder: work(desk, folder), picture)
    assert found == []
    assert count >= 3
