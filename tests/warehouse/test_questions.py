"""docs/queries.md: every query is answered by a world of our own as the document says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.questions_world import QUERIES, Question, answered, build, questions
from warehouse.reader import Reader

QUESTIONS = questions(QUERIES.read_text("utf-8"))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return build(tmp_path_factory.mktemp("questions"))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.title)
def test_a_question_is_answered_as_written(reader: Reader, question: Question) -> None:
    """`make docs` writes the answers anew; look at them before they are kept."""
    table = reader.query(question.sql)
    assert answered(table) == question.answer
    assert table.rows


def test_each_heading_has_a_query() -> None:
    assert [question.title for question in QUESTIONS] == re.findall(
        r"^### (.+)$", QUERIES.read_text("utf-8"), re.MULTILINE
    )
    assert len(QUESTIONS) >= 25


def test_every_view_and_macro_for_analysts_answers_a_question(reader: Reader) -> None:
    faces = reader.query(
        "select view_name from duckdb_views() where not internal and schema_name = 'main' union "
        "select function_name from duckdb_functions() where not internal and schema_name = 'main'"
    ).rows
    asked = " ".join(question.sql for question in QUESTIONS)
    unasked = {name for (name,) in faces if not re.search(rf"\b{name}\b", asked)}
    of_zones_or_instants = {name for name in unasked if name.endswith(("_in", "_at"))}
    assert unasked - of_zones_or_instants == {"ar_fold", "alerts", "discoveries", "entities", "daily_entities"}


def test_documents_name_each_other(root: Path) -> None:
    for name in re.findall(r"\]\(([\w-]+\.md)\)", QUERIES.read_text("utf-8")):
        assert (root / "docs" / name).exists(), name
