"""Owns what the rules for speech look at: a text's words, names, sentences and quotations, side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from marsad.articles import EntityType, MentionKind
from marsad.cues import Cues
from marsad.names import Name, Role
from marsad.sentences import Sentence
from marsad.words import Words

_CLAUSE_WORDS = 500  #: the longest sentence of 1,000 articles has 418; bounds the cost of hostile text
_THINGS = (EntityType.LAW, EntityType.WEAPON)
_DATELINE_WORDS = 8  #: a place, a day, an agency in brackets
_LEAD_WORDS = 6  #: what is left behind a dateline is a sentence
_DASH = re.compile(r"[\s)][-–—]+\s")
_LABEL_WORDS = 3  #: "urgent | the Kremlin: ..."
_BAR = re.compile(r"[|｜]")
_ENDS_LABEL = re.compile(r"[^\s،,]")
_ENDS_DATELINE = re.compile(r"[.:؟!«»\"“”]")
_OPENING = "«“„"
_CLOSING = "»”"
_BOTH = '"'


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence as a half-open range of words; one without end is cut into several."""

    sentence: Sentence
    first: int
    stop: int


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A text, read."""

    words: Words
    cues: Cues
    names: tuple[Name, ...]
    clauses: tuple[Clause, ...]
    at: Mapping[int, Name]  #: word -> name it belongs to
    roles: Mapping[int, Role]  #: first word -> role
    quoted: frozenset[int]  #: words inside quotation marks
    carriers: frozenset[str]  #: ids of media that pass on what others say
    countries: frozenset[str]  #: whose states, cities and people the text names; treaties and weapons left out

    def text(self, index: int) -> str:
        """Return the folded word, "" behind the last."""
        items = self.words.items
        return items[index].text if index < len(items) else ""

    def proper(self, index: int) -> Name | None:
        """Return the name at the word unless it is a nisba: an adjective speaks for nobody."""
        name = self.at.get(index)
        return name if name is not None and name.mention.kind is not MentionKind.NISBA else None

    def is_carrier(self, entity_id: str | None) -> bool:
        """Say whether the entity is a medium that passes on what others say."""
        return entity_id in self.carriers

    def span(self, first: int, stop: int) -> tuple[int, int]:
        """Return the span of the text that the range of words covers."""
        return self.words.items[first].start, self.words.items[stop - 1].end

    def surface(self, first: int, stop: int) -> str:
        """Return the range of words as they stand in the text."""
        start, end = self.span(first, stop)
        return self.words.source[start:end]


def make_scene(
    words: Words,
    found: tuple[tuple[Name, ...], tuple[Role, ...]],
    sentences: tuple[Sentence, ...],
    cues: Cues,
    carriers: frozenset[str],
) -> Scene:
    """Return the scene of one text from the names, roles and sentences found in it."""
    names, roles = found
    return Scene(
        words=words,
        cues=cues,
        names=names,
        clauses=tuple(clause for sentence in sentences for clause in _clauses(words, sentence, cues)),
        at={index: name for name in names for index in range(name.first, name.stop)},
        roles={role.first: role for role in roles},
        quoted=frozenset(_quoted(words)),
        carriers=carriers,
        countries=frozenset(name.country for name in names if name.mention.type not in _THINGS) - {""},
    )


def _clauses(words: Words, sentence: Sentence, cues: Cues) -> Iterator[Clause]:
    first, stop = words.between(sentence.start, sentence.end)
    first = _past_dateline(words, _past_label(words, first, stop, cues), stop)
    for start in range(first, stop, _CLAUSE_WORDS):
        yield Clause(sentence, start, min(stop, start + _CLAUSE_WORDS))


def _past_label(words: Words, first: int, stop: int, cues: Cues) -> int:
    """Return the first word behind "urgent:" or a few words and a bar, `first` where no label stands."""
    for index in range(first + 1, min(stop, first + _LABEL_WORDS + 1)):
        if _BAR.search(words.gap(index)):
            return index
    is_label = first < stop - 1 and cues.labels.holds(words.items[first].text)
    return first + 1 if is_label and _ENDS_LABEL.search(words.gap(first + 1)) else first


def _past_dateline(words: Words, first: int, stop: int) -> int:
    """Return the first word behind "Kyiv (AFP) -", `first` where the sentence does not begin so."""
    first = _past_hour(words, first, stop)
    for index in range(first + 1, min(stop - _LEAD_WORDS, first + _DATELINE_WORDS)):
        gap = words.gap(index)
        if _DASH.search(gap):
            return index
        if _ENDS_DATELINE.search(gap):
            break
    return first


def _past_hour(words: Words, first: int, stop: int) -> int:
    """Return the first word behind the hour of an entry in a live text: 12:37, 09.15 (GMT apart)."""
    is_hour = stop - first > 2 and all(words.items[i].text.isdigit() for i in (first, first + 1))  # noqa: PLR2004
    return first + 2 if is_hour and words.gap(first + 1) in (":", ".") else first


def _turn(source: str, at: int, mark: str, depth: int) -> int:
    """Return 1 where the mark opens a quotation, -1 where it closes one; some outlets write ”...“."""
    is_leading = not source[at - 1 : at].strip() and bool(source[at + 1 : at + 2].strip())
    if mark == "”" and not depth and is_leading:
        return 1
    if mark == "“" and depth and not is_leading:
        return -1
    return 1 if mark in _OPENING else -1


def _opens(source: str, at: int, *, is_open: bool) -> bool:
    """Say whether a quotation is open behind the straight mark; one that was never closed turns nothing inside out."""
    before, behind = source[at - 1 : at], source[at + 1 : at + 2]
    is_spaced_before, is_spaced_behind = not before.strip(), not behind.strip()
    if is_spaced_before != is_spaced_behind:
        return is_spaced_before
    return not is_open


def _quoted(words: Words) -> list[int]:
    """Return the words inside quotation marks; a mark left open ends with its paragraph."""
    inside: list[int] = []
    is_straight, depth, since = False, 0, 0
    for index, word in enumerate(words.items):
        gap = words.gap(index)
        for at, mark in enumerate(gap, word.start - len(gap)) if gap != " " else ():
            if mark == "\n":
                is_straight, depth = False, 0
            elif mark == _BOTH:
                was_open, is_straight = is_straight, _opens(words.source, at, is_open=is_straight)
                if was_open and is_straight:
                    del inside[since:]  # the one before was never closed
                since = len(inside)
            elif mark in _OPENING + _CLOSING:
                depth = max(0, depth + _turn(words.source, at, mark, depth))
        if is_straight or depth:
            inside.append(index)
    return inside
