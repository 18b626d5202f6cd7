"""A command that Marsad prints works when it is pasted, wherever Marsad was set up and however it was called."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from flows.pasting import pasted, program_of

MARSAD = Path(sys.executable).with_name("marsad")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a program in bin/, and another of the same name in other/."""
    for folder in ("bin", "other", "bin b"):
        (tmp_path / folder).mkdir()
        program = tmp_path / folder / "marsad"
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "more", "spelt"),
    [
        pytest.param("bin", {}, "marsad", id="it is the one on PATH"),
        pytest.param("", {}, "bin/marsad", id="none is on PATH"),
        pytest.param("other", {}, "bin/marsad", id="another is on PATH"),
        pytest.param("bin", {"UV_RUN_RECURSION_DEPTH": "1"}, "bin/marsad", id="uv run lends it to PATH"),
    ],
)
def test_the_name_alone_is_written_where_the_shell_finds_it(
    path: str, more: Mapping[str, str], spelt: str, place: Path
) -> None:
    assert program_of("bin/marsad", {"PATH": str(place / path) if path else "", **more}) == spelt


def test_a_program_elsewhere_is_written_with_its_whole_path(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place / "other")
    assert program_of(str(place / "bin" / "marsad"), {}) == str(place / "bin" / "marsad")
    assert program_of(str(place / "bin b" / "marsad"), {}) == f"'{place / 'bin b' / 'marsad'}'"
    assert program_of("marsad", {}) == "./marsad"


@pytest.mark.parametrize("words", [("sql", "select 1"), ("rnu",), ("--help",), ("doctor",)], ids=" ".join)
def test_every_command_that_is_shown_is_found_by_the_shell(words: tuple[str, ...], tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MARSAD_")}
    environment |= {"PATH": os.defpath, "COLUMNS": "500"}
    asked = subprocess.run([MARSAD, *words], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    shown = asked.stdout + asked.stderr
    named = [word for word in shown.split() if word.endswith("marsad") and "/" in word]
    assert named
    for word in set(named):
        done = subprocess.run(
            f"{word} --version", shell=True, cwd=tmp_path, env=environment, capture_output=True, check=False
        )
        assert done.returncode == 0, word
    assert not any(f"marsad {verb}" in shown.replace(str(MARSAD), "") for verb in ("run", "sql", "feeds", "report"))


def test_tools_of_the_checkout_are_spelt_as_the_shell_finds_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for tool in (".venv/bin/python", ".venv/bin/camel_data", ".tools/bin/uv"):
        (tmp_path / tool).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / tool).touch(mode=0o755)
    monkeypatch.setattr("flows.pasting._CHECKOUT", tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / ".venv/bin/python"))
    monkeypatch.chdir(tmp_path)
    said = "uv sync --extra neural, then camel_data -i ner-arabert"
    monkeypatch.setenv("PATH", "")
    spelt = ".tools/bin/uv sync --extra neural, then .venv/bin/camel_data -i ner-arabert"
    assert pasted(said) == spelt
    monkeypatch.setenv("PATH", f"{tmp_path / '.venv/bin'}:{tmp_path / '.tools/bin'}")
    assert pasted(said) == said
