"""Owns telling one history of the tables from another: after a restore, batches of the same number are others.

Ids that are made of a batch's number (`correction/7`) say which batch it is within one history only. So a restore
writes a ledger row of its own, with an id that no other has; where that row and the newest one are the same, all
before them is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from marsad.errors import WarehouseBusy, WarehouseUnusable
from warehouse.engine import disk_errors, reading_from
from warehouse.scripts import statement, statement_on
from warehouse.switching import Slots

_RESTORE = "restore/"  #: how the id of the row begins that a restore writes

Row = tuple[Any, ...]  #: batch, id, instant


def begin_history(connection: duckdb.DuckDBPyConnection) -> None:
    """Write into restored tables that what follows is another history; no time passes by it and no news comes."""
    connection.execute(statement("histories", "begin"), {"kind": _RESTORE})


def is_earlier_state(connection: duckdb.DuckDBPyConnection, batch: int) -> bool:
    """Say whether the tables of `target`, whose newest batch this is, are what those of `source` were then."""
    told = _history(connection, "target.core", batch)
    return told == {row for row in _history(connection, "source.core", batch) if row[0] <= batch}


def must_hold_what_was_published(connection: duckdb.DuckDBPyConnection, schema: str, folder: Path) -> None:
    """Raise WarehouseUnusable where the core tables in `schema`, of any version, lack what readers were given last.

    A batch is published once it is safely in the file, so something took it out of there: an older file was put in
    its place, or a disk lost what it had said to be written. A restore of which readers were not told yet did so on
    purpose.
    """
    published = _published_history(Slots(folder).current)
    if published is None:
        return
    batch, told = published
    try:
        kept = _history(connection, schema, batch)
    except duckdb.CatalogException:  # tables that nobody has made yet
        kept = set()
    is_restored = any(row[1].startswith(_RESTORE) for row in kept - told)
    if not (told <= kept or is_restored):
        reason = (
            "the core tables lack what readers were given already; nothing was written. Bring back a backup (marsad"
            " doctor --restore FILE), or move published/ away and run marsad run, which goes on with what is left"
        )
        raise WarehouseUnusable(str(folder), reason)


def _published_history(file: Path) -> tuple[int, set[Row]] | None:
    """Return the newest batch of a readers' file and what tells its history, None where it tells of none."""
    with disk_errors(file.parent):
        is_there = file.is_file()
    if not is_there:
        return None
    try:
        with reading_from(file) as connection:
            (batch,) = connection.execute(statement("histories", "published")).fetchall()[0]
            return batch, _history(connection, "core", batch)
    except (duckdb.CatalogException, WarehouseBusy, WarehouseUnusable):  # none of ours, or damaged: it is made anew
        return None


def _history(connection: duckdb.DuckDBPyConnection, schema: str, batch: int) -> set[Row]:
    """Return the ledger's rows of this batch and of all restores."""
    told = connection.execute(statement_on("histories", "history", schema=schema), {"batch": batch, "kind": _RESTORE})
    return set(told.fetchall())
