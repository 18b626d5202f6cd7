"""The two topics of the tests: the packaged one, and a small one that has nothing to do with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad.topic import Topic, parse_topic

NILE_TOPIC = """
id = "nile"
name = "Nile water"
name_ar = "مياه النيل"

[[target]]
id = "dam"
name = "The Grand Ethiopian Renaissance Dam"
name_ar = "سد النهضة"
themes = ["سد النهضة", "مياه النيل", "ملء السد"]
links = ["السد", "الملء"]

[near]
countries = ["Ethiopia"]
"""
NILE_ENTITIES = """canonical_en,canonical_ar,type,aliases,qid,country,nisba,adjective,short,roles
Ethiopia,إثيوبيا,GPE,أثيوبيا,Q115,Ethiopia,إثيوبي,Ethiopian,,
Egypt,مصر,GPE,,Q79,Egypt,مصري,Egyptian,,
Addis Ababa,أديس أبابا,GPE,,,Ethiopia,,,,
Abiy Ahmed,آبي أحمد,PER,,,Ethiopia,,,,رئيس الوزراء الإثيوبي
"""


@pytest.fixture(scope="session")
def topic(root: Path) -> Topic:
    """The packaged topic."""
    files = ("topic.toml", "entities.csv", "stance.toml")
    return parse_topic(
        *((root / "seeds" / name).read_text("utf-8") for name in files),
        "seeds",
        (root / "seeds" / "names.json").read_text("utf-8"),
    )


@pytest.fixture(scope="session")
def nile(root: Path) -> Topic:
    """Another topic: its own names and words, the language's cues."""
    return parse_topic(NILE_TOPIC, NILE_ENTITIES, (root / "seeds" / "stance.toml").read_text("utf-8"), "nile")
