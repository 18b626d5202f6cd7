"""Ctrl-C at whatever moment: one sentence, nothing lost, and the next run goes on from there."""

from __future__ import annotations

import _thread
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from flows.demo_folder import is_demo
from tests.newsworld import CrowdedWorld, settings_for
from warehouse.core import Core
from warehouse.engine import locked, writing_to

ROOT = Path(__file__).resolve().parents[2]
MARSAD = Path(sys.executable).with_name("marsad")
COUNT = 5  #: articles of the world
DEADLINE_SECONDS = 120  #: only a run that hangs reaches it
JITTER_SECONDS = 0.3  #: at most so long after its moment a run is stopped
SEED = 3
ENDLESS = "select count(*) from range(10000000) a, range(10000000) b where (a.range * b.range) % 7 = 3"
PANDAS = """
import pathlib, time
pathlib.Path({marker!r}).touch()
time.sleep({seconds})
"""


@pytest.fixture
def world() -> Iterator[CrowdedWorld]:
    with CrowdedWorld(COUNT) as crowded:
        yield crowded


def begun(*command: str | Path, cwd: Path, **environment: str) -> subprocess.Popen[str]:
    """Start a program as a shell does: a group of its own, which Ctrl-C reaches as a whole."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MARSAD_")}
    return subprocess.Popen(
        command, cwd=cwd, env=clean | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip


def stopped(process: subprocess.Popen[str], has_come: Callable[[], bool], jitter_seconds: float = 0.0) -> str:
    """Send Ctrl-C once the moment has come, or never where it ended before, and return what it says on stderr."""
    with process:
        try:
            deadline = time.monotonic() + DEADLINE_SECONDS
            while not has_come() and process.poll() is None:
                assert time.monotonic() < deadline
                time.sleep(0.02)
            time.sleep(jitter_seconds)
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
            _, said = process.communicate(timeout=DEADLINE_SECONDS)
        finally:
            process.kill()
    return said


def files_of(folder: Path) -> set[tuple[str, int]]:
    """Return the files in `folder` with the instants of their last change; those that go meanwhile are left out."""
    found = set()
    for file in folder.glob("*"):
        with suppress(FileNotFoundError):
            found.add((file.name, file.stat().st_mtime_ns))
    return found


@pytest.mark.timeout(600)  # seven programs, one after the other
def test_a_cycle_stopped_at_any_moment_is_taken_up_by_the_next(world: CrowdedWorld, tmp_path: Path) -> None:
    settings = settings_for(world, tmp_path)
    slow = settings.with_name("slow.toml")
    slow.write_text(settings.read_text("utf-8").replace("host_gap_seconds = 0", "host_gap_seconds = 0.2"), "utf-8")
    data = tmp_path / "data"

    def asked(path: str) -> Callable[[], bool]:
        count = sum(heard.path.startswith(path) for heard in world.site.requests)
        return lambda: sum(heard.path.startswith(path) for heard in world.site.requests) > count

    def changed(name: str) -> Callable[[], bool]:
        before = files_of(data / name)
        return lambda: files_of(data / name) != before

    moments: list[tuple[str, Callable[[], Callable[[], bool]]]] = [
        ("the folder is made", lambda: (data / "cycle.lock").exists),
        ("the warehouse is made", lambda: (data / "core.duckdb").exists),
        ("a feed is asked", lambda: asked("/river.xml")),
        ("a page is asked", lambda: asked("/0")),
        ("something is published", lambda: changed("published")),
    ]
    rng, codes = random.Random(SEED), []
    for moment, watch in moments:
        process = begun(MARSAD, "run", "--settings", slow, cwd=tmp_path)
        said = stopped(process, watch(), rng.uniform(0, JITTER_SECONDS))
        assert (process.returncode, said.strip()) in {
            (130, "marsad: stopped; nothing that was stored is lost"),
            (0, ""),  # it had come to its end
        }, moment
        codes.append(process.returncode)
    assert codes[0] == 130  # what a later one finds left to do hangs on how far the others came
    done = begun(MARSAD, "run", "--settings", settings, cwd=tmp_path)
    _, said = done.communicate(timeout=DEADLINE_SECONDS)
    assert (done.returncode, said) == (0, "")
    count = "select count(*) as n, count(distinct url) as urls from articles"
    told = subprocess.run([MARSAD, "sql", "--json", count, "--data", data], capture_output=True, check=True)
    assert json.loads(told.stdout) == [{"n": COUNT, "urls": COUNT}]


@pytest.mark.parametrize("verb", ["run", "demo"])
def test_a_program_stopped_while_the_warehouse_is_first_opened_ends(verb: str, tmp_path: Path) -> None:
    marker = tmp_path / "importing"
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "pandas.py").write_text(PANDAS.format(marker=str(marker), seconds=DEADLINE_SECONDS))
    process = begun(MARSAD, verb, "--data", "data", cwd=tmp_path, PYTHONPATH=str(tmp_path / "lib"))
    said = stopped(process, marker.exists)
    assert (process.returncode, said.strip()) == (130, "marsad: stopped; nothing that was stored is lost")
    assert verb == "run" or is_demo(tmp_path / "data")


def test_ctrl_c_through_make_ends_make_too_and_leaves_the_folder_to_the_next(
    world: CrowdedWorld, tmp_path: Path
) -> None:
    settings = settings_for(world, tmp_path)
    words = ("make", "run", "--old-file", ".venv/ready", f"ARGS=--settings {settings}")
    process = begun(*words, cwd=ROOT)
    said = stopped(process, lambda: any(heard.path == "/river.xml" for heard in world.site.requests))
    assert process.returncode != 0
    assert said.count("marsad: stopped; nothing that was stored is lost") == 1
    assert "Traceback" not in said
    with locked(tmp_path / "data" / "cycle.lock", wait_seconds=DEADLINE_SECONDS):
        assert Core(tmp_path / "data").last_run() is not None


def test_a_demo_that_is_stopped_leaves_its_folder_to_the_next(tmp_path: Path) -> None:
    data = tmp_path / "marsad-demo"
    process = begun(MARSAD, "demo", cwd=tmp_path)
    said = stopped(process, (data / "published").exists)
    assert (process.returncode, said.strip()) == (130, "marsad: stopped; nothing that was stored is lost")
    assert is_demo(data)


@pytest.mark.parametrize("module", ["click", "flows.options"])
def test_a_program_stopped_while_it_is_loaded_says_so(module: str, tmp_path: Path) -> None:
    code = (
        "import sys, builtins; from flows import starting; real = builtins.__import__\n"
        "def raising(name, *rest, **named):\n"
        f"    if name == {module!r}: raise KeyboardInterrupt\n"
        "    return real(name, *rest, **named)\n"
        "builtins.__import__ = raising; starting.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (130, "marsad: stopped before anything was done")


def test_ctrl_c_while_the_warehouse_is_at_a_statement_is_a_ctrl_c(tmp_path: Path) -> None:
    def work() -> None:
        with writing_to(tmp_path / "core.duckdb") as connection:
            threading.Timer(0.3, _thread.interrupt_main).start()
            connection.execute(f"create table t as {ENDLESS}")

    with pytest.raises(KeyboardInterrupt):
        work()
