"""Owns until when a cycle asks the web: until its time is over, or it is told to stop.

Being told to stop ends the questions that are on their way and no other work: what was answered is read and stored.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

_LAST_SECONDS = 75.0  #: for what is in hand, two chunks at most; `marsad up` waits 90 and publishing takes its part
T = TypeVar("T")


class Asking:
    """Whether the web may be asked, and the questions that wait for their answer."""

    def __init__(self) -> None:
        self.is_stopped = False
        self._ends_at = math.inf  #: of the monotonic clock
        self._waiting: set[asyncio.Timeout] = set()

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be asked."""
        return self.is_stopped or time.monotonic() >= self._ends_at

    def end_after(self, seconds: float) -> None:
        """Let questions begin for so long from now on; those that have begun get their answer."""
        self._ends_at = time.monotonic() + seconds

    def stop(self) -> None:
        """Ask nothing more, and give up the questions that wait for their answer."""
        self.is_stopped = True
        for one in self._waiting:
            one.reschedule(asyncio.get_running_loop().time())

    async def ask(self, question: Callable[..., Awaitable[T]], *arguments: Any) -> T | None:  # noqa: ANN401
        """Return what `question(*arguments)` does, None where it is over or stopped before there is an answer."""
        if self.is_over:
            return None
        try:
            async with asyncio.timeout(None) as limit:
                self._waiting.add(limit)
                try:
                    return await question(*arguments)
                finally:
                    self._waiting.discard(limit)
        except TimeoutError:
            if not self.is_stopped:
                raise
            return None


async def with_last_words(work: Coroutine[Any, Any, None], asking: Asking) -> None:
    """Do the work; where this task is cancelled it asks nothing more, comes to its end, and the cancelling goes on.

    Cancelled again, or after a while, the work is given up where it stands.
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        asking.stop()
        await asyncio.wait([task], timeout=_LAST_SECONDS)
        if task.done() and not task.cancelled():
            task.result()
        raise
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
