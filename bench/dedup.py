"""Measures fingerprints and relations on the labelled pairs and the news articles.

    .venv/bin/python bench/dedup.py [--shared ../shared]

The thresholds of marsad/novelty.py were chosen on these pairs, so the first line flatters them. The second does not:
the pairs are dealt into two halves, thresholds are chosen on one and judged on the other, and the reverse. Pairs with
an article in common, and with it every family of one formula, lie in one half.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from marsad import novelty
from marsad.background import Background, parse_background
from marsad.identity import key_of
from marsad.relations import Fingerprint, RelationKind
from marsad.sketches import fingerprint_of, sketch_of

ROOT = Path(__file__).resolve().parent.parent

COPIES = {RelationKind.EXACT, RelationKind.NEAR_DUP, RelationKind.EXCERPT_OF, RelationKind.CONTAINS}

#: What is tried on one half: containment, share of names lost, scatter, share of words exchanged.
GRID = tuple(product((0.5, 0.55, 0.6, 0.65), (0.03, 0.04, 0.05), (1.9, 2.2, 2.5), (0.02, 0.03, 0.04)))

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two fingerprints with their label: 0 different, 1 duplicate, 2 one contains the other."""

    a: Fingerprint
    b: Fingerprint
    label: int
    kind: str
    source: str

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles it was made from; unrelated ones say nothing of each other."""
        origin, _, ids = self.source.partition(":")
        return (self.source,) if self.kind == "neg_unrelated" else tuple((ids or origin).split("-"))


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description="measures marsad.sketches and marsad.novelty")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    shared = parser.parse_args().shared
    background = parse_background((ROOT / "seeds/background.npz").read_bytes())
    rows = _rows(shared / "data/dedup/pairs.jsonl.gz")
    pairs = [Pair(fingerprint_of(r["a"]), fingerprint_of(r["b"]), int(r["label"]), r["kind"], r["src"]) for r in rows]
    print("shipped thresholds ", _figures(pairs, _judged(pairs, background)))
    print("held-out thresholds", _figures(pairs, _held_out(pairs, background)))
    print("plain Jaccard >= .5", _figures(pairs, np.array([_jaccard(pair) >= 0.5 for pair in pairs])))
    _speed([row["content"] for row in _rows(shared / "data/news/saudinewsnet-10k.jsonl.gz")])


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _judged(pairs: Sequence[Pair], background: Background) -> Mask:
    return np.array([novelty.judge_pair(pair.a, pair.b, background)[0] in COPIES for pair in pairs])


def _held_out(pairs: Sequence[Pair], background: Background) -> Mask:
    half = _halves(pairs)
    tried = []
    for containment, names_lost, scatter, exchanged in GRID:
        with patch.multiple(
            novelty,
            DUPLICATE_CONTAINMENT=containment,
            NAMES_LOST_SHARE=names_lost,
            SCATTER=scatter,
            WORDS_EXCHANGED_SHARE=exchanged,
        ):
            tried.append(_judged(pairs, background))
    merged = np.zeros(len(pairs), np.bool_)
    for side in (0, 1):
        scores = [
            _f1(pairs, judged, half == side) + _f1(pairs, judged, (half == side) & _real(pairs)) for judged in tried
        ]
        best = int(np.argmax(scores))
        print(f"  chosen on half {side}: containment, names lost, scatter, exchanged = {GRID[best]}")
        merged[half != side] = tried[best][half != side]
    return merged


def _halves(pairs: Sequence[Pair]) -> NDArray[np.int_]:
    """Deal whole families to two halves: formulas first, largest first, each to the half that has fewer."""
    family: dict[str, str] = {}

    def root(article: str) -> str:
        while family.setdefault(article, article) != article:
            article = family[article]
        return article

    for pair in pairs:
        for article in pair.articles:
            family[root(article)] = root(pair.articles[0])
    members: defaultdict[str, list[int]] = defaultdict(list)
    for index, pair in enumerate(pairs):
        members[root(pair.articles[0])].append(index)
    half = np.zeros(len(pairs), np.int_)
    loads = {name: [0, 0] for name in ("formula", "real", "made", "unrelated")}
    for name in sorted(members, key=lambda name: (-len(members[name]), key_of(name))):
        load = loads[_family_kind([pairs[index] for index in members[name]])]
        side = int(load[1] < load[0])
        load[side] += len(members[name])
        half[members[name]] = side
    return half


def _family_kind(family: Sequence[Pair]) -> str:
    kinds = " ".join(pair.kind for pair in family)
    return next(
        (
            name
            for name, sign in (("formula", "template"), ("real", "real"), ("unrelated", "unrelated"))
            if sign in kinds
        ),
        "made",
    )


def _real(pairs: Sequence[Pair]) -> Mask:
    """Pairs of printed articles, and all negatives."""
    return np.array(["real" in pair.kind or pair.label == 0 for pair in pairs])


def _f1(pairs: Sequence[Pair], judged: Mask, among: Mask) -> float:
    truth = np.array([pair.label > 0 for pair in pairs])
    hits = np.count_nonzero(judged & truth & among)
    return float(2 * hits / max(1, np.count_nonzero(judged & among) + np.count_nonzero(truth & among)))


def _figures(pairs: Sequence[Pair], judged: Mask) -> str:
    truth = np.array([pair.label > 0 for pair in pairs])
    everything = np.ones(len(pairs), np.bool_)
    formulas = np.array(["template" in pair.kind for pair in pairs])
    contained = np.array([pair.label == 2 for pair in pairs])
    return (
        f"all kinds F1 {_f1(pairs, judged, everything):.3f} precision {truth[judged].mean():.3f}"
        f" recall {judged[truth].mean():.3f}; real F1 {_f1(pairs, judged, _real(pairs)):.3f};"
        f" formulas merged {judged[formulas].mean():.3f}; containment recall {judged[contained].mean():.3f}"
    )


def _jaccard(pair: Pair) -> float:
    shared = len(np.intersect1d(pair.a.shingles, pair.b.shingles, assume_unique=True))
    return shared / max(1, len(pair.a.shingles) + len(pair.b.shingles) - shared)


def _speed(texts: Sequence[str]) -> None:
    began = time.perf_counter()
    sketches = [sketch_of(0, fingerprint_of(text)) for text in texts]
    seconds = time.perf_counter() - began
    size = np.mean([len(sketch.hashes) for sketch in sketches])
    print(f"text to sketch: {len(texts) / seconds:,.0f} articles/s on one core, {size:.0f} hashes each")


if __name__ == "__main__":
    main()
