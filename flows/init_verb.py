"""Owns the verb init: a topic folder of one's own, laid out of seeds/blank/ and of what holds for every topic."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Template

import click

from flows.configuration import (
    Place,
    packaged_topic,
    read_feeds,
    read_lines,
    read_place,
    read_seed,
    read_topic,
    replace_text,
)
from flows.exits import FINE
from flows.pasting import pasted
from marsad.arabic import fold
from marsad.catalogue import dump_feed_list, dump_lines
from marsad.errors import BadInput
from marsad.settings import Settings
from marsad.sources import Feed, FeedKind
from marsad.topic import slug_of

_FILES = ("topic.toml", "entities.csv", "feeds.toml", "stance.toml", "marsad.toml", "README.md")
_ARABIC_WORD = re.compile(r"[\u0620-\u064a\u066e-\u06d3]{2}")  #: as it begins, the article taken off
_EXAMPLE = """Example: marsad init --topic "Nile waters" --country Egypt --country Ethiopia --word "سد النهضة"
"""


@click.command(epilog=_EXAMPLE)
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--topic", "name", required=True, help="English name of the topic.")
@click.option("--name-ar", help="Its Arabic name (else the English one).")
@click.option("--country", "countries", multiple=True, help="English name of a state it is about; several times.")
@click.option(
    "--word", "words", multiple=True, help="Arabic word or phrase that speaks of it by itself; several times."
)
def init(
    folder: Path | None, name: str, name_ar: str | None, countries: tuple[str, ...], words: tuple[str, ...]
) -> int:
    """Lay out a topic of your own in FOLDER (else a folder of its name): topic, names, feeds, cues, settings.

    It runs as it is; its README says what to edit.
    """
    slug = slug_of(name)
    if not slug:
        raise BadInput("--topic", "needs an English name; --name-ar takes the Arabic one")
    _must_speak(words)
    chosen = (folder or Path(slug)).expanduser()
    _must_be_free(chosen)
    blanks = _blanks(chosen, name, name_ar or name, countries, words)
    shipped = Place(Settings(), None, chosen, packaged_topic())
    texts = {
        "topic.toml": _filled("topic.toml", blanks),
        "entities.csv": _entities(countries),
        "feeds.toml": dump_lines(read_lines(shipped)) + dump_feed_list(_general(shipped)),
        "stance.toml": read_seed("stance.toml"),
        "marsad.toml": _filled("marsad.toml", blanks),
        "README.md": pasted(_filled("README.md", blanks)),
    }
    for file, text in texts.items():
        replace_text(chosen / file, text)
    topic = read_topic(read_place(chosen / "marsad.toml", chosen / "data"))
    click.echo(f"{chosen}: {topic.name}, {len(topic.entities)} names; what to edit says {chosen / 'README.md'}")
    if topic.is_mute:
        said = f"No word speaks of it yet, so nothing is on it: write themes into {chosen / 'topic.toml'}"
        click.echo(f"{said}, or begin anew with --word.", err=True)
    return FINE


def _must_speak(words: Iterable[str]) -> None:
    """Refuse what no Arabic text can be told by: nothing, an article alone, another script."""
    for word in words:
        parts = (part.removeprefix("ال") for part in fold(word).split())  # the
        if not any(_ARABIC_WORD.match(part) for part in parts):
            said = f"{word!r} holds no Arabic word" if word.strip() else "is empty"
            raise BadInput("--word", f"{said}; leave it out, or write one that speaks of the topic by itself")


def _must_be_free(folder: Path) -> None:
    try:
        there = [file for file in _FILES if (folder / file).exists()]
    except OSError as error:
        reason = f"no folder can have this name ({error.strerror}); name a FOLDER before --topic"
        raise BadInput(str(folder), reason) from error
    if there:
        raise BadInput(str(folder), f"holds a {there[0]} already; name another folder")


def _blanks(folder: Path, name: str, name_ar: str, countries: Iterable[str], words: Iterable[str]) -> dict[str, str]:
    settings = str(folder / "marsad.toml")
    return {
        "id": _toml(slug_of(name)),
        "name": _toml(name),
        "name_ar": _toml(name_ar),
        "countries": _toml(list(countries)),
        "words": _toml(list(words)),
        "title": " ".join(name.split()),
        "settings": shlex.quote(f"./{settings}" if settings.startswith("-") else settings),
    }


def _toml(value: str | list[str]) -> str:
    """A JSON text or list of texts is one of TOML's too; its letters stay Arabic."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _filled(name: str, blanks: dict[str, str]) -> str:
    return Template(read_seed(f"blank/{name}")).substitute(blanks)


def _entities(countries: tuple[str, ...]) -> str:
    """Return the listed names that serve any topic: states, bodies of no state, and what belongs to the `countries`."""
    rows = csv.DictReader(io.StringIO(read_seed("entities.csv")))
    listed = list(rows)
    states = {row["country"] for row in listed if row["country"] == row["canonical_en"]}
    if unknown := [one for one in countries if one not in states]:
        raise BadInput(
            "--country",
            f"{unknown[0]!r} is no state that is listed; write it in English, like Saudi Arabia, or leave it out and "
            "add it to the folder's entities.csv",
        )
    text = io.StringIO()
    writer = csv.DictWriter(text, rows.fieldnames or (), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row in listed if _serves(row, states, countries))
    return text.getvalue()


def _serves(row: dict[str, str], states: set[str], countries: tuple[str, ...]) -> bool:
    is_body = row["type"] == "ORG" and not row["country"]
    return is_body or row["canonical_en"] in states or row["country"] in countries


def _general(shipped: Place) -> Iterator[Feed]:
    """Yield the shipped feeds of general news; searches ask for the shipped topic."""
    yield from (feed for feed in read_feeds(shipped) if feed.kind is not FeedKind.SEARCH)
