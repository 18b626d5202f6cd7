"""Owns what must stand before a cycle begins: the folders that it writes into; none is made here.

`marsad run` refuses by it before anything is fetched, and `marsad doctor` tells of it in the same words.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from flows.configuration import Place
from flows.journal import LOGS
from marsad.holdings import ARCHIVE
from warehouse import archive, catalog
from warehouse.engine import disk_errors
from warehouse.switching import PUBLISHED_FOLDER


def must_take_a_cycle(place: Place) -> None:
    """Refuse a data folder in which a cycle could not keep its tables, pages, lines and readers' files.

    Raises:
        WarehouseUnusable: something else stands where one of them belongs, or it cannot be written.
    """
    must_take_files(place, (place.data / name for name in ("", LOGS, ARCHIVE, PUBLISHED_FOLDER)))
    for lock in (place.data / catalog.LOCK_FILE, place.data / ARCHIVE / archive.LOCK_FILE):
        with disk_errors(place.data):
            if lock.is_dir():  # as opening it says it
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(lock))


def folder_there(folder: Path) -> Path:
    """Return what stands of the path to `folder`: itself, or the nearest above it; a link that leads nowhere too."""
    return next(one for one in (folder.absolute(), *folder.absolute().parents) if os.path.lexists(one))


def must_take_files(place: Place, folders: Iterable[Path]) -> None:
    """Refuse folders of `place` that are no folders, or cannot be written.

    Raises:
        WarehouseUnusable: the first of them; one that nobody has made yet is judged by what is above it.
    """
    for folder in folders:
        there = folder_there(folder)
        with disk_errors(place.data):
            if not there.exists():  # as mkdir says it
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(there))
            # Permissions alone do not tell: a file system may be read-only, a file may stand where a folder should.
            with tempfile.TemporaryFile(dir=there):
                pass
