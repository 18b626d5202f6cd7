"""Makes seeds/background.npz: which shingles and words unrelated Arabic news articles have in common.

    .venv/bin/python bench/background.py [--shared ../shared] [--output seeds/background.npz]

The articles are those of data/news, less two kinds:

- every article that shares substantial text with either side of any pair of data/dedup (a tenth of the shingles of
  the shorter of the two), so that the pairs are judged with counts from other articles;
- every further copy of an article (Jaccard of shingles from .75 on), so that a wire story printed by ten papers does
  not look like a formula. Formulas proper, told of different events, reach .69.

The same input gives the same bytes. Without --output it only reports, and says whether the shipped table agrees.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from marsad.background import Background, dump_background, make_background, parse_background
from marsad.relations import Fingerprint
from marsad.sketches import fingerprint_of

ROOT = Path(__file__).resolve().parent.parent

SHARED_TEXT = 0.1  #: share of the shorter one's shingles from which two articles share substantial text
COPY_JACCARD = 0.75  #: from here on two articles are one
PROBES = 24  #: smallest shingles of an article, by which its copies are found: they share three quarters of them
FEWEST_SHINGLES = 5  #: an article below holds a caption or nothing


def main() -> None:
    """Count, report, and write the table where asked to."""
    parser = argparse.ArgumentParser(description="makes seeds/background.npz")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    background = background_without_pairs(arguments.shared)
    data = dump_background(background)
    if arguments.output:
        arguments.output.write_bytes(data)
    shipped = parse_background((ROOT / "seeds" / "background.npz").read_bytes())
    agrees = "agrees" if np.array_equal(shipped.shingles, background.shingles) else "DIFFERS"
    print(f"{len(background.shingles):,} shingles, {len(background.words):,} words, {len(data):,} bytes")
    print(f"the shipped table {agrees}")


def background_without_pairs(shared: Path) -> Background:
    """Return the table of the news articles that have nothing to do with the labelled pairs."""
    articles = [fingerprint_of(row["content"]) for row in _rows(shared / "data/news/saudinewsnet-10k.jsonl.gz")]
    pairs = list(_rows(shared / "data/dedup/pairs.jsonl.gz"))
    sides = [fingerprint_of(text) for text in sorted({pair[side] for pair in pairs for side in "ab"})]
    strangers = _strangers(articles, sides)
    singles = _singles(strangers)
    print(f"{len(articles):,} articles, {len(strangers):,} without text of the pairs, {len(singles):,} without copies")
    return make_background(tuple(singles))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _strangers(articles: Sequence[Fingerprint], sides: Sequence[Fingerprint]) -> list[Fingerprint]:
    """The articles without substantial text of any side."""
    owners = np.repeat(np.arange(len(sides)), [len(side.shingles) for side in sides])
    hashes = np.concatenate([side.shingles for side in sides])
    order = np.argsort(hashes)
    hashes, owners = hashes[order], owners[order]
    sizes = np.array([len(side.shingles) for side in sides])

    def is_stranger(article: Fingerprint) -> bool:
        first, last = np.searchsorted(hashes, article.shingles), np.searchsorted(hashes, article.shingles, "right")
        found = np.concatenate([owners[i:j] for i, j in zip(first, last, strict=True) if i < j] or [owners[:0]])
        shared = np.bincount(found, minlength=len(sides))
        return bool((shared < SHARED_TEXT * np.minimum(sizes, len(article.shingles))).all())

    return [article for article in articles if len(article.shingles) >= FEWEST_SHINGLES and is_stranger(article)]


def _singles(articles: Sequence[Fingerprint]) -> list[Fingerprint]:
    """The articles without further copies of one kept already."""
    kept: list[Fingerprint] = []
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for article in articles:
        probes = article.shingles[:PROBES].tolist()
        likely = Counter(holder for probe in probes for holder in holders[probe]).most_common(3)
        if any(_jaccard(article, kept[holder]) >= COPY_JACCARD for holder, _ in likely):
            continue
        for probe in probes:
            holders[probe].append(len(kept))
        kept.append(article)
    return kept


def _jaccard(one: Fingerprint, other: Fingerprint) -> float:
    shared = len(np.intersect1d(one.shingles, other.shingles, assume_unique=True))
    return shared / (len(one.shingles) + len(other.shingles) - shared)


if __name__ == "__main__":
    main()
