"""Owns what changed between two readings of an article, in sentences.

Sentences are compared folded, so that a repaired hamza or vowel sign is no change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from marsad.arabic import fold
from marsad.digests import Piece
from marsad.sentences import split_sentences

#: A body of more sentences is no news text; matching costs their square.
_SENTENCES_COMPARED = 400


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that changed; what was added has no words before, what was taken out none after."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """An article that was changed after publication: how it read before, and how it reads."""

    piece: Piece  #: the article as it reads
    changed_at: datetime
    title_before: str
    body_before: str
    body: str
    copy_count: int = 0  #: articles that copied its story

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What changed, title first; empty where only spelling did."""
        titles = differences_of(self.title_before, self.piece.title)
        return titles + differences_of(self.body_before, self.body)


def differences_of(before: str, after: str) -> tuple[Difference, ...]:
    """Return what changed from `before` to `after`, in the order of the text; empty where only spelling did."""
    old, new = _sentences(before), _sentences(after)
    matcher = SequenceMatcher(None, [fold(one) for one in old], [fold(one) for one in new], autojunk=False)
    return tuple(
        Difference(" ".join(old[a:b]), " ".join(new[c:d]))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    )


def _sentences(text: str) -> list[str]:
    return [text[one.start : one.end] for one in split_sentences(text)[:_SENTENCES_COMPARED]]
