"""Owns backup and restore: all that cannot be made again, in one tar file.

That is the writer's file, the archive of pages and the user's seeds; what readers get is published anew from it.
"""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from marsad.errors import BadInput
from warehouse.archive import Archive
from warehouse.catalog import CORE_FILE, KEPT_ASIDE, LOCK_FILE, UNPACKED, LocalCatalog
from warehouse.core import Core
from warehouse.engine import disk_errors, locked, reading_from, writing_to

_REST = ("archive", "seeds")  #: folders beside core.duckdb


def back_up(folder: Path, file: Path) -> None:
    """Write the data of `folder` to the tar `file`, whole or not at all; a cycle waits while core.duckdb is copied.

    The archive is read after core.duckdb and without its lock: pages are only ever added, so it holds all that
    core.duckdb points to.

    Raises:
        WarehouseBusy: another process writes.
        WarehouseUnusable: there is no warehouse, it is damaged, or `file` cannot be written.
    """
    core = LocalCatalog(folder)
    core.must_exist()
    unfinished = file.with_name(f".{file.name}.part")
    with _removed_on_failure(unfinished), disk_errors(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
        with tarfile.open(unfinished, "w") as tar:
            with locked(folder / LOCK_FILE):
                with writing_to(core.file):  # a log that a killed run left behind goes into the file
                    pass
                tar.add(core.file, CORE_FILE)
            _add_archive(tar, folder)
            if (folder / "seeds").exists():
                tar.add(folder / "seeds", "seeds")
        unfinished.replace(file)


def _add_archive(tar: tarfile.TarFile, folder: Path) -> None:
    for page_file, length in Archive(folder / "archive").whole_files():
        entry = tar.gettarinfo(page_file, f"archive/{page_file.name}")
        entry.size = length  # what a cycle adds meanwhile may be half a record
        with page_file.open("rb") as stream:
            tar.addfile(entry, stream)


def restore(file: Path, folder: Path) -> None:
    """Put the data of a backup in the place of that in `folder` and publish it.

    What was there before is kept in the folder before-restore/, so that a restore can be taken back by hand. While
    parts change places there is no core.duckdb, so that a cycle refuses to begin on half of it; a restore that was
    interrupted is finished by another one.

    Raises:
        BadInput: `file` is no backup of ours.
        WarehouseBusy: another process writes.
        WarehouseUnusable: the backup's warehouse is damaged or newer, or the folder cannot be written.
    """
    fresh, aside = folder / UNPACKED, folder / KEPT_ASIDE
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / LOCK_FILE):
        with _removed_on_failure(fresh):
            _unpack(file, fresh)
            with reading_from(fresh / CORE_FILE):  # opens, so it is worth its place
                pass
        with disk_errors(folder):
            _put_aside(folder, aside)
            for part in (*_REST, CORE_FILE):
                if (fresh / part).exists():
                    (fresh / part).rename(folder / part)
            shutil.rmtree(fresh)
    core = Core(folder)
    core.create_or_migrate()
    core.publish()


def _put_aside(folder: Path, aside: Path) -> None:
    """Move what stands in `folder` out of the way; after an interrupted restore only what came of that goes."""
    if (folder / CORE_FILE).exists():
        shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(exist_ok=True)
    for part in (CORE_FILE, f"{CORE_FILE}.wal", *_REST):
        if (folder / part).exists() and (aside / part).exists():
            _remove(folder / part)
        elif (folder / part).exists():
            (folder / part).rename(aside / part)


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
