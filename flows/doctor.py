"""Owns the verb doctor: what is wrong with this installation, and what to do; backup and restore."""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

import flows
import marsad
from extractors.recognizer import missing_model
from flows.calendar_finding import find_calendar
from flows.configuration import Place, read_background, read_feeds, read_place, read_topic
from flows.contract import json_text
from flows.demo_folder import is_demo
from flows.exits import FINE, NO_WAREHOUSE, USAGE
from flows.keeper_finding import find_keeper
from flows.mail_finding import find_mail
from flows.options import placed
from flows.pasting import pasted
from flows.safekeeping import bring_back, make_backup
from flows.storage import core_of
from flows.surroundings import (
    find_cycle,
    find_network,
    find_port,
    find_python,
    find_terminal,
    find_workers,
)
from marsad.digests import FilterAudit, Finding
from marsad.errors import MarsadError
from reports.terminal import render_findings
from warehouse.reader import Reader

_LOW_DISK_BYTES = 2 << 30  #: a year of 500 articles a day weighs about 1 GB with its pages
_PLACEHOLDER = "example.org"  #: where the contact of the defaults and of a laid-out topic stands
_LIBRARIES = (
    "feedparser",
    "trafilatura",
    "prefect",
    "duckdb",
    "camel-tools",
    "fastapi",
    "sqlalchemy",
    "lxml_html_clean",
)


@click.command(epilog="Example: marsad doctor --backup marsad-backup.tar")
@click.option(
    "--backup",
    "backup_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write all data to the tar FILE (compressed where it ends .gz, .bz2, .xz).",
)
@click.option(
    "--restore", "restore_file", type=click.Path(path_type=Path, dir_okay=False), help="Bring back such a FILE."
)
@click.option("--json", "as_json", is_flag=True, help="A JSON array of findings.")
@placed
def doctor(place: Place, backup_file: Path | None, restore_file: Path | None, *, as_json: bool) -> int:
    """Check installation, settings, warehouse, feeds and mail; say what is wrong and what to do."""
    if backup_file is not None and restore_file is not None:
        raise click.UsageError("say --backup FILE or --restore FILE, not both")
    if backup_file is not None:
        click.echo(make_backup(place, backup_file))
        return FINE
    if restore_file is not None:
        click.echo(bring_back(place, restore_file))
        return FINE
    options = _options(place)
    findings = [_spelt(_look(name, check, place), options) for name, check in _CHECKS.items()]
    if as_json:
        click.echo(json_text([asdict(finding) for finding in findings], indent=1))
    else:
        click.echo(render_findings(tuple(findings)), nl=False)
    failed = {finding.name for finding in findings if finding.state == "fail"}
    if failed & {"data folder", "warehouse", "published"}:
        return NO_WAREHOUSE
    return USAGE if failed else FINE


def _look(name: str, check: Callable[[Place], Finding], place: Place) -> Finding:
    try:
        return check(place)
    except MarsadError as error:
        return Finding(name, "fail", str(error), "mend what the sentence names and run marsad doctor again")


def _spelt(finding: Finding, options: str) -> Finding:
    return replace(finding, said=pasted(finding.said), remedy=pasted(finding.remedy, options))


def _options(place: Place) -> str:
    """Return what this place was named by on the command line: the verbs that doctor advises need it too."""
    options = ""
    if place.settings_file and str(place.settings_file) not in {"marsad.toml", os.environ.get("MARSAD_SETTINGS")}:
        options += f" --settings {shlex.quote(str(place.settings_file))}"
    if place.data != read_place(place.settings_file).data:
        options += f" --data {shlex.quote(str(place.data))}"
    return options


def _installation(place: Place) -> Finding:  # noqa: ARG001  one form for all checks
    home, here = Path(marsad.__file__).parent.parent, Path(flows.__file__).parent.parent
    if home != here:
        said = f"the package flows comes from {here}, not from Marsad"
        return Finding("installation", "fail", said, "give Marsad an environment of its own: make run")
    missing = [name for name in _LIBRARIES if not _is_installed(name)]
    if missing:
        return Finding("installation", "fail", f"{', '.join(missing)} not installed", "run make run in the checkout")
    return Finding("installation", "ok", f"Marsad {marsad.__version__}, DuckDB {version('duckdb')}")


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _settings(place: Place) -> Finding:
    said = f"read from {place.settings_file}" if place.settings_file else "defaults, no settings file"
    if _PLACEHOLDER in place.settings.fetch.contact and not is_demo(place.data):
        said += "; every site that is asked is told a contact that is nobody's"
        return Finding("settings", "warn", said, "write your page or mail address as contact under [fetch]")
    return Finding("settings", "ok", said)


def _topic(place: Place) -> Finding:
    topic, feeds = read_topic(place), read_feeds(place)
    read_background()
    if not feeds:
        return Finding("topic", "fail", f"{place.topic} lists no feed", "add a [[feed]] to its feeds.toml")
    said = f"{topic.name}: {len(feeds)} feeds, {len(topic.entities)} entities"
    if topic.is_mute:
        remedy = f"write themes into {place.topic / 'topic.toml'}: the words that speak of the topic by themselves"
        return Finding("topic", "warn", f"{said}; no word, side or name speaks of it, so nothing is on it", remedy)
    return Finding("topic", "ok", said)


def _data_folder(place: Place) -> Finding:
    folder = next(parent for parent in (place.data, *place.data.absolute().parents) if parent.exists())
    try:  # permissions alone do not tell: a file system may be read-only, a file may stand where a folder should
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        said = f"{folder} cannot be written ({error.strerror})"
        return Finding("data folder", "fail", said, "choose another with --data, or change its owner")
    free = shutil.disk_usage(folder).free
    if free < _LOW_DISK_BYTES:
        said = f"{free >> 20} MB free in {folder}"
        return Finding("data folder", "warn", said, "make room, or move the data folder")
    said = f"{place.data.absolute()}, {free >> 30} GB free; what happened stands in its logs/"
    return Finding("data folder", "ok", said)


def _warehouse(place: Place) -> Finding:
    core = core_of(place)
    if not core.exists():
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


def _published(place: Place) -> Finding:
    if not Reader(place.data).is_published:
        return Finding("published", "warn", "nothing yet", "run marsad run")
    damaged = core_of(place).damaged_readers_files()
    if not damaged:
        return Finding("published", "ok", "the readers' files, every block as it was written")
    said = f"damaged: {', '.join(map(str, damaged))}; nothing is lost, they are made from the warehouse"
    return Finding("published", "fail", said, "run marsad run, which makes them anew")


def _feeds(place: Place) -> Finding:
    reader = Reader(place.data)
    if not reader.is_published:
        return Finding("feeds", "warn", "none polled yet", "run marsad run")
    health = reader.feed_health(place.now())
    if is_demo(place.data):
        return Finding("feeds", "ok", f"the demo's {len(health)}, off air again; one of them fails on purpose")
    failing = [feed for feed in health if not feed.is_well]
    moved = [feed for feed in health if feed.moved_to]
    said, remedy = [], "marsad feeds list shows each with its reason"
    if failing:
        why = failing[0].reason or failing[0].state
        said.append(f"{len(failing)} of {len(health)} not ok, first {failing[0].url} ({why})")
    if moved:
        said.append(f"{len(moved)} of {len(health)} moved for good, first {moved[0].url} to {moved[0].moved_to}")
        remedy += "; of one that moved, write the new address into feeds.toml"
    if said:
        return Finding("feeds", "warn", "; ".join(said), remedy)
    return Finding("feeds", "ok", f"{len(health)} answer")


def _filter(place: Place) -> Finding:
    reader = Reader(place.data)
    audit = reader.filter_audit(place.now()) if reader.is_published else FilterAudit(0, 0, 0, 0)
    if not audit.audited_count:
        return Finding("filter", "ok", "no off-topic entry was fetched as a check yet")
    said = (
        f"{audit.missed_count} of {audit.audited_count} off-topic entries fetched as a check were on or near the topic"
    )
    recall = f"; recall about {audit.recall_share:.0%}" if audit.recall_share is not None else ""
    return Finding("filter", "ok", said + recall)


def _names(place: Place) -> Finding:
    model = read_topic(place).guesser
    own = f"seeds/names.json, {len(model.traits):,} traits of words" if model else "none of Marsad's own"
    reason = missing_model()
    camel = (
        f"camel-tools' recognizer is optional and off: {reason}" if reason else "camel-tools' recognizer is installed"
    )
    return Finding("name model", "ok", f"{own}; {camel}")


_CHECKS: dict[str, Callable[[Place], Finding]] = {
    "python": find_python,
    "installation": _installation,
    "settings": _settings,
    "topic": _topic,
    "data folder": _data_folder,
    "warehouse": _warehouse,
    "published": _published,
    "cycle": find_cycle,
    "days": find_calendar,
    "up": find_keeper,
    "workers": find_workers,
    "network": find_network,
    "feeds": _feeds,
    "filter": _filter,
    "mail": find_mail,
    "name model": _names,
    "port": find_port,
    "terminal": find_terminal,
}
