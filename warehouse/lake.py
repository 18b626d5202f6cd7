"""Owns the core tables beyond one machine: DuckLake, its catalog in Postgres, its rows in Parquet files.

Several processes write, one at a time: identity is kept by anti-joins and the sequence of batches (decisions/0005), and
both must see all that was committed before. A turn is an advisory lock, which ends with its session, so that a killed
writer holds nothing. What it had sent to be committed may still be at work then; whoever is next waits until the
writer's own sessions are gone as well. Readers of the lake wait for nobody.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import duckdb

from marsad.errors import WarehouseBusy, WarehouseUnusable
from marsad.identity import key_of
from warehouse.engine import LOCK_WAIT_SECONDS, NO_WAREHOUSE, connect_in_utc, quoted
from warehouse.scripts import statement, statement_on

NAME = "the lake"  #: in errors
EXTENSIONS = ("ducklake", "postgres_scanner", "httpfs")  #: of the extra lake; each is built for one version of DuckDB
_WRITER, _READER, _WAITING = "marsad-writer", "marsad-reader", "marsad-turn"  #: how sessions call themselves
_WRITE = "write"  #: the lock of writers
_LOOK_SECONDS = 0.02  #: between two tries for a turn


@dataclass(frozen=True, slots=True)
class Lake:
    """The core tables on DuckLake; holds nothing open."""

    postgres: str  #: libpq's key=value pairs; a password comes from $PGPASSWORD or ~/.pgpass
    files: str  #: folder of the Parquet files, which every worker reaches under this name; s3://BUCKET/PREFIX too
    wait_seconds: float = LOCK_WAIT_SECONDS  #: for a turn, before WarehouseBusy

    def prepare(self) -> None:
        """Make nothing: the first that writes makes what is missing."""

    def exists(self) -> bool:
        """Whether a cycle has made the tables."""
        try:
            with self.reading() as connection:
                return connection.execute(statement("tables", "has_schema")).fetchall() == [(True,)]
        except WarehouseUnusable as error:
            if error.reason != NO_WAREHOUSE:
                raise
            return False

    def must_exist(self) -> None:
        """Raise nothing: what is asked of a lake that has no tables says so itself."""

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a connection to the tables, alone among all writers.

        Raises:
            WarehouseBusy: others wrote for all of `wait_seconds`.
            WarehouseUnusable: Postgres or the files cannot be reached.
        """
        with self._engine() as connection, self._turn(connection, _WRITE, self.wait_seconds):
            self._attach(connection, "warehouse", _WRITER, f"data_path {quoted(self.files)}")
            yield connection
            connection.execute("use memory")
            connection.execute("detach warehouse")

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a read-only connection to the tables.

        Raises:
            WarehouseUnusable: there are none, or Postgres cannot be reached.
        """
        with self._engine() as connection:
            self._attach(connection, "warehouse", _READER, "read_only")
            yield connection

    @contextmanager
    def source(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a connection that has the tables, read-only, as `source`."""
        with self._engine() as connection:
            self._attach(connection, "source", _READER, "read_only")
            connection.execute("use memory")
            yield connection

    def tend(self) -> None:
        """Merge the small files that batches leave, and delete those that nobody has needed for a week."""
        with self.writing() as connection:
            for name in ("merge_files", "forget_snapshots", "delete_merged", "delete_torn"):
                connection.execute(statement("lake", name)).fetchall()

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Hold the lock of that name among all workers, without waiting for it."""
        with self._engine() as connection, self._turn(connection, name, 0):
            yield

    @contextmanager
    def _turn(self, connection: duckdb.DuckDBPyConnection, name: str, wait_seconds: float) -> Iterator[None]:
        deadline = time.monotonic() + wait_seconds
        connection.execute(f"attach {quoted(self._session(_WAITING))} as turns (type postgres)")
        with closing(connection.cursor()) as holder:
            holder.begin()  # the lock is this transaction's
            take = statement_on("lake", "take_turn", key=str(key_of(f"marsad/{name}")))
            is_quiet = statement("lake", "is_quiet" if name == _WRITE else "needs_no_quiet")
            while not (_says(holder, take) and _says(holder, is_quiet)):
                if time.monotonic() >= deadline:
                    reason = (
                        f"another worker is writing since {wait_seconds:.0f} seconds or more; wait for it, or stop it"
                    )
                    raise WarehouseBusy(NAME, reason)
                time.sleep(_LOOK_SECONDS)
            try:
                yield
            finally:
                with suppress(duckdb.Error):  # where the session is lost, closing would end the process instead
                    holder.rollback()

    def _session(self, name: str) -> str:
        return f"{self.postgres} application_name={name}"

    def _attach(self, connection: duckdb.DuckDBPyConnection, alias: str, session: str, how: str) -> None:
        connection.execute(f"attach {quoted(f'ducklake:postgres:{self._session(session)}')} as {alias} ({how})")
        connection.execute(f"use {alias}")

    @contextmanager
    def _engine(self) -> Iterator[duckdb.DuckDBPyConnection]:
        files = _verified_files()
        with _lake_errors():
            connection = connect_in_utc(allow_unsigned_extensions="true")
            try:
                _load(connection, files)
                # What is no Amazon (MinIO, Ceph) has no host of its own for each bucket.
                if connection.execute(statement("lake", "has_own_endpoint")).fetchall() == [(True,)]:
                    connection.execute("set global s3_url_style = 'path'")
                yield connection
            finally:
                connection.close()


@cache
def _verified_files() -> tuple[Path, ...]:
    """Return the extensions' files, their signatures checked: 0.3 s, which each use need not pay again."""
    files = tuple(map(_file_of, EXTENSIONS))
    with connect_in_utc() as connection:
        _load(connection, files)
    return files


def _load(connection: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> None:
    for file in files:
        connection.execute(f"load {quoted(file)}")


def _file_of(extension: str) -> Path:
    """Return where the Python package of an extension has its file; nothing is downloaded, nothing put in a home."""
    found = find_spec(f"duckdb_extension_{extension}")
    if found is None or found.origin is None:
        raise WarehouseUnusable(NAME, "its extensions are not installed; uv sync --extra lake brings them")
    return next(Path(found.origin).parent.rglob("*.duckdb_extension"))


def _says(connection: duckdb.DuckDBPyConnection, sql: str) -> bool:
    return connection.execute(sql).fetchall() == [(True,)]


@contextmanager
def _lake_errors() -> Iterator[None]:
    """Turn what DuckDB says of catalog and files into our words; an error of a statement stays what it is."""
    try:
        yield
    except duckdb.Error as error:
        text = str(error)
        for sign, reason in _REASONS:
            if sign in text:
                raise WarehouseUnusable(NAME, reason.format(said=_end_of(text))) from error
        if isinstance(error, duckdb.IOException | duckdb.FatalException | duckdb.TransactionException):
            raise WarehouseUnusable(NAME, f"it cannot be used ({text.splitlines()[0]})") from error
        raise


def _end_of(text: str) -> str:
    """Return what Postgres said, without what DuckDB tells around it (the settings among them, twice)."""
    said = [line.rsplit("failed: ", 1)[-1].removeprefix("FATAL:  ") for line in text.splitlines() if "failed: " in line]
    return said[0] if said else text.splitlines()[0]


#: What DuckDB 1.5 and Postgres 15 write in their messages -> what to do about it; tests provoke each.
_REASONS = (
    ("creating a new DuckLake is explicitly disabled", NO_WAREHOUSE),
    ("does not match existing data path", "its files lie elsewhere than `lake` in the settings says ({said})"),
    ("Unable to connect to Postgres", "its catalog does not answer ({said}); check `catalog` in the settings"),
    ("Failed to execute query", "its catalog went away; run again, what was stored before is safe"),
    ("HTTP", "its files on S3 cannot be reached ({said}); check `lake` in the settings and the AWS_ variables"),
    ("Failed to create directory", "its files cannot be written; check `lake` in the settings"),
    ("Cannot open file", "its files cannot be read or written; check `lake` in the settings"),
    ("No space left", "the disk of its files is full; free some space and run again, nothing was lost"),
)
