"""Owns what searches are good for: each headline they find is looked for in its publisher's own feeds.

A search's link leads to a wrapper or a consent page and its guid is the search's own; neither is ever an identity. What
counts is the publisher's own entry of the same folded headline: where it is known it is fetched, whatever the filter
said of its title, since a search has read the text. What is not found stays an entry with its reason, and is looked
for again as long as a publisher's feed may bring it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from flows.desk import Desk
from marsad.headlines import is_published_by, key_of_headline, own_headline, split_headline
from marsad.records import Discovered, Discovery, PollBatch, Sighting
from marsad.relevance import judge_entry
from marsad.sources import Entry, Feed, FeedKind, Verdict
from warehouse.rows import entry_id

_PATIENCE = timedelta(days=3)  #: how long a publisher's feed may lag behind the search that has its headline


def sighting_of(desk: Desk, feed: Feed, entry: Entry, now: datetime) -> Sighting:
    """Return the entry with the filter's verdict and its headline's key; a search's own entry is never fetched."""
    label, verdict = judge_entry(entry, desk.topic, desk.place.settings.fetch.audit_share)
    if feed.kind is FeedKind.SEARCH:
        headline = split_headline(entry.title, entry.publisher).text
        return Sighting(entry, label, Verdict.SKIP, now, key_of_headline(headline))
    return Sighting(entry, label, verdict, now, key_of_headline(own_headline(entry.title, feed.outlet)))


def discoveries_of(desk: Desk, entries: Iterable[Entry], searches: frozenset[str]) -> tuple[Discovery, ...]:
    """Return what those of `entries` that come from `searches` (feed urls) found, none of it matched yet."""
    return tuple(_discovery(desk, entry) for entry in entries if entry.feed_url in searches)


def _discovery(desk: Desk, entry: Entry) -> Discovery:
    headline = split_headline(entry.title, entry.publisher)
    publisher = entry.publisher or headline.publisher
    is_ours = any(
        is_published_by(feed.outlet, (feed.url,), publisher, entry.publisher_url)
        for feed in desk.feeds
        if feed.kind is not FeedKind.SEARCH
    )
    return Discovery(
        entry_id=entry_id(entry),
        headline=headline.text,
        headline_key=key_of_headline(headline.text),
        publisher=publisher,
        publisher_url=entry.publisher_url,
        outcome=Discovered.NOT_IN_OWN_FEEDS if is_ours else Discovered.UNKNOWN_PUBLISHER,
    )


def match_searches(desk: Desk, run_id: str, now: datetime) -> int:
    """Match what searches found to publishers' own entries, and store it; return how many were matched."""
    matched: dict[int, Discovery] = {}
    for candidate in desk.core.open_discoveries(now - _PATIENCE):
        found = candidate.discovery
        if found.entry_id not in matched and is_published_by(
            candidate.outlet, (candidate.own_url,), found.publisher, found.publisher_url
        ):
            matched[found.entry_id] = replace(found, outcome=Discovered.MATCHED, own_entry_id=candidate.own_entry_id)
    if matched:
        desk.core.append_polls(PollBatch(f"{run_id}/searches", run_id, now, discoveries=tuple(matched.values())))
    return len(matched)
