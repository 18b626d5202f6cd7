"""The topic folder: what is read from it, and what is refused."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from marsad.articles import EntityType
from marsad.errors import SettingsError
from marsad.topic import Topic, parse_topic, slug_of
from tests.marsad.conftest import NILE_ENTITIES, NILE_TOPIC

HEAD = "canonical_en,canonical_ar,type\n"


def test_packaged_topic_has_its_target_and_more_than_220_entities(topic: Topic) -> None:
    assert [target.id for target in topic.targets] == ["cooperation"]
    assert len(topic.entities) > 220


def test_ids_are_stable_slugs_and_distinct(topic: Topic) -> None:
    ids = [entity.id for entity in topic.entities]
    assert len(set(ids)) == len(ids)
    assert {"kim-jong-un", "russia", "kcna"} <= set(ids)


def test_every_entity_has_a_type_of_the_guideline(topic: Topic) -> None:
    assert {entity.type for entity in topic.entities} == set(EntityType)


def test_wikidata_ids_are_distinct(topic: Topic) -> None:
    qids = [entity.qid for entity in topic.entities if entity.qid]
    assert len(set(qids)) == len(qids)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        pytest.param("Kim Jong Un", "kim-jong-un", id="words"),
        pytest.param("Workers' Party of Korea", "workers-party-of-korea", id="apostrophe"),
        pytest.param("Russia–DPRK Treaty (2024)", "russiadprk-treaty-2024", id="dash-and-brackets"),
    ],
)
def test_slug(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@pytest.mark.parametrize(
    ("topic_toml", "entities", "stance", "reason"),
    [
        pytest.param("id = ", NILE_ENTITIES, "", "topic.toml: not valid TOML", id="no-toml"),
        pytest.param('id = "x"', NILE_ENTITIES, "", "a topic needs a [[target]]", id="no-target"),
        pytest.param("target = 3", NILE_ENTITIES, "", "written as [[target]] tables", id="target-no-table"),
        pytest.param(NILE_TOPIC, "name\nx\n", "", "column 'canonical_ar' is missing", id="no-column"),
        pytest.param(NILE_TOPIC, HEAD + "X,س,BIRD\n", "", "type is one of", id="no-type"),
        pytest.param(NILE_TOPIC, HEAD + "X,,GPE\n", "", "canonical_ar is empty", id="no-arabic"),
        pytest.param(NILE_TOPIC, HEAD + "X,س,GPE\nX,ص,GPE\n", "", "stands there twice", id="twice"),
        pytest.param(NILE_TOPIC, HEAD + "X,س,GPE\n", "", "no entity has the country 'Ethiopia'", id="no-country"),
        pytest.param(NILE_TOPIC, NILE_ENTITIES, "[verbs.shout]", "a manner is one of", id="no-manner"),
        pytest.param(NILE_TOPIC, NILE_ENTITIES, "[opposed]\nx = 1", "[opposed] holds words", id="no-gloss"),
    ],
)
def test_a_wrong_folder_is_refused_with_its_place(topic_toml: str, entities: str, stance: str, reason: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_topic(topic_toml, entities, stance, "folder")
    assert reason in str(caught.value)
    assert str(caught.value).startswith("folder")


RULES = (
    "names",
    "linking",
    "unlinked",
    "speakers",
    "subjects",
    "anchors",
    "aims",
    "stances",
    "statements",
    "relevance",
)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_names_no_state_of_the_packaged_topic(root: Path, name: str) -> None:
    code = (root / "marsad" / f"{name}.py").read_text("utf-8")
    strings = [node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)]
    texts = [value for value in strings if isinstance(value, str) and "\n" not in value and len(value) < 40]
    assert not [text for text in texts if re.search("كوري|روسي|korea|russia|putin|kim", text.casefold())]
