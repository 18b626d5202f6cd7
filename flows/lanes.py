"""Owns doing network work host by host: one lane a host, all lanes at once, results in chunks as they come.

A slow host holds up its own lane only. Outcomes that nobody has taken yet are counted, and where there are enough of
them all lanes wait, so that memory stays bounded.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Iterable, Sequence
from contextlib import suppress
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


async def in_lanes(
    lanes: Iterable[Sequence[I]], work: Callable[[I], Awaitable[O]], chunk_size: int
) -> AsyncGenerator[list[O], None]:
    """Yield what `work` makes of every item, in chunks of at most `chunk_size`, in order of arrival.

    Close it (contextlib.aclosing) where it is not read to its end: that ends all lanes. An exception of `work` ends
    them too and is raised here, in a group, after what had arrived before it.
    """
    arrived: asyncio.Queue[list[O]] = asyncio.Queue()
    room = asyncio.Semaphore(chunk_size)
    producer = asyncio.create_task(_run_lanes(lanes, work, arrived, room))
    try:
        async for chunk in _chunks(arrived, chunk_size):
            for _ in chunk:
                room.release()
            yield chunk
        await producer
    finally:
        producer.cancel()
        await asyncio.wait([producer])


async def _run_lanes(
    lanes: Iterable[Sequence[I]],
    work: Callable[[I], Awaitable[O]],
    arrived: asyncio.Queue[list[O]],
    room: asyncio.Semaphore,
) -> None:
    async def lane(items: Sequence[I]) -> None:
        for item in items:
            outcome = await work(item)
            await room.acquire()
            arrived.put_nowait([outcome])

    try:
        async with asyncio.TaskGroup() as group:
            for items in lanes:
                group.create_task(lane(items))
    finally:
        arrived.put_nowait([])  # the end; the queue has no bound of its own, so this never waits for a reader


async def _chunks(arrived: asyncio.Queue[list[O]], size: int) -> AsyncGenerator[list[O], None]:
    is_open = True
    while is_open:
        chunk: list[O] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(_LINGER_SECONDS):
                while is_open and len(chunk) < size:
                    outcomes = await arrived.get()
                    chunk += outcomes
                    is_open = bool(outcomes)
        if chunk:
            yield chunk
