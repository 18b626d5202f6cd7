"""Owns what readers get: a DuckDB file of their own, brought up to date by what changed, from an allow-list of tables.

The readers' file remembers the last batch it holds. Since core rows carry their batch and are not changed, what is
newer is all there is to append: publishing costs what a cycle brought, not what is stored (decisions/0004).
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from string import Template

import duckdb

from marsad.errors import WarehouseBusy, WarehouseUnusable
from warehouse.calendars import count_newer_days
from warehouse.catalog import Catalog
from warehouse.engine import DAMAGED, STORAGE_VERSION, engine_errors, quoted
from warehouse.folding import fold_parts
from warehouse.indexing import index_newer
from warehouse.migrating import migrations
from warehouse.scripts import comments_of, read_script, split_script, statement, statement_on
from warehouse.switching import Slots, held_by_writer

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
PUBLIC_SCRIPTS = ("macros.sql", "views.sql", "trends.sql", "spikes.sql", "search.sql")
_REPLACED_TABLES = {"feed_state": "feed_url"}  #: table -> key of the rows that take each other's place
_WHOLE_TABLES = ("schema_version",)  #: without a batch; a change of theirs makes the readers' file anew


def publish_core(catalog: Catalog, folder: Path) -> None:
    """Make all that is committed in the writer's tables visible to the readers of the data folder, in one step.

    Raises:
        WarehouseBusy, WarehouseUnusable: see warehouse.engine.
    """
    slots = Slots(folder)
    slots.tidy()
    try:
        with catalog.source() as connection:
            if slots.current.exists() and _is_up_to_date(connection, slots.current):
                return
            _bring_up_to_date(connection, slots)
    except WarehouseUnusable as error:
        if error.reason != DAMAGED:
            raise
        # A page of the readers' files may be damaged where the writer's is whole; if it is not, this fails as well.
        slots.give_up_standby()
        with catalog.source() as connection:
            _make_anew(connection, slots.standby)
    slots.switch()


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
    """Return what tells one shape of the readers' file from another: its tables, views and macros."""
    shape = [text for _, _, text in migrations()] + public_scripts() + list(PUBLIC_TABLES)
    shape += [statement("calendar", "create_calendar"), statement("index", "create_index")]
    return blake2b("\n".join(shape).encode(), digest_size=16).hexdigest()


def _is_up_to_date(connection: duckdb.DuckDBPyConnection, file: Path) -> bool:
    try:
        with engine_errors(file):
            connection.execute(f"attach {quoted(file)} as target (read_only)")
    except (WarehouseBusy, WarehouseUnusable):  # damaged from outside: it is made again
        return False
    is_ours = _is_prefix(connection)
    lacks_nothing = is_ours and connection.execute(statement("publish", "lacks_nothing")).fetchall() == [(True,)]
    connection.execute("detach target")
    return lacks_nothing


def _bring_up_to_date(connection: duckdb.DuckDBPyConnection, slots: Slots) -> None:
    """Leave the standby holding all of the source, by the cheapest way that is open."""
    if slots.standby.exists() and _catch_up(connection, slots.standby):
        return
    slots.give_up_standby()
    if slots.current.exists():
        slots.copy_current()
        if _catch_up(connection, slots.standby):
            return
        slots.give_up_standby()
    _make_anew(connection, slots.standby)


def _catch_up(connection: duckdb.DuckDBPyConnection, file: Path) -> bool:
    """Append to `file` what it lacks; False where it is held by a reader or is no earlier state of the source."""
    with held_by_writer(file) as is_free:
        if not is_free or not _attach_target(connection, file):
            return False
        if is_ours := _is_prefix(connection):
            connection.begin()
            for table in PUBLIC_TABLES:
                _append_newer(connection, table)
            count_newer_days(connection)
            index_newer(connection)
            connection.execute(statement("publish", "note_publication"), [face_checksum()])
            connection.commit()
        connection.execute("use memory")
        connection.execute("detach target")
    return is_ours


def _attach_target(connection: duckdb.DuckDBPyConnection, file: Path) -> bool:
    try:
        with engine_errors(file):
            connection.execute(f"attach {quoted(file)} as target")
    except (WarehouseBusy, WarehouseUnusable):  # a reader of another process has it open, or it is damaged
        return False
    connection.execute("use target")
    return True


def _is_prefix(connection: duckdb.DuckDBPyConnection) -> bool:
    try:
        (is_ours,) = connection.execute(statement("publish", "is_prefix"), [face_checksum()]).fetchall()[0]
    except duckdb.CatalogException:  # not a file of ours, or from before publications were noted
        return False
    return bool(is_ours)


def _append_newer(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    if table in _WHOLE_TABLES:
        return
    if (key := _REPLACED_TABLES.get(table)) is not None:
        connection.execute(statement_on("publish", "remove_replaced", table=table, key=key))
    connection.execute(statement_on("publish", "append_newer", table=table))


def _make_anew(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
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
    index_newer(connection)
    connection.execute(statement("publish", "note_publication"), [face_checksum()])
    create_public_face(connection)
    connection.commit()
    connection.execute("use memory")
    connection.execute("detach target")


def _copy_table(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    connection.execute(statement_on("publish", "copy_table", table=table))
    comments = connection.execute(statement("publish", "comments"), {"table": table}).fetchall()
    for kind, name, comment in comments:
        connection.execute(f"comment on {kind} {name} is {quoted(comment)}")
