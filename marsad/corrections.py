"""Owns an analyst's corrections: what is wrong, what holds instead, and how corrected names join the listed ones.

Corrected names are rows of an entities.csv in the data folder, so that they hold for every later reading; corrected
speakers and stances are laid over what was stored, whatever version found it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO

from marsad.arabic import fold
from marsad.articles import Entity
from marsad.errors import SettingsError


class CorrectionKind(StrEnum):
    """What is corrected."""

    ALIAS = "alias"  #: a further spelling of a listed name
    ENTITY = "entity"  #: a name that was not listed
    SPEAKER = "speaker"
    STANCE = "stance"
    GROUPING = "grouping"  #: of two articles in one story


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction."""

    kind: CorrectionKind
    subject: str  #: spelling, Arabic name, the speaker as the statement has it, or the id of the other article
    says: str  #: canonical name, stance, or that both stand apart
    article_id: int | None = None  #: of a statement or grouping
    start_char: int | None = None  #: of a statement's evidence


@dataclass(frozen=True, slots=True)
class Doubt:
    """What waits for a look: a name no list knows, or a statement that is not sure."""

    kind: CorrectionKind  #: the correction that would settle it
    subject: str  #: words of the text, or the speaker
    count: int  #: articles
    confidence: float | None = None  #: of a statement
    stance: str = ""
    evidence: str = ""
    article_id: int | None = None
    start_char: int | None = None


OVERLAY_COLUMNS = ("canonical_en", "canonical_ar", "type", "aliases", "country")
_SPELLED = ("aliases", "short", "roles")  #: columns whose parts stand for a name, besides its canonical Arabic one


def merge_entities(entities_csv: str, overlay_csv: str, subject: str) -> str:
    """Return the entities with those of the overlay: further spellings of listed ones, and rows of its own.

    A spelling of the overlay is a listed name's no more, nor that of an earlier row of the overlay. Where it was the
    canonical Arabic one, the first alias takes its place; a name that has no other keeps it.

    Raises:
        SettingsError: the overlay lacks a column; `subject` names its file.
    """
    overlay = list(csv.DictReader(StringIO(overlay_csv)))
    if not overlay:
        return entities_csv
    if missing := [column for column in OVERLAY_COLUMNS if column not in overlay[0]]:
        raise SettingsError(subject, f"column {missing[0]!r} is missing")
    reader = csv.DictReader(StringIO(entities_csv))
    columns = list(dict.fromkeys([*(reader.fieldnames or ()), *OVERLAY_COLUMNS]))
    rows = {row["canonical_en"]: row for row in reader}
    for row in overlay:
        known = rows.get(row["canonical_en"])
        if known is None:
            rows[row["canonical_en"]] = row
        else:
            known["aliases"] = "|".join(part for part in (known.get("aliases"), row["aliases"]) if part)
    owners = {fold(spelling): row["canonical_en"] for row in overlay for spelling in _spellings(row)}
    for row in rows.values():
        _hand_over(row, owners)
    return _written(columns, list(rows.values()))


def _spellings(row: Mapping[str, str | None]) -> list[str]:
    return [part for part in ((row["canonical_ar"] or ""), *(row["aliases"] or "").split("|")) if part]


def _hand_over(row: dict[str, str], owners: Mapping[str, str]) -> None:
    """Take out of a row the spellings of which the overlay says that they are another's."""
    name = row["canonical_en"]

    def is_own(spelling: str) -> bool:
        return owners.get(fold(spelling), name) == name

    for column in _SPELLED:
        if parts := row.get(column):
            row[column] = "|".join(part for part in parts.split("|") if is_own(part))
    if row.get("aliases") and not is_own(row["canonical_ar"] or ""):
        row["canonical_ar"], _, row["aliases"] = row["aliases"].partition("|")


def bereft_by(spelling: str, name: str, entities: Iterable[Entity]) -> str:
    """Return the name of which `spelling` is the only Arabic one, so that `name` cannot take it; "" for nobody's."""
    taken = fold(spelling)
    others = (one for one in entities if one.name != name)
    return next((one.name for one in others if {fold(s) for s in (one.name_ar, *one.aliases)} == {taken}), "")


def add_spelling(overlay_csv: str, name: str, spelling: str) -> str:
    """Return the overlay with a further spelling of a listed name."""
    return _with_row(overlay_csv, {"canonical_en": name, "aliases": spelling})


def add_entity(overlay_csv: str, name: str, name_ar: str, kind: str, country: str) -> str:
    """Return the overlay with a name of its own; `country` is the canonical name of its state, "" without."""
    return _with_row(overlay_csv, {"canonical_en": name, "canonical_ar": name_ar, "type": kind, "country": country})


def _with_row(overlay_csv: str, said: dict[str, str]) -> str:
    row = dict.fromkeys(OVERLAY_COLUMNS, "") | said
    rows = [one for one in csv.DictReader(StringIO(overlay_csv)) if one != row]  # what is said again holds as the last
    return _written(list(OVERLAY_COLUMNS), [*rows, row])


def _written(columns: list[str], rows: list[dict[str, str]]) -> str:
    file = StringIO()
    writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()
