"""Owns reaching what is kept for a place: the core tables, in a file or a lake, and the archive."""

from __future__ import annotations

from flows.configuration import Place
from marsad.errors import SettingsError
from marsad.holdings import ARCHIVE
from warehouse.archive import Archive
from warehouse.core import Core
from warehouse.lake import Lake


def core_of(place: Place) -> Core:
    """Return the warehouse of a place.

    Raises:
        SettingsError: a catalog is set, and no folder for its files.
    """
    settings = place.settings
    if not settings.catalog:
        return Core(place.data)
    if not settings.lake:
        subject = str(place.settings_file or "settings")
        raise SettingsError(subject, "lake: say in which folder the files lie that the catalog tells of")
    return Core(place.data, lake=Lake(settings.catalog.removeprefix("postgres:"), settings.lake))


def core_to_write(place: Place) -> Core:
    """Return the warehouse of a place to write to: there, of this version, and holding all that readers were given.

    Raises:
        SettingsError: a catalog is set, and no folder for its files.
        WarehouseUnusable: the data folder cannot be written, its warehouse is damaged, newer, or an older file put in
            its place.
        WarehouseBusy: another process holds the warehouse.
    """
    core = core_of(place)
    core.create_or_migrate()
    return core


def archive_of(place: Place) -> Archive:
    """Return the archive of a place."""
    return Archive(place.data / ARCHIVE, place.settings.workers.name)
