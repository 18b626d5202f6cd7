"""How well stories are told by headlines: pairs written for it, respelt, reworded, and near wording of another event.

Pairs of odd numbers served for tuning the rules and the word list; those of even numbers were only counted, though
more than once. The floors hold for the even ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.comparing import relate_with
from flows.configuration import Place, packaged_topic, read_knowledge, read_topic
from marsad.relations import RelationKind
from marsad.settings import Settings


@pytest.fixture(scope="module")
def relate(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], dict[str, object]]:
    place = Place(Settings(), None, tmp_path_factory.mktemp("headlines"), packaged_topic())
    return relate_with(read_knowledge(read_topic(place)))


@pytest.fixture(scope="module")
def pairs(root: Path) -> list[dict[str, str]]:
    lines = (root / "tests/quality/gold/headlines.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def grouped_share(pairs: list[dict[str, str]], kind: str, relate: Callable[[str, str], dict[str, object]]) -> float:
    chosen = [pair for pair in pairs if pair["kind"] == kind and int(pair["id"][1:]) % 2 == 0]
    assert len(chosen) >= 10
    return sum(relate(p["a"], p["b"])["relation"] is not RelationKind.NONE for p in chosen) / len(chosen)


@pytest.mark.parametrize(("kind", "floor"), [("respelt", 0.9), ("reworded", 0.6)])
def test_headlines_of_one_event_are_grouped(
    kind: str, floor: float, pairs: list[dict[str, str]], relate: Callable[[str, str], dict[str, object]]
) -> None:
    assert grouped_share(pairs, kind, relate) >= floor


def test_other_events_in_near_wording_stay_apart(
    pairs: list[dict[str, str]], relate: Callable[[str, str], dict[str, object]]
) -> None:
    assert grouped_share(pairs, "different", relate) <= 0.05


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(
            "زلزال بقوة 6.4 درجة يضرب شرق تركيا", "هزة أرضية قوتها 6.4 درجات تهز محافظات شرقي تركيا", id="hits"
        ),
        pytest.param(
            "البنك المركزي الروسي يرفع سعر الفائدة إلى 18 في المئة", "المركزي الروسي يزيد الفائدة إلى 18%", id="rate"
        ),
    ],
)
def test_figures_and_the_verb_to_hit_are_read_as_desks_write_them(
    a: str, b: str, relate: Callable[[str, str], dict[str, object]]
) -> None:
    assert relate(a, b)["relation"] is RelationKind.SAME_STORY
    assert relate(b, a)["relation"] is RelationKind.SAME_STORY
