"""Owns the topic: its targets, its names, its cues, read once from the three files of a topic folder.

Nothing in the code knows which topic it serves; another folder is another topic.
"""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

from marsad.aliases import Listed, NameTable, make_names
from marsad.articles import Entity, EntityType, Target
from marsad.cues import Cues, parse_cues
from marsad.errors import SettingsError
from marsad.lexicon import Lexicon, lexicons_of
from marsad.sequences import Model, parse_model

_COLUMNS = {"canonical_en", "canonical_ar", "type"}
_LISTS = ("themes", "hints", "links")  #: of words, in a target


@dataclass(frozen=True, slots=True)
class Aim:
    """A target, and by which words a sentence is seen to speak of it."""

    target: Target
    sides: frozenset[str]  #: countries whose cooperation or quarrel it is; empty where it has no sides
    entities: frozenset[str]  #: ids of entities that speak of it wherever they are named
    themes: Lexicon  #: words that speak of it by themselves
    hints: Lexicon  #: words that do with names of its sides
    links: Lexicon  #: words that do in a text that is on the topic
    visitors: frozenset[str] = frozenset()  #: sides that are where they are not at home only because of it
    theatre: frozenset[str] = frozenset()  #: countries where they then are
    parties: tuple[tuple[str, str | None, str], ...] = ()  #: label, id, country of its sides


@dataclass(frozen=True, slots=True)
class Near:
    """What makes a text near the topic."""

    countries: frozenset[str]
    entities: frozenset[str]  #: ids
    words: Lexicon


@dataclass(frozen=True, slots=True)
class Topic:
    """All the tagger knows of the world."""

    id: str
    name: str
    name_ar: str
    aims: tuple[Aim, ...]
    entities: tuple[Entity, ...]
    near: Near
    filter: Lexicon  #: words of a feed entry worth fetching, besides names
    names: NameTable
    cues: Cues
    carriers: frozenset[str] = frozenset()  #: ids of media that pass on what others say
    guesser: Model | None = None  #: of names no list knows; a topic does without

    @property
    def is_mute(self) -> bool:
        """Whether no text can be on it: none of its targets has words, sides or names that speak of it."""
        return not any(aim.sides or aim.entities or aim.themes.phrases for aim in self.aims)

    @property
    def targets(self) -> tuple[Target, ...]:
        """What a stance may be about."""
        return tuple(aim.target for aim in self.aims)


def parse_topic(topic_toml: str, entities_csv: str, stance_toml: str, subject: str, names_json: str = "") -> Topic:
    """Return the topic of the three files' contents; `subject` names their folder in errors.

    Args:
        topic_toml: targets and the words of the topic.
        entities_csv: its names.
        stance_toml: cues of the language.
        subject: of errors.
        names_json: model of unlisted names, of the language too; empty: people are found by their titles alone.

    Raises:
        SettingsError: one of them is not what it should be; the reason names file and place.
    """
    table = read_table(topic_toml, f"{subject}, topic.toml")
    listed = _listed(entities_csv, f"{subject}, entities.csv")
    cues = parse_cues(read_table(stance_toml, f"{subject}, stance.toml"), f"{subject}, stance.toml")
    place = f"{subject}, topic.toml"
    targets, near = _tables(table, "target", place), table.get("near", {})
    if not targets:
        raise SettingsError(place, "a topic needs a [[target]]")
    words = {(number, key): _texts(row, key, place) for number, row in enumerate(targets) for key in _LISTS}
    of_near, of_filter = (_texts(part, "words", place) for part in (near, table.get("filter", {})))
    lexicons = lexicons_of(words | {(-1, "near"): of_near, (-1, "filter"): of_filter})
    aims = tuple(
        _aim(row, listed, {key: lexicons[number, key] for key in _LISTS}, place) for number, row in enumerate(targets)
    )
    return Topic(
        id=_text(table, "id", place),
        name=_text(table, "name", place),
        name_ar=_text(table, "name_ar", place),
        aims=aims,
        entities=tuple(row.entity for row in listed),
        near=_near(near, listed, lexicons[-1, "near"], place),
        filter=lexicons[-1, "filter"],
        names=make_names(
            listed, cues.bodies, _texts(table, "traps", place), ((aim.sides, aim.entities) for aim in aims)
        ),
        cues=cues,
        carriers=_ids(_texts(table, "carriers", place), listed, place),
        guesser=parse_model(names_json, "names.json") if names_json else None,
    )


def read_table(text: str, subject: str) -> dict[str, Any]:
    """Return the TOML table.

    Raises:
        SettingsError: it is no TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(subject, f"not valid TOML ({error})") from error


def slug_of(name: str) -> str:
    """Return the stable id of an English canonical name: lower case, ASCII, words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _listed(text: str, subject: str) -> tuple[Listed, ...]:
    rows = csv.DictReader(StringIO(text))
    if missing := sorted(_COLUMNS - set(rows.fieldnames or ())):
        raise SettingsError(subject, f"column {missing[0]!r} is missing")
    listed: dict[str, Listed] = {}
    for number, row in enumerate(rows, 2):
        one = _one(row, f"{subject}, line {number}")
        if one.entity.id in listed:
            raise SettingsError(subject, f"line {number}: {one.entity.name!r} stands there twice")
        listed[one.entity.id] = one
    return tuple(listed.values())


def _one(row: Mapping[str, str | None], subject: str) -> Listed:
    name, name_ar, kind = (row[key] or "" for key in ("canonical_en", "canonical_ar", "type"))
    if kind not in set(EntityType):
        raise SettingsError(subject, f"type is one of {', '.join(EntityType)}, not {kind!r}")
    if not name_ar or not slug_of(name):
        raise SettingsError(subject, "canonical_en or canonical_ar is empty")
    entity = Entity(slug_of(name), name, name_ar, EntityType(kind), row.get("qid") or "", _parts(row, "aliases"))
    return Listed(
        entity,
        country=row.get("country") or "",
        adjective=row.get("adjective") or "",
        nisbas=_parts(row, "nisba"),
        shorts=_parts(row, "short"),
        roles=_parts(row, "roles"),
    )


def _parts(row: Mapping[str, str | None], key: str) -> tuple[str, ...]:
    return tuple(part for part in (row.get(key) or "").split("|") if part.strip())


def _aim(row: dict[str, Any], listed: tuple[Listed, ...], words: Mapping[str, Lexicon], subject: str) -> Aim:
    target = Target(_text(row, "id", subject), _text(row, "name", subject), _text(row, "name_ar", subject))
    sides = _countries(_texts(row, "sides", subject), listed, subject)
    ids = {one.entity.name: one.entity.id for one in listed}
    return Aim(
        target,
        sides=sides,
        entities=_ids(_texts(row, "entities", subject), listed, subject),
        themes=words["themes"],
        hints=words["hints"],
        links=words["links"],
        visitors=_countries(_texts(row, "visitors", subject), listed, subject),
        theatre=_countries(_texts(row, "theatre", subject), listed, subject),
        parties=tuple((side, ids.get(side), side) for side in sorted(sides)),
    )


def _near(row: dict[str, Any], listed: tuple[Listed, ...], words: Lexicon, subject: str) -> Near:
    return Near(
        _countries(_texts(row, "countries", subject), listed, subject),
        _ids(_texts(row, "entities", subject), listed, subject),
        words,
    )


def _countries(names: list[str], listed: tuple[Listed, ...], subject: str) -> frozenset[str]:
    known = {row.country for row in listed}
    for name in names:
        if name not in known:
            raise SettingsError(subject, f"no entity has the country {name!r}")
    return frozenset(names)


def _ids(names: list[str], listed: tuple[Listed, ...], subject: str) -> frozenset[str]:
    known = {row.entity.name: row.entity.id for row in listed}
    for name in names:
        if name not in known:
            raise SettingsError(subject, f"entities.csv has no {name!r}")
    return frozenset(known[name] for name in names)


def _tables(table: dict[str, Any], key: str, subject: str) -> list[dict[str, Any]]:
    rows = table.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SettingsError(subject, f"{key}s are written as [[{key}]] tables")
    return rows


def _text(table: dict[str, Any], key: str, subject: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise SettingsError(subject, f"{key!r} is missing or no text")
    return value


def _texts(table: dict[str, Any], key: str, subject: str) -> list[str]:
    values = table.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise SettingsError(subject, f"{key!r} is a list of texts")
    return values
