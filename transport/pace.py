"""Owns when a request may go out: one at a time to a host with a gap after each, and so many at once over all hosts.

A little chance is in it, at the start and in every gap: the hosts of a shared server, and all who run this program on
the hour, would otherwise ask in step.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from marsad.errors import Held
from marsad.sources import HostPause

JITTER_SHARE = 0.25  #: of a gap, at most
PROMPT_SECONDS = 1.0  #: an answer takes; three times what a far server needs
JITTER_LIMIT_SECONDS = 1.0  #: and never more: a crawl-delay of minutes is chance enough


@dataclass(slots=True)
class _Lane:
    """What is known of one host; times are the event loop's."""

    gap_seconds: float
    free_at: float = 0.0
    retry_at: datetime | None = None  #: as the host said it
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Pace:
    """The lanes of all hosts.

    Args:
        gap_seconds: between the end of one request and the start of the next.
        limit_seconds: the longest wait; a host that asks for more is left for another cycle.
        chance: draws from 0 to 1. The first request to a host waits so much of the gap.
    """

    def __init__(
        self,
        gap_seconds: float,
        limit_seconds: float,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._chance = chance
        self._gap_seconds = gap_seconds
        self._limit_seconds = limit_seconds
        self._lanes: dict[str, _Lane] = {}

    def widen(self, host: str, gap_seconds: float) -> None:
        """Keep at least this gap to `host`; a gap is never narrowed."""
        lane = self._lane(host)
        lane.gap_seconds = max(lane.gap_seconds, gap_seconds)

    def hold(self, host: str, retry_at: datetime) -> None:
        """Let no request through to `host` before `retry_at`, or before a later time that it named already."""
        lane = self._lane(host)
        lane.retry_at = max(lane.retry_at or retry_at, retry_at)

    def pauses(self, now: datetime) -> tuple[HostPause, ...]:
        """Return the hosts that are to be left alone beyond `now`."""
        return tuple(
            HostPause(host, lane.retry_at)
            for host, lane in self._lanes.items()
            if lane.retry_at is not None and lane.retry_at > now
        )

    def wait_seconds(self, host: str) -> float:
        """Return how long the next request to `host` has to wait, not counting those that wait already."""
        return max(0.0, self._lane(host).free_at - asyncio.get_running_loop().time())

    @asynccontextmanager
    async def turn(self, host: str, now: datetime) -> AsyncIterator[None]:
        """Hold the only connection to `host`, once its gap has passed.

        Raises:
            Held: the host asked for patience beyond `now`, or the wait is over the limit.
        """
        lane = self._lane(host)
        async with lane.lock:
            if lane.retry_at is not None and lane.retry_at > now:
                raise Held(host, "asked for patience", lane.retry_at)
            wait_seconds = self.wait_seconds(host)
            if wait_seconds > self._limit_seconds:
                said = f"its crawl-delay of {lane.gap_seconds:.0f} s does not fit into this cycle"
                raise Held(host, said, now + timedelta(seconds=wait_seconds))
            await asyncio.sleep(wait_seconds)
            try:
                yield
            finally:
                jitter_seconds = min(lane.gap_seconds * JITTER_SHARE, JITTER_LIMIT_SECONDS) * self._chance()
                lane.free_at = asyncio.get_running_loop().time() + lane.gap_seconds + jitter_seconds

    def _lane(self, host: str) -> _Lane:
        if host not in self._lanes:
            free_at = asyncio.get_running_loop().time() + self._gap_seconds * self._chance()
            self._lanes[host] = _Lane(self._gap_seconds, free_at)
        return self._lanes[host]


@dataclass(slots=True)
class _Slot:
    is_patient: bool = False
    timer: asyncio.TimerHandle | None = None


class Connections:
    """The connections that may be open at once.

    Whoever keeps us waiting makes room for another after a second: where a tenth of 500 feeds hangs, their 20 seconds
    each would take all of 50 connections from the others. Of such that wait there are at most as many again.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._prompt = asyncio.Semaphore(count)
        self._patient_count = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Hold one of them."""
        await self._prompt.acquire()
        slot = _Slot()
        self._watch(slot)
        try:
            yield
        finally:
            if slot.timer is not None:
                slot.timer.cancel()
            if slot.is_patient:
                self._patient_count -= 1
            else:
                self._prompt.release()

    def _watch(self, slot: _Slot) -> None:
        slot.timer = asyncio.get_running_loop().call_later(PROMPT_SECONDS, self._make_room, slot)

    def _make_room(self, slot: _Slot) -> None:
        if self._patient_count >= self._count:
            self._watch(slot)
            return
        slot.is_patient, slot.timer = True, None
        self._patient_count += 1
        self._prompt.release()
