"""Facts about the distance between requests: chance is in it, and never shortens it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from transport import pace as pacing
from transport.pace import JITTER_LIMIT_SECONDS, Connections, Pace

NOW = datetime(2025, 6, 8, 12, 0, tzinfo=UTC)


async def waits(gap_seconds: float, chance: float) -> tuple[float, float]:
    """Return how long the first request has to wait, and how long the second one after it."""
    pace = Pace(gap_seconds, 1e9, chance=lambda: chance)
    first = pace.wait_seconds("a.example.org")
    pace.widen("b.example.org", gap_seconds)
    pace._lane("b.example.org").free_at = asyncio.get_running_loop().time()  # as if its time had come
    async with pace.turn("b.example.org", NOW):
        pass
    return first, pace.wait_seconds("b.example.org")


@pytest.mark.parametrize(
    ("gap_seconds", "chance", "first", "second"),
    [(2, 0.0, 0, 2), (2, 1.0, 2, 2.5), (120, 1.0, 120, 120 + JITTER_LIMIT_SECONDS), (0, 1.0, 0, 0)],
    ids=["least", "most", "a long gap", "no gap"],
)
async def test_a_gap_is_stretched_by_chance_and_never_shortened(
    gap_seconds: float, chance: float, first: float, second: float
) -> None:
    assert await waits(gap_seconds, chance) == pytest.approx((first, second), abs=0.1)


async def test_hosts_are_not_first_asked_in_step() -> None:
    pace = Pace(2.0, 1e9)
    assert len({round(pace.wait_seconds(f"{n}.example.org"), 3) for n in range(50)}) > 10


async def test_who_keeps_us_waiting_makes_room_but_only_for_as_many_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "PROMPT_SECONDS", 0.01)
    slots, release, opened = Connections(2), asyncio.Event(), 0

    async def hang() -> None:
        nonlocal opened
        async with slots.open():
            opened += 1
            await release.wait()

    hanging = [asyncio.create_task(hang()) for _ in range(9)]
    await asyncio.sleep(0.2)
    assert opened == 4
    release.set()
    await asyncio.gather(*hanging)
    assert opened == 9
    async with slots.open(), slots.open():
        assert slots._prompt.locked()
