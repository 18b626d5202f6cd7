"""People whom neither list nor title names: what the model may add, and what it may not."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from marsad.articles import MentionKind
from marsad.errors import SettingsError
from marsad.sequences import LABELS, Model, Token, best_labels, parse_model
from marsad.tagging import read_scene
from marsad.topic import Topic

NOBODY = "ولا توافقه الرأي راشيل مينيونغ لي، الباحثة في مركز ستيمسون، في تقديرها للمكاسب."


def people_of(text: str, topic: Topic) -> list[str]:
    return [name.mention.surface for name in read_scene(text, topic).names if name.mention.type == "PER"]


def unlisted_of(text: str, topic: Topic) -> list[str]:
    names = read_scene(text, topic).names
    return [name.mention.surface for name in names if name.mention.kind is MentionKind.UNLINKED]


def test_a_person_without_title_is_seen_by_the_model(topic: Topic) -> None:
    assert "راشيل مينيونغ لي" in people_of(NOBODY, topic)


def test_without_a_model_titles_alone_name_people(topic: Topic) -> None:
    assert people_of(NOBODY, replace(topic, guesser=None)) == []


def test_listed_names_are_never_given_to_the_model(topic: Topic) -> None:
    text = "وقال فلاديمير بوتين إن كيم جونغ أون صديق."
    assert unlisted_of(text, topic) == []


def test_sentences_that_hand_no_words_over_are_not_read_by_the_model(topic: Topic) -> None:
    assert people_of("الجو معتدل قرب دار راشيل مينيونغ.", topic) == []


def test_the_likeliest_path_beats_the_likeliest_word() -> None:
    size = len(LABELS)
    moves = [[0.0] * size for _ in range(size)]
    moves[2][1] = 5.0  # to the second label, from the first
    model = Model({"w=a": ((1, 1.0),), "w=b": ((0, 1.0),)}, np.array(moves))
    assert best_labels(model, (Token("a", "", is_cut=False), Token("b", "", is_cut=False))) == ("B-PER", "I-PER")


def test_no_words_have_no_labels() -> None:
    assert best_labels(Model({}, np.zeros((len(LABELS), len(LABELS)))), ()) == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("no json", id="no-json"),
        pytest.param("[]", id="no-table"),
        pytest.param(json.dumps({"labels": ["O"], "moves": [], "states": {}}), id="other-labels"),
        pytest.param(json.dumps({"labels": LABELS, "moves": [], "states": {"w=a": "x"}}), id="no-weights"),
    ],
)
def test_what_is_no_model_is_refused_by_name(text: str) -> None:
    with pytest.raises(SettingsError, match=r"names\.json"):
        parse_model(text, "names.json")
