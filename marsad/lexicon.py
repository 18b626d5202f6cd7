"""Owns lists of words and phrases that are looked for through clitics, articles and endings.

A phrase is written in its plainest form; a phrase written with an article is found only with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from marsad.words import Words, fold_each, fronts, owned, stems

#: Of words and lexicons, 10 MB: the words of news come again, most are in no lexicon, and each is asked for in twenty.
_REMEMBERED_COUNT = 1 << 16


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of a lexicon, found: a half-open range of words."""

    first: int
    stop: int
    phrase: str  #: folded, as the lexicon has it


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Phrases by their first word, longer ones first."""

    phrases: Mapping[str, tuple[tuple[str, ...], ...]]

    def __contains__(self, word: str) -> bool:
        """Say whether one folded word, in any of its readings, is a phrase of its own."""
        return _is_phrase(self, word)

    def names(self, word: str) -> bool:
        """Say whether one folded word is a phrase of its own, in this number and gender, behind clitics or not."""
        return _is_name(self, word)

    def holds_front(self, word: str) -> bool:
        """Say whether one folded word, behind clitics or not, is a phrase of its own as it stands."""
        return any(self.holds(stem) for stem in fronts(word))

    def owns(self, word: str) -> bool:
        """Say whether one folded word is a phrase of its own with a pronoun behind it: his counterpart."""
        return any(self.holds(stem) for stem in owned(word))

    def holds(self, word: str) -> bool:
        """Say whether the folded word itself is a phrase, without taking anything off it."""
        return (word,) in self.phrases.get(word, ())

    def find(self, words: Words, first: int, stop: int) -> Iterator[Hit]:
        """Yield the longest phrase at each word of the range, none inside another."""
        while first < stop:
            hit = self.match(words, first, stop)
            if hit is not None:
                yield hit
            first = hit.stop if hit else first + 1

    def match(self, words: Words, first: int, stop: int) -> Hit | None:
        """Return the longest phrase that begins with word `first`, None where there is none."""
        best: tuple[str, ...] = ()
        for stem in stems(words.items[first].text):
            for phrase in self.phrases.get(stem, ()):
                if len(phrase) > len(best) and _continues(words, first, stop, phrase):
                    best = phrase
        return Hit(first, first + len(best), " ".join(best)) if best else None


@lru_cache(maxsize=_REMEMBERED_COUNT)
def _is_phrase(lexicon: Lexicon, word: str) -> bool:
    return any(lexicon.holds(stem) for stem in stems(word))


@lru_cache(maxsize=_REMEMBERED_COUNT)
def _is_name(lexicon: Lexicon, word: str) -> bool:
    return lexicon.holds_front(word) or lexicon.owns(word)


def _continues(words: Words, first: int, stop: int, phrase: tuple[str, ...]) -> bool:
    if first + len(phrase) > stop:
        return False
    return all(part in stems(words.items[first + n].text) for n, part in enumerate(phrase) if n)


def _carried(phrase: str) -> tuple[str, ...]:
    """Return the phrase as it is and as its last hamza is carried before a pronoun (استياء, استيائها)."""
    return (phrase, phrase[:-1] + "ئ", phrase[:-1] + "ؤ") if phrase.endswith("اء") else (phrase,)


def make_lexicon(phrases: Iterable[str]) -> Lexicon:
    """Return a lexicon of the phrases, folded here."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in fold_each(form for written in phrases for form in _carried(written)):
        parts = tuple(phrase.split())
        if parts:
            table.setdefault(parts[0], []).append(parts)
    return Lexicon({first: tuple(sorted(rows, key=len, reverse=True)) for first, rows in table.items()})
