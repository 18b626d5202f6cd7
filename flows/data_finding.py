"""Owns what doctor says of a data folder: its tables, what readers are given, and the feeds that fill it."""

from __future__ import annotations

import shutil
from pathlib import Path

from flows.configuration import Place, read_feeds
from flows.demo_folder import is_demo
from flows.ground import folder_there, must_take_a_cycle, must_take_files
from flows.storage import core_of
from flows.telling import report_file
from marsad.digests import FilterAudit, Finding
from marsad.errors import WarehouseUnusable
from reports.safe import readable_address
from warehouse.reader import Reader

_LOW_DISK_BYTES = 2 << 30  #: a year of 500 articles a day weighs about 1 GB with its pages


def find_folder(place: Place) -> Finding:
    """Say whether the data folder takes what a cycle writes, and what follows one."""
    must_take_a_cycle(place)
    free = shutil.disk_usage(folder_there(place.data)).free
    if free < _LOW_DISK_BYTES:
        said = f"{free >> 20} MB free in {folder_there(place.data)}"
        return Finding("data folder", "warn", said, "make room, or move the data folder")
    if unwritten := _unwritten_behind(place):
        return unwritten
    said = f"{place.data.absolute()}, {free >> 30} GB free; what happened stands in its logs/"
    return Finding("data folder", "ok", said)


def _unwritten_behind(place: Place) -> Finding | None:
    """Say whether report page or figures for Prometheus, written once a cycle is stored, cannot be."""
    said, remedy = _refused(place, report_file(place, "ar").parent)
    if said:
        return Finding("data folder", "warn", f"{said}: cycles are stored, and their report is not", remedy)
    metrics = place.settings.operation.metrics_file
    folder = (place.data / metrics).resolve().parent
    said, _ = _refused(place, folder) if metrics else ("", "")
    if not said:
        return None
    said += f": cycles are stored, and their figures, which metrics_file puts into {folder}, are not"
    return Finding("data folder", "warn", said, "mend that, or name another metrics_file under [operation]")


def _refused(place: Place, folder: Path) -> tuple[str, str]:
    """Return why `folder` cannot be written and what to do, both empty where it can."""
    try:
        must_take_files(place, [folder])
    except WarehouseUnusable as error:
        said, _, remedy = error.reason.partition("; ")
        return said, remedy
    return "", ""


def find_warehouse(place: Place) -> Finding:
    """Say whether the next cycle can go on from the core tables, and what was looked at of them."""
    core = core_of(place)
    if not core.exists():
        core.must_be_free()
        return Finding("warehouse", "warn", "no cycle has run here yet", "run marsad run")
    core.create_or_migrate()
    looked = core.verify()
    states = core.feed_states()
    said = f"opens, {looked.value}; {len(states)} feeds polled so far"
    if aside := core.unread_logs():
        said += f"; of killed writers, put aside and not readable: {', '.join(map(str, aside))}"
        remedy = "remove them: what they held was told to nobody as stored, and the next cycle fetches it again"
        return Finding("warehouse", "warn", said, remedy)
    return Finding("warehouse", "ok", said)


def find_published(place: Place) -> Finding:
    """Say whether what readers are given is there and as it was written."""
    reader = Reader(place.data)
    if not reader.is_published:
        return Finding("published", "warn", "nothing yet", "run marsad run")
    if damaged := core_of(place).damaged_readers_files():
        said = f"damaged: {', '.join(map(str, damaged))}; nothing is lost, they are made from the warehouse"
        return Finding("published", "fail", said, "run marsad run, which makes them anew")
    with reader.held():
        return Finding("published", "ok", "the readers' files, every block as it was written")


def find_feeds(place: Place) -> Finding:
    """Say which of the listed feeds do not answer, and which have moved."""
    reader = Reader(place.data)
    if not reader.is_published:
        return Finding("feeds", "warn", "none polled yet", "run marsad run")
    health = reader.feed_health(place.now())
    if is_demo(place.data):
        return Finding("feeds", "ok", f"the demo's {len(health)}, off air again; one of them fails on purpose")
    listed = {feed.url for feed in read_feeds(place)}
    health = tuple(feed for feed in health if feed.url in listed)
    failing = [feed for feed in health if feed.is_ill]
    moved = [feed for feed in health if feed.moved_to]
    said, remedy = [], "marsad feeds list shows each with its reason"
    if failing:
        why = failing[0].reason or failing[0].state
        said.append(f"{len(failing)} of {len(health)} not ok, first {readable_address(failing[0].url)} ({why})")
    if moved:
        way = f"{readable_address(moved[0].url)} to {readable_address(moved[0].moved_to)}"
        said.append(f"{len(moved)} of {len(health)} moved for good, first {way}")
        remedy += "; of one that moved, write the new address into feeds.toml"
    if said:
        return Finding("feeds", "warn", "; ".join(said), remedy)
    return Finding("feeds", "ok", f"{len(health)} answer")


def find_filter(place: Place) -> Finding:
    """Say how much the filter on titles misses, as far as it was measured."""
    reader = Reader(place.data)
    audit = reader.filter_audit(place.now()) if reader.is_published else FilterAudit(0, 0, 0, 0)
    if not audit.audited_count:
        return Finding("filter", "ok", "no off-topic entry was fetched as a check yet")
    said = (
        f"{audit.missed_count} of {audit.audited_count} off-topic entries fetched as a check were on or near the topic"
    )
    recall = f"; recall about {audit.recall_share:.0%}" if audit.recall_share is not None else ""
    return Finding("filter", "ok", said + recall)
