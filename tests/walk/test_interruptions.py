"""A cycle that is stopped, killed, doubled or out of time loses nothing, and the next one goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator

from flows.command import marsad
from tests.newsworld import CrowdedWorld, settings_for

MARSAD = Path(sys.executable).with_name("marsad")
COUNT = 24
PAGES_BEFORE_STOP = 5
DEADLINE_SECONDS = 60


@pytest.fixture
def world() -> Iterator[CrowdedWorld]:
    with CrowdedWorld(COUNT) as crowded:
        yield crowded


@pytest.fixture
def settings(world: CrowdedWorld, tmp_path: Path) -> Path:
    return settings_for(world, tmp_path)


def slow(settings: Path, name: str, more: str = "") -> Path:
    """Return settings like those given, with a gap between requests that makes a cycle last."""
    file = settings.with_name(name)
    text = settings.read_text("utf-8").replace("host_gap_seconds = 0", f"host_gap_seconds = 0.3\n{more}")
    file.write_text(text, "utf-8")
    return file


@contextmanager
def running(settings: Path) -> Iterator[subprocess.Popen[str]]:
    """Give a cycle that fetches: it has polled, and its first chunk of pages is not stored yet."""
    command = [MARSAD, "run", "--settings", settings]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        core, deadline = settings.parent / "data" / "core.duckdb", time.monotonic() + DEADLINE_SECONDS
        try:
            while not (core.exists() and time.time() - core.stat().st_ctime > 2):
                assert time.monotonic() < deadline
                time.sleep(0.2)
            yield process
        finally:
            process.kill()


def run(settings: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([MARSAD, "run", "--settings", settings], capture_output=True, text=True, check=False)


def ask(settings: Path, query: str) -> list[dict[str, object]]:
    words = ["sql", "--json", query, "--settings", str(settings)]
    rows: list[dict[str, object]] = json.loads(CliRunner().invoke(marsad, words, catch_exceptions=False).stdout)
    return rows


def assert_all_is_there_once(settings: Path) -> None:
    rows = ask(settings, "select count(*) as n, count(distinct url) as urls from articles")
    assert rows == [{"n": COUNT, "urls": COUNT}]


def test_a_cycle_that_is_killed_is_taken_up_by_the_next_at_one_more_poll_a_feed(
    world: CrowdedWorld, settings: Path
) -> None:
    with running(slow(settings, "slow.toml")) as process:
        process.kill()
        _, said = process.communicate(timeout=DEADLINE_SECONDS)
    assert process.returncode == -signal.SIGKILL, said
    assert run(settings).returncode == 0
    assert_all_is_there_once(settings)
    polls = Counter(heard.path for heard in world.site.requests if heard.path.endswith(".xml"))
    assert polls.keys() == {"/river.xml", "/hill.xml"}
    assert max(polls.values()) <= 1 + 1


def test_a_cycle_told_to_stop_stores_what_it_fetched_and_the_next_asks_for_the_rest(
    world: CrowdedWorld, settings: Path
) -> None:
    def asked_count() -> int:
        return sum(heard.path[1:].isdigit() for heard in world.site.requests)

    told = {130: (signal.SIGINT,), 143: (signal.SIGTERM, signal.SIGTERM)}  # timeout(1) sends it twice
    for stops, (code, signs) in enumerate(told.items(), 1):
        asked_before = asked_count()
        with begun(slow(settings, "slow.toml")) as process:
            wait_for(lambda before=asked_before: asked_count() >= before + PAGES_BEFORE_STOP)  # type: ignore[misc]
            for sign in signs:
                os.killpg(process.pid, sign)
            _, said = process.communicate(timeout=DEADLINE_SECONDS)
        assert (process.returncode, said.strip()) == (code, "marsad: stopped; nothing that was stored is lost")
        (stored,) = ask(settings, "select count(*)::int as n, count(distinct url)::int as urls from articles")
        assert stored["n"] == stored["urls"] == archived_count(settings)
        assert asked_count() - stops <= int(str(stored["n"])) < COUNT  # the one on its way was given up
        *_, last = (settings.parent / "data/logs/cycle.jsonl").read_text("utf-8").splitlines()
        assert json.loads(last).items() >= {"level": "info", "reason": "was told to stop"}.items()


@contextmanager
def begun(settings: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a cycle in a group of its own, which Ctrl-C reaches as a whole."""
    command = [MARSAD, "run", "--settings", settings]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(is_there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not is_there():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def archived_count(settings: Path) -> int:
    count = 0
    for file in (settings.parent / "data" / "archive").glob("*.warc.gz"):
        with file.open("rb") as stream:
            count += sum(record.rec_type == "response" for record in ArchiveIterator(stream))
    return count


def test_a_second_cycle_at_the_same_time_is_turned_away(settings: Path) -> None:
    with running(slow(settings, "slow.toml")):
        second = run(settings)
    assert (second.returncode, "a cycle is running here" in second.stderr) == (3, True)


def test_what_the_time_budget_leaves_waits_for_the_next_cycle(settings: Path) -> None:
    first = run(slow(settings, "slow.toml", "cycle_budget_seconds = 2"))
    assert first.returncode == 0, first.stderr
    (row,) = ask(settings, "select count(*) as n from articles")
    assert 0 < int(str(row["n"])) < COUNT
    assert run(settings).returncode == 0
    assert_all_is_there_once(settings)


def test_a_link_nobody_can_follow_is_a_drop_and_stops_nothing(settings: Path) -> None:
    assert run(settings).returncode == 0
    assert_all_is_there_once(settings)
    assert ask(settings, "select stage, reason from drops") == [{"stage": "poll", "reason": "no_url"}]
