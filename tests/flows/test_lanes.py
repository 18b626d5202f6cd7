"""Work host by host: chunks, order, errors, and that nothing hangs."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from flows.lanes import Load, in_lanes, lanes_by


async def collect(items: list[str], chunk_size: int) -> list[list[str]]:
    async def work(item: str) -> str:
        await asyncio.sleep(0)
        return item.upper()

    return [chunk async for chunk in in_lanes(lanes_by(lambda item: item[0], items), work, Load(chunk_size))]


async def test_every_item_comes_out_once_in_chunks_of_at_most_the_size() -> None:
    items = [f"{host}{number}" for host in "abc" for number in range(7)]
    chunks = await collect(items, 4)
    assert sorted(item for chunk in chunks for item in chunk) == sorted(item.upper() for item in items)
    assert max(map(len, chunks)) <= 4


async def test_no_items_give_no_chunk() -> None:
    assert await collect([], 4) == []


async def test_a_chunk_ends_with_the_outcome_that_fills_it_and_no_more_than_one_chunk_waits() -> None:
    made: list[int] = []

    async def work(item: int) -> bytes:
        made.append(item)
        return bytes(100)

    async with aclosing(in_lanes([[n] for n in range(40)], work, Load(50, bytes=350), len)) as chunks:
        sizes = [len(chunk) async for chunk in chunks]
    assert sizes == [4] * 10
    assert len(made) == 40


async def test_one_host_keeps_its_order() -> None:
    chunks = await collect([f"a{number}" for number in range(9)], 4)
    assert [item for chunk in chunks for item in chunk] == [f"A{number}" for number in range(9)]


async def test_a_hanging_host_holds_up_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.lanes._LINGER_SECONDS", 0.05)
    forever = asyncio.Event()

    async def work(item: str) -> str:
        if item == "slow":
            await forever.wait()
        return item

    seen: list[str] = []
    async with aclosing(in_lanes([["slow"], [f"b{number}" for number in range(50)]], work, Load(8))) as chunks:
        async for chunk in chunks:
            seen += chunk
            if len(seen) == 50:
                break
    assert len(seen) == 50


async def test_a_reader_that_fails_with_full_lanes_ends_them() -> None:
    started: list[int] = []

    async def work(item: int) -> int:
        started.append(item)
        return item

    async def read() -> None:
        async with aclosing(in_lanes([list(range(1000))], work, Load(5))) as chunks:
            async for _ in chunks:
                raise RuntimeError

    with pytest.raises(RuntimeError):
        await asyncio.wait_for(read(), 5)
    count = len(started)
    await asyncio.sleep(0.05)
    assert len(started) == count < 1000


async def test_an_error_of_the_work_is_raised_and_ends_the_other_lanes() -> None:
    async def work(item: int) -> int:
        if item == 3:
            raise LookupError(item)
        await asyncio.sleep(0.01 * item)
        return item

    with pytest.raises(ExceptionGroup) as caught:
        await asyncio.wait_for(consume(in_lanes([[1], [3], [999]], work, Load(5))), 5)
    assert caught.group_contains(LookupError)


async def consume(chunks: object) -> None:
    async for _ in chunks:  # type: ignore[attr-defined]
        pass


async def test_a_cancelled_reader_ends_at_once_though_the_lanes_are_full() -> None:
    async def work(item: int) -> int:
        return item

    async def read() -> None:
        async with aclosing(in_lanes([list(range(1000))], work, Load(5))) as chunks:
            async for _ in chunks:
                await asyncio.sleep(60)

    reader = asyncio.create_task(read())
    await asyncio.sleep(0.05)
    reader.cancel()
    _, waiting = await asyncio.wait([reader], timeout=5)
    assert not waiting
