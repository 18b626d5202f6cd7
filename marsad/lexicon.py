"""Owns lists of words and phrases that are looked for through clitics, articles and endings.

A phrase is written in its plainest form; a phrase written with an article is found only with it. The lists of one file
stand on one shelf, so that a word of a text is looked up once for all of them: most words are on none.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from marsad.words import Words, fold_each, fronts, owned, stems, stems_in_phrase

#: Words of news, 200 bytes each: they come again, and each is asked for some fifty times an article.
_REMEMBERED_COUNT = 1 << 15
_REMEMBERED_TEXTS = 4  #: a text is looked through for one list after the other, in the lists of two files

K = TypeVar("K", bound=Hashable)
Phrase = tuple[str, ...]  #: its words, folded


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of a lexicon, found: a half-open range of words."""

    first: int
    stop: int
    phrase: str  #: folded, as the lexicon has it


@dataclass(frozen=True, slots=True)
class Entry:
    """What a word may be on a shelf, in any of its readings: a bit for each lexicon."""

    whole: int  #: it is a phrase of its own
    fronted: int  #: it is one as it stands or behind clitics
    owned: int  #: it is one with a pronoun behind it


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """The words of several lexicons that are asked for the same words, a bit for each lexicon."""

    opening: Mapping[str, int]  #: by first word of a phrase
    whole: Mapping[str, int]  #: by phrase of one word


def lexicons_of(lists: Mapping[K, Iterable[str]]) -> dict[K, Lexicon]:
    """Return a lexicon of each list of phrases, which are folded here; all stand on one shelf."""
    tables = {key: _table(phrases) for key, phrases in lists.items()}
    bits = {key: 1 << place for place, key in enumerate(tables)}
    opening: dict[str, int] = {}
    whole: dict[str, int] = {}
    for key, table in tables.items():
        for first, phrases in table.items():
            opening[first] = opening.get(first, 0) | bits[key]
            if len(phrases[-1]) == 1:
                whole[first] = whole.get(first, 0) | bits[key]
    shelf = Shelf(opening, whole)
    return {key: Lexicon(table, shelf, bits[key]) for key, table in tables.items()}


def _table(phrases: Iterable[str]) -> dict[str, tuple[Phrase, ...]]:
    """Return the phrases by their first word, longer ones first."""
    table: dict[str, list[Phrase]] = {}
    for folded in fold_each(form for written in phrases for form in _carried(written)):
        if phrase := tuple(folded.split()):
            table.setdefault(phrase[0], []).append(phrase)
    return {first: tuple(sorted(rows, key=len, reverse=True)) for first, rows in table.items()}


@lru_cache(maxsize=_REMEMBERED_TEXTS)
def _openings(shelf: Shelf, words: Words) -> tuple[int, ...]:
    """Return for each word of a text which lexicons have a phrase that begins with it."""
    return tuple([_opening(shelf, word.text) for word in words.items])


@lru_cache(maxsize=_REMEMBERED_COUNT)
def _opening(shelf: Shelf, word: str) -> int:
    """Return a bit for each lexicon that has a phrase which begins with the word, in any of its readings."""
    return _any_of(shelf.opening, stems_in_phrase(word))


@lru_cache(maxsize=_REMEMBERED_COUNT)
def _entry(shelf: Shelf, word: str) -> Entry:
    readings = stems(word)
    return Entry(
        whole=_any_of(shelf.whole, readings),
        fronted=_any_of(shelf.whole, fronts(word)),
        owned=_any_of(shelf.whole, owned(word)),
    )


def _any_of(bits: Mapping[str, int], readings: Iterable[str]) -> int:
    found = 0
    for reading in readings:
        found |= bits.get(reading, 0)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Phrases by their first word, longer ones first."""

    phrases: Mapping[str, tuple[Phrase, ...]]
    shelf: Shelf
    bit: int  #: of this lexicon on its shelf

    def __contains__(self, word: str) -> bool:
        """Say whether one folded word, in any of its readings, is a phrase of its own."""
        return _entry(self.shelf, word).whole & self.bit != 0

    def names(self, word: str) -> bool:
        """Say whether one folded word is a phrase of its own, in this number and gender, behind clitics or not."""
        entry = _entry(self.shelf, word)
        return (entry.fronted | entry.owned) & self.bit != 0

    def holds_front(self, word: str) -> bool:
        """Say whether one folded word, behind clitics or not, is a phrase of its own as it stands."""
        return _entry(self.shelf, word).fronted & self.bit != 0

    def owns(self, word: str) -> bool:
        """Say whether one folded word is a phrase of its own with a pronoun behind it: his counterpart."""
        return _entry(self.shelf, word).owned & self.bit != 0

    def holds(self, word: str) -> bool:
        """Say whether the folded word itself is a phrase, without taking anything off it."""
        return self.shelf.whole.get(word, 0) & self.bit != 0

    def find(self, words: Words, first: int, stop: int) -> Iterator[Hit]:
        """Yield the longest phrase at each word of the range, none inside another."""
        openings = _openings(self.shelf, words)
        for index in range(first, stop):
            if openings[index] & self.bit and index >= first and (hit := self._longest(words, index, stop)):
                yield hit
                first = hit.stop

    def match(self, words: Words, first: int, stop: int) -> Hit | None:
        """Return the longest phrase that begins with word `first`, None where there is none."""
        return self._longest(words, first, stop) if self.opens(words.items[first].text) else None

    def opens(self, word: str) -> bool:
        """Say whether a phrase may begin with the folded word, in any of its readings."""
        return _opening(self.shelf, word) & self.bit != 0

    def _longest(self, words: Words, first: int, stop: int) -> Hit | None:
        word = words.items[first].text
        best: Phrase = ()
        readings = stems(word)
        for stem in stems_in_phrase(word):
            for phrase in self.phrases.get(stem, ()):
                is_read_so = len(phrase) > 1 or stem in readings
                if is_read_so and len(phrase) > len(best) and _continues(words, first, stop, phrase):
                    best = phrase
        return Hit(first, first + len(best), " ".join(best)) if best else None


def _continues(words: Words, first: int, stop: int, phrase: Phrase) -> bool:
    if first + len(phrase) > stop:
        return False
    return all(part in stems_in_phrase(words.items[first + n].text) for n, part in enumerate(phrase) if n)


def _carried(phrase: str) -> tuple[str, ...]:
    """Return the phrase as it is and as its last hamza is carried before a pronoun (استياء, استيائها)."""
    return (phrase, phrase[:-1] + "ئ", phrase[:-1] + "ؤ") if phrase.endswith("اء") else (phrase,)
