"""Owns the cutting of news text into sentences.

A full stop inside a quotation does not end the sentence that quotes; "،." and ". ،" are slips of the keyboard, "د." a
title, ".." a pause. One pass, so that ten thousand quotation marks cost no more than as many letters.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

_STOPS = ".!?؟"
_OPENING = {"«": "»", "“": "”", "„": "”"}
_EITHER = "”"  #: some outlets open with the closing mark: ”...“
_BOTH = '"'
_MARKS = re.compile(r"[.!?؟«»“”„\"]")
_CLOSERS = "»”\"')] \u200f\u200e"
_SLIPS = "،,؛;"
_QUOTE_LIMIT_CHARS = 1500  #: a quotation left open longer was never closed


@dataclass(frozen=True, slots=True)
class Sentence:
    """A half-open span of the text, without white space at its ends."""

    start: int
    end: int
    line: int  #: number of its paragraph among those that are not blank


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of any text in order; blank lines give none."""
    found: list[Sentence] = []
    start, line = 0, 0
    for part in text.split("\n"):
        end = start + len(part)
        cuts = [start, *_cuts(text, start, end), end]
        spans = [_trimmed(text, a, b) for a, b in itertools.pairwise(cuts)]
        spans = [(a, b) for a, b in spans if a < b]
        found += [Sentence(a, b, line) for a, b in spans]
        line += bool(spans)
        start = end + 1
    return tuple(found)


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Return where sentences end inside one paragraph."""
    cuts: list[int] = []
    quotes = _Quotes(text.count(_BOTH, start, end) % 2 == 0)
    at = start
    while (mark := _MARKS.search(text, at, end)) is not None:
        at = mark.end()
        if mark[0] not in _STOPS:
            quotes.see(mark[0], mark.start())
            closes = not quotes.is_open(mark.start()) and text[mark.start() - 1 : mark.start()] in _STOPS
            if closes and mark.start() > start and _begins_anew(text, at, end):
                cuts.append(at)
        elif not quotes.is_open(mark.start()) and _is_end(text, mark.start(), start, end):
            cuts.append(_past_closers(text, at, end))
    return cuts


class _Quotes:
    """Which quotation is open, kept per paragraph."""

    def __init__(self, is_even: bool) -> None:  # noqa: FBT001  a fact of the paragraph
        self._is_even = is_even
        self._closers: list[str] = []
        self._since = 0

    def see(self, mark: str, at: int) -> None:
        if self._closers and mark == self._closers[-1]:
            self._closers.pop()
        elif mark in _OPENING:
            self._open(_OPENING[mark], at)
        elif mark == _EITHER and not self._closers:
            self._open("“", at)
        elif mark == _BOTH and self._is_even:
            self._open(_BOTH, at)
        elif mark in "»”“":
            self._closers.clear()

    def _open(self, closer: str, at: int) -> None:
        if not self._closers:
            self._since = at
        self._closers.append(closer)

    def is_open(self, at: int) -> bool:
        if self._closers and at - self._since > _QUOTE_LIMIT_CHARS:
            self._closers.clear()
        return bool(self._closers)


def _is_end(text: str, at: int, start: int, end: int) -> bool:
    if text[at] != ".":
        return _begins_anew(text, at + 1, end)
    if text[at - 1 : at] in (".", "،", "؛", ",") and at > start:  # "..", "،."
        return False
    title = at - start >= 1 and text[at - 1].isalpha() and (at - start == 1 or text[at - 2] in " (\t،")
    return not title and _begins_anew(text, at + 1, end)


def _begins_anew(text: str, at: int, end: int) -> bool:
    """Say whether white space and then a word follow, and no slip or further stop."""
    past = _past_closers(text, at, end)
    if past >= end:
        return True
    return past > at and text[past] not in _SLIPS + _STOPS and (text[past - 1].isspace() or text[past] in '«“"')


def _past_closers(text: str, at: int, end: int) -> int:
    while at < end and (text[at] in _CLOSERS or text[at].isspace()):
        if text[at] == _BOTH and text[at - 1].isspace():  # it opens the next sentence
            break
        at += 1
    return at


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))
