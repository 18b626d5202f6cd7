"""A later schema finds the data of an earlier one, whole; one that fails has changed nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from marsad.articles import Entity, EntityType
from marsad.errors import WarehouseUnusable
from tests.faults.steps import strike_everywhere
from tests.warehouse.conftest import NOW, article_of, batch_of, polls_of, record_of, store
from warehouse import migrating, publishing
from warehouse.backup import back_up, restore
from warehouse.core import Core
from warehouse.engine import reading_from
from warehouse.reader import Reader

#: Every kind of change: a column more and filled, one renamed, a table made of another, one taken away.
NEXT = """
alter table core.entity add column rank integer;
comment on column core.entity.rank is 'letters of the name';
update core.entity set rank = length(name);

alter table core.outbox rename column subject to headline;

-- Publishers; one row each.
create table core.publisher as
select distinct
    outlet_id,      -- stable slug
    family          -- whose it is
from core.feed;
comment on column core.publisher.outlet_id is 'stable slug';
comment on column core.publisher.family is 'whose it is';

drop table core.backfill;
"""
_COUNTS = "select table_name, estimated_size from duckdb_tables() where schema_name = 'core' order by 1"
_ROWS = "select bit_xor(hash(t)), count(*) from core.{} as t"
_SAME = ("article", "entry", "feed", "feed_state", "ledger", "mention", "posting", "statement", "story", "tagging")

AsOf = Callable[..., None]


@pytest.fixture
def with_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsOf:
    """Give this version further migrations, each a text, numbered from 2 on, in a folder of their own."""
    first = migrating.migrations()
    folder = tmp_path / f"later_{uuid4().hex}"
    monkeypatch.syspath_prepend(tmp_path)

    def patch(*texts: str) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "__init__.py").touch()
        for _, name, text in first:
            (folder / name).write_text(text)
        for number, text in enumerate(texts, start=2):
            (folder / f"{number:04}_test.sql").write_text(text)
        monkeypatch.setattr(migrating, "MIGRATIONS", folder.name)

    return patch


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    core = Core(tmp_path_factory.mktemp("earlier") / "data")
    core.create_or_migrate()
    core.append_polls(polls_of(1, 2, 3))
    core.append_entities([Entity("kremlin", "Kremlin", "الكرملين", EntityType.ORG)], NOW)
    for number in (1, 2, 3):
        store(core, batch_of(record_of(article_of(number)), batch_id=f"b{number}", at=NOW + timedelta(days=number)))
    core.publish()
    return core.folder


@pytest.fixture
def earlier(filled: Path, tmp_path: Path) -> Core:
    """A warehouse of the schema as it is, with data, published."""
    shutil.copytree(filled, tmp_path / "data")
    return Core(tmp_path / "data")


def rows_of(file: Path, *names: str) -> dict[str, Any]:
    with reading_from(file) as connection:
        return {name: connection.execute(_ROWS.format(name)).fetchall() for name in names}


def shape_of(file: Path) -> object:
    """Return tables with their sizes, and the rows of all of them."""
    with reading_from(file) as connection:
        names = [name for name, _ in connection.execute(_COUNTS).fetchall()]
    return rows_of(file, *names)


def test_data_of_an_earlier_schema_is_all_there_in_the_later(earlier: Core, with_migrations: AsOf) -> None:
    before = rows_of(earlier.file, *_SAME)
    with_migrations(NEXT)
    earlier.create_or_migrate()
    assert rows_of(earlier.file, *_SAME) == before
    with earlier.reading() as connection:
        assert connection.execute("select name, rank from core.entity").fetchall() == [("Kremlin", 7)]
        assert connection.execute("from core.publisher").fetchall() == [("mirqab", "mirqab")]
        assert connection.execute("select version, name, checksum from core.schema_version order by 1").fetchall() == [
            (number, name, migrating.checksum_of(text)) for number, name, text in migrating.migrations()
        ]
    applied = shape_of(earlier.file)
    earlier.create_or_migrate()
    assert shape_of(earlier.file) == applied  # once: the instants of schema_version are among its rows


def test_the_migrations_of_this_version_are_numbered_without_a_gap() -> None:
    numbers = [number for number, _, _ in migrating.migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_backup_of_an_earlier_schema_is_brought_up_as_it_is_restored(
    earlier: Core, with_migrations: AsOf, tmp_path: Path
) -> None:
    back_up(earlier.folder, tmp_path / "earlier.tar")
    with_migrations(NEXT)
    earlier.create_or_migrate()
    store(earlier, batch_of(record_of(article_of(9)), batch_id="later"))
    earlier.publish()
    restore(tmp_path / "earlier.tar", earlier.folder)
    reader = Reader(earlier.folder)
    assert reader.query("select count(*) from articles").rows == ((3,),)
    assert reader.query("select name, rank from core.entity").rows == (("Kremlin", 7),)


def test_readers_get_views_macros_and_comments_anew(
    earlier: Core, with_migrations: AsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = publishing.public_scripts()
    view = "-- Names by length.\ncreate or replace view ranked as\nselect\n    rank    -- letters\nfrom core.entity;\n"
    monkeypatch.setattr(publishing, "public_scripts", lambda: [*scripts, view])
    with_migrations(NEXT)
    earlier.create_or_migrate()
    earlier.publish()
    reader = Reader(earlier.folder)
    assert reader.query("from ranked").rows == ((7,),)
    assert reader.query("select count(*) from search('الكرملين')").rows == ((3,),)
    found = reader.query("select comment from duckdb_columns() where column_name = 'rank' order by 1").rows
    assert found == (("letters",), ("letters of the name",))
    undescribed = "select view_name from duckdb_views() where not internal and comment is null"
    assert reader.query(undescribed).rows == ()
    assert reader.query("select count(*) from articles").rows == ((3,),)


@pytest.mark.parametrize(
    "broken",
    [
        "update core.entity set nowhere = 1;",
        "insert into core.feed_state select 'x';",
        "select 'x'::integer;",
        "sellect;",
    ],
    ids=["column", "count", "value", "word"],
)
def test_a_migration_that_fails_leaves_all_as_it_was(earlier: Core, with_migrations: AsOf, broken: str) -> None:
    before = shape_of(earlier.file)
    with_migrations(f"{NEXT}\n{broken}\n")
    with pytest.raises(WarehouseUnusable, match=r"schema 2 cannot be applied .* nothing was changed by it"):
        earlier.create_or_migrate()
    assert shape_of(earlier.file) == before
    with_migrations()
    earlier.create_or_migrate()
    store(earlier, batch_of(record_of(article_of(9)), batch_id="after"))


def test_of_two_migrations_the_first_stays_where_the_second_fails(earlier: Core, with_migrations: AsOf) -> None:
    with_migrations(NEXT, "drop table core.nowhere;\n")
    with pytest.raises(WarehouseUnusable, match="schema 3 cannot be applied"):
        earlier.create_or_migrate()
    with earlier.reading() as connection:
        assert connection.execute("select max(version) from core.schema_version").fetchall() == [(2,)]
    with_migrations(NEXT, "drop table core.publisher;\n")
    earlier.create_or_migrate()
    with earlier.reading() as connection:
        assert connection.execute("select max(version) from core.schema_version").fetchall() == [(3,)]


def test_a_migration_ended_at_any_step_is_applied_or_not(earlier: Core, with_migrations: AsOf, tmp_path: Path) -> None:
    with_migrations(NEXT)
    shutil.rmtree(earlier.folder / "published")

    def versions(folder: Path) -> object:
        file = Core(folder).file
        with reading_from(file) as connection:
            columns = connection.execute("select table_name, column_name from duckdb_columns() order by all").fetchall()
        return columns, rows_of(file, *_SAME)

    count, found = strike_everywhere(
        earlier.folder, tmp_path / "steps", lambda folder: Core(folder).create_or_migrate(), versions
    )
    assert found == []
    assert count >= 10


def test_a_migration_that_was_changed_afterwards_is_refused(earlier: Core, with_migrations: AsOf) -> None:
    with_migrations(NEXT)
    earlier.create_or_migrate()
    before = shape_of(earlier.file)
    with_migrations(NEXT.replace("length(name)", "0"))
    with pytest.raises(WarehouseUnusable, match="schema 2 is not this version's"):
        earlier.create_or_migrate()
    with_migrations()
    with pytest.raises(WarehouseUnusable, match=r"written by a newer Marsad \(schema 2\)"):
        earlier.create_or_migrate()
    assert shape_of(earlier.file) == before


def test_an_older_file_put_in_place_is_refused_before_its_schema_is_brought_up(
    earlier: Core, with_migrations: AsOf
) -> None:
    older = earlier.file.read_bytes()
    store(earlier, batch_of(record_of(article_of(9)), batch_id="later"))
    earlier.publish()
    earlier.file.write_bytes(older)
    with_migrations(NEXT)
    with pytest.raises(WarehouseUnusable, match="lack what readers were given already; nothing was written"):
        earlier.create_or_migrate()
    assert earlier.file.read_bytes() == older
    earlier.file.unlink()
    with pytest.raises(WarehouseUnusable, match="lack what readers were given already; nothing was written"):
        earlier.create_or_migrate()
    assert not earlier.file.exists()
