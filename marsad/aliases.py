"""Owns the table of names: every spelling of every entity, in one automaton that reads a text once.

Besides its spellings an entity may have nisbas (adjectives of a country, here inflected), short names that count only
where the text names it in full (كيم, "the North"), and roles (the Russian president) that are no mention but stand
for a person. A trap is a longer phrase in which a listed name means something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import ahocorasick

from marsad.articles import Entity, EntityType
from marsad.words import Words, fold_each

#: What may stand before a name in one word: and, so, in, to, like, the, and their chains; س (will) is for verbs only.
_PROCLITICS = frozenset(
    a + b + c for a in ("", "و", "ف") for b in ("", "ب", "ل", "ك") for c in ("", "ال") if a + b + c
) | {"لل", "ولل", "فلل"}
_LAM = frozenset({"لل", "ولل", "فلل"})  #: to the: the article's ا is gone, so the name is marked without it
_LONGEST_PROCLITIC = 5
_SHORT_CHARS = 3  #: a name of three letters is also the end of other words: كسول (lazy) is not "like Seoul"


class Kind(Enum):
    """How a spelling points at its entity."""

    NAME = 1
    NISBA = 2
    SHORT = 3  #: counts only where the entity is named in full
    ROLE = 4  #: an office or kinship: no mention, but a speaker
    BODY = 5  #: a state's body; a name only with a nisba behind it
    TRAP = 6  #: nothing is marked inside


@dataclass(frozen=True, slots=True)
class Listed:
    """An entity with what only the tagger needs to know of it."""

    entity: Entity
    country: str = ""  #: canonical name of the state it belongs to
    adjective: str = ""  #: English, of a country: "South Korean"
    nisbas: tuple[str, ...] = ()
    shorts: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write something; several entities may share it."""

    kind: Kind
    owners: tuple[Listed, ...]
    english: str = ""  #: of a body
    is_after_lam: bool = False  #: written without its article, so only after لل


@dataclass(frozen=True, slots=True)
class Candidate:
    """A spelling found in a text: a half-open span of the folded text."""

    start: int
    end: int
    spelling: Spelling
    is_alone: bool = True  #: no words stand beside it that could be the rest of a name

    @property
    def length(self) -> int:
        """Letters covered, without clitics."""
        return self.end - self.start


@dataclass(frozen=True, slots=True, eq=False)
class NameTable:
    """All spellings, ready to be looked for."""

    spellings: tuple[Spelling, ...]
    kin: Mapping[str, frozenset[str]]  #: country -> countries that share an adjective with it, itself among them
    partners: Mapping[str, frozenset[str]]  #: country -> the other sides of a target of the topic
    bound: Mapping[str, frozenset[str]]  #: entity of a target -> its sides, one of which a text must name
    automaton: Any = field(repr=False)  #: ahocorasick.Automaton from folded spelling to indices into `spellings`

    def find(self, words: Words) -> list[Candidate]:
        """Return all spellings that stand at word boundaries, overlaps included, in the order they end."""
        text, found = words.folded, []
        for last, (length, indices) in self.automaton.iter(text):
            end = last + 1
            if end < len(text) and text[end] != " ":
                continue
            start = end - length
            front = _front(text, start)
            if front is None or (length <= _SHORT_CHARS and front not in ("", "و", "ل", "ب")):
                continue
            spellings = (self.spellings[index] for index in indices)
            found += [Candidate(start, end, s) for s in spellings if not s.is_after_lam or front in _LAM]
        return found


def _front(text: str, start: int) -> str | None:
    """Return the clitics before `start` in its word, None where something else stands there."""
    left = max(0, start - _LONGEST_PROCLITIC)
    space = text.rfind(" ", left, start)
    if space < 0 and left > 0:
        return None
    front = text[space + 1 if space >= 0 else 0 : start]
    return front if not front or front in _PROCLITICS else None


def make_names(
    listed: Iterable[Listed],
    bodies: Iterable[tuple[str, str]],
    traps: Iterable[str],
    alliances: Iterable[tuple[frozenset[str], frozenset[str]]] = (),
) -> NameTable:
    """Return the table.

    Args:
        listed: the entities.
        bodies: Arabic and English names of a state's bodies.
        traps: phrases in which nothing is marked.
        alliances: sides and entities of each target.
    """
    rows = [
        *_rows(tuple(listed)),
        *((ar, Kind.BODY, None, en) for ar, en in bodies),
        *((t, Kind.TRAP, None, "") for t in traps),
    ]
    grouped: dict[tuple[str, Kind], dict[str, Listed]] = {}
    english: dict[str, str] = {}
    for folded, (_, kind, owner, word) in zip(fold_each(row[0] for row in rows), rows, strict=True):
        if folded:
            grouped.setdefault((folded, kind), {}).update({owner.entity.id: owner} if owner else {})
            english[folded] = word
    pairs = tuple(alliances)
    partners = {side: sides - {side} for sides, _ in pairs for side in sides}
    bound = {entity: sides for sides, entities in pairs for entity in entities if sides}
    return _built(grouped, english, partners, bound)


def _built(
    grouped: dict[tuple[str, Kind], dict[str, Listed]],
    english: dict[str, str],
    partners: Mapping[str, frozenset[str]],
    bound: Mapping[str, frozenset[str]],
) -> NameTable:
    names = {part for folded, kind in grouped if kind is Kind.NAME for part in (folded, folded.split()[0])}
    spellings: list[Spelling] = []
    table: dict[str, list[int]] = {}
    for (folded, kind), owners in grouped.items():
        if (
            kind is Kind.NISBA and folded in names
        ):  # روسيا is Russia, كوريا half of a name: no accusatives of adjectives
            continue
        table.setdefault(folded, []).append(len(spellings))
        spellings.append(Spelling(kind, tuple(owners.values()), english[folded]))
        if folded.startswith("ال") and kind in (Kind.NAME, Kind.NISBA, Kind.BODY):
            table.setdefault(folded[2:], []).append(len(spellings))
            spellings.append(Spelling(kind, tuple(owners.values()), english[folded], is_after_lam=True))
    automaton = ahocorasick.Automaton()
    for folded, indices in table.items():
        automaton.add_word(folded, (len(folded), tuple(indices)))
    automaton.make_automaton()
    return NameTable(tuple(spellings), _kin(spellings), partners, bound, automaton)


def _kin(spellings: Iterable[Spelling]) -> dict[str, frozenset[str]]:
    kin: dict[str, set[str]] = {}
    for spelling in spellings:
        if spelling.kind is Kind.NISBA and len(spelling.owners) > 1:
            countries = {owner.country for owner in spelling.owners}
            for country in countries:
                kin.setdefault(country, set()).update(countries)
    return {country: frozenset(others) for country, others in kin.items()}


def _rows(listed: tuple[Listed, ...]) -> Iterator[tuple[str, Kind, Listed | None, str]]:
    for row in listed:
        for name in (row.entity.name_ar, *row.entity.aliases):
            yield name, Kind.NAME, row, ""
        if row.entity.type is EntityType.WEAPON:
            yield row.entity.name, Kind.NAME, row, ""
        for short in row.shorts:
            yield short, Kind.SHORT, row, ""
        for role in row.roles:
            yield role, Kind.ROLE, row, ""
        for nisba in row.nisbas:
            for form in nisba_forms(nisba):
                yield form, Kind.NISBA, row, ""


def nisba_forms(nisba: str) -> Iterator[str]:
    """Yield the nisba (masculine singular, one or two words) in gender, number, case, with and without article."""
    words = nisba.split()
    for ending in ("", "ة", "ا", "ين", "ون", "ات", "ان"):
        yield " ".join(word + ending for word in words)
        if ending != "ا":
            yield " ".join("ال" + word + ending for word in words)
    if len(words) == 1 and nisba.endswith("سي"):  # روس, الروس
        yield from (nisba[:-1], "ال" + nisba[:-1])
