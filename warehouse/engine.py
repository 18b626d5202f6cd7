"""Owns the door to DuckDB: opening files, the writer's lock, and DuckDB's errors in our words.

DuckDB lets one process write or many read a file, never both; so the writer's file is opened for one
transaction and closed, and readers get copies. The lock file beside it makes a second writer wait instead of
fail, and is held by the kernel: a killed writer holds nothing.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import duckdb

from marsad.errors import WarehouseBusy, WarehouseUnusable

STORAGE_VERSION = "v1.5.0"  #: every DuckDB from 1.5 on reads it, see decisions/0004
DAMAGED = "the file is damaged; restore a backup (marsad doctor --restore FILE)"
NOT_OURS = "it cannot be written; check the permissions of the data folder, or name another with --data"
NO_WAREHOUSE = "there is no warehouse here yet; marsad run makes one"
#: What one thread reads in a tenth of a second; over smaller files several wait for each other longer than they work:
#: a cycle over a few articles takes 15 % less of the processor with one.
SMALL_BYTES = 64 << 20
LOCK_WAIT_SECONDS = 60.0  #: a transaction holds the lock for seconds; making the readers' file anew for minutes


@contextmanager
def locked(file: Path, wait_seconds: float = LOCK_WAIT_SECONDS) -> Iterator[None]:
    """Hold the exclusive lock on `file`, waiting for it.

    Raises:
        WarehouseBusy: another process held it for all of `wait_seconds`.
        WarehouseUnusable: the lock file cannot be made, or the file system knows no locks.
    """
    with disk_errors(file.parent):
        handle = file.open("a", encoding="utf-8")
    with handle:
        deadline = time.monotonic() + wait_seconds
        while not _is_taken(handle.fileno(), file.parent):
            if time.monotonic() >= deadline:
                reason = f"another run is writing since {wait_seconds:.0f} seconds or more; wait for it, or stop it"
                raise WarehouseBusy(str(file.parent), reason)
            time.sleep(0.02)
        yield


def is_held(file: Path) -> bool:
    """Say whether another process holds the lock on `file`; one that is not there is held by nobody, and not made.

    Raises:
        WarehouseUnusable: the lock file cannot be opened, or the file system knows no locks.
    """
    with disk_errors(file.parent):
        is_there = file.exists()
    try:
        with locked(file, wait_seconds=0) if is_there else nullcontext():
            return False
    except WarehouseBusy:
        return True


def _is_taken(descriptor: int, folder: Path) -> bool:
    with disk_errors(folder):
        return try_lock(descriptor, fcntl.LOCK_EX)


def try_lock(descriptor: int, kind: int) -> bool:
    """Take a lock of `kind` (fcntl.LOCK_EX, fcntl.LOCK_SH) on an open file if no waiting is needed; tell whether."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def writing_to(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open `file` for writing, created where it is missing; closed and checkpointed at the end.

    Raises:
        WarehouseBusy: another program has it open.
        WarehouseUnusable: damaged, newer, read-only or full.
    """
    with _attached(file, "warehouse", f"storage_version '{STORAGE_VERSION}'") as connection:
        yield connection
        connection.execute("use memory")
        connection.execute("detach warehouse")


@contextmanager
def reading_from(file: Path, name: str = "warehouse") -> Iterator[duckdb.DuckDBPyConnection]:
    """Open `file` read-only, as a database of that name.

    Raises:
        WarehouseBusy: another program is writing it.
        WarehouseUnusable: missing, damaged or newer.
    """
    with _attached(file, name, "read_only") as connection:
        yield connection


@contextmanager
def _attached(file: Path, name: str, how: str) -> Iterator[duckdb.DuckDBPyConnection]:
    with disk_errors(file.parent):  # one that may not be entered, which the engine takes for an empty one
        is_small = not file.exists() or file.stat().st_size < SMALL_BYTES
    with engine_errors(file):
        connection = connect_in_utc(threads=1) if is_small else connect_in_utc()
        try:
            # Under its own name core.duckdb would be a catalog "core", and core.article ambiguous.
            connection.execute(f"attach {quoted(file)} as {name} ({how})")
            connection.execute(f"use {name}")
            yield connection
        finally:
            connection.close()


def remove_database(file: Path) -> None:
    """Remove a file of DuckDB's and its write-ahead log, where they are there."""
    for name in (file, *logs_of(file)):
        name.unlink(missing_ok=True)


def logs_of(file: Path) -> list[Path]:
    """Return where DuckDB 1.5 keeps what it has committed and not yet written into `file`."""
    return [file.with_name(f"{file.name}{suffix}") for suffix in (".wal", ".wal.checkpoint", ".wal.recovery")]


def to_disk(path: Path) -> None:
    """Have a file, or the names in a folder, written to the disk, where a power failure does not take it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def connect_in_utc(**config: str | bool | float | list[str]) -> duckdb.DuckDBPyConnection:
    """Return a connection to an engine of its own, with nothing attached, that shows instants in UTC."""
    connection = duckdb.connect(config=config)
    connection.execute("set TimeZone = 'UTC'")
    # Of queries that take two seconds DuckDB 1.5 draws a bar on standard output, also into a pipe that expects JSON.
    connection.execute("set enable_progress_bar = false")
    return connection


def quoted(value: object) -> str:
    """Return a path or text as an SQL literal, for the statements that take no parameter."""
    return "'" + str(value).replace("'", "''") + "'"


@contextmanager
def engine_errors(file: Path) -> Iterator[None]:
    """Turn what DuckDB says of the file as a whole into our words; an error of a statement stays what it is.

    Raises:
        KeyboardInterrupt: a statement was stopped by Ctrl-C.
    """
    try:
        yield
    except (
        duckdb.IOException,
        duckdb.FatalException,
        duckdb.SerializationException,
        duckdb.InternalException,
    ) as error:
        raise _in_our_words(file, error) from error
    except duckdb.Error as error:  # a commit that fails for want of disk is a TransactionException
        if any(sign in str(error).lower() for sign in (*_FULL, "read-only")):
            raise _in_our_words(file, error) from error
        raise
    except RuntimeError as error:  # what DuckDB 1.5 makes of a Ctrl-C during a script
        if isinstance(error.__cause__, KeyboardInterrupt):
            raise error.__cause__ from None
        raise


def _in_our_words(file: Path, error: duckdb.Error) -> WarehouseBusy | WarehouseUnusable:
    text = str(error)
    lowered = text.lower()
    if "could not set lock" in lowered or "conflicting lock" in lowered:
        return WarehouseBusy(str(file), "another program has it open; close it there, analysts read published/ instead")
    for signs, reason in _REASONS:
        if any(sign in lowered for sign in signs):
            return WarehouseUnusable(str(file), reason)
    return WarehouseUnusable(str(file), f"DuckDB cannot use it ({text.splitlines()[0]})")


DAMAGE_SIGNS = (
    "not a valid duckdb",
    "corrupt",
    "could not read enough bytes",
    "checksum",
    "deserialize",
    "invalidated",
    "failed to read",
    "this wal was created for",
)  #: in DuckDB's words for a file that is not whole
_FULL = ("no space left", "file too large", "disk quota", "disk full", "max_temp_directory_size")

#: What DuckDB 1.5 writes in its messages -> what to do about it; tests provoke each.
_REASONS = (
    (_FULL, "the disk is full; free some space and run again, nothing was lost"),
    (
        ("newer version of duckdb", "trying to read a database file with version number"),
        "it was written by a newer DuckDB; upgrade Marsad, or restore a backup",
    ),
    (("permission denied", "read-only"), NOT_OURS),
    (("is a directory",), "it is a folder where a file belongs; move it away and run again"),
    (DAMAGE_SIGNS, DAMAGED),
    (("does not exist", "no such file"), NO_WAREHOUSE),
)


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn what the operating system says of a folder into WarehouseUnusable."""
    try:
        yield
    except OSError as error:
        path = Path(error.filename2 or error.filename or folder)
        no_folder = no_folder_at(path)
        reason = {
            errno.ENOSPC: "the disk is full; free some space and run again, nothing was lost",
            errno.EFBIG: "the disk is full; free some space and run again, nothing was lost",
            errno.EDQUOT: "the disk quota is used up; free some space and run again, nothing was lost",
            errno.EACCES: NOT_OURS,
            errno.EPERM: NOT_OURS,
            errno.EROFS: "it lies on a read-only file system; name another folder with --data",
            errno.ENOLCK: "its file system knows no locks; put the data folder on a local disk",
            errno.EISDIR: f"{_in_the_way(path)} is a folder where a file belongs; move it away and run again",
            errno.EEXIST: no_folder,
            errno.ENOTDIR: no_folder,
            errno.EOPNOTSUPP: "its file system knows no locks; put the data folder on a local disk",
        }.get(error.errno or 0, f"cannot be used ({error.strerror}); name another folder with --data")
        raise WarehouseUnusable(str(folder), reason) from error


def no_folder_at(path: Path) -> str:
    """Return what to say where something else stands in the place of a folder of `path`."""
    in_the_way = _in_the_way(path)
    return f"{in_the_way} is {_kind_of(in_the_way)} where a folder belongs; move it away and run again"


def _in_the_way(path: Path) -> Path:
    """Return the file that stands where a folder of `path` belongs, else `path`; what may not be entered is none."""
    return next((one for one in (path, *path.parents) if os.path.isfile(one)), path)  # noqa: PTH113  Path's raises there


def _kind_of(path: Path) -> str:
    is_loose = os.path.lexists(path) and not os.path.exists(path)  # noqa: PTH110  Path's raises where none may enter
    return "a link that leads nowhere" if is_loose else "a file"
