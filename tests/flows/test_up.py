"""What `marsad up` does that needs no server: waits between starts, units, ports, the cycle's end by signal."""

from __future__ import annotations

import configparser
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml  # Prefect reads its own files with it
from click.testing import CliRunner

from flows import keeping, up_verb
from flows.command import marsad
from flows.configuration import read_place
from flows.desk import only_one
from flows.engine import DEPLOYMENTS, PASSWORD, ROOT, Engine
from flows.keeper_finding import find_keeper, find_port
from flows.keeping import END_SECONDS, Keeper, Tended, Wishes
from flows.monitor import is_caught_up
from flows.programs import Program
from flows.units import write_systemd
from marsad.errors import BadInput, EngineDown
from marsad.records import RunSummary
from marsad.settings import Settings
from tests.faults.operating import PATIENCE_SECONDS, wait_for
from warehouse.core import Core


def program(folder: Path, *command: str) -> Program:
    return Program("server", (sys.executable, "-c", *command), dict(os.environ), folder / "log", folder)


def test_a_program_that_keeps_dying_is_started_ever_less_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, said = [1000.0], list[str]()
    monkeypatch.setattr(keeping.time, "monotonic", lambda: clock[0])
    tended = Tended(program(tmp_path, "raise SystemExit(7)"))
    waits = []
    for _ in range(8):
        tended.start()
        tended.program.wait()
        tended.look(said.append)  # sees it dead
        waits.append(tended.wait_seconds)
        clock[0] += tended.wait_seconds - 0.1
        tended.look(said.append)
        assert not tended.program.is_running  # its time has not come
        clock[0] += 0.2
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
    assert "ended (7)" in said[0]


def test_a_program_that_lives_and_is_silent_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, said = [1000.0], list[str]()
    monkeypatch.setattr(keeping.time, "monotonic", lambda: clock[0])
    tended = Tended(program(tmp_path, "import time; time.sleep(600)"))
    tended.start()
    heard = []
    for clock[0], answer in ((1200.0, False), (1299.0, True), (1418.0, False), (1420.0, False)):
        heard.append(tended.listen(lambda answer=answer: answer, said.append))  # type: ignore[misc]
        assert tended.program.is_running is (clock[0] < 1420)
    assert heard == [False, True, False, False]
    assert said == ["the server lives and does not answer; it is stopped"]


def test_a_full_disk_costs_what_a_program_says_and_nothing_else(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log").symlink_to("/dev/full")
    one = program(tmp_path, "for _ in range(50): print('line')")
    one.start()
    assert one.wait(120) == 0
    one.drain()
    assert capfd.readouterr() == ("", "")


def test_what_a_program_says_stands_in_its_log(tmp_path: Path) -> None:
    one = program(tmp_path, "print('سلام'); import sys; sys.stderr.write('and more')")
    one.start()
    assert one.wait(120) == 0
    one.drain()
    assert (tmp_path / "log").read_text("utf-8").split("\n")[:2] == ["سلام", "and more"]


@pytest.mark.parametrize(("ears", "sign"), [("SIG_DFL", "SIGTERM"), ("SIG_IGN", "SIGKILL")], ids=["asked", "deaf"])
def test_a_child_ends_with_its_parent(ears: str, sign: str) -> None:
    child = (
        f"import sys, time, signal as s; s.signal(s.SIGTERM, s.{ears});"
        f"from flows.lifeline import end_with_parent as e; e(int(sys.argv[1]), s.{sign}); time.sleep(600)"
    )
    parent = (
        "import os, subprocess, sys;"
        f"p = subprocess.Popen([sys.executable, '-c', {child!r}, str(os.getpid())]); print(p.pid, flush=True); p.wait()"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        handle = os.pidfd_open(pid)
        process.kill()
    assert select.select([handle], [], [], 120)[0]
    os.close(handle)


@pytest.mark.parametrize(
    ("due_minutes", "is_finished", "now_minutes", "caught"),
    [(-5, True, 0, True), (5, True, 5, False), (-5, False, 0, False), (-5, True, -5, False)],
    ids=["due before the last cycle ended", "due after it", "the last one was killed", "it ended in the future"],
)
def test_a_run_is_skipped_where_a_later_cycle_did_its_work(
    tmp_path: Path, due_minutes: int, is_finished: object, now_minutes: int, caught: object
) -> None:
    core, now = Core(tmp_path), datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert not is_caught_up(core, now, now)
    core.create_or_migrate()
    core.start_run("one", now)
    if is_finished:
        core.finish_run(RunSummary("one", now), now)
    begins = now + timedelta(minutes=now_minutes)
    assert is_caught_up(core, now + timedelta(minutes=due_minutes), begins) is caught
    assert not is_caught_up(core, None, now)


def test_under_nohup_the_end_of_the_terminal_ends_nothing() -> None:
    signs = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(sign) for sign in signs]
    try:
        for usual, is_ended in ((signal.SIG_DFL, True), (signal.SIG_IGN, False)):
            signal.signal(signal.SIGHUP, usual)
            with up_verb._stopped_by_signals() as wishes:
                signal.raise_signal(signal.SIGHUP)
                assert wishes.stop.is_set() is is_ended
    finally:
        for sign, handler in zip(signs, before, strict=True):
            signal.signal(sign, handler)


def test_who_is_asked_twice_to_end_hurries() -> None:
    wishes = Wishes()
    for asked in ((False, False), (True, False), (True, True), (True, True)):
        assert (wishes.stop.is_set(), wishes.hurry.is_set()) == asked
        wishes.end()


@pytest.fixture
def deaf(tmp_path: Path) -> Iterator[Keeper]:
    """A keeper in a hurry of a server and a worker that hear no SIGTERM."""
    wishes = Wishes()
    wishes.stop.set()
    wishes.hurry.set()
    keeper = Keeper(Engine(read_place(data=tmp_path / "data"), "127.0.0.1", 4200), wishes, lambda _: None)
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    )
    tended = keeper._server, keeper._worker
    for number, one in enumerate(tended):
        folder = tmp_path / str(number)
        folder.mkdir()
        one.program = program(folder, code)
        one.start()
        wait_for("it hears nothing", (folder / "log").exists)
    yield keeper
    for one in tended:
        one.program.stop(0)


def test_a_hurried_end_waits_for_the_cycle_at_work_and_for_nothing_else(deaf: Keeper) -> None:
    said = list[str]()
    deaf.say = said.append
    ending = threading.Thread(target=deaf._end)
    with only_one(deaf.engine.place, "cycle.lock", "at work"):
        ending.start()
        wait_for("the worker is asked", lambda: said)
        assert (ending.is_alive(), deaf._worker.program.is_running, deaf._server.program.is_running) == (
            True,
            True,
            True,
        )
    ending.join(PATIENCE_SECONDS)
    assert [one.program.exit_code for one in (deaf._worker, deaf._server)] == [-signal.SIGKILL, -signal.SIGKILL]
    assert said[1:] == ["all is down"]


def test_a_cycle_that_does_not_end_holds_up_no_end(deaf: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    said = list[str]()
    deaf.say = said.append
    monkeypatch.setattr(keeping, "_CYCLE_SECONDS", 0)
    with only_one(deaf.engine.place, "cycle.lock", "at work"):
        deaf._end()
    assert said[1:] == ["a cycle is still at work and is not waited for; what it stored stays", "all is down"]


def test_runs_have_the_settings_of_marsad_up_also_where_there_is_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout, elsewhere = tmp_path / "checkout", tmp_path / "elsewhere"
    for folder in (checkout, elsewhere):
        folder.mkdir()
    (checkout / "marsad.toml").write_text("[fetch]\nhost_gap_seconds = 7\n")
    monkeypatch.delenv("MARSAD_SETTINGS", raising=False)
    monkeypatch.chdir(elsewhere)
    ours = Engine(read_place(data=Path("data")), "127.0.0.1", 4200).environment()
    monkeypatch.chdir(checkout)
    assert read_place().settings != Settings()
    for name in ("MARSAD_DATA", "MARSAD_SETTINGS"):
        monkeypatch.setenv(name, ours[name])
    place = read_place()
    assert (place.settings, place.data) == (Settings(), elsewhere / "data")


@pytest.mark.parametrize(("host", "ui"), [("::1", "http://[::1]:4200"), ("0.0.0.0", "http://127.0.0.1:4200")], ids=str)
def test_programs_of_this_machine_reach_the_server_beside_any_proxy(
    host: str, ui: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "intranet.example")
    engine = Engine(read_place(data=tmp_path), host, 4200)
    environment = engine.environment()
    assert environment["PREFECT_API_URL"] == f"{ui}/api"
    assert {"intranet.example", "localhost", engine.near} <= set(environment["NO_PROXY"].split(","))
    assert environment["no_proxy"] == environment["NO_PROXY"]


def test_a_port_that_another_program_has_is_one_sentence_and_leaves_no_folder(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        words = ["up", "--data", str(tmp_path / "data"), "--port", port]
        done = CliRunner().invoke(marsad, words, standalone_mode=False)
    assert isinstance(done.exception, EngineDown)
    assert str(done.exception) == f"port {port}: another program has it; stop that program, or choose a --port"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("host", "password", "said"),
    [("0.0.0.0", "", "without --host"), ("0.0.0.0", "me:secret", ""), ("127.0.0.1", "", ""), ("::1", "", "")],
    ids=["open", "open with a password", "loopback", "loopback of IPv6"],
)
def test_beyond_loopback_a_server_has_a_password(
    host: str, password: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD, password)
    engine = Engine(read_place(data=tmp_path), host, 4200)
    with pytest.raises(BadInput, match="run any program as you") if said else nullcontext():
        up_verb._must_be_guarded(engine)


def test_prefects_page_may_ask_from_where_it_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_SERVER_UI_API_URL", "https://news.example.org/prefect/api")
    ours = Engine(read_place(data=tmp_path), "::1", 4300).environment()
    origins = "http://[::1]:4300,http://localhost:4300,https://news.example.org"
    assert ours["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] == origins


def test_doctor_knows_every_deployment() -> None:
    deployed = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    assert [one["name"] for one in deployed] == list(DEPLOYMENTS)


def test_doctor_says_where_a_marsad_up_is_that_does_not_answer(tmp_path: Path) -> None:
    place = read_place(data=tmp_path)
    assert "not at work" in find_keeper(place).said
    with only_one(place, "up.lock", "at work"), socket.socket() as held:
        assert "just begun" in find_keeper(place).said
        held.bind(("127.0.0.1", 0))  # nobody listens there, and no other program can
        port = held.getsockname()[1]
        Engine(place, "127.0.0.1", port).note_address()
        found = find_keeper(place)
        assert find_port(place).said.startswith(f"127.0.0.1:{port} ")
    assert (found.state, found.said) == (
        "warn",
        f"marsad up is at work here, http://127.0.0.1:{port}: its server does not answer",
    )
    assert "server.log" in found.remedy


def test_the_unit_for_systemd_says_all_that_was_said(tmp_path: Path) -> None:
    settings = tmp_path / "my settings.toml"
    settings.write_text("")
    words = ["up", "--settings", str(settings), "--data", str(tmp_path / "100%"), "--port", "4300"]
    done = CliRunner().invoke(marsad, [*words, "--write-systemd", str(tmp_path / "units")], catch_exceptions=False)
    (file,) = (tmp_path / "units").iterdir()
    assert done.output.strip() == str(file)
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[method-assign,assignment]
    unit.read_string(file.read_text("utf-8"))
    command = unit["Service"]["ExecStart"]
    assert f'--settings "{settings}" --data {tmp_path}/100%% --host 127.0.0.1 --port 4300' in command
    assert (unit["Service"]["KillMode"], unit["Service"]["Restart"]) == ("mixed", "always")
    assert not (tmp_path / "100%").exists()  # nothing is started


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "news $HOME 100%"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (file,) = write_systemd(Engine(read_place(data=folder / "data"), "127.0.0.1", 4200), tmp_path / "units")
    env = os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)}
    words = ["systemd-analyze", "--user", "verify", str(file)]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    told = [line for line in done.stderr.splitlines() if file.name in line]  # of other units it may say a lot
    assert (done.returncode, told) == (0, [])


def test_systemd_and_containers_wait_longer_than_an_end_takes(tmp_path: Path) -> None:
    engine = Engine(read_place(data=tmp_path), "127.0.0.1", 4200)
    (file,) = write_systemd(engine, tmp_path)
    (seconds,) = re.findall(r"^TimeoutStopSec=(\d+)$", file.read_text("utf-8"), re.MULTILINE)
    assert int(seconds) > END_SECONDS
    assert f"{PASSWORD} (NAME:PASSWORD)" in file.read_text("utf-8")


@pytest.mark.parametrize("sign", ["\t", "\n", "\r", "\x7f", "\\", '"', "'", "\udcff"], ids=ascii)
@pytest.mark.parametrize("place", ["data", "work"])
def test_a_folder_that_a_unit_cannot_name_is_refused(
    place: str, sign: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / f"a{sign}ExecStartPre=b"
    folder.mkdir()
    monkeypatch.chdir(folder if place == "work" else tmp_path)
    engine = Engine(read_place(data=folder if place == "data" else tmp_path), "127.0.0.1", 4200)
    with pytest.raises(BadInput, match="choose another folder"):
        write_systemd(engine, tmp_path / "units")


def test_the_compose_file_opens_the_server_to_its_own_host_only(tmp_path: Path) -> None:
    folder = tmp_path / "news: $HOME #1"
    folder.mkdir()
    settings = folder / "marsad.toml"
    settings.write_text('topic = "../topic of mine"')
    words = ["up", "--settings", str(settings), "--data", str(folder / "data"), "--write-compose", str(folder)]
    CliRunner().invoke(marsad, words, catch_exceptions=False)
    spec = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    checked = subprocess.run([*spec, folder / "compose.yaml"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    service = yaml.safe_load((folder / "compose.yaml").read_text("utf-8"))["services"]["marsad"]
    assert service["ports"] == ["127.0.0.1:4200:4200"]
    assert service["environment"][PASSWORD].startswith(f"${{{PASSWORD}:?")  # compose refuses to start without it
    assert service["environment"]["MARSAD_SETTINGS"] == str(settings).replace("$", "$$")
    kept, *read = service["volumes"]
    assert (kept["source"], kept["target"]) == (f"{folder}/data".replace("$", "$$"), "/data")
    assert [(one["source"], one["read_only"]) for one in read] == [
        (str(folder).replace("$", "$$"), True),
        (f"{tmp_path}/topic of mine", True),
    ]
    assert all(one["source"] == one["target"] for one in read)
    assert ((folder / "data").is_dir(), service["user"]) == (True, f"{os.getuid()}:{os.getgid()}")
    assert "python:3.12-slim" in (folder / "Containerfile").read_text()


def test_a_compose_file_without_settings_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(marsad, ["up", "--write-compose", str(tmp_path)], standalone_mode=False)
    assert isinstance(done.exception, BadInput)
