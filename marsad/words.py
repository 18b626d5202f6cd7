"""Owns the words of a text: folded, each with its place in the text it came from.

Every rule of the tagger reads words, never raw characters, so marks, tatweel and direction controls cannot hide a
name, and every span leads back to the text as it was.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from marsad.arabic import Folded, fold, fold_spans

_BETWEEN = "zxqz"  #: stands between phrases folded in one go; no Arabic phrase folds to it
_LONGEST_CHARS = 32  #: a longer word carries no clitic worth looking for; bounds the cost of hostile text
_ROOT_CHARS = 3  #: of an Arabic word, when all clitics are off
_REMEMBERED_WORDS = 1 << 14  #: some thirty articles' vocabulary
_CONJUNCTIONS = ("و", "ف")  #: and, so
_PREPOSITIONS = ("ب", "ل", "ك")  #: in, to, like
_PRONOUNS = ("هما", "هم", "ها", "هن", "نا", "ه", "ي")  #: their, her, our, his, my
_POSSESSIVES = ("هما", "هم", "ها", "ه")  #: their, her, his
_SHORT = re.compile(r"[وف]?(?:[بك]?ال|لل|[بلك])(\w\w)")  #: a word of two letters behind preposition or article
_ENDINGS = ("ات", "ين", "ون", "ان", "تان", "تين", "ا", "ه")  #: plurals, duals, accusative, feminine
_LAST_LETTERS = frozenset(ending[-1] for ending in (*_PRONOUNS, *_ENDINGS))  #: of what can be taken off a word


@dataclass(frozen=True, slots=True)
class Word:
    """A word."""

    text: str  #: folded
    start: int  #: into the text
    end: int
    at: int  #: into the folded text


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """All words of a text."""

    source: str
    folded: str
    items: tuple[Word, ...]
    starts: tuple[int, ...]  #: of each word, into the text; sorted
    places: tuple[int, ...]  #: of each word, into the folded text; sorted
    origin: Folded  #: the way from folded text to text, letter by letter
    gaps: tuple[str, ...]  #: what stands before each word, and behind the last

    def between(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of words that start inside the span of the text."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)

    def letter(self, at: int) -> int:
        """Return where in the text the folded letter `at` stands."""
        return int(self.origin.starts[at])

    def folded_at(self, start: int) -> int:
        """Return where in the folded text the first word at or behind `start` of the text stands."""
        index = bisect_left(self.starts, start)
        return self.places[index] if index < len(self.places) else len(self.folded)

    def gap(self, index: int) -> str:
        """Return what stands in the text between the word before and word `index`."""
        return self.gaps[index]


def read_words(text: str) -> Words:
    """Return the words of any text, also an empty or hostile one; nothing is raised."""
    folded = fold_spans(text)
    items, gaps, at, before = [], [], 0, 0
    for word, start, end in folded.words():
        items.append(Word(word, start, end, at))
        gaps.append(text[before:start])
        at, before = at + len(word) + 1, end
    starts, places = tuple(word.start for word in items), tuple(word.at for word in items)
    return Words(text, folded.text, tuple(items), starts, places, folded, (*gaps, text[before:]))


def fold_each(phrases: Iterable[str]) -> list[str]:
    """Return each phrase folded; all are folded in one go, since a call costs more than a phrase."""
    listed = list(phrases)
    if not listed:
        return []
    return [part.strip() for part in fold(f" {_BETWEEN} ".join(listed)).split(_BETWEEN)]


@lru_cache(maxsize=_REMEMBERED_WORDS)
def stems(word: str) -> tuple[str, ...]:
    """Return the folded word and what is left when clitics, pronouns or endings are taken off it, the word first.

    Which reading is right is decided by what a word list holds, so too many readings do no harm.
    """
    if len(word) > _LONGEST_CHARS:
        return (word,)
    found = dict.fromkeys(_without_front(word))
    for front in tuple(found):
        found.update(dict.fromkeys(_without_back(front)))
    return tuple(found)


@lru_cache(maxsize=_REMEMBERED_WORDS)
def stems_in_phrase(word: str) -> tuple[str, ...]:
    """Return the stems of the folded word, also one of two letters, which only the words of a phrase beside it tell.

    Of «لسد النهضة» (to the dam of ...) the first word is `سد`; alone, three letters are rather a root than a clitic.
    """
    short = _SHORT.fullmatch(word)
    return (*stems(word), short[1]) if short else stems(word)


@lru_cache(maxsize=_REMEMBERED_WORDS)
def verb_stems(word: str) -> tuple[str, ...]:
    """Return the folded word and its readings as a verb: without "and", "so", "to" in front, or a pronoun behind."""
    if len(word) > _LONGEST_CHARS:
        return (word,)
    found = [word]
    found += [reading[1:] for reading in found if reading[:1] in _CONJUNCTIONS and len(reading) >= _ROOT_CHARS]
    found += [reading[1:] for reading in found if reading[:1] == "ل" and len(reading) > _ROOT_CHARS]
    found += [r.removesuffix(tail) for r in tuple(found) for tail in (*_PRONOUNS[:4], "ه") if _has_tail(r, tail)]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=_REMEMBERED_WORDS)
def fronts(word: str) -> tuple[str, ...]:
    """Return the folded word and what is left when conjunctions, prepositions and article are taken off its front."""
    return tuple(_without_front(word)) if len(word) <= _LONGEST_CHARS else (word,)


@lru_cache(maxsize=_REMEMBERED_WORDS)
def owned(word: str) -> tuple[str, ...]:
    """Return what the folded word is without "his", "her" or "their" behind it: his counterpart; () where none is."""
    if len(word) > _LONGEST_CHARS:
        return ()
    return tuple(
        bare
        for front in fronts(word)
        for tail in _POSSESSIVES
        if _has_tail(front, tail)
        for stem in (front.removesuffix(tail),)
        for bare in ((stem, stem[:-1] + "ه") if stem.endswith("ت") else (stem,))
    )


@lru_cache(maxsize=_REMEMBERED_WORDS)
def is_definite(word: str) -> bool:
    """Say whether the folded word carries the article, alone or behind clitics."""
    if "لل" in (word[:2], word[1:3]):
        return True
    return any(head.startswith("ال") and len(head) > _ROOT_CHARS + 1 for head in _heads(word))


def _heads(word: str) -> tuple[str, ...]:
    heads = [word]
    if word[:1] in _CONJUNCTIONS and len(word) >= _ROOT_CHARS:
        heads.append(word[1:])
    heads += [head[1:] for head in tuple(heads) if head[:1] in _PREPOSITIONS and len(head) > _ROOT_CHARS]
    return tuple(heads)


def _without_front(word: str) -> list[str]:
    heads = list(_heads(word))
    heads += [head[2:] for head in tuple(heads) if head.startswith(("ال", "لل")) and len(head) > _ROOT_CHARS + 1]
    return heads


def _without_back(word: str) -> list[str]:
    if word[-1:] not in _LAST_LETTERS or len(word) <= _ROOT_CHARS:
        return []
    found = []
    for tail in _PRONOUNS:
        if _has_tail(word, tail):
            bare = word.removesuffix(tail)
            found.append(bare)
            if bare.endswith("ت"):  # a feminine ending opens before a pronoun
                found.append(bare[:-1] + "ه")
    for tail in _ENDINGS:
        if _has_tail(word, tail):
            bare = word.removesuffix(tail)
            found += [bare, bare + "ه"]
    return found


def _has_tail(word: str, tail: str) -> bool:
    return word.endswith(tail) and len(word) - len(tail) >= _ROOT_CHARS
