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
from contextlib import suppress

_SET_PARENT_DEATH_SIGNAL = 1  #: PR_SET_PDEATHSIG of linux/prctl.h


def end_with_parent(parent: int | None = None, sign: signal.Signals = signal.SIGTERM) -> None:
    """Ask to be sent `sign` when the parent dies, at once where `parent`, its process id, is gone already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, sign)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), sign)


def cancel_on_sigterm() -> None:
    """Let SIGTERM cancel the running task of this thread's loop, as Ctrl-C does: it stores what it has in hand."""
    task = asyncio.current_task()
    if task is not None:
        with suppress(RuntimeError, ValueError):  # not the main thread: whoever runs this one decides
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
