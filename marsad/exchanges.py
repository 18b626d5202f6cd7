"""Owns what two texts exchange: the places where both go on from the same two words, each with a word of its own.

Who tells two events in one formula exchanges the names and numbers in it; who shortens, embeds or respells a text
exchanges nothing, and an editor exchanges few words for others of the same letters. So exchanges tell formulas from
copies where the share of common text does not (decisions/0003).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from marsad.background import Background
from marsad.relations import Fingerprint, Hashes, Slots
from marsad.sketches import DIGITS, words_of

NAME_TEXTS: Final = 20  #: a word in at most so many background texts is taken for a name

ALIKE_SHARE: Final = 0.6  #: of letters in common: لافروف, لافاروف (Lavrov) 1.0; القنفدة, القنفذة (Qunfudhah) .71
KNOWN_SHARE: Final = 0.76  #: asked of a word that stands elsewhere in the other text; .75 takes أمس for سامر (Samir)

#: Days of the week and ordinals: each as good as a number, common and alike in letters as they are.
_COUNTED: Final = np.unique(
    words_of(
        "الأحد الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت "  # Sunday to Saturday
        "الأول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر "  # first to tenth
        "الأولى الثانية الثالثة الرابعة الخامسة السادسة السابعة الثامنة التاسعة العاشرة"  # the same, feminine
    )
)


@dataclass(frozen=True, slots=True)
class Exchanges:
    """How many different words one text has for as many of the other, in the same surroundings."""

    word_count: int  #: of any kind
    name_count: int  #: those that are rare on both sides, numbers, ordinals or days


@dataclass(frozen=True, slots=True, eq=False)
class _Facing:
    """Words that face each other, side by side."""

    words: tuple[Hashes, Hashes]
    letters: tuple[Hashes, Hashes]

    def where(self, wanted: NDArray[np.bool_]) -> _Facing:
        (one, other), (letters, other_letters) = self.words, self.letters
        return _Facing((one[wanted], other[wanted]), (letters[wanted], other_letters[wanted]))

    @property
    def numbers(self) -> NDArray[np.bool_]:
        """Where a number, a day or an ordinal faces another: no spelling of one is a spelling of the other."""
        one, other = self.words
        return _is_number(self.letters[0]) | (np.isin(one, _COUNTED) & np.isin(other, _COUNTED))


def find_exchanges(a: Fingerprint, b: Fingerprint, background: Background) -> Exchanges:
    """Return what `a` and `b` exchange; a word that the other text has anywhere, in any spelling, is not exchanged."""
    facing = _facing(a.slots, b.slots)
    facing = facing.where(~np.isin(facing.words[0], b.tokens) & ~np.isin(facing.words[1], a.tokens))
    if len(facing.words[0]):
        facing = facing.where(facing.numbers | ~(_is_known(facing.letters[0], b) | _is_known(facing.letters[1], a)))
    rare = [background.word_count_of(words) <= NAME_TEXTS for words in facing.words]
    return Exchanges(_count(facing), _count(facing.where(facing.numbers | (rare[0] & rare[1]))))


def _facing(a: Slots, b: Slots) -> _Facing:
    """Different words in one context; of a number and a word, neither stands for the other."""
    _, here, there = np.intersect1d(a.contexts, b.contexts, return_indices=True)
    facing = _Facing((a.words[here], b.words[there]), (a.letters[here], b.letters[there]))
    is_like_kind = _is_number(facing.letters[0]) == _is_number(facing.letters[1])
    differ = (facing.words[0] != facing.words[1]) & is_like_kind
    return facing.where(differ & (facing.numbers | ~_alike(*facing.letters, ALIKE_SHARE)))


def _count(facing: _Facing) -> int:
    return min(len(np.unique(words)) for words in facing.words)


def _is_known(letters: Hashes, text: Fingerprint) -> NDArray[np.bool_]:
    found = _alike(letters[:, None], np.unique(text.slots.letters)[None, :], KNOWN_SHARE)
    known: NDArray[np.bool_] = np.any(found, axis=1)
    return known


def _alike(one: Hashes, other: Hashes, share: float) -> NDArray[np.bool_]:
    alike: NDArray[np.bool_] = np.bitwise_count(one & other) >= share * np.bitwise_count(one | other)
    return alike


def _is_number(letters: Hashes) -> NDArray[np.bool_]:
    is_number: NDArray[np.bool_] = (letters & ~DIGITS) == 0
    return is_number
