"""Floors of the tagger on annotated articles.

Development sets: articles.jsonl, the seed texts, own.jsonl and held_out.jsonl, all written or annotated by the author
of the rules (held_out.jsonl gave statements F1 .85 before its errors were looked at, own.jsonl .82); and
other_dev.jsonl.

The fourteen texts of other_dev.jsonl and other_test.jsonl were written and annotated by another hand, in one pass plus
a review of its own. Rules and word lists were changed with other_dev.jsonl in sight; other_test.jsonl was only scored,
as a whole, and nothing was changed because of it: its figures are what articles by strangers may give.

fresh_dev.jsonl and fresh_test.jsonl hold twelve articles each in the manner of as many outlets, annotated before the
rules were run on them (statements F1 .54 and .60 then); the first is read, the second only scored as a whole.

late_test.jsonl holds ten articles in further manners (press review, minutes, fact check, profile, live text, interview,
opinion, party weekly, energy newsletter), written and annotated when the rules were done, and scored once: its floors
are that score, and no rule was changed behind it.

b_dev, b_test, c_dev and c_test.jsonl hold ten articles each, made for as many outlets and genres and annotated before
any rule was run on them, then halved by a hash of their names: statements F1 was .74, .74, .62 and .79 at first. The
errors of the two dev halves were read; the test halves were scored as a whole, at the beginning, near the end and at
the end. d_dev.jsonl holds six more of that kind, scored late (.79) and read.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from flows.contract import tagging_fields
from marsad.tagging import tag_text
from marsad.topic import Topic, parse_topic
from tests.quality.score import name_of, score

GOLD = Path(__file__).parent / "gold"


@pytest.fixture(scope="module")
def topic(root: Path) -> Topic:
    files = ("topic.toml", "entities.csv", "stance.toml")
    return parse_topic(
        *((root / "seeds" / name).read_text("utf-8") for name in files),
        "seeds",
        (root / "seeds" / "names.json").read_text("utf-8"),
    )


@pytest.fixture(scope="module")
def listed(root: Path) -> set[str]:
    with (root / "seeds" / "entities.csv").open(encoding="utf-8") as rows:
        return {name_of(row["canonical_en"]) for row in csv.DictReader(rows)}


def golds_of(path: Path, texts: Path | None = None) -> list[dict[str, Any]]:
    golds = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    if texts is not None:
        for gold in golds:
            gold["text"] = (texts / gold["file"]).read_text("utf-8")
    return golds


def figures_of(golds: list[dict[str, Any]], topic: Topic, listed: set[str]) -> dict[str, Any]:
    outs = {gold["id"]: tagging_fields(tag_text(gold["text"], topic)) for gold in golds}
    figures: dict[str, Any] = score(golds, outs, listed)
    assert figures["errors"] == []
    assert figures["span_mismatch"] == 0
    return figures


def check_floors(figures: dict[str, Any], floors: dict[str, float]) -> None:
    measured = {key: figures[key]["f1"] if isinstance(figures[key], dict) else figures[key] for key in floors}
    assert {key: value for key, value in measured.items() if value < floors[key]} == {}


def test_twenty_articles_of_the_development_set(topic: Topic, listed: set[str]) -> None:
    figures = figures_of(golds_of(GOLD / "articles.jsonl"), topic, listed)
    check_floors(
        figures,
        {
            "listed": 0.97,
            "spans": 0.95,
            "relevance": 0.95,
            "outlet_voice": 0.95,
            "statements": 0.86,
            "statements_with_stance": 0.84,
            "stance_macro_f1": 0.94,
        },
    )
    assert figures["listed"]["p"] >= 0.97
    assert figures["outlet_voice_found"] == "2/2"


def test_the_five_seed_texts_of_the_development_set(topic: Topic, listed: set[str], shared: Path) -> None:
    figures = figures_of(golds_of(shared / "gold" / "seeds.jsonl", shared / "seeds"), topic, listed)
    check_floors(
        figures,
        {
            "listed": 0.97,
            "spans": 0.95,
            "relevance": 0.95,
            "outlet_voice": 0.95,
            "statements": 0.8,
            "statements_with_stance": 0.78,
            "stance_macro_f1": 0.9,
        },
    )


def test_six_articles_of_our_own_once_held_out(topic: Topic, listed: set[str]) -> None:
    figures = figures_of(golds_of(GOLD / "held_out.jsonl"), topic, listed)
    check_floors(
        figures,
        {
            "relevance": 0.95,
            "outlet_voice": 0.8,
            "statements": 0.8,
            "statements_with_stance": 0.74,
            "stance_macro_f1": 0.85,
        },
    )


def test_seven_articles_of_our_own(topic: Topic, listed: set[str]) -> None:
    figures = figures_of(golds_of(GOLD / "own.jsonl"), topic, listed)
    check_floors(figures, {"relevance": 0.95, "outlet_voice": 0.85, "statements": 0.82, "statements_with_stance": 0.8})


def test_seven_articles_of_another_hand_in_development(topic: Topic, listed: set[str]) -> None:
    figures = figures_of(golds_of(GOLD / "other_dev.jsonl"), topic, listed)
    check_floors(
        figures,
        {
            "listed": 0.96,
            "spans": 0.93,
            "relevance": 0.95,
            "outlet_voice": 0.8,
            "statements": 0.86,
            "statements_with_stance": 0.79,
            "stance_macro_f1": 0.88,
        },
    )


def test_seven_articles_of_another_hand_unseen(topic: Topic, listed: set[str]) -> None:
    figures = figures_of(golds_of(GOLD / "other_test.jsonl"), topic, listed)
    check_floors(
        figures,
        {
            "listed": 0.94,
            "spans": 0.83,
            "relevance": 0.8,
            "outlet_voice": 0.95,
            "statements": 0.73,
            "statements_with_stance": 0.56,
            "stance_macro_f1": 0.68,
        },
    )


def test_twelve_articles_of_other_outlets_in_development(topic: Topic, listed: set[str]) -> None:
    figures = figures_of(golds_of(GOLD / "fresh_dev.jsonl"), topic, listed)
    check_floors(
        figures, {"listed": 0.94, "spans": 0.89, "relevance": 0.9, "statements": 0.7, "statements_with_stance": 0.62}
    )


def test_twelve_articles_of_other_outlets_unseen(topic: Topic, listed: set[str]) -> None:
    figures = figures_of(golds_of(GOLD / "fresh_test.jsonl"), topic, listed)
    check_floors(
        figures, {"listed": 0.92, "spans": 0.9, "relevance": 0.9, "statements": 0.63, "statements_with_stance": 0.53}
    )


@pytest.mark.parametrize(
    ("name", "statements", "with_stance"),
    [
        ("b_dev", 0.87, 0.84),
        ("c_dev", 0.79, 0.79),
        ("d_dev", 0.8, 0.63),
        ("b_test", 0.74, 0.65),
        ("c_test", 0.76, 0.66),
    ],
)
def test_articles_of_many_genres(
    topic: Topic, listed: set[str], name: str, statements: float, with_stance: float
) -> None:
    figures = figures_of(golds_of(GOLD / f"{name}.jsonl"), topic, listed)
    floors = {"listed": 0.94, "spans": 0.91, "statements": statements, "statements_with_stance": with_stance}
    check_floors(figures, floors)


def test_ten_articles_in_further_manners_scored_once(topic: Topic, listed: set[str]) -> None:
    figures = figures_of(golds_of(GOLD / "late_test.jsonl"), topic, listed)
    check_floors(
        figures,
        {
            "listed": 0.91,
            "spans": 0.89,
            "relevance": 0.9,
            "outlet_voice": 0.9,
            "statements": 0.6,
            "statements_with_stance": 0.55,
            "stance_macro_f1": 0.9,
        },
    )
