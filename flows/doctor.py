"""Owns the verb doctor: what is wrong with this installation, and what to do; backup and restore."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import click

import flows
import marsad
from extractors.recognizer import missing_model
from flows.calendar_finding import find_calendar
from flows.configuration import Place, read_corpus, read_feeds, read_knowledge, read_topic
from flows.contract import json_text
from flows.data_finding import find_feeds, find_filter, find_folder, find_published, find_warehouse
from flows.demo_folder import is_demo
from flows.exits import FINE, NO_WAREHOUSE, USAGE
from flows.keeper_finding import find_keeper, find_port
from flows.mail_finding import find_mail
from flows.options import placed, spelt_options
from flows.pasting import commands_in, pasted
from flows.safekeeping import bring_back, make_backup
from flows.surroundings import (
    find_cycle,
    find_network,
    find_python,
    find_terminal,
    find_workers,
)
from marsad.digests import Finding
from marsad.errors import MarsadError
from reports.terminal import render_findings

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
    options, plain = spelt_options(), findings(place)
    found = [_spelt(finding, options) for finding in plain]
    if as_json:
        click.echo(json_text([asdict(finding) for finding in found], indent=1))
    else:
        commands = {one for finding in plain for one in commands_in(f"{finding.said}\n{finding.remedy}", options)}
        click.echo(render_findings(found, commands=commands), nl=False)
    failed = {finding.name for finding in found if finding.state == "fail"}
    if failed & {"data folder", "warehouse", "published", "cycle"}:
        return NO_WAREHOUSE
    return USAGE if failed else FINE


def findings(place: Place) -> list[Finding]:
    """Return what is found of each check, in order; of what rests on one that failed, only where to look."""
    found: list[Finding] = []
    mended_first: dict[str, str] = {}  # of a check that failed, or rests on such a one: which to mend
    for name, check in _CHECKS.items():
        first = next((mended_first[one] for one in check.rests_on if one in mended_first), "")
        found.append(_left(name, first) if first else _look(name, check, place))
        if first or found[-1].state == "fail":
            mended_first[name] = first or name
    return found


def _left(name: str, first: str) -> Finding:
    return Finding(name, "warn", f"not looked at: see {first}", f"mend {first} first")


def _look(name: str, check: Check, place: Place) -> Finding:
    try:
        return check.look(place)
    except MarsadError as error:
        said, _, remedy = str(error).partition("; ")  # what is the case; what to do about it
        return Finding(name, "fail", said, remedy or "mend that, then run marsad doctor again")


def _spelt(finding: Finding, options: str) -> Finding:
    return replace(finding, said=pasted(finding.said, options), remedy=pasted(finding.remedy, options))


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
    read_knowledge(topic)
    read_corpus(place)
    if not feeds:
        return Finding("topic", "fail", f"{place.topic} lists no feed", "add a [[feed]] to its feeds.toml")
    said = f"{topic.name}: {len(feeds)} feeds, {len(topic.entities)} entities"
    if topic.is_mute:
        remedy = f"write themes into {place.topic / 'topic.toml'}: the words that speak of the topic by themselves"
        return Finding("topic", "warn", f"{said}; no word, side or name speaks of it, so nothing is on it", remedy)
    return Finding("topic", "ok", said)


def _names(place: Place) -> Finding:
    model = read_topic(place).guesser
    own = f"seeds/names.json, {len(model.traits):,} traits of words" if model else "none of Marsad's own"
    reason = missing_model()
    camel = (
        f"camel-tools' recognizer is optional and off: {reason}" if reason else "camel-tools' recognizer is installed"
    )
    return Finding("name model", "ok", f"{own}; {camel}")


class Check(NamedTuple):
    """A check, and those without which it would only tell the same damage again."""

    look: Callable[[Place], Finding]
    rests_on: tuple[str, ...] = ()


_CHECKS = {
    "python": Check(find_python),
    "installation": Check(_installation),
    "settings": Check(_settings),
    "topic": Check(_topic),
    "data folder": Check(find_folder),
    "warehouse": Check(find_warehouse, ("data folder",)),
    "published": Check(find_published, ("data folder",)),
    "cycle": Check(find_cycle, ("data folder", "warehouse")),
    "days": Check(find_calendar, ("published",)),
    "up": Check(find_keeper, ("data folder",)),
    "workers": Check(find_workers),
    "network": Check(find_network),
    "feeds": Check(find_feeds, ("topic", "published")),
    "filter": Check(find_filter, ("published",)),
    "mail": Check(find_mail, ("topic", "warehouse")),
    "name model": Check(_names, ("topic",)),
    "port": Check(find_port, ("data folder",)),
    "terminal": Check(find_terminal),
}
