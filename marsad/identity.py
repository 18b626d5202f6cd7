"""Owns identity: 63-bit keys of urls and texts.

63 bits, so that a key is a BIGINT in every engine; two of 10 million articles share one with odds of 5e-6
(n^2 / 2^64).
"""

from __future__ import annotations

from hashlib import blake2b

_MASK = (1 << 63) - 1


def key_of(text: str) -> int:
    """Return the 63-bit blake2b key of `text`; a lone surrogate counts as itself and raises nothing."""
    return key_of_bytes(text.encode("utf-8", "surrogatepass"))


def key_of_bytes(data: bytes) -> int:
    """Return the 63-bit blake2b key of `data`."""
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big") & _MASK
