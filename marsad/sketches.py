"""Owns fingerprints and sketches: what is kept of a text so that it can be compared without being read.

A fingerprint holds the hashes of all three-word shingles of the folded text; a sketch holds those that fall below a
fixed share of the hash space, so two sketches sample the same shingles and their overlap estimates that of the texts
(FracMinHash, https://doi.org/10.1101/2022.01.11.475838). Hashing runs over the whole text at once: prefix sums of a
polynomial give the hash of every word without a loop over words.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from marsad.arabic import KEPT, Codes, fold_codes
from marsad.identity import key_of_bytes
from marsad.relations import Fingerprint, Hashes, Sketch, Slots, Wording

Indexes = NDArray[np.intp]

SKETCH_VERSION: Final = 2  #: of fold table, text key, shingle width, hash and sample; raise it when any of them changes

SHINGLE_WORDS: Final = 3  #: F1 .990 against .982 for five words on the labelled pairs (decisions/0003)
SAMPLE: Final = 4  #: one hash in four is kept; one in 16 loses containment recall (.84 against .975)
SAMPLE_FLOOR: Final = 32  #: short texts keep at least so many, else a headline would have no sketch

_SPACE: Final = ord(" ")
_SAMPLE_LIMIT: Final = np.uint64(2**64 // SAMPLE)
_BASE: Final = 0x9E3779B97F4A7C15  #: odd, so it has an inverse modulo 2^64
_POWER_COUNT: Final = 1 << 14  #: characters the ready tables serve; one news article in a thousand is longer


def _powers(base: int, count: int) -> Hashes:
    powers = np.full(count, base, np.uint64)
    powers[0] = 1
    return np.cumprod(powers, dtype=np.uint64)


def _letter_bits() -> Hashes:
    """A bit for each Arabic letter and each digit; other letters share what is left, a space has none."""
    bits = np.zeros(1 << 16, np.uint64)
    for character in KEPT:
        code = ord(character)
        place = code - ord("ء") if "ء" <= character <= "ي" else _DIGIT_PLACE + code % 10
        if not ("ء" <= character <= "ي" or character.isdigit()):
            place = _OTHER_PLACE + code % (64 - _OTHER_PLACE)
        bits[code] = np.uint64(1 << place)
    return bits


_DIGIT_PLACE: Final = 42
_OTHER_PLACE: Final = _DIGIT_PLACE + 10
_LETTER_BITS: Final = _letter_bits()

#: Bits of `Slots.letters` that are digits: a word with no others is a number.
DIGITS: Final = np.uint64(((1 << 10) - 1) << _DIGIT_PLACE)

#: Of the finaliser of MurmurHash3.
_HALF: Final = np.uint64(33)
_FIRST_FACTOR: Final = np.uint64(0xFF51AFD7ED558CCD)
_SECOND_FACTOR: Final = np.uint64(0xC4CEB9FE1A85EC53)

_STEP: Final = np.uint64(_BASE)
_UP: Final = _powers(_BASE, _POWER_COUNT)
_DOWN: Final = _powers(pow(_BASE, -1, 2**64), _POWER_COUNT)


def fingerprint_of(text: str) -> Fingerprint:
    """Return the fingerprint of `text`; one without words has no hashes, one of fewer than three words one shingle."""
    codes = fold_codes(text)
    starts, words = _word_hashes(codes)
    pairs = _joined(words[:-1], words[1:])
    return Fingerprint(
        text_key=key_of_bytes(codes.astype("<u2", copy=False).tobytes()),
        shingles=_distinct(_shingle_hashes(words, pairs)),
        token_count=len(words),
        take_wording=partial(_wording, codes, starts, words, pairs),  # no closure: fingerprints travel
    )


def _wording(codes: Codes, starts: Indexes, words: Hashes, pairs: Hashes) -> Wording:
    return Wording(_distinct(words), _slots(codes, starts, words, pairs))


def sketch_of(article_id: int, fingerprint: Fingerprint, terms: tuple[int, ...] = ()) -> Sketch:
    """Return the stored sample of `fingerprint`: a fixed share of the hash space, or the smallest few."""
    shingles = fingerprint.shingles
    size = max(int(np.searchsorted(shingles, _SAMPLE_LIMIT)), SAMPLE_FLOOR)
    return Sketch(article_id, fingerprint.text_key, shingles[:size], fingerprint.token_count, SKETCH_VERSION, terms)


def words_of(text: str) -> Hashes:
    """Return the hash of each word of `text`, in order."""
    return _word_hashes(fold_codes(text))[1]


def letters_of(text: str) -> Hashes:
    """Return the letters of each word of `text`, in order, a bit a letter."""
    codes = fold_codes(text)
    return _letters(codes, _word_hashes(codes)[0])


def _letters(codes: Codes, starts: Indexes) -> Hashes:
    letters: Hashes = np.bitwise_or.reduceat(_LETTER_BITS[codes], starts) if len(codes) else np.empty(0, np.uint64)
    return letters


def _distinct(hashes: Hashes) -> Hashes:
    """Sorted and distinct: 7 us an article, numpy.unique takes 26."""
    ordered = np.sort(hashes)
    is_first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    distinct: Hashes = ordered[is_first]
    return distinct


def _word_hashes(codes: Codes) -> tuple[Indexes, Hashes]:
    """Where each word starts, and its hash: the polynomial of its characters, taken out of a running sum."""
    if not len(codes):
        return np.empty(0, np.intp), np.empty(0, np.uint64)
    count = len(codes) + 1
    up, down = (_UP, _DOWN) if count <= _POWER_COUNT else (_powers(_BASE, count), _powers(pow(_BASE, -1, 2**64), count))
    sums = np.empty(count, np.uint64)
    sums[0] = 0
    (codes * up[: count - 1]).cumsum(out=sums[1:])
    spaces = (codes == _SPACE).nonzero()[0]
    bounds = np.empty(len(spaces) + 2, np.intp)  # the places before each word, and the end
    bounds[0], bounds[1:-1], bounds[-1] = -1, spaces, len(codes)
    starts, ends = bounds[:-1] + 1, bounds[1:]
    hashes = sums[ends]
    hashes -= sums[starts]
    hashes *= down[starts]
    hashes += (ends - starts).view(np.uint64)
    return starts, _mixed(hashes)


def _shingle_hashes(words: Hashes, pairs: Hashes) -> Hashes:
    if len(words) < SHINGLE_WORDS:
        return pairs if len(pairs) else words
    return _joined(pairs[:-1], words[2:])


def _joined(hashed: Hashes, following: Hashes) -> Hashes:
    joined = hashed * _STEP
    joined += following
    return _mixed(joined)


def _slots(codes: Codes, starts: Indexes, words: Hashes, pairs: Hashes) -> Slots:
    if len(words) < SHINGLE_WORDS:
        nothing = np.empty(0, np.uint64)
        return Slots(nothing, nothing, nothing)
    letters = _letters(codes, starts)
    return Slots(
        contexts=np.concatenate((pairs[:-1], ~pairs[1:])),
        words=np.concatenate((words[2:], words[:-2])),
        letters=np.concatenate((letters[2:], letters[:-2])),
    )


def _mixed(values: Hashes) -> Hashes:
    """The 64-bit finaliser of MurmurHash3, which makes every input bit reach every output bit; alters `values`."""
    high = values >> _HALF
    values ^= high
    values *= _FIRST_FACTOR
    np.right_shift(values, _HALF, out=high)
    values ^= high
    values *= _SECOND_FACTOR
    np.right_shift(values, _HALF, out=high)
    values ^= high
    return values
