"""A real Prefect server and worker, started by `marsad up`, run the monitor by its schedule against a loopback site."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flows.command import marsad
from flows.configuration import read_place
from flows.engine import Engine
from flows.installing import ZOMBIES
from flows.keeper_finding import find_keeper
from tests.faults.operating import (
    PASSWORD,
    PATIENCE_SECONDS,
    Up,
    answers,
    children,
    command,
    ended,
    environment,
    free_port,
    going_up,
    listening_addresses,
    made_run,
    pause_all,
    wait_for,
)
from tests.newsworld import NewsWorld, settings_for
from warehouse.engine import locked

ROOT = Path(__file__).resolve().parents[2]
OLD_DAYS = 3


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One server and one worker for all of this file; they end as the last test ended them."""
    folder = tmp_path_factory.mktemp("up")
    own = folder / "data/prefect/prefect.db"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"no database" * 1000)
    (own.parent / "temporary/prefect-of-a-killed-run").mkdir(parents=True)
    with NewsWorld() as world:
        settings = settings_for(world, folder, more=f"[operation]\nhistory_days = {OLD_DAYS - 1}\n")
        with going_up(settings, free_port()) as started:
            yield started


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
def test_a_night_with_marsad_up(  # noqa: PLR0915  one night
    up: Up, subtests: pytest.Subtests, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One story, as each of its steps needs the server that the one before left."""
    with subtests.test("the server listens on loopback only"):
        assert listening_addresses(up.port) == {"127.0.0.1"}
    with subtests.test("a damaged database of Prefect's was put aside"):
        (aside,) = (up.settings.parent / "data/prefect").glob("prefect.db.damaged-*")
        assert aside.read_bytes() == b"no database" * 1000
        assert up.has_said(str(aside))
    with subtests.test("what killed runs left for a while is gone"):
        assert not (up.settings.parent / "data/prefect/temporary/prefect-of-a-killed-run").exists()
    with subtests.test("doctor tells where it is and that all of it answers, to who knows its password"):
        place = read_place(up.settings)
        monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", PASSWORD)
        found = find_keeper(place)
        assert (found.state, f"http://127.0.0.1:{up.port}" in found.said) == ("ok", True), found
        monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "somebody:else")
        assert "does not tell" in find_keeper(place).said
        monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", PASSWORD)
    with subtests.test("a page of another site can ask nothing of it"):
        assert asked_by_a_page(up, "https://elsewhere.example.org") == (None, 403)
        assert asked_by_a_page(up, f"http://localhost:{up.port}") == (f"http://localhost:{up.port}", 403)
    with subtests.test("the automation against zombies is there, once"):
        assert [one["name"] for one in up.ask("POST", "/automations/filter", {})] == [ZOMBIES]
    with subtests.test("a scheduled run completes"):
        every = {"schedule": {"interval": 20, "anchor_date": "2026-01-01T00:00:00Z"}, "active": True}
        (made,) = up.ask("POST", f"/deployments/{up.monitor}/schedules", [every])
        wait_for("a scheduled run completed", lambda: completed_and_scheduled(up))
        up.ask("DELETE", f"/deployments/{up.monitor}/schedules/{made['id']}")
        pause_all(up)
        wait_for("nothing runs", lambda: not in_hand(up))
    with subtests.test("a night passes in which the pool is paused"):
        up.ask("PATCH", "/work_pools/marsad", {"is_paused": True})
        missed = [made_run(up, due_at(timedelta(hours=hours))) for hours in (4, 3, 2, 1)]
        change(up, "update flow_run set auto_scheduled = true where id = ?", [(one,) for one in missed[1:]])
        assert "work pool is paused" in find_keeper(place).said
    with subtests.test("a second one in the folder, or at the port, is turned away in one sentence"):
        code, said = refused(up.settings, up.port)
        assert (code, said.endswith("already at work here")) == (3, True)
        assert refused(up.settings, up.port, "--data", str(up.settings.parent / "other"))[0] == 2
    with subtests.test("the run shows its counts, feeds, stories, drops and how far it has come"):
        shown = {one["key"]: one for one in up.ask("POST", "/artifacts/latest/filter", {})}
        assert {"cycle", "feeds", "stories", "drops", "progress-poll", "progress-read"} <= shown.keys()
        assert len(json.loads(shown["feeds"]["data"])) == 2
    with subtests.test("the password of the mail server comes from a block of Prefect"):
        found, missing = passwords(up)
        assert found == "kept by Prefect"
        assert "no Secret block named 'nothing'; make one" in missing
    with subtests.test("what is due several times is done once"):
        before = up.cycle_count
        by_hand, last = missed[0], missed[-1]
        wait_for(
            "all but the last are gone", lambda: {run["id"] for run in up.runs(id={"any_": missed})} == {by_hand, last}
        )
        for one in (by_hand, last):
            up.ask("DELETE", f"/flow_runs/{one}")
        ids = [made_run(up, due_at(timedelta())) for _ in range(2)]
        up.ask("PATCH", "/work_pools/marsad", {"is_paused": False})
        wait_for("both ended", lambda: len(ended(up, ids)) == 2)
        assert Counter(run["state_name"] for run in ended(up, ids)) == {"Completed": 1, "Skipped": 1}
        assert up.cycle_count == before + 1
    with subtests.test("runs older than the history are forgotten, with their logs, tasks, artifacts and events"):
        old = (datetime.now(UTC) - timedelta(days=OLD_DAYS)).strftime("%Y-%m-%d %H:%M:%S.000000")
        (done,) = (run["id"] for run in ended(up, ids) if run["state_name"] == "Completed")
        assert all(traces(up, done).values()), traces(up, done)
        change(up, "update flow_run set end_time = ? where id = ?", [(old, done)])
        change(up, "update event_resources set occurred = ?", [(old,)])
        change(up, "update events set occurred = ?", [(old,)])
        wait_for("nothing is left of the old run", lambda: not any(traces(up, done).values()))
        wait_for("nor of old events", lambda: not count(up, "events where occurred = ?", old))
        assert len(up.runs(id={"any_": ids})) == 1
    with subtests.test("a program that is killed is started again"):
        for name in ("worker", "server"):
            killed = children(up.process.pid)[name]
            os.kill(killed, signal.SIGKILL)
            wait_for(f"the {name} is back", lambda name=name, killed=killed: is_back(up, name, killed))  # type: ignore[misc]
        assert up.has_said("the worker is started again")
        wait_for("the server answers", lambda: listening_addresses(up.port))
    with subtests.test("SIGTERM to all at once lets the cycle at work publish what it has, then ends all of it"):
        file = up.settings
        file.write_text(file.read_text("utf-8").replace("host_gap_seconds = 0", "host_gap_seconds = 5"), "utf-8")
        before = up.cycle_count
        wait_for("a run can be made", lambda: answers(up))
        stopped_run = made_run(up, {"type": "SCHEDULED"})
        wait_for("a cycle has begun", lambda: up.cycle_count > before)
        assert list((up.settings.parent / "data/prefect/temporary").glob("prefect*"))  # of the run, and not elsewhere
        for program in (up.process.pid, children(up.process.pid)["worker"]):
            os.kill(program, signal.SIGTERM)
        assert up.process.wait(PATIENCE_SECONDS) == 0
        assert (stopped := last_of_journal(up))["event"] == "cycle stopped"
        assert stopped["run"] in published(up, "select run_id from core.run")
        assert count(up, "flow_run where state_type = 'CANCELLED' and id = ?", stopped_run) == 1
        assert up.has_said("all is down")
        assert listening_addresses(up.port) == set()
        with locked(up.settings.parent / "data" / "cycle.lock", wait_seconds=0):
            pass


def last_of_journal(up: Up) -> dict[str, Any]:
    *_, last = (up.settings.parent / "data/logs/cycle.jsonl").read_text("utf-8").splitlines()
    found: dict[str, Any] = json.loads(last)
    return found


def published(up: Up, query: str) -> str:
    """Return what a reader gets who asks the published data."""
    words = ["sql", query, "--settings", str(up.settings)]
    return CliRunner().invoke(marsad, words, standalone_mode=False, catch_exceptions=False).output


def change(up: Up, statement: str, rows: list[tuple[str, ...]]) -> None:
    """Change what the server remembers, which it lets nobody do."""
    with closing(sqlite3.connect(up.settings.parent / "data/prefect/prefect.db", timeout=60)) as own, own:
        own.executemany(statement, rows)


def traces(up: Up, run: str) -> dict[str, int]:
    """Return how many rows of each kind the server keeps of a run."""
    of_run = {"flow_run": "id", "log": "flow_run_id", "artifact": "flow_run_id", "task_run": "flow_run_id"}
    return {kind: count(up, f"{kind} where {column} = ?", run) for kind, column in of_run.items()}


def count(up: Up, rows: str, value: str) -> int:
    with closing(sqlite3.connect(up.settings.parent / "data/prefect/prefect.db", timeout=60)) as own:
        found: int = own.execute(f"select count(*) from {rows}", (value,)).fetchone()[0]
        return found


def asked_by_a_page(up: Up, origin: str) -> tuple[str | None, int]:
    """Return which origin the server answers to, and how it takes a question without a token of a page of there."""
    with closing(HTTPConnection("127.0.0.1", up.port, timeout=60)) as connection:
        connection.request("GET", "/api/health", headers={"Origin": origin})
        answer = connection.getresponse()
        answer.read()
        connection.request("POST", "/api/deployments/filter", "{}", {"Content-Type": "application/json"})
        return answer.getheader("Access-Control-Allow-Origin"), connection.getresponse().status


def completed_and_scheduled(up: Up) -> bool:
    monitors = up.runs(state={"name": {"any_": ["Completed"]}}, deployment_id={"any_": [up.monitor]})
    return any(run["auto_scheduled"] for run in monitors)  # digests are due every few minutes, too


def due_at(ago: timedelta) -> dict[str, Any]:
    return {"type": "SCHEDULED", "state_details": {"scheduled_time": (datetime.now(UTC) - ago).isoformat()}}


def in_hand(up: Up) -> list[dict[str, Any]]:
    waiting = [run for run in up.runs(state={"type": {"any_": ["SCHEDULED"]}}) if run["expected_start_time"] < soon()]
    return up.runs(state={"type": {"any_": ["RUNNING", "PENDING"]}}) + waiting


def soon() -> str:
    return (datetime.now(UTC) + timedelta(seconds=5)).isoformat()


def refused(settings: Path, port: int, *more: str) -> tuple[int, str]:
    done = subprocess.run(
        command(settings, port, *more), env=environment(), capture_output=True, text=True, check=False
    )
    assert len(done.stderr.splitlines()) == 1
    return done.returncode, done.stderr.strip()


def is_back(up: Up, name: str, killed: int) -> bool:
    return children(up.process.pid).get(name, killed) != killed


_ASKS = """
import sys
from flows.passwords import smtp_password
from marsad.errors import SettingsError
from marsad.settings import MailSettings
from prefect.blocks.system import Secret
Secret(value="kept by Prefect").save("mail", overwrite=True)
for name in ("mail", "nothing"):
    try:
        print(smtp_password(MailSettings(user="marsad", password_block=name)))
    except SettingsError as error:
        print(error)
"""


def passwords(up: Up) -> list[str]:
    env = {key: value for key, value in os.environ.items() if key != "MARSAD_SMTP_PASSWORD"}
    env |= {"PREFECT_API_URL": f"http://127.0.0.1:{up.port}/api", "PREFECT_API_AUTH_STRING": PASSWORD}
    done = subprocess.run([sys.executable, "-c", _ASKS], env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
