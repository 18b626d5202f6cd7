"""Owns the first half of a cycle: which feeds are due, what each answers, which entries are worth fetching."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime

from flows.desk import Desk
from flows.discovering import discoveries_of, sighting_of
from flows.sources import Tools, read_source
from marsad.articles import Drop
from marsad.claims import retold
from marsad.errors import MarsadError
from marsad.polling import address_of, after_poll, is_due, is_unchanged, request_headers
from marsad.records import PollBatch
from marsad.settings import FetchSettings
from marsad.sources import Feed, FeedKind, FeedState, HostPause, Poll
from transport.fetch import Request

_NOT_MODIFIED = 304


def due_feeds(desk: Desk, now: datetime) -> list[tuple[Feed, FeedState]]:
    """Return this worker's feeds whose time has come, each with what is remembered of it."""
    states = desk.core.feed_states()
    known = [(feed, states.get(feed.url, FeedState(feed.url))) for feed in desk.own_feeds]
    gap_seconds = desk.place.settings.fetch.poll_gap_seconds
    return [(feed, state) for feed, state in known if is_due(state, now, gap_seconds)]


async def poll_feed(limits: FetchSettings, tools: Tools, feed: Feed, state: FeedState, now: datetime) -> Poll:
    """Return what the feed answers; an error of ours is part of the poll, so that the others go on."""
    request = Request(
        address_of(state),
        headers=request_headers(state, now),
        limit_bytes=limits.feed_limit_bytes,
        deadline_seconds=limits.feed_deadline_seconds,
    )
    try:
        page = await tools.fetcher.get(request)
        if page.status == _NOT_MODIFIED:
            return Poll(feed, state, page)
        reading = await read_source(tools, page, feed, limits)
    except MarsadError as error:
        return Poll(feed, state, error=error.with_traceback(None))  # its frames hold the whole answer
    # What an index of sitemaps says of its own age says nothing of its parts.
    headers = () if reading.parts else page.headers
    return Poll(feed, state, replace(page, body=b"", headers=headers), reading)


async def store_polls(
    desk: Desk, batch_id: str, run_id: str, polls: list[Poll], pauses: tuple[HostPause, ...], now: datetime
) -> int:
    """Store states, sightings and hosts' wishes in one transaction; return how many entries were not seen before."""
    return await asyncio.to_thread(_store, desk, batch_id, run_id, polls, pauses, now)


def _store(
    desk: Desk, batch_id: str, run_id: str, polls: list[Poll], pauses: tuple[HostPause, ...], now: datetime
) -> int:
    feeds = {poll.feed.url: poll.feed for poll in polls}
    claimed = [entry for poll in polls if poll.reading and not is_unchanged(poll) for entry in poll.reading.entries]
    fresh = desk.core.unseen(claimed)
    found = [entry for entry in claimed if feeds[entry.feed_url].kind is not FeedKind.SEARCH]
    again = retold(found, desk.core.known_claims(found))
    counts = Counter(entry.feed_url for entry in fresh)
    gap_seconds = desk.place.settings.fetch.poll_gap_seconds
    searches = frozenset(url for url, feed in feeds.items() if feed.kind is FeedKind.SEARCH)
    batch = PollBatch(
        batch_id=batch_id,
        run_id=run_id,
        at=now,
        states=tuple(after_poll(poll, counts[poll.feed.url], now, gap_seconds) for poll in polls),
        outlets=tuple((poll.feed.url, poll.feed.outlet) for poll in polls),
        sightings=tuple(sighting_of(desk, feeds[entry.feed_url], entry, now) for entry in fresh),
        retold=tuple(sighting_of(desk, feeds[entry.feed_url], entry, now) for entry in again),
        discoveries=discoveries_of(desk, fresh, searches),
        pauses=pauses,
        drops=tuple(drop for poll in polls for drop in _drops(poll)),
    )
    desk.core.append_polls(batch)
    return len(fresh)


def _drops(poll: Poll) -> tuple[Drop, ...]:
    if poll.reason:
        return (Drop("poll", "feed_failed", poll.feed.url, poll.reason, poll.feed.url),)
    return poll.reading.drops if poll.reading else ()
