"""The overlay of names: what it adds to the listed ones, and what it may not break."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad.corrections import add_entity, add_spelling, bereft_by, merge_entities
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


def test_entities_without_a_column_of_aliases_are_corrected() -> None:
    merged = merge_entities(
        "canonical_en,canonical_ar,type\nEgypt,مصر,GPE\n", add_spelling("", "Egypt", "المحروسة"), ""
    )
    assert "المحروسة" in merged


def test_an_overlay_without_its_columns_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match=r"entities\.csv.*column 'canonical_en'"):
        merge_entities(NILE_ENTITIES, "name\nx\n", "entities.csv")


@pytest.mark.parametrize(
    "overlay",
    [
        pytest.param(add_entity("", "Somebody Else", "آبي أحمد", "PER", ""), id="listed anew"),
        pytest.param(
            add_spelling(add_entity("", "Somebody Else", "فلان", "PER", ""), "Somebody Else", "آبي أحمد"), id="alias"
        ),
    ],
)
def test_a_corrected_spelling_is_the_listed_names_no_more(root: Path, overlay: str) -> None:
    topic = topic_with(add_spelling(overlay, "Abiy Ahmed", "أبيي أحمد"), root)
    assert names_of("وصل ابي احمد وأبيي أحمد.", topic) == ["Somebody Else", "Abiy Ahmed"]
    (abiy,) = (entity for entity in topic.entities if entity.name == "Abiy Ahmed")
    assert (abiy.name_ar, abiy.aliases) == ("أبيي أحمد", ())


def test_a_corrected_spelling_is_no_short_name_or_role_of_another() -> None:
    overlay = add_entity("", "Somebody Else", "رئيس الوزراء الإثيوبي", "PER", "")  # the Ethiopian prime minister
    merged = merge_entities(NILE_ENTITIES, overlay, "entities.csv")
    assert "رئيس" not in next(line for line in merged.splitlines() if line.startswith("Abiy Ahmed"))


def test_the_last_of_two_corrections_of_a_spelling_holds(root: Path) -> None:
    overlay = ""
    for name in ("Egypt", "Ethiopia", "Egypt"):
        overlay = add_spelling(overlay, name, "أرض النيل")  # land of the Nile
        assert names_of("زار أرض النيل.", topic_with(overlay, root)) == [name]
    assert overlay.count("أرض النيل") == 2  # what is said again is not written again


def test_a_name_is_not_left_without_a_spelling(root: Path) -> None:
    entities = topic_with("", root).entities
    assert bereft_by("مصر", "Sudan", entities) == "Egypt"
    assert bereft_by("مصر", "Egypt", entities) == ""
    assert bereft_by("اثيوبيا", "Sudan", entities) == "Ethiopia"  # both of its spellings are read as this one
    assert bereft_by("الحبشة", "Sudan", entities) == ""
