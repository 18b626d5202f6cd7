"""How right the relations are on the labelled pairs, as floors.

The thresholds were chosen on these pairs; bench/dedup.py gives the figures for thresholds chosen on other ones: F1 .990
of all kinds, .938 of copies in print, no formula merged, .995 of parts and wholes found.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from marsad.background import parse_background
from marsad.novelty import judge_pair
from marsad.relations import RelationKind
from marsad.sketches import fingerprint_of

COPIES = {RelationKind.EXACT, RelationKind.NEAR_DUP, RelationKind.EXCERPT_OF, RelationKind.CONTAINS}


@dataclass(frozen=True)
class Judged:
    label: int
    kind: str
    relation: RelationKind

    @property
    def is_merged(self) -> bool:
        return self.relation in COPIES


@pytest.fixture(scope="module")
def pairs(shared: Path, root: Path) -> list[Judged]:
    background = parse_background((root / "seeds/background.npz").read_bytes())
    with gzip.open(shared / "data/dedup/pairs.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Judged(row["label"], row["kind"], judge_pair(*map(fingerprint_of, (row["a"], row["b"])), background)[0])
        for row in rows
    ]


def f1(pairs: list[Judged]) -> float:
    hits = sum(p.is_merged and p.label > 0 for p in pairs)
    return 2 * hits / (sum(p.is_merged for p in pairs) + sum(p.label > 0 for p in pairs))


def merged_share(pairs: list[Judged]) -> float:
    assert pairs
    return sum(p.is_merged for p in pairs) / len(pairs)


def test_all_kinds_of_copies_are_found(pairs: list[Judged]) -> None:
    assert f1(pairs) >= 0.99


def test_what_is_merged_is_a_copy(pairs: list[Judged]) -> None:
    merged = [p for p in pairs if p.is_merged]
    assert sum(p.label > 0 for p in merged) / len(merged) >= 0.99


def test_copies_in_print_are_found_among_all_negatives(pairs: list[Judged]) -> None:
    assert f1([p for p in pairs if p.label == 0 or "real" in p.kind]) >= 0.94


def test_events_told_in_one_formula_stay_apart(pairs: list[Judged]) -> None:
    assert merged_share([p for p in pairs if "template" in p.kind]) <= 0.01


def test_parts_and_wholes_are_found(pairs: list[Judged]) -> None:
    assert merged_share([p for p in pairs if p.label == 2]) >= 0.98


def test_parts_and_wholes_are_told_apart(pairs: list[Judged]) -> None:
    # The first text of these pairs is the whole one.
    cut = [p.relation for p in pairs if p.kind in {"trunc_summary", "trunc_half"}]
    assert cut.count(RelationKind.CONTAINS) == len(cut)


@pytest.mark.parametrize("kind", ["neg_seed_topic", "neg_unrelated", "neg_quote12"])
def test_what_has_nothing_in_common_is_never_merged(pairs: list[Judged], kind: str) -> None:
    assert merged_share([p for p in pairs if p.kind == kind]) == 0.0
