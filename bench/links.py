"""Relates the dated news articles by their wording, each to those before it, and draws links to be read and judged.

    .venv/bin/python bench/links.py [--shared ../shared] [--sample links.jsonl]

A store in memory stands in for the warehouse: the postings of all articles, and of those before each the eight that
share the rarest hashes. Stories by leads are not among the links. Verdicts are kept in tests/quality/links.csv.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from marsad.background import parse_background
from marsad.identity import key_of
from marsad.novelty import STORE_COMMON_TEXTS, judge_novelty
from marsad.relations import Fingerprint, Neighbour, Neighbourhood, Origin, Relation
from marsad.sketches import fingerprint_of, sketch_of
from warehouse.neighbours import CANDIDATE_LIMIT_COUNT, SHARED_FLOOR_COUNT

ROOT = Path(__file__).resolve().parent.parent
SAMPLED, SEED = 100, 6


def main() -> None:
    """Print the links by kind, and write those that the seed draws."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--sample", type=Path, help="where to write the links to be read")
    options = parser.parse_args()
    texts = dict(read_texts(options.shared / "data/news/saudinewsnet-10k.jsonl.gz"))
    links = sorted((r.article_id, r.other_id, str(r.kind), round(r.score, 3)) for r in relate(texts))
    print(f"{len(links)} links of {len(texts)} articles: {dict(Counter(link[2] for link in links))}")
    if options.sample:
        with options.sample.open("w", encoding="utf-8") as lines:
            for one, other, kind, score in random.Random(SEED).sample(links, SAMPLED):
                row = {"a": one, "b": other, "kind": kind, "score": score}
                texts_of = {"text_a": texts[one], "text_b": texts[other]}
                lines.write(json.dumps(row | texts_of, ensure_ascii=False) + "\n")


def read_texts(file: Path) -> Iterator[tuple[int, str]]:
    """Yield id and text of each article, in the order of publishing; a url once."""
    rows: dict[int, tuple[str, str]] = {}
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["content"].strip():
                rows.setdefault(
                    key_of(row["url"]), (row["date_extracted"], f"{row['title'] or ''}\n\n{row['content']}")
                )
    yield from ((key, rows[key][1]) for key in sorted(rows, key=lambda key: (rows[key][0], key)))


def relate(texts: Mapping[int, str]) -> Iterator[Relation]:
    """Yield the relations of each article to those before it."""
    background = parse_background((ROOT / "seeds/background.npz").read_bytes())
    prints = {key: fingerprint_of(text) for key, text in texts.items()}
    hashes = {key: sketch_of(key, found).hashes.tolist() for key, found in prints.items()}
    postings: defaultdict[int, list[int]] = defaultdict(list)
    for key, sampled in hashes.items():
        for one in sampled:
            postings[one].append(key)
    places = {key: place for place, key in enumerate(texts)}
    for key, found in prints.items():
        near = _candidates([postings[one] for one in hashes[key]], key, places)
        yield from judge_novelty(key, found, _hood(near, prints, postings, hashes[key]), background).relations


def _hood(
    near: Sequence[int],
    prints: Mapping[int, Fingerprint],
    postings: Mapping[int, Sequence[int]],
    sampled: Sequence[int],
) -> Neighbourhood:
    neighbours = tuple(Neighbour(key, Origin.ARTICLE, prints[key]) for key in near)
    return Neighbourhood(neighbours, (), {one: len(postings[one]) for one in sampled})


def _candidates(held_by: Sequence[Sequence[int]], key: int, places: Mapping[int, int]) -> list[int]:
    weights: defaultdict[int, float] = defaultdict(float)
    counts: Counter[int] = Counter()
    for keys in held_by:
        for other in keys if len(keys) <= STORE_COMMON_TEXTS else ():
            if places[other] < places[key]:
                weights[other] += 1 / len(keys)
                counts[other] += 1
    shared = (other for other in weights if counts[other] >= SHARED_FLOOR_COUNT)
    return sorted(shared, key=lambda other: (-weights[other], other))[:CANDIDATE_LIMIT_COUNT]


if __name__ == "__main__":
    main()
