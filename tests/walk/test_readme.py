"""Every command of the README does what it says, on a small news world."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.newsworld import PROTEST, VISIT, NewsWorld, page_of, respelt, settings_for

README = Path(__file__).resolve().parents[2] / "README.md"
BIN = Path(sys.executable).parent
COMMANDS = [line.split("#")[0].strip() for line in README.read_text("utf-8").splitlines() if line.startswith(".venv/")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A working folder with the files that the README names, after one cycle."""
    folder = tmp_path_factory.mktemp("readme")
    with NewsWorld() as world:
        settings_for(world, folder)
        subprocess.run([BIN / "marsad", "run"], cwd=folder, check=True, capture_output=True)
        (folder / "page.html").write_bytes(page_of(VISIT))
        (folder / "article.txt").write_text("\n\n".join(PROTEST), "utf-8")
        (folder / "one.txt").write_text("\n\n".join(VISIT), "utf-8")
        (folder / "other.txt").write_text("\n\n".join(respelt(VISIT)), "utf-8")
        yield folder


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_works(command: str, folder: Path) -> None:
    words = shlex.split(command.replace(".venv/bin", str(BIN)))
    done = subprocess.run(words, cwd=folder, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_readme_shows_every_reading_verb() -> None:
    shown = set(re.findall(r"marsad (\w+)", README.read_text("utf-8")))
    assert {"run", "sql", "trends", "report", "digest", "extract", "tag", "compare", "doctor", "seeds"} <= shown
