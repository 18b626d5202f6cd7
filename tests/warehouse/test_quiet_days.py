"""Days without news leave the files as big as they were: what is replaced frees its place, which is filled again."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from marsad.records import PollBatch, RunSummary
from marsad.sources import FeedState
from warehouse.core import Core

FIRST = datetime(2026, 11, 1, tzinfo=UTC)
FEED_COUNT, ETAG_CHARS = 2000, 128  #: random, so that they do not become small on disk
BEFORE, CYCLES = 4, 6


def quiet_cycle(core: Core, number: int) -> None:
    at = FIRST + number * timedelta(hours=6)
    state = FeedState("", polled_at=at, succeeded_at=at, next_poll_at=at + timedelta(hours=1))
    chance = random.Random(number)
    states = (
        replace(state, feed_url=f"https://news.example.org/{feed}.xml", etag=chance.randbytes(ETAG_CHARS // 2).hex())
        for feed in range(FEED_COUNT)
    )
    core.start_run(f"run {number}", at)
    core.append_polls(PollBatch(f"batch {number}", f"run {number}", at, states=tuple(states)))
    core.finish_run(RunSummary(f"run {number}", at, feed_count=FEED_COUNT), at)
    core.publish()


def size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def test_quiet_days_take_no_room(tmp_path: Path) -> None:
    core = Core(tmp_path)
    core.create_or_migrate()
    for number in range(BEFORE):
        quiet_cycle(core, number)
    before = size(tmp_path)
    for number in range(BEFORE, BEFORE + CYCLES):
        quiet_cycle(core, number)
    assert size(tmp_path) - before < CYCLES * FEED_COUNT * ETAG_CHARS / 4
