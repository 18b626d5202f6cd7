"""Owns a backfill: what was published from a day on, out of sitemaps and the older pages of feeds.

It finds entries and fetches none of their pages: they wait with the others, so that filter, time budget and manners are
those of any cycle. A document that was read whole is noted together with its entries; a backfill that was stopped, or
that had no more time, goes on behind it.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Iterable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from extractors.links import find_sitemap_lines
from flows.asking import Asking
from flows.desk import Desk, Progress
from flows.discovering import sighting_of
from flows.lanes import Load, in_lanes, lanes_by
from flows.sources import Tools, newest_parts, parse_source, request_for
from marsad.errors import Gone, MarsadError
from marsad.records import PollBatch
from marsad.sources import Entry, Feed, FeedKind, Reading
from marsad.urls import canonical_url, host_of
from transport.fetch import Request

_PAGE_LIMIT_COUNT = 200  #: older pages of one feed; ten items each reach half a year back at ten a day
_PART_LIMIT_COUNT = 2_000  #: documents of one site in one backfill
_URLS_A_DOCUMENT = 20_000  #: kept of one sitemap; reading them takes 6 of the worker's 15 seconds (decisions/0009)
_SITEMAP_PATHS = ("/sitemap_index.xml", "/sitemap.xml")
_DATED_NAME = re.compile(r"(20[0-3]\d)[-_/]?(0[1-9]|1[0-2])?(?:[-_/]?([0-2]\d|3[01]))?(?!\d)")


@dataclass(frozen=True, slots=True)
class Backfilled:
    """What a backfill found; entries are stored as they come."""

    entry_count: int
    failed: dict[str, str]  #: document -> why it could not be read
    is_whole: bool  #: false where the time was over


@dataclass(slots=True)
class _Walk:
    """The documents of one feed, or of the sitemaps of its site, as far as they were followed."""

    feed: Feed
    since: datetime
    waiting: deque[str]
    seen: set[str] = field(default_factory=set)  #: canonical urls of documents
    guids: set[str] = field(default_factory=set)  #: of entries

    def follow(self, reading: Reading) -> list[Entry]:
        """Return the entries of the days asked for, and note where the walk goes on."""
        fresh = [entry for entry in reading.entries if entry.guid not in self.guids]
        self.guids |= {entry.guid for entry in fresh}
        wanted = [entry for entry in fresh if _is_wanted(entry, self.since)]
        if reading.older_url and wanted:  # a page that repeats others, or holds older ones only, ends the walk
            self.waiting.append(reading.older_url)
        parts = newest_parts(reading.parts, self.since)
        self.waiting.extend(part.url for part in parts if not _ended_before(part.url, self.since))
        return wanted

    def next_url(self) -> str | None:
        """Return the next document that was not read yet, None behind the last."""
        limit = _PART_LIMIT_COUNT if self.feed.kind is FeedKind.SITEMAP else _PAGE_LIMIT_COUNT
        while self.waiting and len(self.seen) < limit:
            url = self.waiting.popleft()
            if canonical_url(url) not in self.seen:
                self.seen.add(canonical_url(url))
                return url
        return None


async def backfill(
    desk: Desk, tools: Tools, asking: Asking, since: datetime, run_id: str, progress: Progress
) -> Backfilled:
    """Store the entries published from `since` on that sitemaps and older pages of feeds list; fetch no article.

    Raises:
        WarehouseBusy, WarehouseUnusable: the warehouse cannot be written; what was stored before stays.
    """
    feeds = [feed for feed in desk.own_feeds if feed.kind is not FeedKind.SEARCH]
    asking.end_after(desk.place.settings.fetch.cycle_budget_seconds)
    done = await asyncio.to_thread(desk.core.read_documents, since.date(), desk.place.now())
    progress.begin("backfill", len(feeds))
    state = _State(desk, tools, asking, since, run_id, done)

    async def work(feed: Feed) -> None:
        for walk in await asking.ask(_walks, state, feed) or ():
            await _walk(state, walk)
        progress.advance("backfill")

    lanes = lanes_by(lambda feed: host_of(feed.url), feeds)
    async with aclosing(in_lanes(lanes, work, Load(len(feeds) or 1))) as chunks:
        async for _ in chunks:
            pass
    return Backfilled(state.entry_count, state.failed, not asking.is_over)


@dataclass(slots=True)
class _State:
    desk: Desk
    tools: Tools
    asking: Asking
    since: datetime
    run_id: str
    done: frozenset[str]  #: documents read by an earlier backfill from that day or an earlier one
    sites: set[str] = field(default_factory=set)  #: origins whose sitemaps were walked
    entry_count: int = 0
    document_count: int = 0
    failed: dict[str, str] = field(default_factory=dict)


async def _walks(state: _State, feed: Feed) -> list[_Walk]:
    walks = [_Walk(feed, state.since, deque([feed.url]))]
    parts = urlsplit(feed.url)
    origin = f"{parts.scheme}://{parts.netloc}"
    has_own = any(f.kind is FeedKind.SITEMAP and f.url.startswith(origin) for f in state.desk.feeds)
    if origin not in state.sites and not has_own:
        state.sites.add(origin)
        sitemaps = await _sitemaps(state, origin)
        walks.append(_Walk(replace(feed, kind=FeedKind.SITEMAP), state.since, deque(sitemaps)))
    return walks


async def _sitemaps(state: _State, origin: str) -> tuple[str, ...]:
    try:
        named = find_sitemap_lines(await state.tools.fetcher.get(Request(f"{origin}/robots.txt")))
    except MarsadError:
        named = ()
    return named or tuple(f"{origin}{path}" for path in _SITEMAP_PATHS)


async def _walk(state: _State, walk: _Walk) -> None:
    while not state.asking.is_over and (url := walk.next_url()):
        if url in state.done:
            continue
        try:
            reading = await state.asking.ask(_read, state, walk.feed, url)
        except Gone:  # many sites have no sitemap, and no page behind the last
            continue
        except MarsadError as error:
            state.failed[url] = error.reason
            continue
        if reading is None:
            return
        wanted = walk.follow(reading)
        await asyncio.to_thread(_store, state, walk.feed, url, wanted, is_last=not (reading.parts or reading.older_url))


async def _read(state: _State, feed: Feed, url: str) -> Reading:
    limits = replace(state.desk.place.settings.fetch, entry_limit_count=_URLS_A_DOCUMENT)
    page = await state.tools.fetcher.get(request_for(url, limits))
    return await parse_source(state.tools.pool, page, feed, limits, state.since)


def _store(state: _State, feed: Feed, url: str, wanted: Iterable[Entry], *, is_last: bool) -> None:
    """Store what is not sighted yet, and that the document is read; what leads to others is read again each time."""
    desk, now = state.desk, state.desk.place.now()
    fresh = desk.core.unseen_urls(wanted)
    state.document_count += 1
    batch = PollBatch(
        batch_id=f"{state.run_id}/backfill/{state.document_count}",
        run_id=state.run_id,
        at=now,
        outlets=((feed.url, feed.outlet),),
        sightings=tuple(replace(sighting_of(desk, feed, entry, now), is_late=True) for entry in fresh),
        documents=((url, state.since.date()),) if is_last else (),
    )
    desk.core.append_polls(batch)
    state.entry_count += len(fresh)


def _is_wanted(entry: Entry, since: datetime) -> bool:
    return entry.published.at is None or entry.published.at >= since


def _ended_before(url: str, since: datetime) -> bool:
    """Return whether the name of a sitemap says that it holds an earlier year, month or day only."""
    found = list(_DATED_NAME.finditer(urlsplit(url).path))
    if not found:
        return False
    year, month, day = found[-1].groups()
    if not month:
        return int(year) < since.year
    if not day:
        return (int(year), int(month)) < (since.year, since.month)
    try:
        return datetime(int(year), int(month), int(day), tzinfo=UTC) + timedelta(days=2) <= since
    except ValueError:
        return False
