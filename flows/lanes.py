"""Owns doing network work host by host: one lane a host, all lanes at once, results in chunks as they come.

A slow host holds up its own lane only; a full queue holds up all, so that memory stays bounded.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterable, Sequence
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
) -> AsyncIterator[list[O]]:
    """Yield what `work` makes of every item, in chunks of at most `chunk_size`, in order of arrival.

    An exception of `work` ends all lanes and is raised here, in a group.
    """
    queue: asyncio.Queue[list[O]] = asyncio.Queue(chunk_size)
    producer = asyncio.create_task(_run_lanes(lanes, work, queue))
    try:
        async for chunk in _chunks(queue, chunk_size):
            yield chunk
        await producer
    finally:
        producer.cancel()
        with suppress(asyncio.CancelledError):
            await producer


async def _run_lanes(
    lanes: Iterable[Sequence[I]], work: Callable[[I], Awaitable[O]], queue: asyncio.Queue[list[O]]
) -> None:
    async def lane(items: Sequence[I]) -> None:
        for item in items:
            await queue.put([await work(item)])

    try:
        async with asyncio.TaskGroup() as group:
            for items in lanes:
                group.create_task(lane(items))
    finally:
        await queue.put([])  # the end


async def _chunks(queue: asyncio.Queue[list[O]], size: int) -> AsyncIterator[list[O]]:
    is_open = True
    while is_open:
        chunk: list[O] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(_LINGER_SECONDS):
                while is_open and len(chunk) < size:
                    arrived = await queue.get()
                    chunk += arrived
                    is_open = bool(arrived)
        if chunk:
            yield chunk
