"""What the documents say is so: commands run, files they name are there, reference pages are as the code is."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest

from flows.command import marsad
from marsad.settings import parse_settings
from tests.newsworld import PROTEST, NewsWorld, Paths, feed_of, page_of, settings_for
from tests.reference import FOLDER, pages
from tests.walk.test_digest_sending import quiet_cycle
from transport.site import Answer
from warehouse.core import Core

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
DOCUMENTS = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md", ROOT / "README.md"])
PATIENCE_SECONDS = 120
_BLOCK = re.compile(r"^```(\w+)( background)?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PATH = re.compile(r"`((?:bench|docs|extractors|flows|marsad|reports|seeds|tests|transport|warehouse)/[\w./-]+\.\w+)`")
_TEST = re.compile(r"`(tests/[\w./-]+\.py)::(\w+)`")
SET_UP = {"make dev"}  #: done where tests run
DEMO = "make demo ARGS=tour"  #: what it does is run by test_demo.py; here its folder comes from a cycle


@pytest.mark.parametrize("name", sorted(pages()))
def test_reference_pages_are_as_the_code_is(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == pages()[name], "make docs writes them again"


def test_help_that_was_spelt_for_one_shell_is_no_other_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    before = pages()["cli.md"]
    with monkeypatch.context() as spelt:
        spelt.setattr("flows.command.pasted", lambda text: f"{text} elsewhere")
        for verb in ("run", "feeds"):
            assert marsad.get_command(click.Context(marsad), verb) is not None
    assert pages()["cli.md"] == before


def test_every_setting_says_what_it_means() -> None:
    silent = [line for line in pages()["settings.md"].splitlines() if line.startswith("| `") and line.endswith("|  |")]
    assert silent == []


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_files_that_a_document_names_are_there(file: Path) -> None:
    named = set(_PATH.findall(file.read_text("utf-8")))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_tests_that_a_document_names_are_there(file: Path) -> None:
    assert [name for name in _TEST.findall(file.read_text("utf-8")) if not is_test(*name)] == []


def test_a_test_that_nobody_wrote_is_seen() -> None:
    assert not is_test("tests/newcomer/test_documents.py", "test_that_nobody_wrote")
    assert not is_test("tests/newcomer/test_nothing.py", "test_a_test_that_nobody_wrote_is_seen")


def is_test(file: str, name: str) -> bool:
    """Say whether the file has a test of that name."""
    return (ROOT / file).is_file() and f"\ndef {name}(" in (ROOT / file).read_text("utf-8").replace(
        "\nasync def", "\ndef"
    )


def test_every_row_of_the_comparison_names_its_tests() -> None:
    rows = [row for row in (ROOT / "docs" / "comparison.md").read_text("utf-8").splitlines() if row.count("|") == 4]
    said = [cell.strip() for row in rows[2:] for cell in row.split("|")[3].split(", ")]
    assert [cell for cell in said if cell and not _TEST.fullmatch(cell)] == []


@pytest.mark.parametrize("name", ["comparison.md", "proof.md"])
def test_what_is_said_to_be_done_names_a_test(name: str) -> None:
    rows = [
        row
        for row in (ROOT / "docs" / name).read_text("utf-8").splitlines()
        if row.startswith("| ") and "---" not in row
    ]
    said = [row.split("|")[1:-1] for row in rows if row.count("|") == 4]
    heads = [cells for cells in said if cells[2].strip() in {"shown by", "done again by"}]
    assert len(said) - len(heads) >= 18
    bare = [cells for cells in said if "`tests/" not in cells[2] and not cells[1].strip().startswith("not done")]
    assert [cells[0] for cells in bare if cells not in heads] == []


NAMED = re.compile(r"(?:`|^|\$ )(?:\.venv/bin/)?marsad ([^`\n#]+)", re.MULTILINE)


@pytest.mark.parametrize("file", [*DOCUMENTS, *sorted((ROOT / "docs").glob("*/*.md"))], ids=lambda file: file.name)
def test_verbs_and_options_that_a_document_names_are_there(file: Path) -> None:
    named = {" ".join(words.split()) for words in NAMED.findall(file.read_text("utf-8"))}
    assert {words: unknown_in(words) for words in sorted(named) if unknown_in(words)} == {}


def test_a_verb_or_option_that_nobody_knows_is_seen() -> None:
    said = ["sql --json x", "up --writ-systemd units", "feeds chek --json", "frobnicate", "archive forget --data x"]
    assert [unknown_in(words) for words in said] == ["", "--writ-systemd", "--json", "frobnicate", ""]


def unknown_in(words: str) -> str:
    """Return the first verb or option among `words` that the command line does not know, empty where it knows all."""
    command, known = marsad, options(marsad)
    for word in words.split():
        if word.startswith("--") and word.partition("=")[0] not in known:
            return word
        if isinstance(command, click.Group) and word.isalpha() and word.islower():
            found = command.get_command(click.Context(command), word)
            if found is not None:
                command, known = found, known | options(found)
            elif command is marsad:
                return word
    return ""


def options(command: click.Command) -> set[str]:
    return {"--help", *(name for one in command.params for name in (*one.opts, *one.secondary_opts))}


def blocks(name: str, language: str) -> list[tuple[str, bool]]:
    found = _BLOCK.findall((ROOT / "docs" / name).read_text("utf-8"))
    return [(text, bool(background)) for kind, background, text in found if kind == language]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A working folder in which one cycle has run, under the name of the tutorial's demo too."""
    folder = tmp_path_factory.mktemp("documents")
    with NewsWorld() as world:
        feed = Answer(feed_of(world.site.url(""), list(Paths.river)), "application/rss+xml")
        world.site.put("/rss.xml", feed)
        world.site.put(
            "/", Answer(b'<html><head><link rel="alternate" type="application/rss+xml" href="/rss.xml"></head>')
        )
        world.site.put("/news/1", Answer(page_of(PROTEST)))
        world.site.put(
            "/river.xml",
            Answer(feed_of(world.site.url(""), [*Paths.river, ("/news/1", PROTEST)]), "application/rss+xml"),
        )
        settings_for(world, folder)
        subprocess.run([BIN / "marsad", "run"], cwd=folder, check=True, capture_output=True)
        shutil.copytree(folder / "data", folder / "tour")
        quiet_cycle(Core(folder / "tour"), datetime.now(UTC) + timedelta(days=1))  # so that a day with news has ended
        (folder / "article.txt").write_text("\n\n".join(PROTEST), "utf-8")
        (folder / "site").write_text(world.site.url(""))
        yield folder


def typed(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    script = _here(line, folder)
    return subprocess.run(script, shell=True, cwd=folder, env=_env(folder), capture_output=True, text=True, check=False)


def _here(line: str, folder: Path) -> str:
    site = (folder / "site").read_text()
    return (
        line.replace("https://news.example.org", site).replace(".venv/bin/", f"{BIN}/").replace("8025", _port(folder))
    )


def _env(folder: Path) -> dict[str, str]:
    return os.environ | {"MARSAD_SETTINGS": str(folder / "marsad.toml")}


def _port(folder: Path) -> str:
    file = folder / "port"
    if not file.exists():
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            file.write_text(str(probe.getsockname()[1]))
    return file.read_text()


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def left_running(line: str, folder: Path) -> Iterator[None]:
    process = subprocess.Popen(_here(line, folder), shell=True, cwd=folder, start_new_session=True)
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not _is_open(int(_port(folder))):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


@pytest.mark.timeout(600)
def test_the_tutorial_leads_from_nothing_to_the_first_mail(folder: Path, subtests: pytest.Subtests) -> None:
    (article,) = (text for text, _ in blocks("tutorial.md", "text"))
    (mail,) = (text for text, _ in blocks("tutorial.md", "toml"))
    (folder / "article.txt").write_text(article, "utf-8")
    (folder / "mail.toml").write_text(_here(mail, folder), "utf-8")
    ((server, _),) = (block for block in blocks("tutorial.md", "sh") if block[1])
    lines = [line for text, background in blocks("tutorial.md", "sh") if not background for line in text.splitlines()]
    assert lines[0] == DEMO
    assert set(lines) >= SET_UP  # without it there is no module aiosmtpd
    with left_running(server.strip(), folder):
        for line in lines[1:]:
            if line in SET_UP:
                continue
            with subtests.test(line):
                done = typed(line, folder)
                assert (done.returncode, bool(done.stdout)) == (0, True), done.stderr
    assert list((folder / "box" / "new").iterdir())


HOWTO = [line for text, _ in blocks("howto.md", "sh") for line in text.splitlines() if line.strip()]


@pytest.mark.timeout(600)
def test_every_recipe_works(folder: Path, subtests: pytest.Subtests) -> None:
    for line in HOWTO:
        with subtests.test(line):
            done = typed(line, folder)
            assert (done.returncode, bool(done.stdout)) == (0, True), done.stderr
    assert {entry.name for entry in (folder / "units").iterdir()} == {"marsad.service"}
    assert (folder / "restored" / "core.duckdb").exists()


def test_the_settings_in_the_recipes_are_settings() -> None:
    for text, _ in blocks("howto.md", "toml"):
        assert parse_settings(text, "howto.md").subscribers
