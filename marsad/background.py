"""Owns what Arabic news repeats anyway: how many unrelated articles share a shingle or a word.

A text is recognised by what is rare in it. Royal cables, market closes and execution notices share most of their
shingles without sharing a story, so shingles that unrelated articles have in common prove nothing. The table holds
hashes and counts only; bench/background.py makes it.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from marsad.errors import SettingsError
from marsad.relations import Fingerprint, Hashes, Neighbour, Origin, Slots, Wording
from marsad.sketches import SKETCH_VERSION

Counts = NDArray[np.int64]

_DAMAGE: Final = (ValueError, KeyError, EOFError, OSError, BadZipFile, zlib.error)  #: numpy raises any of these

#: Leading bits of a hash that the table keeps: among 200,000 entries a stranger is taken for one once in 20,000 times,
#: and the file is a third of the size.
_PREFIX_BITS: Final = 32


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """How many texts of the background hold a shingle or a word; what is not listed occurs in one or none."""

    text_count: int  #: copies of one text count once
    shingles: NDArray[np.uint32]  #: leading bits, sorted
    shingle_counts: NDArray[np.uint16]
    words: NDArray[np.uint32]  #: leading bits, sorted
    word_counts: NDArray[np.uint16]

    def count_of(self, hashes: Hashes) -> Counts:
        """Return for each shingle the number of background texts that hold it, 0 where that is one or none."""
        return _counts(self.shingles, self.shingle_counts, hashes)

    def word_count_of(self, hashes: Hashes) -> Counts:
        """Return for each word the number of background texts that hold it, 0 where that is one or none."""
        return _counts(self.words, self.word_counts, hashes)


#: A background that knows nothing: every shingle and word is rare.
EMPTY_BACKGROUND: Final = Background(
    0, np.empty(0, np.uint32), np.empty(0, np.uint16), np.empty(0, np.uint32), np.empty(0, np.uint16)
)


def make_background(fingerprints: tuple[Fingerprint, ...]) -> Background:
    """Return the table of what at least two of `fingerprints` have in common; the caller has dropped copies."""
    return Background(
        len(fingerprints),
        *_shared([fingerprint.shingles for fingerprint in fingerprints]),
        *_shared([fingerprint.tokens for fingerprint in fingerprints]),
    )


def dump_background(background: Background) -> bytes:
    """Return the bytes that `parse_background` reads."""
    return _packed(
        text_count=np.array(background.text_count),
        shingle_steps=np.diff(background.shingles, prepend=np.uint32(0)),
        shingle_counts=background.shingle_counts,
        word_steps=np.diff(background.words, prepend=np.uint32(0)),
        word_counts=background.word_counts,
    )


def parse_background(data: bytes) -> Background:
    """Return the background table of seeds/background.npz.

    Raises:
        SettingsError: the bytes are no table, or one of another sketch version.
    """
    parts = _unpacked(data, "background.npz")
    try:
        return Background(
            int(parts["text_count"]),
            np.cumsum(parts["shingle_steps"], dtype=np.uint32),
            parts["shingle_counts"],
            np.cumsum(parts["word_steps"], dtype=np.uint32),
            parts["word_counts"],
        )
    except _DAMAGE as cause:
        raise SettingsError("background.npz", "is no background table") from cause


def dump_corpus(fingerprints: Mapping[int, Fingerprint]) -> bytes:
    """Return the bytes that `parse_corpus` reads; keys are the ids of the texts."""
    prints = tuple(fingerprints.values())
    return _packed(
        ids=np.array(tuple(fingerprints), np.int64),
        text_keys=np.array([p.text_key for p in prints], np.int64),
        token_counts=np.array([p.token_count for p in prints], np.int64),
        shingle_ends=np.cumsum([len(p.shingles) for p in prints], dtype=np.int64),
        shingles=np.concatenate([p.shingles for p in prints]),
        token_ends=np.cumsum([len(p.tokens) for p in prints], dtype=np.int64),
        tokens=np.concatenate([p.tokens for p in prints]),
        slot_ends=np.cumsum([len(p.slots.contexts) for p in prints], dtype=np.int64),
        slots=np.concatenate([_sorted_slots(p.slots) for p in prints], axis=1),
    )


def parse_corpus(data: bytes) -> tuple[Neighbour, ...]:
    """Return the fingerprints of the seed corpus, as neighbours of whatever comes in.

    Raises:
        SettingsError: the bytes are no corpus, or one of another sketch version.
    """
    parts = _unpacked(data, "corpus.npz")
    try:
        shingles = np.split(parts["shingles"], parts["shingle_ends"][:-1])
        tokens = np.split(parts["tokens"], parts["token_ends"][:-1])
        slots = np.split(parts["slots"], parts["slot_ends"][:-1], axis=1)
        rows = zip(parts["ids"], parts["text_keys"], shingles, tokens, parts["token_counts"], slots, strict=True)
        return tuple(
            Neighbour(
                int(id_), Origin.SEED, Fingerprint(int(key), of_text, int(count), partial(Wording, words, Slots(*at)))
            )
            for id_, key, of_text, words, count, at in rows
        )
    except _DAMAGE as cause:
        raise SettingsError("corpus.npz", "is no seed corpus") from cause


def _sorted_slots(slots: Slots) -> NDArray[np.uint64]:
    """In the order of contexts: the order of words is nobody's business."""
    return np.stack((slots.contexts, slots.words, slots.letters))[:, np.argsort(slots.contexts, kind="stable")]


def _prefixes(hashes: Hashes) -> NDArray[np.uint32]:
    return (hashes >> np.uint64(64 - _PREFIX_BITS)).astype(np.uint32)


def _counts(keys: NDArray[np.uint32], counts: NDArray[np.uint16], hashes: Hashes) -> Counts:
    if not len(keys):
        return np.zeros(len(hashes), np.int64)
    wanted = _prefixes(hashes)
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[places] == wanted, counts[places], 0).astype(np.int64)


def _shared(sets: list[Hashes]) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
    hashes, counts = np.unique(np.concatenate([*sets, np.empty(0, np.uint64)]), return_counts=True)
    prefixes, firsts = np.unique(_prefixes(hashes[counts > 1]), return_index=True)
    return prefixes, np.minimum(counts[counts > 1][firsts], np.iinfo(np.uint16).max).astype(np.uint16)


def _packed(**parts: NDArray[Any]) -> bytes:
    buffer = BytesIO()
    arrays: dict[str, Any] = {"version": np.array(SKETCH_VERSION), **parts}
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def _unpacked(data: bytes, name: str) -> dict[str, NDArray[Any]]:
    try:
        with np.load(BytesIO(data), allow_pickle=False) as archive:
            parts = dict(archive)
        version = int(parts.pop("version"))
    except (*_DAMAGE, AttributeError, TypeError) as cause:
        raise SettingsError(name, "cannot be read as a table of hashes") from cause
    if version != SKETCH_VERSION:
        raise SettingsError(name, f"is of sketch version {version}, this Marsad has {SKETCH_VERSION}")
    return parts
