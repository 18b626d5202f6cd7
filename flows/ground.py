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
from flows.journal import LOGS, journal_file
from marsad.holdings import ARCHIVE
from warehouse import archive, catalog
from warehouse.engine import disk_errors
from warehouse.switching import PUBLISHED_FOLDER

_TRIAL_BYTES = 4096  #: a block of most file systems


def must_take_a_cycle(place: Place) -> None:
    """Refuse a data folder in which a cycle could not keep its tables, pages, lines and readers' files.

    Raises:
        WarehouseUnusable: something else stands where one of them belongs, or it cannot be written.
    """
    must_take_files(place, (place.data / name for name in ("", LOGS, ARCHIVE, PUBLISHED_FOLDER)))
    of_archive = (place.data / ARCHIVE / name for name in (archive.LOCK_FILE, archive.END_FILE))
    for file in (place.data / catalog.LOCK_FILE, *of_archive, journal_file(place, "cycle")):
        with disk_errors(place.data):
            if file.is_dir():  # as opening it says it
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))


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
            # Permissions alone do not tell: a file system may be read-only, a file may stand where a folder should. Nor
            # does a name: a full disk takes that, and loses lines without a word.
            with tempfile.TemporaryFile(dir=there) as trial:
                trial.write(bytes(_TRIAL_BYTES))
