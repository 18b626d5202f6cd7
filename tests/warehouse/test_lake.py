"""Core tables on DuckLake with a Postgres catalog: what holds of a file holds of them, and several processes write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from marsad.errors import WarehouseBusy, WarehouseUnusable
from tests.postgres import MISSING, Postgres, postgres, programs
from tests.warehouse.conftest import article_of, batch_of, kept_ids, polls_of, record_of, store
from warehouse.core import Core
from warehouse.lake import Lake
from warehouse.publishing import PUBLIC_TABLES
from warehouse.reader import Reader

pytestmark = [pytest.mark.skipif(programs() is None, reason=MISSING), pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as running:
        yield running


@pytest.fixture(scope="module")
def lake(server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return Lake(server.database("lake"), str(tmp_path_factory.mktemp("files")))


@pytest.fixture(scope="module")
def shore(lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> Core:
    """The warehouse of a data folder whose core tables stand in the lake; every test has articles of its own."""
    core = Core(tmp_path_factory.mktemp("shore") / "data", lake=lake)
    core.create_or_migrate()
    return core


def seen(folder: Path, *queries: str) -> list[object]:
    return [Reader(folder).query(query).rows for query in queries]


_SIZES = " union all ".join(f"select '{name}', count(*) from core.{name}" for name in PUBLIC_TABLES)
ASKED = (
    _SIZES,
    "select table_name, column_name, comment from duckdb_columns() where not internal order by all",
    "select article_id, title, body, story_id, novelty, relevance from articles order by all",
    "select * from mentions order by all",
    "select * from statements order by all",
    "select * from feeds order by all",
    "select * from daily_coverage order by all",
    "select article_id, hit_count from search('الكرملين') order by all",  # the Kremlin
)


def test_the_same_batches_read_the_same_from_lake_and_file(server: Postgres, core: Core, tmp_path: Path) -> None:
    shore = Core(tmp_path / "shore", lake=Lake(server.database("same"), str(tmp_path / "files")))
    for one in (shore, core):
        one.create_or_migrate()
        assert one.append_polls(polls_of(1, 2, 3)) is True
        assert one.append_polls(polls_of(1, 2, 3)) is False
        for number in (1, 2):
            batch = batch_of(*(record_of(article_of(number * 20 + n)) for n in range(20)), batch_id=f"b{number}")
            assert store(one, batch) is not None
            assert store(one, batch) is None
            one.publish()
    assert seen(shore.folder, *ASKED) == seen(core.folder, *ASKED)
    assert shore.feed_states() == core.feed_states()


def test_a_transaction_that_fails_leaves_nothing_in_the_lake(shore: Core) -> None:
    store(shore, batch_of(record_of(article_of(1)), batch_id="before"))
    fails = batch_of(*(record_of(article_of(n)) for n in range(100, 120)), batch_id="fails")
    with suppress(ZeroDivisionError), shore.writing() as transaction:
        transaction.append_articles(fails)
        raise ZeroDivisionError
    assert not {article_of(n).id for n in range(100, 120)} & kept_ids(shore)
    store(shore, batch_of(record_of(article_of(2)), batch_id="after"))
    assert {article_of(1).id, article_of(2).id} <= kept_ids(shore)


def test_a_catalog_that_goes_away_is_named_and_keeps_what_it_had(shore: Core, server: Postgres) -> None:
    lost = batch_of(*(record_of(article_of(n)) for n in range(200, 220)), batch_id="lost")

    def cut_off() -> None:
        with shore.writing() as transaction:
            transaction.append_articles(lost)
            server.cut("marsad-writer")

    with pytest.raises(WarehouseUnusable, match="its catalog went away; run again"):
        cut_off()
    assert article_of(200).id not in kept_ids(shore)
    store(shore, lost)
    assert article_of(200).id in kept_ids(shore)


def test_a_turn_that_is_lost_half_way_ends_nothing(shore: Core, server: Postgres) -> None:
    with shore.writing() as transaction:
        server.cut("marsad-turn")
        transaction.append_articles(batch_of(record_of(article_of(300)), batch_id="alone"))
    assert article_of(300).id in kept_ids(shore)


def test_a_writer_waits_for_its_turn_and_then_says_so(shore: Core, lake: Lake) -> None:
    hasty = Core(shore.folder, lake=replace(lake, wait_seconds=0.05))
    with shore.writing(), pytest.raises(WarehouseBusy, match="another worker is writing"):
        hasty.append_polls(polls_of(1))
    with lake.alone("outbox"), pytest.raises(WarehouseBusy), lake.alone("outbox"):
        pass
    assert hasty.append_polls(polls_of(1)) is True


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"postgres": "host=127.0.0.1 port=1 dbname=x"}, "does not answer .*refused.*; check `catalog`"),
        ({"files": "/elsewhere"}, "its files lie elsewhere than `lake` in the settings says"),
    ],
    ids=["no server", "other files"],
)
def test_a_lake_that_cannot_be_used_says_why(shore: Core, lake: Lake, change: dict[str, str], said: str) -> None:
    with pytest.raises(WarehouseUnusable, match=said):
        Core(shore.folder, lake=replace(lake, **change)).append_polls(polls_of(1))


def test_a_lake_without_tables_says_what_makes_them(server: Postgres, tmp_path: Path) -> None:
    core = Core(tmp_path, lake=Lake(server.database("empty"), str(tmp_path)))
    assert not core.exists()
    with pytest.raises(WarehouseUnusable, match="there is no warehouse here yet; marsad run makes one"):
        core.feed_states()


def test_the_small_files_of_many_batches_become_few(shore: Core, lake: Lake) -> None:
    for number in range(3):
        articles = (record_of(article_of(1000 + number * 20 + n)) for n in range(20))
        store(shore, batch_of(*articles, batch_id=f"small-{number}"))
    kept = kept_ids(shore)
    shore.tend()
    with lake.reading() as connection:
        sql = "select count(*) from ducklake_list_files('warehouse', 'article', schema => 'core')"
        assert connection.execute(sql).fetchall() == [(1,)]
    assert kept_ids(shore) == kept
    shore.publish()


def test_a_lake_is_read_without_being_written(shore: Core, lake: Lake) -> None:
    store(shore, batch_of(record_of(article_of(50)), batch_id="read"))
    with lake.reading() as connection:
        assert isinstance(connection, duckdb.DuckDBPyConnection)
        sql = "select url from core.article where id = ?"
        assert connection.execute(sql, [article_of(50).id]).fetchall() == [(article_of(50).url,)]
        with pytest.raises(duckdb.Error, match="read-only"):
            connection.execute("delete from core.article")
