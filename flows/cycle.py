"""Owns one monitoring cycle: the order of things, as plain functions that need no server.

    due feeds -> poll -> sightings                                       one transaction a chunk of feeds
    pending entries -> fetch -> archive -> extract -> topic -> tag -> sketch
                    -> neighbours -> novelty -> story -> records          one transaction a chunk of pages
    publish

A feed or page that fails is a row with its reason and stops nothing; what is over the time budget stays pending.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime

from extractors.pool import ExtractorPool
from flows.desk import Desk, Progress, Steps
from flows.lanes import in_lanes, lanes_by
from flows.polling import due_feeds, poll_feed, store_polls
from flows.reading import Fetched, extract_pages, fetch_page, is_news, store_pages, tag_articles
from marsad.records import ArticleBatch, PendingEntry, RunSummary
from marsad.relations import NoveltyKind
from marsad.sources import Feed, FeedState, Poll
from marsad.urls import host_of
from transport.fetch import Fetcher

_FEEDS_A_CHUNK = 50  #: polls stored in one transaction
_PAGES_A_CHUNK = 200  #: pages read and stored in one transaction; a Prefect task each (decisions in docs)
_PENDING_LIMIT = 10_000  #: pages taken up in one cycle


async def run_cycle(desk: Desk, steps: Steps, progress: Progress) -> RunSummary:
    """Run one cycle and return what it did.

    Raises:
        WarehouseBusy: another process held the warehouse for too long; what was stored before stays.
        WarehouseUnusable: the warehouse cannot be written.
    """
    now = desk.place.now()
    summary = RunSummary(run_id=f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}", started_at=now)
    desk.core.start_run(summary.run_id, now)
    async with Fetcher(desk.place.settings.fetch, desk.place.now) as fetcher:
        with _timed(summary, "poll"):
            await _poll(desk, steps, progress, fetcher, summary, now)
        await _read(desk, steps, progress, fetcher, summary, now)
    with _timed(summary, "publish"):
        desk.core.finish_run(summary, desk.place.now())
        desk.core.publish()
    return summary


@contextmanager
def _timed(summary: RunSummary, stage: str) -> Iterator[None]:
    start = time.monotonic()
    try:
        yield
    finally:
        summary.stage_seconds[stage] = summary.stage_seconds.get(stage, 0.0) + time.monotonic() - start


async def _poll(
    desk: Desk, steps: Steps, progress: Progress, fetcher: Fetcher, summary: RunSummary, now: datetime
) -> None:
    due = due_feeds(desk, now)
    progress.begin("poll", len(due))

    async def work(item: tuple[Feed, FeedState]) -> Poll:
        poll = await steps(f"poll {host_of(item[0].url)}", poll_feed, desk, fetcher, *item, now)
        progress.advance("poll")
        return poll

    number = 0
    async for polls in in_lanes(lanes_by(lambda item: host_of(item[0].url), due), work, _FEEDS_A_CHUNK):
        batch_id = f"{summary.run_id}/polls/{number}"
        summary.entry_count += await steps("store polls", store_polls, desk, batch_id, summary.run_id, polls, now)
        summary.feed_count += len(polls)
        summary.failed_feeds.update({poll.feed.url: poll.reason for poll in polls if poll.reason})
        number += 1


async def _read(
    desk: Desk, steps: Steps, progress: Progress, fetcher: Fetcher, summary: RunSummary, now: datetime
) -> None:
    pending = desk.core.pending_entries(_PENDING_LIMIT)
    progress.begin("read", len(pending))
    ends_at = time.monotonic() + desk.place.settings.fetch.cycle_budget_seconds

    async def work(item: PendingEntry) -> Fetched:
        return await fetch_page(desk, fetcher, item, now) if time.monotonic() < ends_at else Fetched(item)

    with ExtractorPool(desk.place.settings.extract) as pool:

        async def keep(batch_id: str, fetched: list[Fetched]) -> ArticleBatch:
            with _timed(summary, "extract"):
                extracted = await asyncio.to_thread(extract_pages, desk, pool, fetched)
            with _timed(summary, "tag"):
                read = await asyncio.to_thread(tag_articles, desk, fetched, extracted, now)
            with _timed(summary, "store"):
                return await asyncio.to_thread(store_pages, desk, batch_id, summary.run_id, read, now)

        number = 0
        chunks = in_lanes(lanes_by(lambda item: host_of(item.entry.url), pending), work, _PAGES_A_CHUNK)
        while fetched := await _arrival(chunks, summary):
            batch = await steps("read pages", keep, f"{summary.run_id}/pages/{number}", fetched)
            _count(summary, fetched, batch)
            progress.advance("read", len(fetched))
            number += 1


async def _arrival(chunks: AsyncIterator[list[Fetched]], summary: RunSummary) -> list[Fetched]:
    """Return the next chunk, empty after the last; what is waited for is the fetching."""
    with _timed(summary, "fetch"):
        return await anext(chunks, [])


def _count(summary: RunSummary, fetched: list[Fetched], batch: ArticleBatch) -> None:
    kinds = Counter(record.novelty.kind for record in batch.records)
    reasons = Counter(drop.reason for drop in batch.drops)
    news = sum(is_news(record) for record in batch.records)
    summary.fetched_count += len(batch.pages)
    summary.new_count += news
    summary.revision_count += kinds[NoveltyKind.REVISION]
    summary.duplicate_count += len(batch.records) - news - kinds[NoveltyKind.REVISION]
    summary.pending_count += sum(one.page is None and one.drop is None for one in fetched)
    for reason, count in reasons.items():
        summary.drops[reason] = summary.drops.get(reason, 0) + count
