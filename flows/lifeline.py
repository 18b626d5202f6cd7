"""Owns that a process ends with the one that started it, so that a kill leaves nobody behind who writes.

Linux tells a child of its parent's death where it asked for that (prctl(2), PR_SET_PDEATHSIG). Elsewhere an orphan goes
on until it is done; the locks of the data folder keep it from doing harm.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from flows.exits import Terminated

_SET_PARENT_DEATH_SIGNAL = 1  #: PR_SET_PDEATHSIG of linux/prctl.h
T = TypeVar("T")


def end_with_parent(parent: int | None = None, sign: signal.Signals = signal.SIGTERM) -> None:
    """Ask to be sent `sign` when the parent dies, at once where `parent`, its process id, is gone already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, sign)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), sign)


def cancel_on_sigterm() -> None:
    """Let SIGTERM cancel the running task of this thread's loop, as Ctrl-C does: it stores what it has in hand.

    It is heard once: timeout(1), and a worker whose machine is shut down, send it twice in a row.
    """
    task = asyncio.current_task()

    def cancel() -> None:
        if task is not None and not task.cancelling():
            task.cancel()

    with suppress(RuntimeError, ValueError):  # not the main thread: whoever runs this one decides
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, cancel)


def forget_cancelling() -> None:
    """Let the running task, which was cancelled and has done its last work, go on: it has a state to report."""
    task = asyncio.current_task()
    while task is not None and task.cancelling():
        task.uncancel()


def run_until_told(work: Coroutine[Any, Any, T]) -> T:
    """Run it as asyncio.run does; SIGTERM cancels it as Ctrl-C does.

    Raises:
        Terminated: SIGTERM has ended it.
    """

    async def listening() -> T:
        cancel_on_sigterm()
        return await work

    before = signal.getsignal(signal.SIGTERM)
    try:
        return asyncio.run(listening())
    except asyncio.CancelledError as told:  # of a Ctrl-C asyncio makes a KeyboardInterrupt
        raise Terminated from told
    finally:
        signal.signal(signal.SIGTERM, before)
