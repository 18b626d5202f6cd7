"""Cutting news text into sentences."""

from __future__ import annotations

from itertools import pairwise

import pytest

from marsad.sentences import split_sentences


def parts_of(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("قال ذلك. ثم مضى.", ["قال ذلك.", "ثم مضى."], id="full-stop"),
        pytest.param("هل قال ذلك؟ نعم!", ["هل قال ذلك؟", "نعم!"], id="question"),
        pytest.param("عنوان\n\nنص", ["عنوان", "نص"], id="lines"),
        pytest.param("قال: «ذهب الوفد. ثم عاد». انتهى.", ["قال: «ذهب الوفد. ثم عاد».", "انتهى."], id="quote"),
        pytest.param('قال: "ذهب. ثم عاد." ومضى.', ['قال: "ذهب. ثم عاد."', "ومضى."], id="stop-inside-straight-quote"),
        pytest.param('قال «نقل عنه "لا. أبدا" ذلك. كله» هنا.', ['قال «نقل عنه "لا. أبدا" ذلك. كله» هنا.'], id="nested"),
        pytest.param("قال ”نعم. لا“ أمس. ثم مضى.", ["قال ”نعم. لا“ أمس.", "ثم مضى."], id="inverted-quotes"),
        pytest.param("في روسيا،. حيث أعرب عنه. ثم", ["في روسيا،. حيث أعرب عنه.", "ثم"], id="comma-stop"),
        pytest.param("والأسلحة. ، بما فيها كذا.", ["والأسلحة. ، بما فيها كذا."], id="stop-comma"),
        pytest.param("قال د. سمير أيوب ذلك.", ["قال د. سمير أيوب ذلك."], id="doctor"),
        pytest.param("بجانب موسكو.. دعم كامل", ["بجانب موسكو.. دعم كامل"], id="pause"),
        pytest.param("بلغ 3.5 مليار. انتهى.", ["بلغ 3.5 مليار.", "انتهى."], id="decimal"),
        pytest.param('قال "ذلك. ثم مضى.', ['قال "ذلك.', "ثم مضى."], id="quote-never-closed"),
        pytest.param("", [], id="empty"),
        pytest.param(" \n\t\n ", [], id="blank"),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert parts_of(text) == parts


def test_paragraphs_are_numbered() -> None:
    assert [s.line for s in split_sentences("ذهب الوفد. عاد الوفد.\n\nانتهى الخبر.")] == [0, 0, 1]


def test_every_word_stands_in_exactly_one_sentence() -> None:
    text = 'قال «أ. ب»، ثم. "ج." د؟! هـ... و\nز'
    spans = [(s.start, s.end) for s in split_sentences(text)]
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert "".join("".join(text[a:b] for a, b in spans).split()) == "".join(text.split())
