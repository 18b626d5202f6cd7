"""Owns the worker of `marsad up`: `python -m flows.worker PARENT`, Prefect's, whose end waits for the runs in hand.

Prefect's own kills them (SIGKILL, measured: a cycle then leaves what it stored unpublished). Here SIGTERM and SIGINT
let no further run begin and are handed on to those at work, each of which stores what it has; the worker ends after the
last. So it may hear a signal when its parent does, as where all processes of a machine are told to end at once.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from abc import ABC
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from anyio import CancelScope
from prefect.workers.process import ProcessWorker

from flows.engine import POOL
from flows.lifeline import end_with_parent

if TYPE_CHECKING:
    from anyio.abc import TaskStatus
    from prefect.client.schemas.objects import FlowRun
    from prefect.workers.process import ProcessJobConfiguration, ProcessWorkerResult

#: A cycle, what reads again at night, and a digest. Each takes some 200 MB (measured), and what is due after a pause
#: came all at once.
_AT_ONCE_COUNT = 3


class OrderlyWorker(ProcessWorker, ABC):  # ABC: else Prefect would take it for another kind of worker, with a warning
    """Prefect's worker, whose end kills no run."""

    def __init__(self) -> None:
        super().__init__(work_pool_name=POOL, limit=_AT_ONCE_COUNT, create_pool_if_not_found=False)
        self._in_hand: set[int] = set()  #: processes of runs
        self._is_ending = False

    def end_runs(self) -> None:
        """Tell the runs at work to end, and those whose process is about to begin."""
        self._is_ending = True
        for process in self._in_hand:
            _tell(process)

    async def run(
        self, flow_run: FlowRun, configuration: ProcessJobConfiguration, task_status: TaskStatus[int] | None = None
    ) -> ProcessWorkerResult:
        """Run it to its end, whatever ends the worker meanwhile."""
        begun = _Begun(self, task_status)
        try:
            with CancelScope(shield=True):
                result = await super().run(flow_run, configuration, begun)
        finally:
            self._in_hand -= begun.processes
        return result

    def note(self, process: int) -> None:
        """Remember the process of a run that has begun."""
        self._in_hand.add(process)
        if self._is_ending:
            _tell(process)


class _Begun:
    """Hears which process a run has got, and hands it on."""

    def __init__(self, worker: OrderlyWorker, waiting: TaskStatus[int] | None) -> None:
        self._worker, self._waiting = worker, waiting
        self.processes: set[int] = set()

    def started(self, value: Any = None) -> None:  # noqa: ANN401  anyio's own form
        self.processes.add(value)
        self._worker.note(value)
        if self._waiting is not None:
            self._waiting.started(value)


def _tell(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGTERM)


async def work() -> None:
    """Do what the pool asks for until SIGTERM or SIGINT, and end behind the last run."""
    worker = OrderlyWorker()
    task = asyncio.create_task(worker.start())

    def end() -> None:
        if not task.cancelling():  # once: who is told by several is not to give up what it does at its end
            worker.end_runs()
            task.cancel()

    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, end)
    with suppress(asyncio.CancelledError):
        await task


def main() -> None:
    """Work until told to end; the parent's id is the only argument."""
    # Not SIGTERM: the runs hear of its end, too, and a worker whose server is gone might wait for long.
    end_with_parent(int(sys.argv[1]), signal.SIGKILL)
    asyncio.run(work())


if __name__ == "__main__":
    main()
