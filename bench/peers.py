"""Measures datasketch and rensa, with usual settings, beside Marsad: the labelled pairs, and raw text to signature.

    uv sync --inexact --group bench
    .venv/bin/python bench/peers.py [--shared ../shared]

Usual settings: camel_tools' normalisation of Arabic, words by a regular expression, shingles of three words, 128
permutations, a pair is one text from an estimated Jaccard similarity on; .7 is rensa's example, .5 what datasketch's
says. All run on one core in turn.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from camel_tools.utils.dediac import dediac_ar
from camel_tools.utils.normalize import (
    normalize_alef_ar,
    normalize_alef_maksura_ar,
    normalize_teh_marbuta_ar,
    normalize_unicode,
)
from datasketch import MinHash
from dedup import ROOT, Pair, _figures, _judged, _rows
from rensa import RMinHash

from marsad.background import parse_background
from marsad.sketches import fingerprint_of, sketch_of

PERMUTATIONS = 128
ARTICLES = 2000  #: of the news articles; the slowest takes four seconds for so many
REPEATS = 3
_WORD = re.compile(r"\w+")


def main() -> None:
    """Print figures on the pairs and articles a second, and by how much Marsad is ahead."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    shared = parser.parse_args().shared
    rows = list(_rows(shared / "data/dedup/pairs.jsonl.gz"))
    pairs = [Pair(fingerprint_of(r["a"]), fingerprint_of(r["b"]), int(r["label"]), r["kind"], r["src"]) for r in rows]
    background = parse_background((ROOT / "seeds/background.npz").read_bytes())
    print("marsad", _figures(pairs, _judged(pairs, background)))
    for name, sign in (("datasketch", datasketch_of), ("rensa", rensa_of)):
        likeness = np.array([sign(r["a"]).jaccard(sign(r["b"])) for r in rows])
        for threshold in (0.5, 0.7):
            print(f"{name} >= {threshold}", _figures(pairs, likeness >= threshold))
    texts = [row["content"] for row in _rows(shared / "data/news/saudinewsnet-10k.jsonl.gz")][:ARTICLES]
    ours = rate(lambda text: sketch_of(0, fingerprint_of(text)), texts)
    print(f"marsad: {ours:,.0f} articles/s from raw text to sketch")
    for name, sign in (("datasketch", datasketch_of), ("rensa", rensa_of)):
        theirs = rate(sign, texts)
        print(
            f"{name}: {theirs:,.0f} articles/s from raw text to signature; marsad is {ours / theirs:.1f} times as fast"
        )


def rate(sign: Callable[[str], Any], texts: Sequence[str]) -> float:
    """Return texts a second of processor time, best of some."""
    seconds = []
    for _ in range(REPEATS):
        began = time.process_time()
        for text in texts:
            sign(text)
        seconds.append(time.process_time() - began)
    return len(texts) / min(seconds)


def shingles_of(text: str) -> set[str]:
    """Return the shingles of three words, or all words where there are fewer."""
    words = _WORD.findall(_folded(text).casefold())
    return {" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2))}


def _folded(text: str) -> str:
    """What Arabic asks of any of them, by camel_tools: without it a harakah makes another shingle."""
    letters = normalize_alef_maksura_ar(normalize_alef_ar(normalize_unicode(text)))
    return dediac_ar(normalize_teh_marbuta_ar(letters)).replace("ـ", "")


def datasketch_of(text: str) -> MinHash:
    """Return datasketch's signature."""
    signature = MinHash(num_perm=PERMUTATIONS)
    signature.update_batch([shingle.encode() for shingle in shingles_of(text)])
    return signature


def rensa_of(text: str) -> RMinHash:
    """Return rensa's signature."""
    signature = RMinHash(num_perm=PERMUTATIONS, seed=42)
    signature.update(list(shingles_of(text)))
    return signature


if __name__ == "__main__":
    main()
