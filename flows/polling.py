"""Owns the first half of a cycle: which feeds are due, what each answers, which entries are worth fetching."""

from __future__ import annotations

import asyncio
from datetime import datetime

from extractors.feeds import Reading, parse_feed
from flows.desk import Desk
from marsad.articles import Drop
from marsad.errors import MarsadError
from marsad.polling import after_failure, after_not_modified, after_success, is_due, request_headers
from marsad.records import PollBatch, Sighting
from marsad.relevance import judge_entry
from marsad.sources import Feed, FeedKind, FeedState, Poll, Verdict
from transport.fetch import Fetcher, Request

_NOT_MODIFIED = 304


def due_feeds(desk: Desk, now: datetime) -> list[tuple[Feed, FeedState]]:
    """Return the feeds whose time has come, each with what is remembered of it."""
    states = desk.core.feed_states()
    known = [(feed, states.get(feed.url, FeedState(feed.url))) for feed in desk.feeds]
    return [(feed, state) for feed, state in known if is_due(state, now)]


async def poll_feed(desk: Desk, fetcher: Fetcher, feed: Feed, state: FeedState, now: datetime) -> Poll:
    """Return what the feed answers; an error of ours is a reason in the poll, so that the others go on."""
    limits = desk.place.settings.fetch
    request = Request(
        feed.url,
        headers=request_headers(state),
        limit_bytes=limits.feed_limit_bytes,
        deadline_seconds=limits.feed_deadline_seconds,
    )
    try:
        page = await fetcher.get(request)
        if page.status == _NOT_MODIFIED:
            return Poll(feed, after_not_modified(state, page, now, limits.poll_gap_seconds))
        reading = await asyncio.to_thread(parse_feed, page, feed, limits.entry_limit_count)
    except MarsadError as error:
        reason = error.reason if error.subject == feed.url else str(error)
        drop = Drop("poll", "feed_failed", feed.url, reason, feed.url)
        return Poll(feed, after_failure(state, error, now, limits.poll_gap_seconds), drops=(drop,), reason=reason)
    after = after_success(state, page, reading.entries, now, limits.poll_gap_seconds)
    return Poll(feed, after, reading.entries, (*reading.drops, *_cut(feed, reading)))


def _cut(feed: Feed, reading: Reading) -> list[Drop]:
    if not reading.cut_count:
        return []
    return [Drop("poll", "over_limit", feed.url, f"{reading.cut_count} older items", feed.url)]


async def store_polls(desk: Desk, batch_id: str, run_id: str, polls: list[Poll], now: datetime) -> int:
    """Store states and new sightings in one transaction; return how many entries were not seen before."""
    return await asyncio.to_thread(_store, desk, batch_id, run_id, polls, now)


def _store(desk: Desk, batch_id: str, run_id: str, polls: list[Poll], now: datetime) -> int:
    fresh = desk.core.unseen([entry for poll in polls for entry in poll.entries])
    searches = {poll.feed.url for poll in polls if poll.feed.kind is FeedKind.SEARCH}
    sightings = []
    for entry in fresh:
        label, verdict = judge_entry(entry, desk.topic, desk.place.settings.fetch.audit_share)
        if entry.feed_url in searches:  # a wrapper link leads to a consent page, never to the article
            verdict = Verdict.SKIP
        sightings.append(Sighting(entry, label, verdict, now))
    batch = PollBatch(
        batch_id=batch_id,
        run_id=run_id,
        at=now,
        states=tuple(poll.state for poll in polls),
        outlets=tuple((poll.feed.url, poll.feed.outlet) for poll in polls),
        sightings=tuple(sightings),
        drops=tuple(drop for poll in polls for drop in poll.drops),
    )
    desk.core.append_polls(batch)
    return len(fresh)
