"""Owns the verbs review and correct: what waits for a look, and what an analyst puts in its place."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click

from flows.configuration import Place, read_topic, topic_with
from flows.contract import json_text
from flows.options import placed
from flows.pasting import pasted
from flows.storage import core_to_write
from marsad.articles import Entity, EntityType, Stance
from marsad.corrections import Correction, CorrectionKind, Doubt, add_entity, add_spelling, bereft_by
from marsad.errors import BadInput, SettingsError
from marsad.holdings import OVERLAY
from marsad.topic import slug_of
from reports.terminal import render_table
from warehouse.reader import Reader

_LISTED_COUNT = 20  #: of each kind; a look takes minutes, not hours
_EPILOG = """\b
Examples:
  marsad correct alias "الأمين العام غوتيريس" "António Guterres"
  marsad correct entity "محسن الدسوقي" "Mohsen El-Dessouki" PER --country Egypt
  marsad correct speaker 12345 210 "المنظمة" "United Nations"
  marsad correct stance 12345 210 "United Nations" opposed
"""


@click.command(epilog="Example: marsad review   (then marsad correct --help)")
@click.option("--count", default=_LISTED_COUNT, show_default=True, type=click.IntRange(1, 1000), help="Of each kind.")
@click.option("--json", "as_json", is_flag=True, help="A JSON array of objects.")
@placed
def review(place: Place, count: int, *, as_json: bool) -> None:
    """List frequent names no list knows, and the statements the rules are least sure of."""
    doubts = Reader(place.data).doubts(count)
    if as_json:
        click.echo(json_text([asdict(doubt) for doubt in doubts], indent=1))
        return
    names = [d for d in doubts if d.kind is CorrectionKind.ALIAS]
    statements = [d for d in doubts if d.kind is CorrectionKind.STANCE]
    click.echo("Names no list knows; give them to a listed one, or list them:")
    click.echo(render_table(("name", "articles", "settled by"), [_name_row(d) for d in names]), nl=False)
    click.echo("\nStatements the rules are least sure of:")
    columns = ("speaker", "stance", "sure", "evidence", "settled by")
    click.echo(render_table(columns, [_statement_row(d) for d in statements]), nl=False)


def _name_row(doubt: Doubt) -> tuple[object, ...]:
    return doubt.subject, doubt.count, pasted(f'marsad correct alias {shlex.quote(doubt.subject)} "NAME"')


def _statement_row(doubt: Doubt) -> tuple[object, ...]:
    command = f"marsad correct stance {doubt.article_id} {doubt.start_char} {shlex.quote(doubt.subject)} STANCE"
    return doubt.subject, doubt.stance, doubt.confidence, doubt.evidence, pasted(command)


@click.group(epilog=_EPILOG)
def correct() -> None:
    """Correct a judgement; corrections win over every later version of the rules."""


@correct.command(epilog='Example: marsad correct alias "الأمين العام غوتيريس" "António Guterres"')
@click.argument("spelling")
@click.argument("name")
@placed
def alias(place: Place, spelling: str, name: str) -> None:
    """Give SPELLING to the listed entity NAME (English canonical name)."""
    listed = read_topic(place).entities
    if name not in {entity.name for entity in listed}:
        raise BadInput(name, "is not listed; marsad correct entity lists a name")
    _must_leave_a_name(spelling, name, listed)
    _overlay(place, add_spelling(_kept(place), name, _written(spelling)))
    _keep(place, Correction(CorrectionKind.ALIAS, spelling, name))
    click.echo(f"{spelling} stands for {name} from the next reading on")


@correct.command(epilog='Example: marsad correct entity "محسن الدسوقي" "Mohsen El-Dessouki" PER --country Egypt')
@click.argument("name_ar")
@click.argument("name")
@click.argument("kind", metavar="TYPE", type=click.Choice([str(kind) for kind in EntityType]))
@click.option("--country", default="", help="English canonical name of its state.")
@placed
def entity(place: Place, name_ar: str, name: str, kind: str, country: str) -> None:
    """List a name: in Arabic, in English, and its TYPE."""
    listed = read_topic(place).entities
    if not slug_of(name):
        raise BadInput(name, "is no English name; the Arabic one stands before it")
    if slug_of(name) in {entity.id for entity in listed}:
        raise BadInput(name, "is listed already; marsad correct alias gives it a spelling")
    _must_leave_a_name(name_ar, name, listed)
    _overlay(place, add_entity(_kept(place), name, _written(name_ar), kind, country))
    _keep(place, Correction(CorrectionKind.ENTITY, name_ar, name))
    click.echo(f"{name} is listed from the next reading on")


@correct.command(epilog='Example: marsad correct speaker 12345 210 "المنظمة" "United Nations"')
@click.argument("article", type=int)
@click.argument("start", type=int)
@click.argument("found")
@click.argument("speaker")
@placed
def speaker(place: Place, article: int, start: int, found: str, speaker: str) -> None:
    """Say that not FOUND but SPEAKER speaks in the statement of ARTICLE whose evidence begins at START."""
    _correct_statement(place, Correction(CorrectionKind.SPEAKER, found, _written(speaker), article, start))


@correct.command(epilog='Example: marsad correct stance 12345 210 "United Nations" opposed')
@click.argument("article", type=int)
@click.argument("start", type=int)
@click.argument("speaker")
@click.argument("value", metavar="STANCE", type=click.Choice([str(stance) for stance in Stance]))
@placed
def stance(place: Place, article: int, start: int, speaker: str, value: str) -> None:
    """Say where SPEAKER stands in the statement of ARTICLE whose evidence begins at START."""
    _correct_statement(place, Correction(CorrectionKind.STANCE, speaker, value, article, start))


def _must_leave_a_name(spelling: str, name: str, listed: Iterable[Entity]) -> None:
    if other := bereft_by(spelling, name, listed):
        command = f"marsad correct alias OTHER {shlex.quote(other)}"
        raise BadInput(spelling, f"is the only spelling of {other}; give that one another first with {command}")


def _correct_statement(place: Place, correction: Correction) -> None:
    if not Reader(place.data).has_statement(correction):
        where = f"article {correction.article_id}, character {correction.start_char}"
        raise BadInput(where, f"no statement of {correction.subject!r} stands there; marsad review lists them")
    _keep(place, correction)
    click.echo(f"{correction.kind} of {correction.subject}: {correction.says}")


def _keep(place: Place, correction: Correction) -> None:
    core = core_to_write(place)
    core.append_correction(correction, place.now())
    core.publish()


def _written(words: str) -> str:
    if not words.strip() or "|" in words:
        raise BadInput(words or "(nothing)", "is no name")
    return words.strip()


def _kept(place: Place) -> str:
    file = place.data / OVERLAY
    return file.read_text("utf-8") if file.exists() else ""


def _overlay(place: Place, text: str) -> None:
    topic_with(place, text)  # what cannot be read is not written: every verb reads it
    file: Path = place.data / OVERLAY
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".new")
        fresh.write_text(text, "utf-8")
        fresh.replace(file)  # a cycle that reads meanwhile sees the old or the new one
    except OSError as error:
        raise SettingsError(str(file), f"cannot be written ({error.strerror})") from error
