"""The errors a newcomer makes: one clear sentence that says what to do, and doctor finds each of them."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from flows import surroundings
from flows.configuration import Place, packaged_topic, read_place
from flows.keeper_finding import find_port
from flows.safekeeping import bring_back, make_backup
from flows.surroundings import (
    find_cycle,
    find_network,
    find_python,
    find_terminal,
    find_workers,
)
from marsad.errors import WarehouseBusy
from marsad.records import RunSummary
from marsad.settings import Settings, WorkerSettings
from tests.newsworld import NewsWorld, settings_for
from transport.outside import Listener, has_way_out, who_listens
from warehouse.core import Core
from warehouse.engine import locked, writing_to

ROOT = Path(__file__).resolve().parents[2]
MARSAD = Path(sys.executable).with_name("marsad")
NO_TERMINAL = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


class Version(NamedTuple):
    """As much of sys.version_info as is looked at."""

    major: int
    minor: int
    micro: int


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(Settings(), None, tmp_path / "data", packaged_topic())


def marsad(*words: str | Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith("MARSAD_")}
    return subprocess.run(
        [MARSAD, *words], cwd=folder, env=surroundings | environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def stranger() -> object:
    """A port of loopback where a program listens that is no Prefect server."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, *args: object) -> None:
            del args

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_doctor_finds_what_is_wrong_around_it_in_one_go(tmp_path: Path, stranger: int) -> None:
    (tmp_path / "file").touch()
    done = marsad(
        "doctor", "--json", "--data", "file/data", folder=tmp_path,
        https_proxy="http://user:secret@127.0.0.1:9", PREFECT_SERVER_API_PORT=str(stranger), **NO_TERMINAL,
    )  # fmt: skip
    found = {finding["name"]: finding for finding in json.loads(done.stdout)}
    assert done.returncode == 3
    assert {name: found[name]["state"] for name in ("python", "terminal", "network", "port", "data folder")} == {
        "python": "ok", "terminal": "warn", "network": "warn", "port": "warn", "data folder": "fail",
    }  # fmt: skip
    assert "secret" not in done.stdout
    feeds = found["feeds"]
    assert (feeds["said"], feeds["remedy"]) == ("not looked at: see data folder", "mend data folder first")
    assert "contact" in found["settings"]["remedy"]
    assert all(finding["remedy"] for finding in found.values() if finding["state"] != "ok")


def test_a_machine_without_a_route_is_told(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "has_way_out", lambda: False)
    finding = find_network(place)
    assert (finding.state, finding.said) == ("warn", "this machine has no route beyond itself")


def test_a_proxy_is_named_and_its_password_is_not(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "has_way_out", lambda: True)
    monkeypatch.setenv("HTTPS_PROXY", "http://user:secret@127.0.0.1:9")
    finding = find_network(place)
    assert finding.said.startswith("$HTTPS_PROXY is set")
    assert "secret" not in str(finding)


def test_asking_for_a_way_out_sends_nothing() -> None:
    assert has_way_out() in {True, False}


@pytest.mark.parametrize(("version", "state"), [((3, 10), "fail"), ((3, 12), "ok"), ((3, 15), "fail")], ids=str)
def test_a_python_that_was_not_tried_is_told(
    version: tuple[int, int], state: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.surroundings.sys.version_info", Version(*version, 0))
    assert find_python(place).state == state


def test_a_taken_port_is_told_from_a_free_one(stranger: int) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    assert (who_listens(stranger), who_listens(free)) == (Listener.OTHER, Listener.NOBODY)


def test_a_taken_port_has_a_remedy(place: Place, stranger: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_SERVER_API_PORT", str(stranger))
    finding = find_port(place)
    assert (finding.state, "PREFECT_SERVER_API_PORT" in finding.remedy) == ("warn", True)
    monkeypatch.setenv("PREFECT_SERVER_API_PORT", "70000")
    assert (find_port(place).state, find_port(place).remedy) == (
        "fail",
        "set it to a number from 1 to 65535, or unset it",
    )


def test_a_narrow_window_is_told(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert find_terminal(place).state == "warn"


def test_a_running_cycle_is_no_fault(place: Place) -> None:
    Core(place.data).create_or_migrate()
    with locked(place.data / "cycle.lock"):
        finding = find_cycle(place)
    assert (finding.state, "one is running here" in finding.said) == ("ok", True)


@pytest.mark.parametrize(("lock", "who"), [("up.lock", "marsad up is at work"), ("cycle.lock", "a cycle is running")])
def test_nothing_is_restored_beside_what_is_at_work(place: Place, tmp_path: Path, lock: str, who: str) -> None:
    Core(place.data).create_or_migrate()
    make_backup(place, tmp_path / "marsad.tar")
    with locked(place.data / lock), pytest.raises(WarehouseBusy, match=who):
        bring_back(place, tmp_path / "marsad.tar")
    assert "before-restore" in bring_back(place, tmp_path / "marsad.tar")


@pytest.mark.parametrize(
    ("hours", "state", "said"),
    [(3, "ok", "the last one ended"), (25, "warn", "the last one ended"), (-9999, "warn", "has not come yet")],
    ids=["of late", "long ago", "under a wrong clock"],
)
def test_a_monitor_that_stands_still_is_told(place: Place, hours: int, state: str, said: str) -> None:
    core, at = Core(place.data), place.now() - timedelta(hours=hours)
    core.create_or_migrate()
    (place.data / "cycle.lock").touch()
    core.finish_run(RunSummary("one", at), at)
    finding = find_cycle(place)
    assert (finding.state, said in finding.said, bool(finding.remedy)) == (state, True, state == "warn")


def test_a_cycle_that_was_stopped_is_told_until_the_next_has_ended(tmp_path: Path) -> None:
    with NewsWorld() as world:
        settings = settings_for(world, tmp_path)
        place = Place(read_place(settings).settings, settings, tmp_path / "data", tmp_path / "topic")
        Core(place.data).create_or_migrate()
        (place.data / "cycle.lock").touch()
        Core(place.data).start_run("killed", place.now())
        assert (find_cycle(place).state, find_cycle(place).remedy) == ("warn", "marsad run takes up what it left")
        done = marsad("run", "--settings", settings, folder=tmp_path)
        assert done.returncode == 0, done.stderr
        assert find_cycle(place).state == "ok"


@pytest.mark.parametrize(
    ("settings", "database", "state"),
    [
        (Settings(), "", "ok"),
        (Settings(workers=WorkerSettings(2, 1)), "", "fail"),
        (Settings(workers=WorkerSettings(2, 1), catalog="postgres:dbname=x", lake="/x"), "", "warn"),
        (Settings(workers=WorkerSettings(2, 1), catalog="postgres:dbname=x"), "sqlite+aiosqlite:///x", "warn"),
        (Settings(workers=WorkerSettings(2, 1), catalog="postgres:dbname=x"), "postgresql+asyncpg://x/y", "ok"),
    ],
    ids=["alone", "no catalog", "no database", "a file", "both"],
)
def test_several_workers_need_one_catalog_and_one_database(
    settings: Settings, database: str, state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    for name in ("PREFECT_SERVER_DATABASE_CONNECTION_URL", "PREFECT_API_DATABASE_CONNECTION_URL"):
        with monkeypatch.context() as surroundings:
            surroundings.setenv(name, database)
            assert find_workers(Place(settings, None, tmp_path, packaged_topic())).state == state


def test_an_old_python_is_turned_away_before_anything_is_set_up(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    old = tmp_path / "bin" / "python3"
    old.parent.mkdir()
    old.write_text('#!/bin/sh\ncase "$1" in --version) echo "Python 3.9.2";; *) exit 1;; esac\n')
    old.chmod(0o755)
    make = shutil.which("make")
    assert make
    done = subprocess.run(
        [make, "run"], cwd=tmp_path, env={"PATH": str(old.parent)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "Marsad needs Python 3.11 or newer as python3; this one is Python 3.9.2." in done.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize("words", [("run",), ("demo", "file/data")], ids=" ".join)
def test_a_folder_that_cannot_be_written_ends_in_one_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = marsad(*words, folder=tmp_path, **({} if "demo" in words else {"MARSAD_DATA": "file/data"}))
    assert done.returncode in {2, 3}
    assert "file/data" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_before_the_first_cycle_a_question_says_what_to_do(tmp_path: Path) -> None:
    done = marsad("sql", "select count(*) from articles", folder=tmp_path)
    assert done.returncode == 3
    assert re.search(r"nothing has been published yet; \S*marsad run makes a first cycle$", done.stderr.strip())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("rnu",), "Did you mean 'run'?", id="mistyped verb"),
        pytest.param(("feeds", "lst"), "Did you mean 'list'?", id="mistyped second word"),
        pytest.param(("feeds", "add", "notaurl"), "write one like https://", id="no address"),
        pytest.param(("feeds", "add", "http://["), "write one like https://", id="broken address"),
        pytest.param(("run", "--data", "/proc/marsad"), "name another folder with --data", id="folder that cannot be"),
        pytest.param(("digest",), "--help", id="something is missing"),
        pytest.param(("demo", "x", "y"), "argument (y). Try", id="something is too much"),
        pytest.param(("demo", "/proc/self/status"), "is a file", id="a file for a folder"),
    ],
)
def test_what_is_mistyped_ends_in_one_sentence_that_says_what_to_do(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = marsad(*words, folder=tmp_path)
    assert done.returncode in {2, 3}
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_without_a_verb_the_verbs_are_listed(tmp_path: Path) -> None:
    done = marsad(folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: ")


def test_data_of_another_layout_are_left_alone_with_a_way_out(tmp_path: Path) -> None:
    core = Core(tmp_path / "data")
    core.create_or_migrate()
    with writing_to(core.file) as connection:
        connection.execute("update warehouse.core.schema_version set checksum = 'x'")
    before = core.file.read_bytes()
    done = marsad("run", folder=tmp_path)
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (3, 1)
    assert "move the folder away and start anew with" in done.stderr
    found = {finding["name"]: finding for finding in json.loads(marsad("doctor", "--json", folder=tmp_path).stdout)}
    assert (found["warehouse"]["state"], "move the folder away" in found["warehouse"]["remedy"]) == ("fail", True)
    assert core.file.read_bytes() == before
