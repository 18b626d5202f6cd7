"""Owns reading what was published: any SQL, in a connection that reaches nothing but that file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from marsad.errors import BadInput, WarehouseUnusable
from warehouse.engine import connect_in_utc, engine_errors
from warehouse.publishing import PUBLISHED_FILE, PUBLISHED_FOLDER

NOTHING_PUBLISHED = "nothing has been published yet; marsad run makes a first cycle"


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a query."""

    columns: tuple[str, ...]
    types: tuple[str, ...]  #: DuckDB's names, one a column
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """The readers' warehouse in a data folder; holds nothing open, so it always sees the newest cycle."""

    folder: Path  #: the data folder

    @property
    def file(self) -> Path:
        """The published DuckDB file; open it read-only with any DuckDB tool."""
        return self.folder / PUBLISHED_FOLDER / PUBLISHED_FILE

    def query(self, sql: str, parameters: Sequence[object] = ()) -> Table:
        """Run one SQL query and return its answer; it can neither write nor reach another file.

        Raises:
            BadInput: DuckDB does not accept the query.
            WarehouseUnusable: nothing is published yet, or the file cannot be read.
        """
        connection = self._open()
        try:
            connection.execute("set enable_external_access = false")
            connection.execute("set lock_configuration = true")
            with engine_errors(self.file):
                found = connection.execute(sql, parameters)
            description = found.description or []
            types = tuple(str(kind) for _, kind, *_ in description)
            return Table(tuple(name for name, *_ in description), types, tuple(found.fetchall()))
        except duckdb.Error as error:
            raise BadInput("sql", str(error)) from error
        finally:
            connection.close()

    def _open(self) -> duckdb.DuckDBPyConnection:
        if not self.file.exists():
            raise WarehouseUnusable(str(self.folder), NOTHING_PUBLISHED)
        with engine_errors(self.file):
            return connect_in_utc(self.file)
