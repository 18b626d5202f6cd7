"""Owns what doctor does with backups: one is written beside a running Marsad, and brought back beside none."""

from __future__ import annotations

from pathlib import Path

from flows.configuration import Place
from flows.desk import UP_LOCK, only_cycle, only_one
from marsad.errors import BadInput
from warehouse.backup import back_up, restore
from warehouse.switching import PUBLISHED_FOLDER


def make_backup(place: Place, file: Path) -> str:
    """Write the data of `place` to `file` and return the sentence that says so."""
    _must_be_no_lake(place)
    back_up(place.data, file)
    return f"written to {file}"


def bring_back(place: Place, file: Path) -> str:
    """Put the data of the backup `file` in place and return the sentence that says where what stood there is.

    Raises:
        WarehouseBusy: `marsad up` or a cycle is at work there.
    """
    _must_be_no_lake(place)
    with only_one(place, UP_LOCK, "marsad up is at work here; stop it, then restore"), only_cycle(place):
        aside = restore(file, place.data)
    if aside is None:
        return f"restored into {place.data}"
    back = f"to take the restore back, put it in place of what was restored and move {PUBLISHED_FOLDER}/ away too"
    return f"restored into {place.data}; what stood there is kept in {aside}, which is yours to delete; {back}"


def _must_be_no_lake(place: Place) -> None:
    if place.settings.catalog:
        reason = "the core tables stand in a lake: pg_dump its catalog, then copy its files (docs/scale.md)"
        raise BadInput("--backup and --restore", reason)
