"""Owns what readers get: a DuckDB file of their own, brought up to date by what changed, from an allow-list of tables.

The readers' file remembers the last batch it holds. Since core rows carry their batch and are not changed, what is
newer is all there is to append: publishing costs what a cycle brought, not what is stored (decisions/0004).
"""

from __future__ import annotations

from enum import Enum
from hashlib import blake2b
from pathlib import Path
from string import Template

import duckdb

from marsad.arabic import FOLD
from marsad.errors import WarehouseBusy, WarehouseUnusable
from warehouse.blocks import fill_up, is_partly_whole, is_whole
from warehouse.calendars import count_newer_days
from warehouse.catalog import Catalog
from warehouse.engine import DAMAGED, STORAGE_VERSION, disk_errors, engine_errors, quoted
from warehouse.folding import fold_parts
from warehouse.histories import is_earlier_state, must_hold_what_was_published
from warehouse.indexing import index_newer
from warehouse.migrating import migrations
from warehouse.scripts import comments_of, read_script, split_script, statement, statement_on
from warehouse.switching import Slots, held_by_writer, spill_beside

#: Tables readers get. Whatever is not named stays private: validators, sketches, postings, mails.
PUBLIC_TABLES = (
    "schema_version",
    "ledger",
    "run",
    "feed",
    "feed_state",
    "entry",
    "discovery",
    "page",
    "article",
    "revision",
    "relation",
    "story",
    "tagging",
    "mention",
    "statement",
    "superseded",
    "entity",
    "drop",
    "correction",
    "alert",
)
MAKING_MEMORY = "500MB"  #: of the engine while it makes a file anew; what does not fit lies on the disk meanwhile
PUBLIC_SCRIPTS = ("macros.sql", "views.sql", "trends.sql", "spikes.sql", "search.sql")
_REPLACED_TABLES = {"feed_state": "feed_url"}  #: table -> key of the rows that take each other's place
_FILLED_BY = (
    ("warehouse.sql", "publish.sql"),
    ("warehouse.sql", "calendar.sql"),
    ("warehouse.sql", "index.sql"),
    ("warehouse", "calendars.py"),
    ("warehouse", "indexing.py"),
    ("marsad", "arabic.py"),
)  #: package and name of what decides which rows a readers' file holds
_WHOLE_TABLES = ("schema_version",)  #: without a batch; a change of theirs makes the readers' file anew


class _Held(Enum):
    """What a readers' file holds of the source."""

    ALL = "all"
    LESS = "an earlier state"
    OTHERS = "something else, or nothing that can be read"


def publish_core(catalog: Catalog, folder: Path) -> None:
    """Make all that is committed in the writer's tables visible to the readers of the data folder, in one step.

    Raises:
        WarehouseBusy, WarehouseUnusable: see warehouse.engine; also where the tables lack what readers were given.
    """
    slots = Slots(folder)
    slots.tidy()
    suspected_at = slots.suspected_at()
    try:
        held = _bring_up_to_date(catalog, slots)
    except WarehouseUnusable as error:
        if error.reason != DAMAGED:
            raise
        # A page of the readers' files may be damaged where the writer's is whole; if it is not, this fails as well.
        held = _Held.OTHERS
        _make_anew(catalog, slots)
    if held is not _Held.ALL:
        fill_up(slots.standby)
        slots.switch()
    if held is _Held.OTHERS:
        slots.give_up_standby()
    slots.trust(suspected_at)


def create_public_face(connection: duckdb.DuckDBPyConnection) -> None:
    """Create views and macros, with their comments, over the schema core of the current database."""
    for text in public_scripts():
        _run_script(connection, text)
    # A view that shows the rows of one table that count describes its columns as the table does.
    for name, comment in connection.execute(statement("publish", "inherited_comments")).fetchall():
        connection.execute(f"comment on column {name} is {quoted(comment)}")


def _run_script(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    for part in (*split_script(text), *comments_of(text)):
        connection.execute(part)


def public_scripts() -> list[str]:
    """Return the scripts of the public face, the fold written into them."""
    parts = fold_parts()
    return [Template(read_script("warehouse.public", name)).substitute(parts) for name in PUBLIC_SCRIPTS]


def face_checksum() -> str:
    """Return what tells one readers' file from another that this version would make of the same tables.

    That is its tables, views and macros, and the sources of what fills it, so that nobody has to remember which change
    there alters a row: a remark that is changed costs making the file anew once. A file of other blocks, or cut short,
    is told by itself (warehouse/blocks.py).
    """
    shape = [text for _, _, text in migrations()] + public_scripts() + list(PUBLIC_TABLES)
    shape += [read_script(package, name) for package, name in _FILLED_BY]
    shape += [STORAGE_VERSION, str(sorted(FOLD.items()))]  # what Python and camel_tools make of the fold's sources
    return blake2b("\n".join(shape).encode(), digest_size=16).hexdigest()


def _bring_up_to_date(catalog: Catalog, slots: Slots) -> _Held:
    """Leave the standby holding all of the source, by the cheapest way that is open; say what the current file holds.

    Damaged files are given up. A standby beside a current file that is gone or damaged is looked at whole.
    """
    is_doubted = slots.is_suspected or not slots.current.is_file()
    is_sound = slots.current.is_file() and not (is_doubted and not is_whole(slots.current))
    with catalog.source() as connection:
        held = _held(connection, slots.current) if is_sound else _Held.OTHERS
        if held is _Held.OTHERS:  # what readers have is else part of the source
            must_hold_what_was_published(connection, "source.core", slots.folder)
        if (is_doubted or held is _Held.OTHERS) and not (slots.standby.is_file() and is_whole(slots.standby)):
            slots.give_up_standby()
        if held is _Held.ALL or _catch_up(connection, slots.standby):
            return held
        if held is _Held.LESS and _catch_up_copy(connection, slots):
            return held
    _make_anew(catalog, slots)
    return held


def _held(connection: duckdb.DuckDBPyConnection, file: Path) -> _Held:
    if not _attach_target(connection, file, "read_only"):
        return _Held.OTHERS
    held = _Held.LESS if _is_prefix(connection) else _Held.OTHERS
    if held is _Held.LESS and connection.execute(statement("publish", "lacks_nothing")).fetchall() == [(True,)]:
        held = _Held.ALL
    _detach_target(connection)
    return held


def _catch_up_copy(connection: duckdb.DuckDBPyConnection, slots: Slots) -> bool:
    """Append what a copy of the current file lacks to it, and make it the standby; False where that is damaged."""
    slots.give_up_standby()
    if not is_whole(slots.current):
        return False
    slots.copy_current()
    return _catch_up(connection, slots.standby)


def _catch_up(connection: duckdb.DuckDBPyConnection, file: Path) -> bool:
    """Append to `file` what it lacks; False where it is held by a reader, damaged, or no earlier state of the source.

    Damage of which nobody has told yet is looked for in a part of it, another one each time.
    """
    if not file.is_file():
        return False
    with held_by_writer(file) as stream, disk_errors(file.parent):
        if stream is None or not _attach_target(connection, file):
            return False
        if is_ours := _is_prefix(connection) and is_partly_whole(connection, file, stream, _turn(connection)):
            connection.begin()
            for table in PUBLIC_TABLES:
                _append_newer(connection, table)
            count_newer_days(connection)
            index_newer(connection)
            connection.execute(statement("publish", "note_publication"), [face_checksum()])
            connection.commit()
        _detach_target(connection)
    return is_ours


def _attach_target(connection: duckdb.DuckDBPyConnection, file: Path, how: str = "read_write") -> bool:
    try:
        with engine_errors(file):
            connection.execute(f"attach {quoted(file)} as target ({how})")
    except (WarehouseBusy, WarehouseUnusable):  # a reader of another process has it open, or it is damaged
        return False
    connection.execute("use target")
    return True


def _detach_target(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("use memory")
    connection.execute("detach target")


def _turn(connection: duckdb.DuckDBPyConnection) -> int:
    (turn,) = connection.execute(statement("publish", "turn")).fetchall()[0]
    return int(turn)


def _is_prefix(connection: duckdb.DuckDBPyConnection) -> bool:
    try:
        ((face, batch),) = connection.execute(statement("publish", "publication")).fetchall()
    except duckdb.CatalogException:  # not a file of ours
        return False
    return face == face_checksum() and is_earlier_state(connection, batch)


def _append_newer(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    if table in _WHOLE_TABLES:
        return
    if (key := _REPLACED_TABLES.get(table)) is not None:
        connection.execute(statement_on("publish", "remove_replaced", table=table, key=key))
    connection.execute(statement_on("publish", "append_newer", table=table))


def _make_anew(catalog: Catalog, slots: Slots) -> None:
    with catalog.source() as connection:
        must_hold_what_was_published(connection, "source.core", slots.folder)
        fill_readers_file(connection, slots.fresh)
    slots.take_fresh()


def fill_readers_file(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Make `file` the readers' file of all that `source` holds.

    Nobody sees it before it is whole, so that each part of the index of search is a transaction of its own: one for all
    of them would hold it in memory.
    """
    connection.execute(f"set memory_limit = '{MAKING_MEMORY}'")
    connection.execute(f"set temp_directory = {quoted(spill_beside(file))}")
    connection.execute("set threads = 1")  # a second one holds as many bodies again, and is no quicker
    connection.execute(f"attach {quoted(file)} as target (storage_version '{STORAGE_VERSION}')")
    connection.execute("use target")
    connection.begin()
    connection.execute("create schema core")
    for table in PUBLIC_TABLES:
        _copy_table(connection, table)
    _run_script(connection, statement("publish", "create_publication"))
    _run_script(connection, statement("calendar", "create_calendar"))
    count_newer_days(connection)
    _run_script(connection, statement("index", "create_index"))
    create_public_face(connection)
    connection.commit()
    index_newer(connection)
    connection.execute(statement("publish", "note_publication"), [face_checksum()])
    _detach_target(connection)


def _copy_table(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    connection.execute(statement_on("publish", "copy_table", table=table))
    comments = connection.execute(statement("publish", "comments"), {"table": table}).fetchall()
    for kind, name, comment in comments:
        connection.execute(f"comment on {kind} {name} is {quoted(comment)}")
