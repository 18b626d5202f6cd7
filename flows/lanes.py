"""Owns doing network work host by host: one lane a host, all lanes at once, results in chunks as they come.

A slow host holds up its own lane only. Outcomes that nobody has taken yet are counted and weighed, and where there are
enough of them all lanes wait, so that memory stays bounded.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

I = TypeVar("I")  # noqa: E741  item in
O = TypeVar("O")  # noqa: E741  outcome out

_LINGER_SECONDS = 5.0  #: a chunk that does not fill goes on after so long


def lanes_by(key: Callable[[I], Hashable], items: Iterable[I]) -> list[list[I]]:
    """Return the items as lists of equal key, in order."""
    lanes: defaultdict[Hashable, list[I]] = defaultdict(list)
    for item in items:
        lanes[key(item)].append(item)
    return list(lanes.values())


@dataclass(frozen=True, slots=True)
class Load:
    """How much a chunk may hold."""

    count: int
    bytes: int = 1 << 62  #: a chunk ends with the outcome that fills it


async def in_lanes(
    lanes: Iterable[Sequence[I]],
    work: Callable[[I], Awaitable[O]],
    most: Load,
    size_of: Callable[[O], int] = lambda _: 0,
) -> AsyncGenerator[list[O], None]:
    """Yield what `work` makes of every item, in chunks of at most `most`, in order of arrival.

    Args:
        lanes: the items of one host each, in order.
        work: done for one item of a lane at a time.
        most: of a chunk, and of what has arrived and waits for its reader.
        size_of: an outcome's weight in bytes.

    Close it (contextlib.aclosing) where it is not read to its end: that ends all lanes. An exception of `work` ends
    them too and is raised here, in a group, after what had arrived before it.
    """
    arrived: asyncio.Queue[list[O]] = asyncio.Queue()
    room = _Room(most)
    producer = asyncio.create_task(_run_lanes(lanes, work, arrived, lambda outcome: room.enter(size_of(outcome))))
    try:
        async for chunk in _chunks(arrived, most, size_of):
            await room.leave(len(chunk), sum(map(size_of, chunk)))
            yield chunk
        await producer
    finally:
        producer.cancel()
        await asyncio.wait([producer])


class _Room:
    """What has arrived and is not taken: no one more enters while it is full."""

    def __init__(self, most: Load) -> None:
        self._most = most
        self._count = self._bytes = 0
        self._changed = asyncio.Condition()

    async def enter(self, size: int) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self._count < self._most.count and self._bytes < self._most.bytes)
            self._count += 1
            self._bytes += size

    async def leave(self, count: int, size: int) -> None:
        async with self._changed:
            self._count -= count
            self._bytes -= size
            self._changed.notify_all()


async def _run_lanes(
    lanes: Iterable[Sequence[I]],
    work: Callable[[I], Awaitable[O]],
    arrived: asyncio.Queue[list[O]],
    enter: Callable[[O], Awaitable[None]],
) -> None:
    async def lane(items: Sequence[I]) -> None:
        for item in items:
            outcome = await work(item)
            await enter(outcome)
            arrived.put_nowait([outcome])

    try:
        async with asyncio.TaskGroup() as group:
            for items in lanes:
                group.create_task(lane(items))
    finally:
        arrived.put_nowait([])  # the end; the queue has no bound of its own, so this never waits for a reader


async def _chunks(
    arrived: asyncio.Queue[list[O]], most: Load, size_of: Callable[[O], int]
) -> AsyncGenerator[list[O], None]:
    is_open = True
    while is_open:
        chunk: list[O] = []
        size = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(_LINGER_SECONDS):
                while is_open and len(chunk) < most.count and size < most.bytes:
                    outcomes = await arrived.get()
                    chunk += outcomes
                    size += sum(map(size_of, outcomes))
                    is_open = bool(outcomes)
        if chunk:
            yield chunk
