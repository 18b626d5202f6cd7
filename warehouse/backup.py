"""Owns backup and restore: all that cannot be made again, in one tar file.

That is the writer's file and what marsad/holdings.py names; what readers get is published anew from it.
"""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import duckdb

from marsad.errors import BadInput
from marsad.holdings import ARCHIVE, HOLDINGS
from warehouse.archive import Archive
from warehouse.catalog import CORE_FILE, KEPT_ASIDE, LOCK_FILE, UNPACKED, LocalCatalog
from warehouse.core import Core
from warehouse.engine import disk_errors, locked, reading_from, writing_to
from warehouse.scripts import statement, statement_on

_PARTS = (CORE_FILE, f"{CORE_FILE}.wal", *HOLDINGS)  #: in the order in which they are put aside


def back_up(folder: Path, file: Path) -> None:
    """Write the data of `folder` to the tar `file`, whole or not at all.

    A cycle waits while core.duckdb is read, block by block, and copied. The archive is read after it and without its
    lock: pages are only ever added, so it holds all that core.duckdb points to.

    Raises:
        BadInput: `file` is something else.
        WarehouseBusy: another process writes.
        WarehouseUnusable: there is no warehouse, it is damaged, or `file` cannot be written.
    """
    core = LocalCatalog(folder)
    core.must_exist()
    if file.exists() and not (file.is_file() and tarfile.is_tarfile(file)):
        raise BadInput(str(file), "stands there and is no backup; name another file")
    unfinished = file.with_name(f".{file.name}.part")
    with _removed_on_failure(unfinished), disk_errors(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
        with tarfile.open(unfinished, "w") as tar:
            with locked(folder / LOCK_FILE):
                with writing_to(core.file) as connection:  # a log that a killed run left behind goes into the file
                    _read_whole(connection)
                tar.add(core.file, CORE_FILE)
            _add_archive(tar, folder)
            for part in HOLDINGS:
                if part != ARCHIVE and (folder / part).exists():
                    tar.add(folder / part, part)
        unfinished.replace(file)


def _read_whole(connection: duckdb.DuckDBPyConnection) -> None:
    """Read every block of every table, as DuckDB checks what it reads and nothing else."""
    for (table,) in connection.execute(statement("tables", "own_tables")).fetchall():
        connection.execute(statement_on("tables", "read_whole", table=table)).fetchone()


def _add_archive(tar: tarfile.TarFile, folder: Path) -> None:
    for page_file, length in Archive(folder / ARCHIVE).whole_files():
        entry = tar.gettarinfo(page_file, f"{ARCHIVE}/{page_file.name}")
        entry.size = length  # what a cycle adds meanwhile may be half a record
        with page_file.open("rb") as stream:
            tar.addfile(entry, stream)


def restore(file: Path, folder: Path) -> Path | None:
    """Put the data of a backup in the place of that in `folder`, publish it, and return where what stood there is kept.

    That is before-restore/, or before-restore-2/ and so on, so that every restore can be taken back by hand; nothing
    is ever deleted; None where nothing stood there. While parts change places there is no core.duckdb, so that a cycle
    refuses to begin on half of it; a restore that was interrupted is finished by another one.

    Raises:
        BadInput: `file` is no backup of ours.
        WarehouseBusy: another process writes.
        WarehouseUnusable: the backup's warehouse is damaged or newer, or the folder cannot be written.
    """
    fresh = folder / UNPACKED
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / LOCK_FILE):
        with _removed_on_failure(fresh):
            _unpack(file, fresh)
            Core(fresh).create_or_migrate()  # which refuses what is newer, before anything moves
            with reading_from(fresh / CORE_FILE) as connection:
                _read_whole(connection)
        with disk_errors(folder):
            aside = _put_aside(folder)
            for part in (*HOLDINGS, CORE_FILE):
                if (fresh / part).exists():
                    (fresh / part).rename(folder / part)
            shutil.rmtree(fresh)
    Core(folder).publish()
    return aside


def _put_aside(folder: Path) -> Path | None:
    standing = [part for part in _PARTS if (folder / part).exists()]
    if not standing:
        return None
    aside = _aside_for(folder, standing)
    aside.mkdir(exist_ok=True)
    for part in standing:
        (folder / part).rename(aside / part)
    return aside


def _aside_for(folder: Path, standing: Sequence[str]) -> Path:
    """Return a folder that holds nothing, or the one in which an interrupted restore began to put these parts aside."""
    number = next(one for one in count(1) if not _holds_any(_aside(folder, one)))
    begun = _aside(folder, number - 1)
    is_begun = number > 1 and not (folder / CORE_FILE).exists()
    return begun if is_begun and not any((begun / part).exists() for part in standing) else _aside(folder, number)


def _aside(folder: Path, number: int) -> Path:
    return folder / (KEPT_ASIDE if number == 1 else f"{KEPT_ASIDE}-{number}")


def _holds_any(folder: Path) -> bool:
    return folder.exists() and any(folder.iterdir())


@contextmanager
def _removed_on_failure(path: Path) -> Iterator[None]:
    with ExitStack() as undo:
        undo.callback(_remove, path)
        yield
        undo.pop_all()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _unpack(file: Path, target: Path) -> None:
    with disk_errors(target.parent):
        shutil.rmtree(target, ignore_errors=True)
        try:
            with tarfile.open(file) as tar:
                tar.extractall(target, filter="data")
        except (tarfile.TarError, FileNotFoundError, IsADirectoryError) as error:
            raise BadInput(str(file), "is no backup that marsad doctor --backup wrote") from error
    if not (target / "core.duckdb").exists():
        raise BadInput(str(file), "is no backup that marsad doctor --backup wrote")
