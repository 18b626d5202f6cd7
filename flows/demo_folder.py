"""Owns the demo's folder: whose it is, what it is emptied of, and how it is told from data of real feeds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flows.configuration import Place, read_place
from flows.demo_site import DemoSite
from flows.desk import only_cycle
from marsad.errors import SettingsError
from marsad.settings import ExtractSettings, FetchSettings, Settings
from warehouse.engine import disk_errors
from warehouse.reader import Reader

MARK = "marsad.toml"  #: settings of the demo's folder; their first line says whose it is
FIRST_LINE = "# Written by marsad demo, which empties this folder each time it runs.\n"
_LOOPBACK = "http://127.0.0.1:"
_LOCK = "cycle.lock"
_UNFINISHED = f"{MARK}.new"
_ELSEWHERE = "name another folder: marsad demo FOLDER"


def is_demo(folder: Path) -> bool:
    """Return whether a demo has left its data in `folder`."""
    try:
        return (folder / MARK).read_text("utf-8", "replace").startswith(FIRST_LINE)
    except OSError:
        return False


@contextmanager
def own_folder(folder: Path, site: DemoSite) -> Iterator[Place]:
    """Give the demo's place, emptied, with the cycle's lock held; what is not a demo's is left alone.

    Raises:
        SettingsError: the folder holds something else.
        WarehouseBusy: another demo, or a cycle, is at work there.
        WarehouseUnusable: the folder cannot be written.
    """
    if not _is_empty(folder) and not is_demo(folder):
        raise SettingsError(str(folder), f"is not empty and not a demo's; {_ELSEWHERE}")
    with only_cycle(Place(Settings(), None, folder, folder)):
        _must_hold_the_demo_alone(folder)
        with disk_errors(folder):
            _write_mark(folder)  # before anything goes: who is stopped here finds the folder to be the demo's
            for child in [child for child in folder.iterdir() if child.name not in {_LOCK, MARK}]:
                shutil.rmtree(child) if child.is_dir() and not child.is_symlink() else child.unlink()
        place = read_place(folder / MARK, folder)
        yield replace(place, settings=replace(place.settings, fetch=_fetching(site), extract=_EXTRACTING))


#: A worker takes half a second to start and the site has a handful of pages a day: a second one is not worth it.
_EXTRACTING = ExtractSettings(worker_count=1)


def _fetching(site: DemoSite) -> FetchSettings:
    return FetchSettings(allow_addresses=site.addresses, host_gap_seconds=0, poll_gap_seconds=0, audit_share=0)


def _write_mark(folder: Path) -> None:
    fresh = folder / _UNFINISHED
    fresh.write_text(f'{FIRST_LINE}data = "."\n', "utf-8")
    fresh.replace(folder / MARK)


def _is_empty(folder: Path) -> bool:
    with disk_errors(folder):
        return not folder.exists() or not {child.name for child in folder.iterdir()} - {_LOCK, _UNFINISHED}


def _must_hold_the_demo_alone(folder: Path) -> None:
    """Refuse a folder that real cycles have written to since the demo."""
    reader = Reader(folder)
    if not reader.is_published:
        return
    feeds = reader.query("from feeds")  # the file's own view: also one that another version published
    place = feeds.columns.index("feed_url")
    if any(not str(row[place]).startswith(_LOOPBACK) for row in feeds.rows):
        raise SettingsError(str(folder), f"holds news beside the demo's; {_ELSEWHERE}")
