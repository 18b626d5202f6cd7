"""A real Prefect server and worker run the monitor on its schedule, against a site on loopback."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.newsworld import NewsWorld, settings_for

ROOT = Path(__file__).resolve().parents[2]
PREFECT = Path(sys.executable).with_name("prefect")
PATIENCE_SECONDS = 150  #: server 10 s, deploy 10 s, first scheduled run within 20 s; the rest is for a loaded machine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(*command: str | Path, env: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("w") as output:
        process = subprocess.Popen(
            [str(part) for part in command], cwd=ROOT, env=env, stdout=output, stderr=output, start_new_session=True
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(20)


def prefect(*words: str, env: dict[str, str]) -> str:
    done = subprocess.run(
        [str(PREFECT), "--no-prompt", *words],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def wait_for(fact: str, holds: object, seconds: float = PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {fact}"
        time.sleep(1)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def listening_addresses(port: int) -> set[str]:
    """Return the IPv4 addresses on which somebody listens at `port`, as the kernel lists them."""
    listening = "0A"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    found = [row[1].split(":") for row in rows if row[3] == listening]
    return {socket.inet_ntoa(bytes.fromhex(address)[::-1]) for address, at in found if int(at, 16) == port}


def test_prefect_reports_to_nobody_and_stays_on_loopback(tmp_path: Path) -> None:
    env = {
        key: value
        for key, value in os.environ.items()
        if key not in {"CI", "DO_NOT_TRACK", "PREFECT_SERVER_ANALYTICS_ENABLED"}
    }
    code = (
        "import flows.monitor; from prefect._internal.analytics.enabled import is_telemetry_enabled as on; print(on())"
    )
    library = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    assert library.stdout.strip() == "False"
    shown = prefect("config", "view", env=env | {"PREFECT_HOME": str(tmp_path)})
    assert "PREFECT_SERVER_ANALYTICS_ENABLED='False'" in shown
    assert "PREFECT_SERVER_API_HOST='127.0.0.1'" in shown


@pytest.mark.timeout(400)
def test_a_scheduled_run_of_the_monitor_completes(tmp_path: Path) -> None:
    port = free_port()
    with NewsWorld() as world:
        env = os.environ | {
            "PREFECT_HOME": str(tmp_path / "prefect"),
            "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
            "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "5",
            "PREFECT_WORKER_QUERY_SECONDS": "2",
            "MARSAD_SETTINGS": str(settings_for(world, tmp_path)),
            "MARSAD_DATA": str(tmp_path / "data"),
        }
        server = (PREFECT, "server", "start", "--port", str(port))  # the host is the checkout's setting
        with running(*server, env=env, log=tmp_path / "server.log"):
            wait_for("the server answers", lambda: answers(port))
            assert listening_addresses(port) == {"127.0.0.1"}
            prefect("work-pool", "create", "marsad", "--type", "process", env=env)
            prefect("deploy", "--all", env=env)
            prefect("deployment", "schedule", "create", "monitor/monitor", "--interval", "20", env=env)
            with running(PREFECT, "worker", "start", "--pool", "marsad", env=env, log=tmp_path / "worker.log"):
                wait_for("a scheduled run completed", lambda: completed_and_scheduled(env))
    stored = subprocess.run(
        [Path(sys.executable).with_name("marsad"), "sql", "--json", "select count(*) as n from articles"],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(stored.stdout)[0]["n"] >= 1


def completed_and_scheduled(env: dict[str, str]) -> bool:
    runs = json.loads(prefect("flow-run", "ls", "--state-type", "COMPLETED", "--output", "json", env=env) or "[]")
    return any(run.get("auto_scheduled") for run in runs)
