"""The prompt of marsad sql: what is typed, what is offered, what is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from flows.sql_prompt import FaceCompleter, converse
from flows.sql_verb import sql
from marsad.articles import Entity, EntityType
from marsad.errors import WarehouseUnusable
from warehouse.core import Core
from warehouse.reader import Reader

Type = Callable[[str], None]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    core = Core(tmp_path_factory.mktemp("prompt"))
    core.create_or_migrate()
    core.append_entities([Entity("seoul", "Seoul", "سيول", EntityType.GPE)], datetime(2026, 3, 10, tzinfo=UTC))
    core.publish()
    return Reader(core.folder)


@pytest.fixture
def typed(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> Iterator[Type]:
    """Types keys at the prompt, then Ctrl-D."""
    monkeypatch.setenv("PAGER", "cat")
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):

        def types(text: str) -> None:
            keys.send_text(f"{text}\x04")
            converse(reader)

        yield types


def test_a_query_is_answered_with_its_time(typed: Type, capsys: pytest.CaptureFixture[str]) -> None:
    typed("select name, name_ar from entities;\r")
    out, err = capsys.readouterr()
    assert "Seoul" in out
    assert "\u2068سيول\u2069" in out  # isolated, so that the columns stay where they are
    assert "1 row\n" in out
    assert err.splitlines()[-1].endswith(" s")


def test_what_is_wrong_is_explained_and_the_next_query_may_come(
    typed: Type, capsys: pytest.CaptureFixture[str]
) -> None:
    typed("select nothing from nowhere\rdelete from core.entity\rselect 41 + 1 as x\r.nonsense\r")
    out, err = capsys.readouterr()
    assert "nowhere" in err
    assert "read-only" in err
    assert "knows .views, .columns" in err
    assert "42" in out


def test_a_query_may_have_several_lines(typed: Type, capsys: pytest.CaptureFixture[str]) -> None:
    typed("select 6 *\x1b\r7 as x\r")
    assert "42" in capsys.readouterr().out


def test_ctrl_c_gives_up_a_line_and_not_the_prompt(typed: Type, capsys: pytest.CaptureFixture[str]) -> None:
    typed("select 1 as given_up\x03select 42 as x\r")
    out, _ = capsys.readouterr()
    assert "42" in out
    assert "given_up" not in out


def test_what_can_be_asked_is_listed(typed: Type, capsys: pytest.CaptureFixture[str]) -> None:
    typed(".views\r.columns daily_coverage\r.columns nowhere\r.quit\rselect 1 as never\r")
    out, err = capsys.readouterr()
    assert "search(text, best)" in out
    assert "entry_count" in out
    assert "there is no view 'nowhere'" in err
    assert "--- never" not in out
    assert "never\n" not in out


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("out.csv", lambda file: file.read_text("utf-8") == "name,name_ar\nSeoul,سيول\n"),
        ("out.json", lambda file: json.loads(file.read_text("utf-8")) == [{"name": "Seoul", "name_ar": "سيول"}]),
        ("out.parquet", lambda file: duckdb.sql(f"from '{file}'").fetchall() == [("Seoul", "سيول")]),
    ],
    ids=["csv", "json", "parquet"],
)
def test_the_last_answer_is_exported(typed: Type, tmp_path: Path, name: str, read: Callable[[Path], bool]) -> None:
    typed(f"select name, name_ar from entities\r.export {tmp_path / name}\r")
    assert read(tmp_path / name)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (".export x.csv\r", "no answer yet"),
        ("select 1\r.export x.doc\r", "ends in none of"),
        ("select 1\r.export\r", "name a file"),
        ("select 1\r.export /nowhere/at/all.csv\r", "cannot be written"),
    ],
    ids=["nothing-asked", "unknown-form", "no-name", "no-folder"],
)
def test_an_export_that_cannot_be_says_why(
    typed: Type, capsys: pytest.CaptureFixture[str], keys: str, said: str
) -> None:
    typed(keys)
    assert said in capsys.readouterr().err


def test_what_was_typed_is_there_the_next_time(typed: Type, reader: Reader, capsys: pytest.CaptureFixture[str]) -> None:
    typed("select 40 + 2 as kept\r")
    capsys.readouterr()
    typed("\x1b[A\r")  # the arrow up
    assert "42" in capsys.readouterr().out
    assert (reader.folder / "sql_history").stat().st_mode & 0o077 == 0


def test_before_the_first_cycle_one_sentence_says_so(tmp_path: Path) -> None:
    with pytest.raises(WarehouseUnusable, match="nothing has been published yet"):
        converse(Reader(tmp_path))


@pytest.mark.parametrize(
    ("typed_so_far", "offered", "withheld"),
    [
        ("from daily_c", {"daily_coverage", "daily_coverage_in("}, {"daily_entities"}),
        ("select entr", {"entry_count"}, {"from"}),
        ("select a.", {"title", "outlet"}, {"articles", "select"}),
        ("select a.ti", {"title"}, {"outlet"}),
        ("from search(", set(), {"search("}),
        ("SEL", {"select"}, set()),
        (".vi", set(), {"views"}),
    ],
)
def test_completion_knows_views_macros_and_columns(
    reader: Reader, typed_so_far: str, offered: set[str], withheld: set[str]
) -> None:
    found = FaceCompleter(reader.face()).get_completions(Document(typed_so_far), CompleteEvent())
    texts = [one.text for one in found]
    assert offered <= set(texts)
    assert not withheld & set(texts)
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("query", ["-- how many\nselect 1 as n", "--how=many\nselect 1 as n"], ids=["words", "a sign"])
def test_a_query_of_the_command_line_may_begin_with_a_comment(query: str, reader: Reader) -> None:
    done = CliRunner().invoke(sql, ["--data", str(reader.folder), query, "--json"])
    assert json.loads(done.stdout) == [{"n": 1}]
