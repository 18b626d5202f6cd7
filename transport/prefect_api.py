"""Owns what is asked of a Prefect server: is a worker there, what is deployed, which runs come too late.

Where the server wants it, a question bears a token against forgery (CSRF), as those of Prefect's own client do.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any

from transport.outside import Listener, who_listens

_WAIT_SECONDS = 5.0  #: for a server on this machine
_ANSWER_BYTES = 8 << 20  #: two hundred runs, the most that Prefect tells of at once, are 400 kB


@dataclass(frozen=True, slots=True)
class PrefectServer:
    """A Prefect server on this machine."""

    host: str
    port: int
    password: str = ""  #: "user:password", where it asks for them

    def answers(self) -> bool:
        """Return whether it says that it is well."""
        return who_listens(self.port, self.host) is Listener.PREFECT

    def has_worker(self, pool: str) -> bool:
        """Return whether a worker of the work pool reports to it."""
        workers = self._ask("POST", f"/work_pools/{pool}/workers/filter", {"limit": 10}) or ()
        return any(worker.get("status") == "ONLINE" for worker in workers)

    def is_paused(self, pool: str) -> bool:
        """Return whether the runs of the work pool have to wait."""
        return bool((self._ask("GET", f"/work_pools/{pool}") or {}).get("is_paused"))

    def deployments(self) -> dict[str, bool] | None:
        """Return its deployments by name, and whether the schedule of each is at work; None where it does not say."""
        found = self._ask("POST", "/deployments/filter", {})
        if found is None:
            return None
        return {one["name"]: not one["paused"] and any(each["active"] for each in one["schedules"]) for one in found}

    def catch_up_once(self, patience: timedelta) -> int:
        """Of the scheduled runs of each deployment that are due, keep the last, and those due for less than `patience`.

        Runs that somebody has asked for are no schedule's, and wait for as long as they have to.

        Returns:
            How many are deleted.
        """
        now, seen, deleted_count = datetime.now(UTC), set[str](), 0
        for run in self._due_runs(now):
            due_at = datetime.fromisoformat(run["expected_start_time"])
            if run["deployment_id"] in seen and due_at < now - patience:
                self._ask("DELETE", f"/flow_runs/{run['id']}")
                deleted_count += 1
            seen.add(run["deployment_id"])
        return deleted_count

    def _due_runs(self, now: datetime) -> Iterator[dict[str, Any]]:
        """Yield the runs of schedules that should have begun by now, the latest first."""
        wanted = {"state": {"type": {"any_": ["SCHEDULED"]}}, "expected_start_time": {"before_": now.isoformat()}}
        question = {"flow_runs": wanted, "sort": "EXPECTED_START_TIME_DESC"}
        found = self._ask("POST", "/flow_runs/filter", question) or ()
        yield from (run for run in found if run["deployment_id"] and run["auto_scheduled"])

    def _ask(self, method: str, path: str, question: object = None) -> Any:  # noqa: ANN401  what Prefect answers
        """Return the answer, None where there is none that can be used."""
        connection = HTTPConnection(self.host, self.port, timeout=_WAIT_SECONDS)
        try:
            headers = self._known_as()
            if method != "GET":  # reading forges nothing
                headers |= _with_token(connection, headers)
            return _answer(connection, method, path, question, headers)
        except (OSError, HTTPException, ValueError):
            return None
        finally:
            connection.close()

    def _known_as(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        if self.password:
            headers["Authorization"] = f"Basic {base64.b64encode(self.password.encode()).decode()}"
        return headers


def _with_token(connection: HTTPConnection, headers: dict[str, str]) -> dict[str, str]:
    """Return a token of now, none where none is wanted: the server keeps one for each name at a time."""
    asker = f"marsad-{os.getpid()}"
    token = _answer(connection, "GET", f"/csrf-token?client={asker}", None, headers)
    return {"Prefect-Csrf-Client": asker, "Prefect-Csrf-Token": token["token"]} if token else {}


def _answer(connection: HTTPConnection, method: str, path: str, question: object, headers: dict[str, str]) -> Any:  # noqa: ANN401  what Prefect answers
    """Return the answer, None where it is no answer to the question."""
    connection.request(method, f"/api{path}", None if question is None else json.dumps(question), headers)
    answer = connection.getresponse()
    written = answer.read(_ANSWER_BYTES)
    return json.loads(written) if answer.status == HTTPStatus.OK else None
