"""Owns what `marsad up` asks of the Prefect server it tends: is a worker there, which runs come too late."""

from __future__ import annotations

import base64
import json
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

    def catch_up_once(self, patience: timedelta) -> int:
        """Of the runs of each deployment that are due, keep the last, and those due for less than `patience`.

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
        """Yield the runs that should have begun by now, the latest first."""
        wanted = {"state": {"type": {"any_": ["SCHEDULED"]}}, "expected_start_time": {"before_": now.isoformat()}}
        question = {"flow_runs": wanted, "sort": "EXPECTED_START_TIME_DESC"}
        yield from (run for run in self._ask("POST", "/flow_runs/filter", question) or () if run["deployment_id"])

    def _ask(self, method: str, path: str, question: object = None) -> Any:  # noqa: ANN401  what Prefect answers
        """Return the answer, None where there is none that can be used."""
        connection = HTTPConnection(self.host, self.port, timeout=_WAIT_SECONDS)
        headers = {"Content-Type": "application/json"}
        if self.password:
            headers["Authorization"] = f"Basic {base64.b64encode(self.password.encode()).decode()}"
        try:
            connection.request(method, f"/api{path}", json.dumps(question), headers)
            answer = connection.getresponse()
            return json.loads(answer.read(_ANSWER_BYTES)) if answer.status == HTTPStatus.OK else None
        except (OSError, HTTPException, ValueError):
            return None
        finally:
            connection.close()
