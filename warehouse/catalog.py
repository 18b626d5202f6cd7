"""Owns where the core tables stand: in the writer's file of the data folder, or where another catalog keeps them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

import duckdb

from marsad.errors import WarehouseUnusable
from warehouse.blocks import HEADER_BYTES, Looked, must_be_whole
from warehouse.engine import (
    DAMAGED,
    LOCK_WAIT_SECONDS,
    NO_WAREHOUSE,
    disk_errors,
    locked,
    logs_of,
    reading_from,
    remove_database,
    to_disk,
    writing_to,
)

CORE_FILE, LOCK_FILE = "core.duckdb", "core.lock"
_STEP_BYTES = 1 << 20  #: of a log looked at together
UNPACKING = ".restore-part"  #: folder of a backup's data until it is known to be whole
UNPACKED = ".restore"  #: the same while it is put in place
KEPT_ASIDE = "before-restore"  #: folder for what a restore replaces; -2 and so on for what further ones do
_UNREADABLE = ".wal.unreadable-"  #: and when it was last written (UTC)
_HALF_RESTORED = (
    "core.duckdb is missing beside {aside}/: a restore was interrupted, or somebody removed it; restore (again) with "
    "marsad doctor --restore FILE, or move the files of {aside}/ back by hand and remove .restore*/"
)


class Catalog(Protocol):
    """Where the core tables stand, and who may write them; holds nothing open."""

    def prepare(self) -> None:
        """Make what must be there before the first that writes."""

    def exists(self) -> bool:
        """Say whether a cycle has made the tables."""
        ...

    def must_exist(self) -> None:
        """Raise WarehouseUnusable with what to do where none has."""

    def writing(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """Give a connection to the tables, alone among all writers."""
        ...

    def reading(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """Give a read-only connection to the tables."""
        ...

    def source(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """Give a connection that has the tables, read-only, as `source`; the holder of the data folder's lock asks."""
        ...

    def alone(self, name: str) -> AbstractContextManager[None]:
        """Hold the lock of that name among all that use these tables, without waiting for it."""
        ...


@dataclass(frozen=True, slots=True)
class LocalCatalog:
    """The writer's file in a data folder."""

    folder: Path
    wait_seconds: float = LOCK_WAIT_SECONDS  #: for the writer's lock, before WarehouseBusy

    @property
    def file(self) -> Path:
        """The DuckDB file."""
        return self.folder / CORE_FILE

    def prepare(self) -> None:
        """Make the data folder.

        One in which a restore was interrupted is refused, so that no empty warehouse takes the place of its data.
        """
        with disk_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        with self._locked():
            self._must_be_whole()

    def exists(self) -> bool:
        """Say whether the file is there."""
        with disk_errors(self.folder):
            return self.file.exists()

    def must_exist(self) -> None:
        """Raise WarehouseUnusable with what to do where no cycle has run in this folder yet."""
        if self.exists():
            return
        if self._is_half_restored():
            with self._locked():  # a restore that is running ends first
                self._must_be_whole()
            return
        raise WarehouseUnusable(str(self.folder), NO_WAREHOUSE)

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a connection to the file; where it is missing, to a new one that has its name once it is whole."""
        with self._locked():
            self._must_be_whole()
            if self.file.exists():
                self._settle_log()
                with writing_to(self.file) as connection:
                    yield connection
                return
            with self._made_anew() as fresh, writing_to(fresh) as connection:
                yield connection

    @contextmanager
    def _made_anew(self) -> Iterator[Path]:
        fresh = self.file.with_name(f".{self.file.name}.new")
        with ExitStack() as undo:
            undo.callback(remove_database, fresh)
            remove_database(fresh)
            yield fresh
            with disk_errors(self.folder):
                to_disk(fresh)
                remove_database(self.file)  # the log of one that was taken away says nothing of this one
                fresh.replace(self.file)
                to_disk(self.folder)

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a read-only connection to the file."""
        with self._locked():
            self._settle_log()
            with reading_from(self.file) as connection:
                yield connection

    @contextmanager
    def source(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a connection that has the file, read-only, as `source`."""
        self._settle_log()
        with reading_from(self.file, "source") as connection:
            connection.execute("use memory")
            yield connection

    def alone(self, name: str) -> AbstractContextManager[None]:
        """Hold the lock of that name in the data folder."""
        return locked(self.folder / f"{name}.lock", wait_seconds=0)

    def verify(self) -> Looked:
        """Raise WarehouseUnusable where something that the file holds cannot be read; say what was looked at."""
        with self._locked():
            self._settle_log()
            return must_be_whole(self.file)

    @contextmanager
    def at_rest(self) -> Iterator[bytes]:
        """Keep writers waiting, with nothing in the log; give the headers, which change whenever the tables do."""
        with self._locked():
            self._settle_log()
            with disk_errors(self.folder), self.file.open("rb") as stream:
                yield stream.read(HEADER_BYTES)

    def unread_logs(self) -> list[Path]:
        """Return where logs are kept that killed writers left and that could not be read."""
        return sorted(self.folder.glob(f"{self.file.name}{_UNREADABLE}*"))

    def _settle_log(self) -> None:
        """Take what a killed writer left in the log into the file.

        Who is told that a batch is stored is told so once it stands in the file. What stands in the log alone is
        nobody's yet, so that it is neither read nor published before this; and a log that cannot be read is put aside:
        what it held comes again, as after a kill a moment earlier.
        """
        log = logs_of(self.file)[0]
        if not any(one.exists() for one in logs_of(self.file)):
            return
        with disk_errors(self.folder):
            _cut_zeros(log)
        try:
            with writing_to(self.file):
                pass
        except WarehouseUnusable as error:
            if error.reason != DAMAGED:
                raise
        if log.exists():  # DuckDB could not read it, or passed over it without a word
            self._put_log_aside(log)

    def _put_log_aside(self, log: Path) -> None:
        with ExitStack() as undo, disk_errors(self.folder):
            written_at = datetime.fromtimestamp(log.stat().st_mtime, UTC)
            aside = self.file.with_name(f"{self.file.name}{_UNREADABLE}{written_at:%Y%m%dT%H%M%S.%fZ}")
            log.replace(aside)
            undo.callback(aside.rename, log)
            with reading_from(self.file):  # it may be the file that is damaged, and not its log
                undo.pop_all()

    def _is_half_restored(self) -> bool:
        left = (self.folder / name for name in (UNPACKING, UNPACKED, KEPT_ASIDE))
        return not self.file.exists() and any(folder.exists() for folder in left)

    def _must_be_whole(self) -> None:
        if self._is_half_restored():
            newest = max(self.folder.glob(f"{KEPT_ASIDE}*"), key=_number_of, default=self.folder / KEPT_ASIDE)
            raise WarehouseUnusable(str(self.folder), _HALF_RESTORED.format(aside=newest.name))

    def _locked(self) -> AbstractContextManager[None]:
        return locked(self.folder / LOCK_FILE, self.wait_seconds)


def _number_of(aside: Path) -> int:
    number = aside.name.removeprefix(f"{KEPT_ASIDE}-")
    return int(number) if number.isdecimal() else 0


def _cut_zeros(log: Path) -> None:
    """Cut off the zeros with which a power failure leaves what was not yet written; DuckDB takes them for damage.

    An entry ends with 0xFF, so that none of it is lost.
    """
    if not log.exists():
        return
    with log.open("rb") as stream:
        length = stream.seek(0, os.SEEK_END)
        end = _end_of_entries(stream, length)
    if end < length:
        os.truncate(log, end)


def _end_of_entries(stream: BinaryIO, length: int) -> int:
    for end in range(length, 0, -_STEP_BYTES):
        start = max(0, end - _STEP_BYTES)
        stream.seek(start)
        if whole := stream.read(end - start).rstrip(b"\0"):
            return start + len(whole)
    return 0
