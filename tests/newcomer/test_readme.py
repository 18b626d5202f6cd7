"""Every command of both READMEs does what it says, on a small news world and a mail server of our own."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from marsad.catalogue import parse_feed_list
from marsad.settings import parse_settings
from tests.newsworld import PROTEST, VISIT, NewsWorld, Paths, feed_of, page_of, respelt, settings_for
from transport.site import Answer

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.ar.md")
BIN = Path(sys.executable).parent
DEMO = "make demo"  #: is run by test_demo.py
SET_UP = "--old-file .venv/ready --old-file .venv/ready-dev"  #: the environment of the tests is there already
SCREEN_LINES = 40  #: of a laptop's window
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(name: str, language: str) -> list[str]:
    found = _BLOCK.findall((ROOT / name).read_text("utf-8"))
    return [text for kind, text in found if kind == language]


def commands(name: str) -> list[str]:
    """Return what a reader would type, without the remarks."""
    lines = "".join(blocks(name, "sh")).splitlines()
    return [line.split(" # ")[0].strip() for line in lines if line.strip()]


ALL = set(commands("README.md")) | set(commands("README.ar.md"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A working folder with the files that the READMEs name, after one cycle, and a mail server that takes all."""
    folder = tmp_path_factory.mktemp("readme")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server_lines = f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
    mail = server_lines + '[[subscribers]]\naddress = "reader@example.org"\n'
    server = Controller(Mailbox(folder / "box"), hostname="127.0.0.1", port=port)
    server.start()
    try:
        with NewsWorld() as world:
            items = list(Paths.river)
            world.site.put("/rss.xml", Answer(feed_of(world.site.url(""), items), "application/rss+xml"))
            (folder / "site").write_text(world.site.url(""))
            settings_for(world, folder, more=mail)
            shutil.copytree(ROOT / "seeds", folder / "seeds", ignore=shutil.ignore_patterns("__pycache__"))
            subprocess.run([BIN / "marsad", "run"], cwd=folder, check=True, capture_output=True)
            (folder / "page.html").write_bytes(page_of(VISIT))
            (folder / "article.txt").write_text("\n\n".join(PROTEST), "utf-8")
            (folder / "one.txt").write_text("\n\n".join(VISIT), "utf-8")
            (folder / "other.txt").write_text("\n\n".join(respelt(VISIT)), "utf-8")
            yield folder
    finally:
        server.stop()


def typed(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a shell would, in the folder; make in the checkout, with the environment set up already."""
    environment = os.environ | {"MARSAD_SETTINGS": str(folder / "marsad.toml")}
    where = folder
    command = command.replace("https://news.example.org", (folder / "site").read_text())
    if command.startswith("make "):
        spared = "--collect-only --quiet tests/newcomer" if command == "make test" else ""
        command += f" {SET_UP} ARGS='{spared}'"
        where = ROOT
    script = command.replace(".venv/bin/", f"{BIN}/") if where == folder else command
    return subprocess.run(script, shell=True, cwd=where, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", sorted(ALL - {DEMO}))
def test_a_command_of_the_readmes_works(command: str, folder: Path) -> None:
    done = typed(command, folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout or command.startswith("cp ")


def test_both_readmes_show_the_same_commands_and_settings() -> None:
    english, arabic = (commands(name) for name in READMES)
    assert english == arabic
    assert english


@pytest.mark.parametrize("name", READMES)
def test_the_settings_shown_are_settings(name: str) -> None:
    shown = [tomllib.loads(text) for text in blocks(name, "toml")]
    feeds = [text for text in blocks(name, "toml") if "[[feed]]" in text]
    settings = [text for text in blocks(name, "toml") if text not in feeds]
    assert len(shown) == len(feeds) + len(settings) == 3
    assert [feed.outlet.name for text in feeds for feed in parse_feed_list(text, name)] == ["The Example"]
    mail, fetch = (parse_settings(text, name) for text in settings)
    assert (mail.subscribers[0].address, fetch.fetch.contact) == (
        "reader@example.org",
        "https://example.org/who-we-are",
    )


@pytest.mark.parametrize("name", READMES)
def test_a_result_is_seen_within_two_screens(name: str) -> None:
    before, picture, _ = (ROOT / name).read_text("utf-8").partition("![")
    assert picture
    assert len(before.splitlines()) < 2 * SCREEN_LINES


@pytest.mark.parametrize("name", READMES)
def test_what_a_readme_links_to_is_there(name: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / name).read_text("utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []
    assert "docs/pictures/report.png" in links


def test_both_readmes_name_the_same_files_options_and_variables() -> None:
    named = [
        re.findall(r"docs/[\w./-]+|\$[A-Z_]+|--[a-z]+|\bCtrl-C\b", (ROOT / name).read_text("utf-8")) for name in READMES
    ]
    english, arabic = (sorted(set(words)) for words in named)
    assert english == arabic


@pytest.mark.parametrize("name", READMES)
def test_a_command_is_written_as_it_works_after_make(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    bare = re.findall(r"(?<![\w./])marsad (?:[a-z]+ ){0,2}(?=[A-Z-]|https?:)[^`\n]*", text)
    assert bare == []


def test_the_demo_is_the_first_command() -> None:
    assert commands("README.md")[0] == DEMO


def test_the_readme_shows_every_verb_a_newcomer_needs() -> None:
    shown = set(re.findall(r"marsad (\w+)", (ROOT / "README.md").read_text("utf-8")))
    assert {
        "run",
        "sql",
        "trends",
        "report",
        "digest",
        "feeds",
        "extract",
        "tag",
        "compare",
        "doctor",
        "seeds",
    } <= shown
