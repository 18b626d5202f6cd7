"""Owns backup and restore: all that cannot be made again, in one tar file.

That is the writer's file, the archive of pages and the user's seeds; what readers get is published anew from it.
"""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

from marsad.errors import BadInput
from warehouse.core import LOCK_FILE, Core
from warehouse.engine import disk_errors, locked, reading_from, writing_to

_PARTS = ("core.duckdb", "archive", "seeds")
_KEPT_ASIDE = "before-restore"  #: folder for what a restore replaces; the last one only


def back_up(folder: Path, file: Path) -> None:
    """Write the data of `folder` to the tar `file`, whole or not at all; a cycle waits meanwhile.

    Raises:
        WarehouseBusy: another process writes.
        WarehouseUnusable: there is no warehouse, it is damaged, or `file` cannot be written.
    """
    core = Core(folder)
    core.must_exist()
    unfinished = file.with_name(f".{file.name}.part")
    with locked(folder / LOCK_FILE):
        with writing_to(core.file):  # a log that a killed run left behind goes into the file
            pass
        with disk_errors(file.parent):
            file.parent.mkdir(parents=True, exist_ok=True)
            with tarfile.open(unfinished, "w") as tar:
                for part in _PARTS:
                    if (folder / part).exists():
                        tar.add(folder / part, part)
            unfinished.replace(file)


def restore(file: Path, folder: Path) -> None:
    """Put the data of a backup in the place of that in `folder` and publish it.

    What was there before is kept in the folder before-restore/, so that a restore can be taken back by hand.

    Raises:
        BadInput: `file` is no backup of ours.
        WarehouseBusy: another process writes.
        WarehouseUnusable: the backup's warehouse is damaged or newer, or the folder cannot be written.
    """
    fresh, aside = folder / ".restore", folder / _KEPT_ASIDE
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / LOCK_FILE):
        _unpack(file, fresh)
        with reading_from(fresh / "core.duckdb"):  # opens, so it is worth its place
            pass
        with disk_errors(folder):
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir()
            for part in (*_PARTS, "core.duckdb.wal"):
                if (folder / part).exists():
                    (folder / part).rename(aside / part)
                if (fresh / part).exists():
                    (fresh / part).rename(folder / part)
            shutil.rmtree(fresh)
    core = Core(folder)
    core.create_or_migrate()
    core.publish()


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
