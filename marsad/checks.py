"""Owns what one look at a feed tells: what it answers, how old its newest item is, how much of it is on the topic."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from marsad.articles import Label
from marsad.errors import FetchError, MarsadError
from marsad.relevance import judge_entry
from marsad.sources import Entry, Feed, FeedKind
from marsad.topic import Topic

STALE_DAYS = 7  #: without a newer item; audits of public lists find one feed in fifty so
_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class FeedCheck:
    """What a feed answered when it was looked at."""

    url: str
    outlet: str
    kind: FeedKind
    answer: str  #: ok, empty, stale, undated; else the error in snake case: blocked, gone, not_a_feed, unreachable, ...
    reason: str = ""  #: of an error
    entry_count: int = 0
    topic_count: int = 0  #: of those, on or near the topic by title and summary
    newest_at: datetime | None = None  #: of the plausible dates

    @property
    def topic_share(self) -> float | None:
        """Share of entries on or near the topic, None without entries."""
        return self.topic_count / self.entry_count if self.entry_count else None

    @property
    def is_usable(self) -> bool:
        """Whether it answers as a feed."""
        return not self.reason


def check_of(feed: Feed, entries: Iterable[Entry], topic: Topic, now: datetime) -> FeedCheck:
    """Return the check of a feed that answered with `entries`."""
    found = tuple(entries)
    dates = [entry.published.at for entry in found if entry.published.at and not entry.published.is_implausible]
    newest_at = max(dates, default=None)
    answer = "ok"
    if not found:
        answer = "empty"
    elif newest_at is None:
        answer = "undated"
    elif (now - newest_at).days >= STALE_DAYS:
        answer = "stale"
    topic_count = sum(judge_entry(entry, topic, 0.0)[0] is not Label.OFF for entry in found)
    return FeedCheck(feed.url, feed.outlet.name, feed.kind, answer, "", len(found), topic_count, newest_at)


def check_failed(feed: Feed, error: MarsadError) -> FeedCheck:
    """Return the check of a feed that did not answer as one."""
    answer = "unreachable" if type(error) is FetchError else _WORD_START.sub("_", type(error).__name__).lower()
    reason = error.reason if error.subject == feed.url else str(error)
    return FeedCheck(feed.url, feed.outlet.name, feed.kind, answer, reason)
