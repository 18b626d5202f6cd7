"""A hundred links among news articles, drawn by a fixed seed (bench/links.py), read and judged by one reader.

The links are those by wording: copies, excerpts, and articles on one event that share much of it. Stories by leads are
judged in test_headlines.py. The background counts come from the same corpus, less what resembles the labelled pairs.
"""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest

from marsad.background import parse_background
from marsad.identity import key_of
from marsad.novelty import judge_pair
from marsad.relations import RelationKind
from marsad.sketches import fingerprint_of

PRECISION = 0.95
RECALL = 0.97  #: of the links judged right: a rule that finds fewer has become another rule


@pytest.fixture(scope="module")
def verdicts(root: Path) -> dict[tuple[int, int], bool]:
    with (root / "tests/quality/links.csv").open(encoding="utf-8") as lines:
        return {(int(row["a"]), int(row["b"])): row["is_right"] == "yes" for row in csv.DictReader(lines)}


@pytest.fixture(scope="module")
def related(shared: Path, root: Path, verdicts: dict[tuple[int, int], bool]) -> dict[tuple[int, int], bool]:
    background = parse_background((root / "seeds/background.npz").read_bytes())
    wanted = {key for pair in verdicts for key in pair}
    prints = {}
    with gzip.open(shared / "data/news/saudinewsnet-10k.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if (key := key_of(row["url"])) in wanted and key not in prints and row["content"].strip():
                prints[key] = fingerprint_of(f"{row['title'] or ''}\n\n{row['content']}")
    return {
        pair: judge_pair(prints[pair[0]], prints[pair[1]], background)[0] is not RelationKind.NONE for pair in verdicts
    }


def test_links_are_right(verdicts: dict[tuple[int, int], bool], related: dict[tuple[int, int], bool]) -> None:
    linked = [is_right for pair, is_right in verdicts.items() if related[pair]]
    assert sum(linked) >= PRECISION * len(linked)


def test_right_links_are_found(verdicts: dict[tuple[int, int], bool], related: dict[tuple[int, int], bool]) -> None:
    right = [pair for pair, is_right in verdicts.items() if is_right]
    assert sum(related[pair] for pair in right) >= RECALL * len(right)
