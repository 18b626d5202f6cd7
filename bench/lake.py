"""Runs the statements of the core on DuckLake, and says which it takes.

Needs the extension; nothing of it is part of the default install:

    uv pip install --target LAKE --no-deps duckdb-extension-ducklake==1.5.5
    .venv/bin/python bench/lake.py LAKE
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from marsad.articles import Drop, Entity, EntityType
from marsad.records import PollBatch
from marsad.sketches import fingerprint_of, sketch_of
from marsad.sources import FeedState, Outlet
from warehouse.migrating import migrate
from warehouse.publishing import public_scripts
from warehouse.rows import append_rows
from warehouse.scripts import split_script, statement
from warehouse.transaction import Transaction

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
VIEWS = "articles revisions stories mentions statements entities feeds drops alerts daily_coverage daily_entities"
MACROS = ("search('x')", "trend('x', 3)", "cooccurrence('x', 3)", "stance_of('x', 3)", "daily_coverage_in('UTC')")


def main() -> None:
    """Print a line a step: ok, or what DuckLake says against it."""
    if len(sys.argv) < 2:
        print("skipped: say the folder the extension lies in (see the first lines of this file)")
        return
    extension = next(Path(sys.argv[1]).glob("duckdb_extension_ducklake/extensions/*/ducklake.duckdb_extension"))
    with (
        tempfile.TemporaryDirectory() as name,
        duckdb.connect(config={"allow_unsigned_extensions": "true"}) as connection,
    ):
        connection.execute(f"load '{extension}'")
        connection.execute("set TimeZone = 'UTC'")
        catalog = Path(name) / "lake.ducklake"
        connection.execute(f"attach 'ducklake:{catalog}' as warehouse (data_path '{name}/files')")
        connection.execute("use warehouse")
        for step, work in steps(connection, catalog):
            try:
                work()
                print(f"ok      {step}")
            except duckdb.Error as error:
                print(f"refused {step}: {str(error).splitlines()[0]}")
                _roll_back(connection)


def _roll_back(connection: duckdb.DuckDBPyConnection) -> None:
    with suppress(duckdb.TransactionException):
        connection.rollback()


def steps(connection: duckdb.DuckDBPyConnection, catalog: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what the core does, by name."""
    yield "migrations: tables and their comments", lambda: migrate(connection, catalog)
    yield "a batch of polls, twice", lambda: _polls(connection)
    yield "sketches and neighbours", lambda: _sketches(connection)
    yield "entities by anti-join", lambda: _entities(connection)
    yield (
        "pending entries",
        lambda: connection.execute(statement("core", "pending_entries"), {"now": NOW, "limit": 10}).fetchall(),
    )
    yield (
        "merge into",
        lambda: connection.execute(
            "merge into core.feed_state using (select 'f' as feed_url) as new on feed_state.feed_url = new.feed_url "
            "when matched then update set reason = 'x' when not matched then insert (feed_url) values (new.feed_url)"
        ),
    )
    for text in public_scripts():
        for part in split_script(text):
            line = next(line for line in part.splitlines() if line.startswith("create"))
            yield line, lambda part=part: connection.execute(part)  # type: ignore[misc]
    for name in (*VIEWS.split(), "daily_stance", "spikes", *MACROS):
        yield f"from {name}", lambda name=name: connection.execute(f"from {name}").fetchall()  # type: ignore[misc]


def _polls(connection: duckdb.DuckDBPyConnection) -> None:
    outlet = Outlet("o", "Outlet")
    drop = Drop("poll", "feed_failed", "https://example.org/feed")
    batch = PollBatch("b", "r", NOW, (FeedState("f", polled_at=NOW),), (("f", outlet),), (), (drop,))
    for expected in (True, False):
        connection.begin()
        assert Transaction(connection, 1).append_polls(batch) is expected
        connection.commit()


def _sketches(connection: duckdb.DuckDBPyConnection) -> None:
    prints = {key: fingerprint_of("وصل الوفد الى موسكو صباح اليوم في زيارة رسمية") for key in (1, 2)}  # a delegation
    sketches = [sketch_of(key, found) for key, found in prints.items()]
    connection.begin()
    transaction = Transaction(connection, 2)
    transaction.append_sketches(sketches, NOW.date())
    hoods = transaction.neighbourhoods(sketches, NOW.date(), prints)
    assert [found.id for found in hoods[2].neighbours] == [1]
    connection.commit()


def _entities(connection: duckdb.DuckDBPyConnection) -> None:
    connection.begin()
    entity = Entity("kremlin", "Kremlin", "الكرملين", EntityType.ORG, aliases=("قصر الكرملين",))  # its palace
    assert Transaction(connection, 3).append_entities([entity], NOW) == 1
    assert Transaction(connection, 4).append_entities([entity], NOW) == 0
    append_rows(connection, "alert", [(4, 1, "spike", "topic", NOW.date(), "alert", "{}", NOW)])
    connection.commit()


if __name__ == "__main__":
    main()
