"""Owns lists of words and phrases that are looked for through clitics, articles and endings.

A phrase is written in its plainest form; a phrase written with an article is found only with it. The lists of one file
stand on one shelf, so that a word of a text is looked up once for all of them: most words are on none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from marsad.words import Words, fold_each, fronts, owned, stems, stems_in_phrase

#: Words of news, 200 bytes each: they come again, and each is asked for some fifty times an article.
_REMEMBERED_COUNT = 1 << 15


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of a lexicon, found: a half-open range of words."""

    first: int
    stop: int
    phrase: str  #: folded, as the lexicon has it


@dataclass(frozen=True, slots=True)
class Entry:
    """What a word may be on a shelf, in any of its readings: a bit for each lexicon."""

    opening: int  #: a phrase begins with it
    whole: int  #: it is a phrase of its own
    fronted: int  #: it is one as it stands or behind clitics
    owned: int  #: it is one with a pronoun behind it


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """Lexicons that are asked for the same words; filled while a file is read, and then asked."""

    lexicons: list[Lexicon] = field(default_factory=list)
    opening: dict[str, int] = field(default_factory=dict)  #: first word of a phrase -> bits of its lexicons
    whole: dict[str, int] = field(default_factory=dict)  #: phrase of one word -> bits of its lexicons

    def add(self, phrases: Iterable[str]) -> Lexicon:
        """Return a lexicon of the phrases, folded here."""
        table: dict[str, list[tuple[str, ...]]] = {}
        bit = 1 << len(self.lexicons)
        for phrase in fold_each(form for written in phrases for form in _carried(written)):
            first, *others = phrase.split() or ("",)
            if first:
                table.setdefault(first, []).append((first, *others))
                self.opening[first] = self.opening.get(first, 0) | bit
            if first and not others:
                self.whole[first] = self.whole.get(first, 0) | bit
        rows = {first: tuple(sorted(rows, key=len, reverse=True)) for first, rows in table.items()}
        self.lexicons.append(Lexicon(rows, self, bit))
        return self.lexicons[-1]


@lru_cache(maxsize=_REMEMBERED_COUNT)
def _entry(shelf: Shelf, word: str) -> Entry:
    readings = stems(word)
    return Entry(
        opening=_any_of(shelf.opening, stems_in_phrase(word)),
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

    phrases: Mapping[str, tuple[tuple[str, ...], ...]]
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
        while first < stop:
            hit = self.match(words, first, stop)
            if hit is not None:
                yield hit
            first = hit.stop if hit else first + 1

    def match(self, words: Words, first: int, stop: int) -> Hit | None:
        """Return the longest phrase that begins with word `first`, None where there is none."""
        word = words.items[first].text
        if not _entry(self.shelf, word).opening & self.bit:
            return None
        best: tuple[str, ...] = ()
        readings = stems(word)
        for stem in stems_in_phrase(word):
            for phrase in self.phrases.get(stem, ()):
                is_read_so = len(phrase) > 1 or stem in readings
                if is_read_so and len(phrase) > len(best) and _continues(words, first, stop, phrase):
                    best = phrase
        return Hit(first, first + len(best), " ".join(best)) if best else None


def _continues(words: Words, first: int, stop: int, phrase: tuple[str, ...]) -> bool:
    if first + len(phrase) > stop:
        return False
    return all(part in stems_in_phrase(words.items[first + n].text) for n, part in enumerate(phrase) if n)


def _carried(phrase: str) -> tuple[str, ...]:
    """Return the phrase as it is and as its last hamza is carried before a pronoun (استياء, استيائها)."""
    return (phrase, phrase[:-1] + "ئ", phrase[:-1] + "ؤ") if phrase.endswith("اء") else (phrase,)
