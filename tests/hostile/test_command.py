"""What a user gets wrong ends in one sentence and the right exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.command import marsad as command
from flows.configuration import Place, read_topic
from flows.stages import tag
from marsad.topic import Topic

MARSAD = Path(sys.executable).with_name("marsad")


def marsad(*words: str, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("MARSAD_")}
    return subprocess.run([MARSAD, *words], cwd=cwd, env=env, input=stdin, capture_output=True, text=True, check=False)


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


def test_a_wrong_settings_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "marsad.toml").write_text("[fetch]\nspeed = 'high'\n")
    done = marsad("run", cwd=tmp_path)
    assert (done.returncode, "marsad.toml: fetch.speed" in sentence(done)) == (2, True)


def test_a_settings_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = marsad("run", "--settings", "other.toml", cwd=tmp_path)
    assert (done.returncode, "other.toml: there is no such file" in sentence(done)) == (2, True)


def test_a_topic_folder_without_feeds_is_named(tmp_path: Path) -> None:
    (tmp_path / "marsad.toml").write_text("topic = 'mine'\n")
    done = marsad("run", cwd=tmp_path)
    assert (done.returncode, "feeds.toml: there is no such file" in sentence(done)) == (2, True)


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    done = marsad("run", cwd=tmp_path)
    assert (done.returncode, "data" in sentence(done)) == (3, True)


def test_a_damaged_warehouse_is_named_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    damaged = b"this is no database" * 1000
    (tmp_path / "data" / "core.duckdb").write_bytes(damaged)
    done = marsad("run", cwd=tmp_path)
    assert (done.returncode, "core.duckdb" in sentence(done)) == (3, True)
    assert (tmp_path / "data" / "core.duckdb").read_bytes() == damaged


def test_asking_before_the_first_cycle_says_so(tmp_path: Path) -> None:
    done = marsad("sql", "select 1", cwd=tmp_path)
    assert (done.returncode, "marsad run" in sentence(done)) == (3, True)


def test_a_verb_that_does_not_exist_is_a_usage_error(tmp_path: Path) -> None:
    done = marsad("fly", cwd=tmp_path)
    assert (done.returncode, "No such command" in done.stderr) == (2, True)


@pytest.mark.parametrize("words", [("trends",), ("feeds", "add", "https://example.org")], ids=["trends", "feeds add"])
def test_a_zone_that_is_none_is_a_usage_error(words: tuple[str, ...], tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["--data", str(tmp_path), *words, "--zone", "Nowhere"])
    assert (done.exit_code, "'--zone': 'Nowhere' is no time zone" in done.stderr) == (2, True)


def test_a_bug_has_an_exit_code_of_its_own(tmp_path: Path) -> None:
    code = "import flows.up_verb as c, flows.command as m; c.up.callback = lambda **_: 1 / 0; m.main()"
    done = subprocess.run([sys.executable, "-c", code, "up"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "ZeroDivisionError" in done.stderr) == (70, True)


def test_help_needs_neither_database_nor_engine(tmp_path: Path) -> None:
    code = (
        "import sys; from flows.command import marsad; marsad(['--help'], standalone_mode=False); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert {"duckdb", "prefect", "trafilatura", "numpy", "pydantic", "rich"} & set(done.stdout.split()) == set()


def test_two_hundred_texts_load_the_topic_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[object] = []

    def counted(place: Place) -> Topic:
        loads.append(place)
        return read_topic(place)

    monkeypatch.setattr("flows.configuration.read_topic", counted)
    lines = "".join(json.dumps({"id": number, "text": "نص"}) + "\n" for number in range(200))
    done = CliRunner().invoke(tag, ["--jsonl"], input=lines)
    assert (done.exit_code, len(done.output.splitlines()), len(loads)) == (0, 200, 1)


def test_two_hundred_texts_are_answered_in_one_call(tmp_path: Path) -> None:
    lines = "".join(
        json.dumps({"id": n, "text": f"عنوان\n\nقالت موسكو إنها ترحب بالوفد رقم {n}."}) + "\n" for n in range(200)
    )
    done = marsad("tag", "--jsonl", cwd=tmp_path, stdin=lines + "no json\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [*range(200), None]
    assert "error" in answers[-1]
    assert all("relevance" in answer for answer in answers[:-1])


def test_an_unreadable_page_is_answered_in_its_place(tmp_path: Path) -> None:
    page = "<html><body><article><h1>عنوان</h1>" + "<p>نص الخبر يطول هنا حتى يصير مقالا كاملا له معنى واضح.</p>" * 9
    (tmp_path / "a.html").write_text(page, "utf-8")
    lines = [{"id": 1, "path": "none.html"}, {"id": 2, "path": "a.html"}, {"id": 3}, {"id": 4, "path": "a.html"}]
    done = marsad("extract", "--jsonl", cwd=tmp_path, stdin="\n".join(map(json.dumps, lines)))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [1, 2, 3, 4]
    assert ["error" in answer for answer in answers] == [True, False, True, False]


def test_texts_no_terminal_can_write_are_answered(tmp_path: Path) -> None:
    lines = '{"id": 1, "a": "\\ud800 x", "b": ""}\n{"id": "\\ud800", "a": "x", "b": "x"}\n'
    done = marsad("compare", "--jsonl", cwd=tmp_path, stdin=lines)
    assert [json.loads(line)["relation"] for line in done.stdout.splitlines()] == ["none", "exact"]
