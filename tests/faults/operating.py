"""A `marsad up` at work, and what its server and the kernel tell of it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from warehouse.core import Core

PASSWORD = "marsad:only here"  #: of the server
_ASKER = "tests"  #: whom a token against forgery is for
_PROGRAMS = {"server": "flows.prefect_child", "worker": "flows.worker"}  #: by a word of their command lines
BIN = Path(sys.executable).parent
PATIENCE_SECONDS = 200  #: all is up within 30 s and a scheduled run within 20 on a calm machine; the rest is for others


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
        if parent == pid:
            found |= {name: int(entry.name) for name, word in _PROGRAMS.items() if word in words}
    return found


@dataclass(frozen=True, slots=True)
class Up:
    """A `marsad up` at work."""

    process: subprocess.Popen[bytes]
    port: int
    settings: Path
    said: Path
    said_from: int = 0  #: what stood there before it began

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Ask the server as Prefect's own client does: again where it is busy (503) or does not answer."""
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
            known = {"Authorization": f"Basic {b64encode(PASSWORD.encode()).decode()}"}
            connection.request("GET", f"/api/csrf-token?client={_ASKER}", headers=known)
            token = json.loads(connection.getresponse().read()).get("token", "")
            known |= {"Prefect-Csrf-Client": _ASKER, "Prefect-Csrf-Token": token}
            connection.request(method, f"/api{path}", text, known | {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except TimeoutError:
            return 503, b"no answer"
        finally:
            connection.close()

    def runs(self, **wanted: object) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("POST", "/flow_runs/filter", {"flow_runs": wanted})
        return found

    def has_said(self, text: str, times: int = 1) -> bool:
        return self.said.read_bytes()[self.said_from :].decode().count(text) >= times

    @property
    def monitor(self) -> str:
        return self.deployment("monitor")

    def deployment(self, name: str) -> str:
        return str(self.ask("GET", f"/deployments/name/{name}/{name}")["id"])

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
    usual |= {"HTTP_PROXY": "http://127.0.0.1:9", "PREFECT_SERVER_API_AUTH_STRING": PASSWORD}  # no proxy is there
    return {**os.environ, **usual, "PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS": "5", **more}


@contextmanager
def going_up(settings: Path, port: int) -> Iterator[Up]:
    """Give a `marsad up` of which all is up; it is ended behind it, unless it has ended."""
    said = settings.with_name("said")
    with said.open("ab") as output:
        start = output.tell()
        process = subprocess.Popen(
            command(settings, port), cwd=settings.parent, env=environment(), stdout=output, stderr=subprocess.STDOUT
        )
    started = Up(process, port, settings, said, start)
    try:
        wait_for("all is up", lambda: started.has_said("all is up") or process.poll() is not None)
        assert process.poll() is None, said.read_text("utf-8")
        yield started
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def made_run(up: Up, state: dict[str, Any], name: str = "monitor") -> str:
    """Ask for a run of a deployment; return its id."""
    return str(up.ask("POST", f"/deployments/{up.deployment(name)}/create_flow_run", {"state": state})["id"])


def ended(up: Up, ids: list[str]) -> list[dict[str, Any]]:
    """Return those of the runs that have come to an end."""
    wanted = ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]
    return up.runs(id={"any_": ids}, state={"type": {"any_": wanted}})


def answers(up: Up) -> bool:
    """Whether the server answers."""
    try:
        return bool(up.ask("GET", "/health"))
    except OSError:
        return False


def pause_all(up: Up) -> None:
    """Let no schedule make a run."""
    for deployment in up.ask("POST", "/deployments/filter", {}):
        up.ask("POST", f"/deployments/{deployment['id']}/pause_deployment")
