"""docs/queries.md: every query is answered by a world of our own as the document says."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.questions_world import QUERIES, Question, answered, build, questions
from warehouse.questioning import Table
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


@pytest.fixture(scope="module")
def far_tool(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Another tool, in the zone furthest from UTC; on a file of its own, as a file has one lock in a process."""
    file = shutil.copy(reader.file, tmp_path_factory.mktemp("far") / "marsad.duckdb")
    with duckdb.connect(str(file), read_only=True) as tool:
        tool.execute("set TimeZone = 'Pacific/Kiritimati'")
        yield tool


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.title)
def test_a_question_is_answered_alike_wherever_it_is_asked(
    far_tool: duckdb.DuckDBPyConnection, question: Question
) -> None:
    found = far_tool.execute(question.sql)
    names = tuple(name for name, *_ in found.description or ())
    assert answered(Table(names, (), tuple(found.fetchall()))) == question.answer


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


@pytest.fixture
def analyst(reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder in which the world is `data`, as docs/reading.md has it."""
    (tmp_path / "data").symlink_to(reader.folder)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def blocks(root: Path, language: str) -> list[str]:
    text = (root / "docs" / "reading.md").read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_python_reads_the_file_as_the_document_says(analyst: Path, root: Path) -> None:
    (block,) = blocks(root, "python")
    found: dict[str, Any] = {}
    exec(block, found)
    assert analyst == Path.cwd()
    assert (len(found["days"]), len(found["best"]), found["table"].num_rows) == (35, 14, 41)


@pytest.mark.parametrize("number", [0, 1], ids=["no-folder", "its-folder"])
def test_a_tool_whose_access_is_closed_as_the_document_says_reads_on(analyst: Path, root: Path, number: int) -> None:
    with duckdb.connect("data/published/marsad.duckdb", read_only=True) as tool:
        tool.execute(blocks(root, "sql")[number])
        for asked in ("articles", "daily_coverage", "spikes", "search('سيول')"):  # Seoul
            assert tool.execute(f"from {asked}").fetchall()
        (analyst / "other").write_text("secret")
        for refused in ("from read_text('other')", "copy (select 1) to 'new'", "attach 'data/core.duckdb' as core"):
            with pytest.raises(duckdb.PermissionException):
                tool.execute(refused)


def test_documents_name_each_other(root: Path) -> None:
    for name in re.findall(r"\]\(([\w-]+\.md)\)", QUERIES.read_text("utf-8")):
        assert (root / "docs" / name).exists(), name
