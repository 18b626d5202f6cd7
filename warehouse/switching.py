"""Owns the files in published/: which one readers get, which one is brought up to date, and the switch between them.

Two files take turns. Readers open marsad.duckdb; the one before it stands by under a hidden name, is brought up to
date, and takes the name by a rename, so that a reader has the old cycle or the new one and nothing between. A reader
that still has the standby open (for days, if it likes) keeps it: the file is given up to it, and a copy made instead.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from warehouse.engine import disk_errors, logs_of, remove_database, to_disk, try_lock

PUBLISHED_FOLDER, PUBLISHED_FILE = "published", "marsad.duckdb"


@dataclass(frozen=True, slots=True)
class Slots:
    """The two files of a data folder; only the holder of the writer's lock may call what changes them."""

    folder: Path  #: the data folder

    @property
    def current(self) -> Path:
        """The file readers open."""
        return self.folder / PUBLISHED_FOLDER / PUBLISHED_FILE

    @property
    def standby(self) -> Path:
        """The file that is brought up to date."""
        return self.current.with_name(".standby.duckdb")

    @property
    def _next(self) -> Path:
        return self.current.with_name(".next.duckdb")

    @property
    def fresh(self) -> Path:
        """A file that is being made, and is whole once it is the standby."""
        return self.current.with_name(".fresh.duckdb")

    @property
    def spill(self) -> Path:
        """Where what does not fit into memory lies while the file is made."""
        return spill_beside(self.current)

    @property
    def is_suspected(self) -> bool:
        """Whether somebody met damage in these files, or asked that they be looked at."""
        with disk_errors(self.folder):
            return self._suspicion.exists()

    @property
    def _suspicion(self) -> Path:
        return self.current.with_name(".suspected")

    def suspect(self) -> bool:
        """Ask the next publishing to look at every block; return whether this could be noted."""
        try:
            self._suspicion.touch()
        except OSError:  # who may only read
            return False
        return True

    def tidy(self) -> None:
        """Mend what a killed switch or copy left behind."""
        with disk_errors(self.folder):
            self.current.parent.mkdir(parents=True, exist_ok=True)
            remove_database(self.fresh)
            shutil.rmtree(self.spill, ignore_errors=True)
            if self.standby.exists() and self.current.exists() and self.standby.samefile(self.current):
                self.standby.unlink()
            if self._next.exists() and not self.standby.exists():
                self._next.rename(self.standby)
            remove_database(self._next)
            if not self.standby.exists():
                remove_database(self.standby)  # a write-ahead log without its file

    def give_up_standby(self) -> None:
        """Leave the standby to whoever reads it; what remains is no name of ours."""
        with disk_errors(self.folder):
            remove_database(self.standby)

    def copy_current(self) -> None:
        """Make a copy of the current file the standby; nobody writes the current file, so the copy is whole."""
        with disk_errors(self.folder):
            shutil.copyfile(self.current, self.fresh)
        self.take_fresh()

    def take_fresh(self) -> None:
        """Make the file that was being made the standby."""
        with disk_errors(self.folder):
            to_disk(self.fresh)
            remove_database(self.standby)
            self.fresh.rename(self.standby)

    def switch(self) -> None:
        """Make the standby the current file, in one step, and the current one the standby."""
        with disk_errors(self.folder):
            to_disk(self.standby)
            self.standby.rename(self._next)
            if self.current.exists():
                with suppress(OSError):  # a file system without hard links: the next publishing copies
                    os.link(self.current, self.standby)
            self._next.replace(self.current)
            for log in logs_of(self.current):  # of a file that another program wrote into, and that is gone
                log.unlink(missing_ok=True)
            to_disk(self.current.parent)

    def suspected_at(self) -> int | None:
        """Return when somebody asked last that these files be looked at, None where nobody did."""
        with disk_errors(self.folder):
            return self._suspicion.stat().st_mtime_ns if self.is_suspected else None

    def trust(self, suspected_at: int | None) -> None:
        """Take back what was asked then, as these files have been looked at since; not what was asked later."""
        if suspected_at is not None and self.suspected_at() == suspected_at:
            with disk_errors(self.folder):
                self._suspicion.unlink(missing_ok=True)


def spill_beside(file: Path) -> Path:
    """Return where the engine puts what does not fit into memory while it makes `file`."""
    return file.with_name(".spill")


@contextmanager
def held_by_writer(file: Path) -> Iterator[BinaryIO | None]:
    """Hold `file` against readers of this package, and give it to be read; None where one holds it."""
    with disk_errors(file.parent):
        stream = file.open("rb")
    with stream:
        with disk_errors(file.parent):
            is_free = try_lock(stream.fileno(), fcntl.LOCK_EX)
        yield stream if is_free else None


@contextmanager
def held_by_reader(file: Path) -> Iterator[Callable[[], bool]]:
    """Keep the writer from changing `file` while it is read; give what says whether the name still means what is held.

    DuckDB's own lock does that between processes; it is blind to threads of one process, and any of them that closes
    the file takes it away. Who opens the file by its name asks afterwards whether a switch came between.
    """
    descriptor = _hold(file)
    try:
        yield lambda: os.path.samestat(os.fstat(descriptor), file.stat())
    finally:
        os.close(descriptor)


def _hold(file: Path) -> int:
    while True:
        descriptor = os.open(file, os.O_RDONLY)
        try:
            # A switch may come between opening and holding; then what is held is not what the name means.
            if try_lock(descriptor, fcntl.LOCK_SH) and os.path.samestat(os.fstat(descriptor), file.stat()):
                return descriptor
        except OSError:
            os.close(descriptor)
            raise
        os.close(descriptor)
