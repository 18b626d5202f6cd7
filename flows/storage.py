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


def archive_of(place: Place) -> Archive:
    """Return the archive of a place."""
    return Archive(place.data / ARCHIVE, place.settings.workers.name)
