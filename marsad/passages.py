"""Owns laying two texts side by side: what both hold in the same order, and what stands in one place only in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from marsad.words import Words, read_words

LONGEST_WORDS: Final = 3000  #: of either text; what is behind is left out, since the time grows with the product
SHORTEST_WORDS: Final = 3  #: of a shared passage: single words in common are no passage


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of two texts that lie side by side, as written."""

    a: str  #: empty where the first text has nothing there
    b: str  #: empty where the second has nothing
    is_shared: bool  #: the same words after folding


def find_passages(a: str, b: str) -> tuple[Passage, ...]:
    """Return the passages of both texts, in the order of both, shared and differing by turns."""
    one, other = read_words(a), read_words(b)
    here, there = _folded(one), _folded(other)
    matcher = SequenceMatcher(None, here, there, autojunk=False)
    blocks = [m for m in matcher.get_matching_blocks() if m.size >= min(SHORTEST_WORDS, len(here), len(there))]
    passages, i, j = [], 0, 0
    for start, place, size in (*blocks, (len(here), len(there), 0)):
        if start > i or place > j:
            passages.append(Passage(_written(one, i, start), _written(other, j, place), is_shared=False))
        if size:
            shared = _written(one, start, start + size), _written(other, place, place + size)
            passages.append(Passage(*shared, is_shared=True))
        i, j = start + size, place + size
    return tuple(passages)


def _folded(words: Words) -> Sequence[str]:
    return [word.text for word in words.items[:LONGEST_WORDS]]


def _written(words: Words, first: int, stop: int) -> str:
    return words.source[words.items[first].start : words.items[stop - 1].end] if first < stop else ""
