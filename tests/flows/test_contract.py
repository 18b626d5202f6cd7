"""The JSON contract: one line in, one line out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flows.contract import InputLine, answer_each, optional_text, text_field


def upper(line: InputLine) -> dict[str, Any]:
    return {"said": text_field(line, "text").upper(), "note": optional_text(line, "note")}


def test_answers_keep_order_and_ids_of_any_kind() -> None:
    lines = [json.dumps({"id": key, "text": "a"}) for key in ("x", 7, None, [1], {"k": 2})]
    assert [answer["id"] for answer in answer_each(lines, upper)] == ["x", 7, None, [1], {"k": 2}]


@pytest.mark.parametrize(
    ("line", "answer_id", "reason"),
    [
        pytest.param("{", None, "not a JSON line", id="no JSON"),
        pytest.param("[1]", None, "not a JSON object", id="a list"),
        pytest.param('{"text": "a"}', None, "'id' is missing", id="no id"),
        pytest.param('{"id": 1}', 1, "text: is missing", id="no text"),
        pytest.param('{"id": 2, "text": 5}', 2, "text: is not a text", id="a number for a text"),
        pytest.param('{"id": 3, "text": "a", "note": 5}', 3, "note: is not a text", id="a number for an optional text"),
        pytest.param("[" * 100_000, None, "not a JSON line", id="nested too deep"),
    ],
)
def test_a_bad_line_is_answered_and_the_rest_goes_on(line: str, answer_id: object, reason: str) -> None:
    bad, good = answer_each([line, '{"id": 9, "text": "b"}'], upper)
    assert bad["id"] == answer_id
    assert bad["error"].startswith(reason)
    assert good == {"id": 9, "said": "B", "note": None}


def test_blank_lines_are_no_lines() -> None:
    assert list(answer_each(["\n", "  \n"], upper)) == []
