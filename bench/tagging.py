"""Measures the tagger: quality by set, what its confidence means, speed, and hostile texts.

    .venv/bin/python bench/tagging.py [--shared ../shared]

Sets marked "unseen" were only ever scored as a whole (tests/quality/test_gold.py says how each came about).
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from flows.contract import tagging_fields  # noqa: E402
from marsad.tagging import tag_text  # noqa: E402
from marsad.topic import Topic, parse_topic  # noqa: E402
from tests.quality.score import name_of, overlap, score  # noqa: E402

GOLD = ROOT / "tests" / "quality" / "gold"
SETS = {
    "articles": "development",
    "held_out": "development",
    "own": "development",
    "other_dev": "development",
    "fresh_dev": "development",
    "b_dev": "development",
    "c_dev": "development",
    "d_dev": "development",
    "other_test": "unseen",
    "fresh_test": "unseen",
    "late_test": "unseen",
    "b_test": "unseen",
    "c_test": "unseen",
}
BINS = (0.0, 0.65, 0.75, 0.85, 1.01)
ROUNDS = 5  #: of all texts, the first to warm up

Gold = dict[str, Any]


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    shared = parser.parse_args().shared
    seeds = ROOT / "seeds"
    files = [(seeds / name).read_text("utf-8") for name in ("topic.toml", "entities.csv", "stance.toml")]
    topic = parse_topic(*files, "seeds", (seeds / "names.json").read_text("utf-8"))
    golds = {name: read_golds(GOLD / f"{name}.jsonl") for name in SETS}
    golds["seeds"] = read_golds(shared / "gold" / "seeds.jsonl", shared / "seeds")
    quality(golds, topic)
    for kind in ("development", "unseen"):
        calibration(kind, [g for name, of in golds.items() if SETS.get(name, "development") == kind for g in of], topic)
    speed([gold["text"] for of in golds.values() for gold in of], topic)
    hostile(topic)


def read_golds(file: Path, texts: Path | None = None) -> list[Gold]:
    """Return the annotated texts of a file, their texts from a folder where they are kept apart."""
    golds: list[Gold] = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [gold | {"text": (texts / gold["file"]).read_text("utf-8")} for gold in golds] if texts else golds


def quality(golds: dict[str, list[Gold]], topic: Topic) -> None:
    """Print the scorer's figures by set."""
    with (ROOT / "seeds" / "entities.csv").open(encoding="utf-8") as rows:
        listed = {name_of(row["canonical_en"]) for row in csv.DictReader(rows)}
    print("set          kind         texts listed spans relevance voice statements +stance stance-F1")
    for name, of in golds.items():
        found = score(of, {g["id"]: tagging_fields(tag_text(g["text"], topic)) for g in of}, listed)
        keys = ("listed", "spans", "relevance", "outlet_voice", "statements", "statements_with_stance")
        values = [found[key]["f1"] if isinstance(found[key], dict) else found[key] for key in keys]
        told = " ".join(f"{value:8.2f}" for value in (*values, found["stance_macro_f1"]))
        print(f"{name:12} {SETS.get(name, 'development'):12} {len(of):5} {told}")


def calibration(kind: str, golds: list[Gold], topic: Topic) -> None:
    """Print which share of the statements is right, by their confidence."""
    judged = [pair for gold in golds for pair in rightness(gold, topic)]
    print(f"\nconfidence, {kind} sets: statements, share with the right speaker and stance")
    for low, high in itertools.pairwise(BINS):
        inside = [is_right for confidence, is_right in judged if low <= confidence < high]
        print(f"  {low:.2f} to {min(high, 1):.2f}  {len(inside):4}  {sum(inside) / max(1, len(inside)):.2f}")


def rightness(gold: Gold, topic: Topic) -> Iterator[tuple[float, bool]]:
    """Yield the confidence of each statement found, and whether the gold has it."""
    for said in tagging_fields(tag_text(gold["text"], topic))["statements"]:
        yield said["confidence"], any(is_same(one, said) for one in gold["statements"])


def is_same(one: Gold, said: Gold) -> bool:
    """Say whether the statements have one stance and one speaker; a stance repeated elsewhere is the same."""
    if one["stance"] != said["stance"]:
        return False
    where = (said["speaker_start"], said["speaker_end"])
    is_here = overlap(one["start"], one["end"], said["start"], said["end"]) > 0
    is_named = name_of(one["speaker"]) == name_of(said["speaker"])
    return is_named or (is_here and overlap(one["speaker_start"], one["speaker_end"], *where) > 0)


def speed(texts: list[str], topic: Topic) -> None:
    """Print articles per second on one core, warm, and how long the command needs to start."""
    print()
    for name, used in (("with the model of names", topic), ("without it", replace(topic, guesser=None))):
        rates = [
            len(texts) / seconds_of(lambda used=used: [tag_text(text, used) for text in texts]) for _ in range(ROUNDS)
        ]
        print(f"{max(rates[1:]):.0f} articles/s {name} ({sum(map(len, texts)) // len(texts)} characters each)")
    begun = time.perf_counter()
    command = [sys.executable, "-c", "from flows.command import main; main()", "tag"]
    subprocess.run(command, input=b"\n", check=True, capture_output=True)
    print(f"marsad tag starts in {time.perf_counter() - begun:.2f} s")


def hostile(topic: Topic) -> None:
    """Print how the time grows when a hostile text grows fourfold: 4 is linear."""
    print("\nhostile text, seconds at full size, growth when it grows fourfold")
    for name, make in HOSTILE.items():
        small, large = (min(seconds_of(partial(tag_text, make(n), topic)) for _ in range(2)) for n in (1, 4))
        print(f"  {name:22} {large:6.2f} s  x{large / small:.1f}")


HOSTILE: dict[str, Callable[[int], str]] = {
    "no space": lambda n: "ا" * 250_000 * n,
    "quotation marks": lambda n: "«قال بوتين " * 2_500 * n,
    "straight marks": lambda n: ' "قال بوتين' * 2_500 * n,
    "nested brackets": lambda n: "(قال [بوتين {" * 5_000 * n + "]})" * 5_000 * n,
    "mixed scripts": lambda n: "قال Putin 北 إن سيول " * 5_000 * n,
    "direction controls": lambda n: "\u202eقال\u2066 بوتين\u202c " * 5_000 * n,
    "one endless sentence": lambda n: "وقال بوتين إن كيم صديق " * 2_500 * n,
    "titles without names": lambda n: "الخبير العسكري " * 5_000 * n,
}


def seconds_of(work: Callable[[], object]) -> float:
    """Return how long the work keeps one core busy, whatever else the machine does."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    main()
