"""Owns bringing a file's schema up to date: numbered scripts, each applied once, in one transaction, checksummed."""

from __future__ import annotations

from hashlib import blake2b
from importlib.resources import files

import duckdb

from marsad.errors import WarehouseUnusable
from warehouse.scripts import comments_of, read_script, split_script, statement

MIGRATIONS = "warehouse.migrations"  #: the package of the scripts, numbered from 0001 without a gap


def migrations() -> list[tuple[int, str, str]]:
    """Return number, file name and text of every migration, in order."""
    names = sorted(found.name for found in files(MIGRATIONS).iterdir() if found.name.endswith(".sql"))
    return [(int(name[:4]), name, read_script(MIGRATIONS, name)) for name in names]


def checksum_of(text: str) -> str:
    """Return the checksum a migration is remembered by."""
    return blake2b(text.encode(), digest_size=16).hexdigest()


def migrate(connection: duckdb.DuckDBPyConnection, subject: str) -> None:
    """Apply the migrations the open warehouse lacks; `subject` names it in errors.

    Raises:
        WarehouseUnusable: it was written by a newer Marsad, a migration it had differs from ours, or one cannot be
            applied to it; that one has changed nothing.
    """
    known = {number: checksum_of(text) for number, _, text in migrations()}
    applied = _applied(connection)
    if applied and max(applied) > max(known):
        raise WarehouseUnusable(subject, f"it was written by a newer Marsad (schema {max(applied)}); upgrade Marsad")
    if changed := [number for number, checksum in applied.items() if known.get(number) != checksum]:
        raise WarehouseUnusable(
            subject,
            f"its schema {changed[0]} is not this version's; move the folder away and start anew with marsad run, or"
            " check out the version of Marsad that wrote it",
        )
    for number, name, text in migrations():
        if number in applied:
            continue
        try:
            _apply(connection, number, name, text)
        except (duckdb.ProgrammingError, duckdb.DataError, duckdb.IntegrityError) as error:
            reason = f"schema {number} cannot be applied ({str(error).splitlines()[0]}); nothing was changed by it"
            raise WarehouseUnusable(subject, f"{reason}, the version before opens it") from error


def _applied(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    (exists,) = connection.execute(statement("tables", "has_schema")).fetchall()[0]
    return dict(connection.execute(statement("tables", "applied_migrations")).fetchall()) if exists else {}


def _apply(connection: duckdb.DuckDBPyConnection, number: int, name: str, text: str) -> None:
    connection.begin()
    for part in (*split_script(text), *comments_of(text)):
        connection.execute(part)
    connection.execute(statement("tables", "note_migration"), [number, name, checksum_of(text)])
    connection.commit()
