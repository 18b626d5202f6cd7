"""Owns what the head of an article says: names, deeds, numbers and rare words of its title and first sentences.

Two desks tell one event in other words; what they share are the names, what was done, and the numbers. So a lead is a
row of terms, and a term knows everything it may be called: the Russian president is a person and stands for a state.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache, reduce
from math import log
from operator import or_
from typing import Final

import numpy as np

from marsad.articles import EntityType
from marsad.background import Background
from marsad.figures import figure_at, plain_number
from marsad.identity import key_of
from marsad.names import Name, Role
from marsad.scene import Scene
from marsad.sketches import letters_of, words_of
from marsad.tagging import read_scene
from marsad.topic import Topic, slug_of
from marsad.wording import Wording
from marsad.words import Words, stems

LEAD_WORDS: Final = 40  #: a title and the first sentence: desks say there who did what
LEAD_CHARS: Final = 1000  #: bounds what hostile text costs
KEPT_TERMS: Final = 16  #: of a lead: 64 bytes an article
COMMON_SHARE: Final = 0.1  #: a word in a tenth of all news says nothing: في (in), أن (that), اليوم (today)
NAME_WEIGHT: Final = 6.0  #: of a listed name, whatever its frequency; a word that no article holds weighs 9
LETTERS_ALIKE: Final = 0.7  #: share of common letters from which two words are spellings of one
SHORTEST_ALIKE: Final = 4  #: letters of a word that may be misspelt; shorter ones are other words
_FEWEST_ALIKE: Final = LETTERS_ALIKE * SHORTEST_ALIKE  #: common letters

#: Leads, 20 kB each: a chunk of pages is compared with what the chunks just before it brought.
_REMEMBERED_COUNT = 1_000
_UNKEPT_BITS = 31  #: of the 63 of a key
_TEN, _HUNDRED = 10, 100
_POWERS = frozenset({100, 1000, 10**6, 10**9})


class TermKind(IntEnum):
    """What a term is."""

    NAME = 1
    IDEA = 2  #: a listed deed or thing
    NUMBER = 3
    WORD = 4


_WORD: Final = TermKind.WORD


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a lead says."""

    kind: TermKind
    readings: frozenset[str]  #: of a name its slug; of an idea its name; of a word its stems
    weight: float
    home: str = ""  #: of a name, the state it belongs to
    sort: str = ""  #: of a name: PER, GPE, ...
    letters: int = 0  #: of a word or name, a bit a letter; 0 for what cannot be misspelt
    is_joined: bool = False  #: "and" stands before it
    spoken: frozenset[str] = frozenset()  #: of a name, the stems of the words it is written with

    @property
    def is_state(self) -> bool:
        """Whether it is the state that it belongs to; its capital is not, yet stands for it."""
        return slug_of(self.home) in self.readings

    def says(self, other: Term) -> bool:
        """Say whether both may mean the same: a person and his state do, two persons of one state do not."""
        is_shared = not self.readings.isdisjoint(other.readings)
        if self.kind is other.kind is _WORD:  # most are: no name among them to ask for
            return is_shared or _alike(self.letters, other.letters)
        if self.kind is TermKind.NUMBER or other.kind is TermKind.NUMBER:
            return is_shared and self.kind is other.kind
        if is_shared:
            return True
        if self.kind is TermKind.WORD or other.kind is TermKind.WORD:
            is_spoken = not (self.spoken.isdisjoint(other.readings) and other.spoken.isdisjoint(self.readings))
            return is_spoken or _alike(self.letters, other.letters)
        if self.kind is other.kind is TermKind.NAME:
            return bool(self.home) and self.home == other.home and (self.is_state or other.is_state)
        return False


@dataclass(frozen=True, slots=True)
class Lead:
    """What the head of a text says, in its order; common words are left out."""

    terms: tuple[Term, ...]
    title_count: int = 0  #: terms of the title, the first of them; 0 where the text has none

    @property
    def title(self) -> Lead:
        """What the title says alone; all of it where there is no title."""
        return Lead(self.terms[: self.title_count]) if self.title_count else self

    @property
    def goes_on(self) -> bool:
        """Whether the text says more than its title."""
        return 0 < self.title_count < len(self.terms)

    @property
    def weight(self) -> float:
        """All that it says."""
        return sum(term.weight for term in self.terms)


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """What leads are read with."""

    topic: Topic
    wording: Wording
    background: Background


def lead_of(text: str, knowledge: Knowledge) -> Lead:
    """Return the lead of a text, empty where it says nothing."""
    return _lead(_head(text), knowledge)


@lru_cache(maxsize=_REMEMBERED_COUNT)
def _lead(head: str, knowledge: Knowledge) -> Lead:
    scene = read_scene(head, knowledge.topic)
    hashes = words_of(scene.words.folded)
    counts = knowledge.background.word_count_of(hashes) if len(hashes) else np.empty(0, np.int64)
    letters = letters_of(scene.words.folded).tolist()
    terms: list[Term] = []
    title_stop, title_count = scene.words.between(0, _title_end(scene.words.source))[1], 0
    index, end, stop = 0, 0, min(len(scene.words.items), LEAD_WORDS)
    while index < stop:
        start = index
        term, index = _term(scene, index, knowledge, int(counts[index]), letters)
        if term is None:
            continue
        if terms and start == end and (counted := _counted(terms[-1], term)) is not None:
            terms[-1], end = counted, index
        elif not any(term.readings == other.readings for other in terms):
            terms.append(term)
            end = index
        if index <= title_stop:
            title_count = len(terms)
    return Lead(tuple(terms), title_count)


def _counted(one: Term, other: Term) -> Term | None:
    """The number that two words make together (five and twenty, three thousand), None where they make none."""
    if one.kind is not TermKind.NUMBER or other.kind is not TermKind.NUMBER:
        return None
    (first,), (second,) = (map(Decimal, term.readings) for term in (one, other))
    if first < _TEN <= second < _HUNDRED and second % _TEN == 0:
        return replace(one, readings=frozenset({plain_number(first + second)}))
    if first < second and second in _POWERS:
        return replace(one, readings=frozenset({plain_number(first * second)}))
    return None


def _number(words: Words, index: int, wording: Wording) -> tuple[str, int] | None:
    """The number that begins at a word, in digits or written out, and where it ends; None where none does."""
    word = words.items[index].text
    if word.isdigit():
        return figure_at(words, index)
    number = wording.number_of(word)
    return None if number is None else (str(number), index + 1)


def terms_of(lead: Lead) -> tuple[int, ...]:
    """Return what a lead is found by, 32 bits a term, the weightiest first: a person also by his state."""
    weighty = sorted(lead.terms, key=lambda term: (-term.weight, min(term.readings)))
    keys = (key for term in weighty for key in (min(term.readings, key=_shortest), slug_of(term.home)) if key)
    return tuple(dict.fromkeys(key_of(key) >> _UNKEPT_BITS for key in keys))[:KEPT_TERMS]


def _title_end(text: str) -> int:
    """Where a first line followed by an empty one ends, 0 where there is none."""
    return max(0, text.find("\n\n"))


def _shortest(knowledge: str) -> tuple[int, str]:
    return len(knowledge), knowledge


def _head(text: str) -> str:
    return text.strip()[:LEAD_CHARS]


def _term(scene: Scene, index: int, knowledge: Knowledge, count: int, letters: list[int]) -> tuple[Term | None, int]:
    """The term that begins at a word, None where it says nothing, and where the next one may begin."""
    word = scene.text(index)
    is_joined = word[:1] == "و"
    if (role := scene.roles.get(index)) is not None:
        return _role_term(role, is_joined=is_joined), max(role.stop, index + 1)
    if (name := scene.at.get(index)) is not None:
        stop = max(name.stop, index + 1)
        spoken = frozenset(stem for at in range(index, stop) for stem in _stems(scene.text(at)))
        return _name_term(name, reduce(or_, letters[index:stop]), spoken, is_joined=is_joined), stop
    if (number := _number(scene.words, index, knowledge.wording)) is not None:
        return Term(TermKind.NUMBER, frozenset({number[0]}), NAME_WEIGHT / 2), number[1]
    if count > COMMON_SHARE * max(1, knowledge.background.text_count) or len(word) == 1:
        return None, index + 1
    weight = _weight(count, knowledge.background.text_count)
    if idea := knowledge.wording.idea_of(word):
        return Term(TermKind.IDEA, frozenset({idea}), min(weight, NAME_WEIGHT / 2)), index + 1
    return Term(TermKind.WORD, frozenset(_stems(word)), weight, letters=letters[index], is_joined=is_joined), index + 1


def _role_term(role: Role, *, is_joined: bool) -> Term:
    entity = role.owner.entity
    return Term(
        TermKind.NAME, frozenset({entity.id}), NAME_WEIGHT, role.owner.country, entity.type, is_joined=is_joined
    )


def _name_term(name: Name, letters: int, spoken: frozenset[str], *, is_joined: bool) -> Term:
    entity_id = name.mention.entity_id
    readings = frozenset({entity_id}) if entity_id else frozenset(_unlinked(name.label))
    home = name.country or (name.label if name.mention.type is EntityType.GPE else "")
    return Term(TermKind.NAME, readings, NAME_WEIGHT, home, name.mention.type, letters, is_joined, spoken)


def _unlinked(label: str) -> Iterator[str]:
    for word in label.split():
        yield from _stems(word)


def _stems(word: str) -> tuple[str, ...]:
    return tuple(stem for stem in stems(word) if len(stem) > 2) or (word,)  # noqa: PLR2004  shorter is no root


def _weight(count: int, text_count: int) -> float:
    return log((text_count + 2) / (count + 1)) if text_count else 1.0


def _alike(one: int, other: int) -> bool:
    both = (one & other).bit_count()
    if both < _FEWEST_ALIKE:  # of most pairs: the rest need not be counted
        return False
    any_of = (one | other).bit_count()
    return any_of >= SHORTEST_ALIKE and both >= LETTERS_ALIKE * any_of
