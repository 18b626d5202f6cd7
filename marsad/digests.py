"""Owns the nouns of telling: stories, digests, deliveries.

A digest is decided here and rendered elsewhere; a delivery is a row whose bytes never change once written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from marsad.articles import Stance
from marsad.settings import Subscriber


@dataclass(frozen=True, slots=True)
class Quote:
    """A statement as a reader sees it."""

    speaker: str
    speaker_ar: str  #: the words of the text
    stance: Stance
    evidence: str  #: the sentence
    article_url: str


@dataclass(frozen=True, slots=True)
class Story:
    """Articles on one event."""

    id: int  #: of its first article
    title: str
    started_at: datetime
    outlets: tuple[str, ...]  #: in order of arrival, each once
    urls: tuple[str, ...]
    copy_count: int = 0  #: duplicates and excerpts among them
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class DayCount:
    """One day of a coverage line."""

    day: str  #: ISO date
    article_count: int
    story_count: int = 0


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """What a reader is told of one feed."""

    url: str
    outlet: str
    state: str  #: ok, silent, failing, never
    reason: str = ""
    newest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """What one subscriber is told about one window of time."""

    subscriber: Subscriber
    since: datetime
    until: datetime
    stories: tuple[Story, ...]
    coverage: tuple[DayCount, ...] = ()
    feeds: tuple[FeedHealth, ...] = ()
    topic_name: str = ""
    topic_name_ar: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A mail, frozen."""

    message_id: str  #: deterministic: of subscriber and window
    recipient: str
    subject: str
    payload: bytes = field(repr=False)  #: the whole message, RFC 5322
    composed_at: datetime | None = None
    state: str = "pending"  #: pending, sent, dead
    attempt_count: int = 0
    next_try_at: datetime | None = None
    answer: str = ""  #: of the mail server, the last time
