"""People whom neither list nor title names: what the model may add, and what it may not."""

from __future__ import annotations

import json
from dataclasses import replace

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


def model_of(moves: list[list[float]], **states: str) -> Model:
    return parse_model(json.dumps({"labels": LABELS, "moves": moves, "states": states}), "names.json")


def test_the_likeliest_path_beats_the_likeliest_word() -> None:
    moves = [[0.0] * len(LABELS) for _ in LABELS]
    moves[1][2] = 5.0  # from the second label, to the third
    model = model_of(moves, **{"w=a": "1:1.0", "w=b": "0:1.0"})
    assert best_labels(model, (Token("a", "", is_cut=False), Token("b", "", is_cut=False))) == ("B-PER", "I-PER")


@pytest.mark.parametrize(
    ("feature", "labels"),
    [
        pytest.param("w=ab", ("O", "B-LOC", "O"), id="the-word-itself"),
        pytest.param("-1:w=ab", ("O", "O", "B-LOC"), id="the-word-before"),
        pytest.param("1:w=ab", ("B-LOC", "O", "O"), id="the-word-behind"),
        pytest.param("2:w=abc", ("B-LOC", "O", "O"), id="the-second-word-behind"),
        pytest.param("s=b", ("O", "B-LOC", "O"), id="its-last-letter"),
        pytest.param("1:e=bc", ("O", "B-LOC", "O"), id="the-end-of-the-word-behind"),
        pytest.param("-1:edge", ("B-LOC", "O", "O"), id="no-word-before"),
        pytest.param("2:edge", ("O", "B-LOC", "B-LOC"), id="no-second-word-behind"),
        pytest.param("cut", ("O", "O", "B-LOC"), id="punctuation-before-it"),
        pytest.param("1:cut", ("O", "B-LOC", "O"), id="punctuation-behind-it"),
    ],
)
def test_the_model_sees_a_word_and_those_beside_it(feature: str, labels: tuple[str, ...]) -> None:
    model = model_of([[0.0] * len(LABELS) for _ in LABELS], **{feature: "5:1.0"})
    tokens = tuple(Token(text, "", is_cut=text == "abc") for text in ("a", "ab", "abc"))
    assert best_labels(model, tokens) == labels


def test_no_words_have_no_labels() -> None:
    assert best_labels(model_of([[0.0] * len(LABELS) for _ in LABELS]), ()) == ()


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
