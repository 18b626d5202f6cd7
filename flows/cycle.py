"""Owns one monitoring cycle: the order of things, as plain functions that need no server.

    due feeds -> poll -> sightings                                       one transaction a chunk of feeds
    pending entries -> fetch -> archive -> extract -> topic -> tag -> sketch
                    -> neighbours -> novelty -> story -> records          one transaction a chunk of pages
    publish

A feed or page that fails is a row with its reason and stops nothing; what is over the time budget stays pending. A
cycle that is told to stop asks nothing more, stores what it has, and publishes.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing, contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from extractors.pool import ExtractorPool
from flows.asking import Asking, with_last_words
from flows.backfilling import backfill
from flows.desk import Desk, Progress, Steps
from flows.discovering import match_searches
from flows.fuller import with_amp
from flows.hands import OwnHands
from flows.journal import Journal, run_id_of
from flows.lanes import Load, in_lanes, lanes_by
from flows.polling import due_feeds, poll_feed, store_polls
from flows.reading import (
    Fetched,
    extract_pages,
    fetch_page,
    fetch_page_offline,
    is_news,
    learn_furniture,
    read_of,
    store_pages,
)
from flows.sources import Tools
from marsad.errors import MarsadError
from marsad.records import ArticleBatch, PendingEntry, RunSummary
from marsad.relations import NoveltyKind
from marsad.sharing import is_own
from marsad.sources import Feed, FeedState, Poll
from marsad.urls import host_of
from transport.fetch import Fetcher

_FEEDS_A_CHUNK = 50  #: polls stored in one transaction
_PAGES_A_CHUNK = 200  #: pages read and stored in one transaction; a Prefect task each costs 3 ms and 20 kB of state
_CHUNK_BYTES = 64_000_000  #: of pages; 200 of the longest allowed would be 1.6 GB
_PENDING_LIMIT = 10_000  #: pages taken up in one cycle; what is over has its turn in another


@dataclass(frozen=True, slots=True)
class _Cycle:
    """A cycle at work."""

    desk: Desk  #: what it works with
    steps: Steps  #: how its steps are run
    progress: Progress  #: who watches it
    asking: Asking  #: what it still may ask of others
    summary: RunSummary  #: what it did so far

    @property
    def now(self) -> datetime:
        """The instant that all it reads bears."""
        return self.summary.started_at

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the seconds to those of the stage."""
        start = time.monotonic()
        try:
            yield
        finally:
            spent = self.summary.stage_seconds
            spent[stage] = spent.get(stage, 0.0) + time.monotonic() - start


async def run_cycle(
    desk: Desk, steps: Steps, progress: Progress, since: datetime | None = None, pool: ExtractorPool | None = None
) -> RunSummary:
    """Run one cycle and return what it did.

    Args:
        desk: what it works with.
        steps: how its steps are run.
        progress: who watches it.
        since: also find what was published from then on, where given.
        pool: the caller's worker processes, where it has some for several cycles; else the cycle starts its own.

    Raises:
        CancelledError: it was told to stop, and has stored and published what it had in hand.
        WarehouseBusy: another process held the warehouse for too long; what was stored before stays.
        WarehouseUnusable: the warehouse cannot be written.
    """
    now = desk.place.now()
    summary = RunSummary(run_id=run_id_of(now), started_at=now)
    desk = replace(desk, journal=desk.journal.bind(run=summary.run_id))
    desk.journal.info("cycle started", clock=now.isoformat(), since=since and since.isoformat())
    cycle = _Cycle(desk, steps, progress, Asking(), summary)
    try:
        await with_last_words(_whole(cycle, pool, since), cycle.asking)
    except BaseException as error:
        if isinstance(error, asyncio.CancelledError):
            desk.journal.info("cycle stopped", reason="was told to stop")
        else:
            desk.journal.error("cycle stopped", kind=type(error).__name__, reason=str(error))
        with suppress(MarsadError):  # what was committed before is the readers' all the same
            desk.core.publish()
        raise
    desk.journal.info("cycle ended", **_told(summary))
    return summary


async def _whole(cycle: _Cycle, pool: ExtractorPool | None, since: datetime | None) -> None:
    """Do all of a cycle; what was stopped is not noted as finished."""
    core, place = cycle.desk.core, cycle.desk.place
    await asyncio.to_thread(core.start_run, cycle.summary.run_id, cycle.now)
    with _collector_spared(), nullcontext(pool) if pool else ExtractorPool(place.settings.extract) as workers:
        await _visit(cycle, workers, since)
    if cycle.asking.is_stopped:
        return
    with cycle.timed("publish"):
        await asyncio.to_thread(core.finish_run, cycle.summary, place.now())
        await asyncio.to_thread(core.publish)


@contextmanager
def _collector_spared() -> Iterator[None]:
    """Keep the garbage collector from walking over modules, names and cues again and again, which all stay.

    In a cycle of 240 pages that was an eighth of what the process did.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _told(summary: RunSummary) -> dict[str, object]:
    told = {name: value for name, value in asdict(summary).items() if name not in {"run_id", "started_at"}}
    return told | {"stage_seconds": {stage: round(value, 3) for stage, value in summary.stage_seconds.items()}}


def _note_polls(journal: Journal, polls: Iterable[Poll]) -> None:
    for poll in polls:
        feed = journal.bind(feed=poll.feed.url, outlet=poll.feed.outlet.id)
        feed.warning("feed failed", reason=poll.reason) if poll.reason else feed.info("feed answered")


async def _visit(cycle: _Cycle, pool: ExtractorPool, since: datetime | None) -> None:
    """Poll and read, under the wishes of hosts that earlier cycles heard; what hosts wish is kept for later ones."""
    desk = cycle.desk
    async with Fetcher(desk.place.settings.fetch, desk.place.now) as fetcher:
        fetcher.hold(await asyncio.to_thread(desk.core.host_pauses, cycle.now))
        tools = Tools(fetcher, pool)
        try:
            with cycle.timed("poll"):
                await _poll(cycle, tools)
            if since is not None:
                with cycle.timed("backfill"):
                    await _backfill(cycle, tools, since)
            await _read(cycle, tools)
        finally:
            if pauses := fetcher.pauses():
                desk.core.keep_pauses(pauses, cycle.now)


async def _poll(cycle: _Cycle, tools: Tools) -> None:
    desk, summary, now = cycle.desk, cycle.summary, cycle.now
    due = await asyncio.to_thread(due_feeds, desk, now)
    cycle.progress.begin("poll", len(due))

    async def asked(feed: Feed, state: FeedState) -> Poll | None:
        return await cycle.asking.ask(poll_feed, desk.place.settings.fetch, tools, feed, state, now)

    async def work(item: tuple[Feed, FeedState]) -> Poll | None:
        poll = None if cycle.asking.is_over else await cycle.steps(f"poll {host_of(item[0].url)}", asked, *item)
        cycle.progress.advance("poll")
        return poll

    number = 0
    lanes = lanes_by(lambda item: host_of(item[0].url), due)
    async with aclosing(in_lanes(lanes, work, Load(_FEEDS_A_CHUNK))) as chunks:
        async for chunk in chunks:
            polls = [poll for poll in chunk if poll is not None]
            if not polls:
                continue
            batch_id = f"{summary.run_id}/polls/{number}"
            pauses = tools.fetcher.pauses()
            summary.entry_count += await cycle.steps(
                "store polls", store_polls, desk, batch_id, summary.run_id, polls, pauses, now
            )
            _note_polls(desk.journal, polls)
            summary.feed_count += len(polls)
            summary.failed_feeds.update({poll.feed.url: poll.reason for poll in polls if poll.reason})
            number += 1
    await asyncio.to_thread(match_searches, desk, summary.run_id, now)


async def _backfill(cycle: _Cycle, tools: Tools, since: datetime) -> None:
    summary = cycle.summary
    found = await backfill(cycle.desk, tools, cycle.asking, since, summary.run_id, cycle.progress)
    summary.entry_count += found.entry_count
    summary.failed_feeds.update(found.failed)


async def _read(cycle: _Cycle, tools: Tools) -> None:
    desk, summary, now = cycle.desk, cycle.summary, cycle.now
    pending = await asyncio.to_thread(_own_pending, desk, now)
    hands = desk.hands or OwnHands(desk.topic, tools.pool)
    cycle.progress.begin("read", len(pending))
    cycle.asking.end_after(desk.place.settings.fetch.cycle_budget_seconds)
    # Where no feed answered there is no network, and a page that cannot be reached says nothing about the page.
    has_network = summary.feed_count > sum(feed.url in summary.failed_feeds for feed in desk.feeds)
    fetch = fetch_page if has_network else fetch_page_offline

    async def work(item: PendingEntry) -> Fetched:
        return await cycle.asking.ask(fetch, desk, tools.fetcher, item, now) or Fetched(item)

    async def keep(batch_id: str, fetched: list[Fetched]) -> ArticleBatch:
        with cycle.timed("extract"):
            found = await asyncio.to_thread(extract_pages, desk, hands.extract, fetched)
            found = await with_amp(desk, tools, found, cycle.asking)
            extracted = await asyncio.to_thread(learn_furniture, desk, found, now)
        with cycle.timed("tag"):
            drafts = await asyncio.to_thread(hands.draft, extracted, now)
            read = read_of(desk, fetched, extracted, drafts)
        with cycle.timed("store"):
            return await asyncio.to_thread(store_pages, desk, batch_id, summary.run_id, read, now)

    number, pauses = 0, tools.fetcher.pauses()
    lanes = lanes_by(lambda item: host_of(item.entry.url), pending)
    most = Load(_PAGES_A_CHUNK, _CHUNK_BYTES)
    async with aclosing(in_lanes(lanes, work, most, lambda one: one.byte_count)) as chunks:
        while fetched := await _arrival(cycle, chunks):
            heard = [one for one in fetched if one.is_heard]
            summary.pending_count += sum(not one.is_settled for one in fetched)
            if tools.fetcher.pauses() != pauses:
                pauses = tools.fetcher.pauses()
                await asyncio.to_thread(desk.core.keep_pauses, pauses, now)
            if heard:
                _count(summary, await cycle.steps("read pages", keep, f"{summary.run_id}/pages/{number}", heard))
            cycle.progress.advance("read", len(fetched))
            number += 1


def _own_pending(desk: Desk, now: datetime) -> list[PendingEntry]:
    workers = desk.place.settings.workers
    pending = desk.core.pending_entries(now, _PENDING_LIMIT * workers.count)
    return [one for one in pending if is_own(one.entry.url, workers)]


async def _arrival(cycle: _Cycle, chunks: AsyncGenerator[list[Fetched], None]) -> list[Fetched]:
    """Return the next chunk, empty after the last; what is waited for is the fetching."""
    with cycle.timed("fetch"):
        return await anext(chunks, [])


def _count(summary: RunSummary, batch: ArticleBatch) -> None:
    kinds = Counter(record.novelty.kind for record in batch.records)
    reasons = Counter(drop.reason for drop in batch.drops)
    news = sum(is_news(record) for record in batch.records)
    summary.fetched_count += len(batch.pages)
    summary.new_count += news
    summary.revision_count += kinds[NoveltyKind.REVISION]
    summary.duplicate_count += len(batch.records) - news - kinds[NoveltyKind.REVISION]
    for reason, count in reasons.items():
        summary.drops[reason] = summary.drops.get(reason, 0) + count
