"""The overlay of names: what it adds to the listed ones, and what it may not break."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad.corrections import add_entity, add_spelling, merge_entities
from marsad.errors import SettingsError
from marsad.tagging import read_scene
from marsad.topic import Topic, parse_topic
from tests.marsad.conftest import NILE_ENTITIES, NILE_TOPIC


def topic_with(overlay: str, root: Path) -> Topic:
    merged = merge_entities(NILE_ENTITIES, overlay, "entities.csv")
    return parse_topic(NILE_TOPIC, merged, (root / "seeds" / "stance.toml").read_text("utf-8"), "nile")


def names_of(text: str, topic: Topic) -> list[str | None]:
    return [name.mention.name for name in read_scene(text, topic).names]


def test_a_further_spelling_is_found(root: Path) -> None:
    overlay = add_spelling("", "Abiy Ahmed", "أبيي أحمد")
    assert names_of("وصل أبيي أحمد.", topic_with(overlay, root)) == ["Abiy Ahmed"]


def test_the_old_spellings_stay(root: Path) -> None:
    overlay = add_spelling(add_spelling("", "Ethiopia", "الحبشة"), "Ethiopia", "بلاد الحبشة")
    topic = topic_with(overlay, root)
    assert names_of("أثيوبيا والحبشة", topic) == ["Ethiopia", "Ethiopia"]


def test_a_name_of_its_own_has_its_state(root: Path) -> None:
    overlay = add_entity("", "Sudan", "السودان", "GPE", "Sudan")
    (name,) = read_scene("زار السودان.", topic_with(overlay, root)).names
    assert (name.mention.name, name.country) == ("Sudan", "Sudan")


def test_without_overlay_nothing_changes() -> None:
    assert merge_entities(NILE_ENTITIES, "", "entities.csv") == NILE_ENTITIES


def test_an_overlay_without_its_columns_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match=r"entities\.csv.*column 'canonical_en'"):
        merge_entities(NILE_ENTITIES, "name\nx\n", "entities.csv")
