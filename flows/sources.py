"""Owns reading a source once, whatever kind it is: a feed as it is, an index of sitemaps with its newest parts.

An index says which of its parts changed last; where it does not, the part named after news or standing last is the
newest in nearly all systems, so a few are read and the others left to a backfill.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from extractors.pool import ExtractorPool, FeedJob
from marsad.articles import Drop
from marsad.errors import MarsadError
from marsad.settings import FetchSettings
from marsad.sources import Feed, Page, Part, Reading
from marsad.urls import canonical_url
from transport.fetch import Fetcher, Request

SITEMAP_WINDOW = timedelta(days=3)  #: a news sitemap holds two days; what is older is a backfill's
PART_LIMIT_COUNT = 5  #: documents of one index read in one cycle
_NEWS = re.compile(r"news|latest|recent|today", re.IGNORECASE)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Tools:
    """What reaches the web, and what reads it in processes that can be ended."""

    fetcher: Fetcher
    pool: ExtractorPool


async def read_source(tools: Tools, page: Page, feed: Feed, limits: FetchSettings) -> Reading:
    """Return what the answer of a feed says; of an index of sitemaps, what its newest parts say.

    Raises:
        MarsadError: the answer is no feed, or none of an index's parts can be read.
    """
    since = page.fetched_at - SITEMAP_WINDOW
    reading = await parse_source(tools.pool, page, feed, limits, since)
    if not reading.parts:
        return reading
    return await _read_parts(tools, feed, limits, reading, since)


async def parse_source(pool: ExtractorPool, page: Page, feed: Feed, limits: FetchSettings, since: datetime) -> Reading:
    """Return what one document says; entries of a sitemap from `since` on.

    Raises:
        MarsadError: it is no feed or no sitemap.
    """
    return await pool.read_feed(FeedJob(page, feed, limits.entry_limit_count, limits.feed_limit_bytes, since))


def request_for(url: str, limits: FetchSettings) -> Request:
    """Return the request for a feed's document."""
    return Request(url, limit_bytes=limits.feed_limit_bytes, deadline_seconds=limits.feed_deadline_seconds)


async def _read_parts(tools: Tools, feed: Feed, limits: FetchSettings, index: Reading, since: datetime) -> Reading:
    waiting, known, readings, errors = newest_parts(index.parts, since), {canonical_url(feed.url)}, [index], []
    asked = 0
    while waiting and asked < PART_LIMIT_COUNT:
        part = waiting.pop(0)
        if canonical_url(part.url) in known:
            continue
        known.add(canonical_url(part.url))
        asked += 1
        try:
            page = await tools.fetcher.get(request_for(part.url, limits))
            readings.append(await parse_source(tools.pool, page, feed, limits, since))
        except MarsadError as error:
            errors.append(error)
        else:
            waiting = [*newest_parts(readings[-1].parts, since), *waiting]
    if errors and len(errors) == asked:
        raise errors[0]
    failed = [Drop("poll", "feed_failed", error.subject, error.reason, feed.url) for error in errors]
    return merged(readings, failed, limits.entry_limit_count)


def newest_parts(parts: Sequence[Part], since: datetime) -> list[Part]:
    """Return the parts that may hold something of the days from `since` on, the likeliest first."""
    open_ = [part for part in parts if part.changed.at is None or part.changed.at >= since - timedelta(days=1)]
    order = {part.url: number for number, part in enumerate(open_)}
    return sorted(
        open_,
        key=lambda part: (part.changed.at or _LONG_AGO, bool(_NEWS.search(part.url)), order[part.url]),
        reverse=True,
    )


def merged(readings: Sequence[Reading], drops: Sequence[Drop], entry_limit: int) -> Reading:
    """Return several documents' readings as one, each page once."""
    entries = {entry.guid: entry for reading in reversed(readings) for entry in reversed(reading.entries)}
    newest = sorted(entries.values(), key=lambda entry: entry.published.at or _LONG_AGO, reverse=True)
    said = tuple(drop for reading in readings for drop in reading.drops)
    return replace(readings[0], entries=tuple(newest[:entry_limit]), drops=(*said, *drops))
