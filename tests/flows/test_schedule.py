"""A real Prefect server and worker, started by `marsad up`, run the monitor by its schedule against a loopback site."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from flows.configuration import read_place
from flows.engine import Engine
from flows.installing import ZOMBIES
from tests.newsworld import NewsWorld, settings_for
from warehouse.core import Core
from warehouse.engine import locked

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PATIENCE_SECONDS = 200  #: all is up within 30 s and a scheduled run within 20 on a calm machine; the rest is for others
OLD_DAYS = 3


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(fact: str, holds: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {fact}"
        time.sleep(0.5)


def listening_addresses(port: int) -> set[str]:
    """Return the IPv4 addresses on which somebody listens at `port`, as the kernel lists them."""
    listening = "0A"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    found = [row[1].split(":") for row in rows if row[3] == listening]
    return {socket.inet_ntoa(bytes.fromhex(address)[::-1]) for address, at in found if int(at, 16) == port}


def children(pid: int) -> dict[str, int]:
    """Return the Prefect programs that process `pid` has started: server, worker."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            words = (entry / "cmdline").read_text().split("\0")
        except OSError:  # it has ended meanwhile
            continue
        if parent == pid and "flows.prefect_child" in words:
            found[words[words.index("flows.prefect_child") + 2]] = int(entry.name)
    return found


@dataclass(frozen=True, slots=True)
class Up:
    """A `marsad up` at work."""

    process: subprocess.Popen[bytes]
    port: int
    settings: Path
    said: Path

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Ask the server as Prefect's own client does: again where its database is busy (503)."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            status, written = self._answer(method, path, body)
            if status < 400:
                return json.loads(written) if written else None
            assert status == 503, written
            assert time.monotonic() < deadline, written
            time.sleep(1)

    def _answer(self, method: str, path: str, body: object) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, f"/api{path}", text, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def runs(self, **wanted: object) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("POST", "/flow_runs/filter", {"flow_runs": wanted})
        return found

    def has_said(self, text: str, times: int = 1) -> bool:
        return self.said.read_text("utf-8").count(text) >= times

    @property
    def monitor(self) -> str:
        return str(self.ask("GET", "/deployments/name/monitor/monitor")["id"])

    @property
    def cycle_count(self) -> int:
        """How many cycles the warehouse has seen begin."""
        core = Core(self.settings.parent / "data")
        if not core.file.exists():
            return 0
        with core.reading() as connection:
            ((count,),) = connection.execute("select count(distinct run_id) from core.run").fetchall()
        return int(count)


def command(settings: Path, port: int, *more: str) -> list[str]:
    return [str(BIN / "marsad"), "up", "--settings", str(settings), "--port", str(port), *more]


def environment(**more: str) -> dict[str, str]:
    """The environment of the tests with loops that turn fast, as nobody waits an hour here."""
    usual = {"PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "5", "PREFECT_WORKER_QUERY_SECONDS": "1"}
    return {**os.environ, **usual, "PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS": "5", **more}


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One server and one worker for all of this file; they end as the last test ended them."""
    folder, port = tmp_path_factory.mktemp("up"), free_port()
    with NewsWorld() as world:
        settings = settings_for(world, folder, more=f"[operation]\nhistory_days = {OLD_DAYS - 1}\n")
        with (folder / "said").open("wb") as said:
            process = subprocess.Popen(
                command(settings, port), cwd=folder, env=environment(), stdout=said, stderr=subprocess.STDOUT
            )
        started = Up(process, port, settings, folder / "said")
        try:
            wait_for("all is up", lambda: started.has_said("all is up") or process.poll() is not None)
            assert process.poll() is None, started.said.read_text("utf-8")
            yield started
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def test_prefect_reports_to_nobody_stays_on_loopback_and_forgets(tmp_path: Path) -> None:
    telling = {"CI", "DO_NOT_TRACK", "PREFECT_SERVER_ANALYTICS_ENABLED"}
    env = {key: value for key, value in os.environ.items() if key not in telling}
    code = (
        "import flows.monitor; from prefect._internal.analytics.enabled import is_telemetry_enabled as on; print(on());"
        "from prefect.settings import get_current_settings as now; s = now().server;"
        "print(s.analytics_enabled, s.api.host)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False", "127.0.0.1"]
    ours = Engine(read_place(data=tmp_path), "127.0.0.1", 4200).environment()
    code = (
        "from prefect.settings import get_current_settings as now; s = now().server; v = s.services.db_vacuum;"
        "print(s.analytics_enabled, s.api.host, s.events.retention_period.days, v.retention_period.days,"
        "'flow_runs' in v.enabled_vacuum_types, now().flows.heartbeat_frequency)"
    )
    run = subprocess.run([sys.executable, "-c", code], env=ours, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "127.0.0.1", "7", "7", "True", "30"]


@pytest.mark.timeout(900)
def test_a_night_with_marsad_up(up: Up, subtests: pytest.Subtests) -> None:
    """One story, as each of its steps needs the server that the one before left."""
    with subtests.test("the server listens on loopback only"):
        assert listening_addresses(up.port) == {"127.0.0.1"}
    with subtests.test("the automation against zombies is there, once"):
        assert [one["name"] for one in up.ask("POST", "/automations/filter", {})] == [ZOMBIES]
    with subtests.test("a scheduled run completes"):
        every = {"schedule": {"interval": 20, "anchor_date": "2026-01-01T00:00:00Z"}, "active": True}
        (made,) = up.ask("POST", f"/deployments/{up.monitor}/schedules", [every])
        wait_for("a scheduled run completed", lambda: completed_and_scheduled(up))
        up.ask("DELETE", f"/deployments/{up.monitor}/schedules/{made['id']}")
        for deployment in up.ask("POST", "/deployments/filter", {}):
            up.ask("POST", f"/deployments/{deployment['id']}/pause_deployment")
        wait_for("nothing runs", lambda: not in_hand(up))
    with subtests.test("what is due several times is done once"):
        before = up.cycle_count
        late = datetime.now(UTC).isoformat()
        ids = [made_run(up, {"type": "SCHEDULED", "state_details": {"scheduled_time": late}}) for _ in range(4)]
        wait_for("all four ended", lambda: len(ended(up, ids)) == 4)
        assert Counter(run["state_name"] for run in ended(up, ids)) == {"Completed": 1, "Skipped": 3}
        assert up.cycle_count == before + 1
    with subtests.test("runs older than the history are forgotten"):
        old = (datetime.now(UTC) - timedelta(days=OLD_DAYS)).strftime("%Y-%m-%d %H:%M:%S.000000")
        with closing(sqlite3.connect(up.settings.parent / "data/prefect/prefect.db", timeout=60)) as own, own:
            own.execute("update flow_run set end_time = ? where id = ?", (old, ids[0]))
        wait_for("the old run is gone", lambda: not up.runs(id={"any_": ids[:1]}))
        assert len(up.runs(id={"any_": ids})) == 3
    with subtests.test("a second one in the folder, or at the port, is turned away in one sentence"):
        assert refused(up.settings, up.port) == (3, "marsad up is at work here already")
        assert refused(up.settings, up.port, "--data", str(up.settings.parent / "other"))[0] == 2
    with subtests.test("a program that is killed is started again"):
        for name in ("worker", "server"):
            killed = children(up.process.pid)[name]
            os.kill(killed, signal.SIGKILL)
            wait_for(f"the {name} is back", lambda name=name, killed=killed: is_back(up, name, killed))  # type: ignore[misc]
        assert up.has_said("the worker is started again")
        wait_for("the server answers", lambda: listening_addresses(up.port))
    with subtests.test("SIGTERM ends the cycle at work, then all of it"):
        file = up.settings
        file.write_text(file.read_text("utf-8").replace("host_gap_seconds = 0", "host_gap_seconds = 5"), "utf-8")
        before = up.cycle_count
        wait_for("a run can be made", lambda: answers(up))
        made_run(up, {"type": "SCHEDULED"})
        wait_for("a cycle has begun", lambda: up.cycle_count > before)
        up.process.terminate()
        assert up.process.wait(PATIENCE_SECONDS) == 0
        assert up.has_said("all is down")
        assert listening_addresses(up.port) == set()
        with locked(up.settings.parent / "data" / "cycle.lock", wait_seconds=0):
            pass


def completed_and_scheduled(up: Up) -> bool:
    return any(run["auto_scheduled"] for run in up.runs(state={"name": {"any_": ["Completed"]}}))


def in_hand(up: Up) -> list[dict[str, Any]]:
    waiting = [run for run in up.runs(state={"type": {"any_": ["SCHEDULED"]}}) if run["expected_start_time"] < soon()]
    return up.runs(state={"type": {"any_": ["RUNNING", "PENDING"]}}) + waiting


def soon() -> str:
    return (datetime.now(UTC) + timedelta(seconds=5)).isoformat()


def made_run(up: Up, state: dict[str, Any]) -> str:
    return str(up.ask("POST", f"/deployments/{up.monitor}/create_flow_run", {"state": state})["id"])


def ended(up: Up, ids: list[str]) -> list[dict[str, Any]]:
    wanted = ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]
    return up.runs(id={"any_": ids}, state={"type": {"any_": wanted}})


def refused(settings: Path, port: int, *more: str) -> tuple[int, str]:
    done = subprocess.run(
        command(settings, port, *more), env=environment(), capture_output=True, text=True, check=False
    )
    assert len(done.stderr.splitlines()) == 1
    return done.returncode, done.stderr.rpartition(": ")[2].strip()


def is_back(up: Up, name: str, killed: int) -> bool:
    return children(up.process.pid).get(name, killed) != killed


def answers(up: Up) -> bool:
    try:
        return bool(up.ask("GET", "/health"))
    except OSError:
        return False
