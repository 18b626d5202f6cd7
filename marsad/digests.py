"""Owns the nouns of telling: what digests, alerts and the report page are made of.

The warehouse offers pieces (articles with their quotes); stories are gathered from them, so that a text copied by
forty outlets is one story told once. Rendering is floor 2; a delivery is a row whose bytes never change once written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from marsad.articles import Label, Stance
from marsad.sources import Line, Outlet


@dataclass(frozen=True, slots=True)
class Quote:
    """A statement as a reader sees it."""

    speaker: str  #: canonical name, or the words of the text
    speaker_ar: str  #: the words of the text
    stance: Stance
    evidence: str  #: the sentence
    article_url: str
    outlet: str = ""  #: that printed it
    speaker_id: str = ""  #: of a listed speaker, else empty

    @property
    def voice(self) -> str:
        """Speaker and stance, which make it the same quote wherever it is printed."""
        return f"{self.stance}:{self.speaker}"


@dataclass(frozen=True, slots=True)
class Piece:
    """One article as a digest sees it."""

    article_id: int
    story_id: int
    title: str
    url: str
    outlet: str
    seen_at: datetime  #: ours, not the outlet's claim
    is_copy: bool = False  #: a duplicate or excerpt of an article kept before it
    quotes: tuple[Quote, ...] = ()
    outlet_id: str = ""
    country: str = ""  #: of the outlet, ISO 3166-1 alpha-2, empty where unknown
    entity_ids: tuple[str, ...] = ()  #: listed names in it, each once
    outlet_ar: str = ""  #: empty where its Arabic name is not known
    relevance: Label = Label.ON


@dataclass(frozen=True, slots=True)
class Tally:
    """What is counted of one article; its words stay in the warehouse."""

    article_id: int
    story_id: int
    seen_at: datetime
    outlet_id: str
    is_copy: bool
    entity_ids: Sequence[str] = ()
    speakers: Sequence[str] = ()  #: of its quotes
    stances: Sequence[Stance] = ()  #: of the same quotes


@dataclass(frozen=True, slots=True)
class Spike:
    """A day on which the topic, a name, or a stance of a speaker stood out."""

    subject: str  #: "topic", or an entity id
    day: str  #: ISO date, UTC
    level: str  #: watch, alert
    story_count: int
    outlet_count: int
    expected: float  #: stories, from the days before
    probability: float  #: of as many or more by chance
    name: str = ""  #: of the entity, empty for the topic
    name_ar: str = ""
    stance: Stance | None = None  #: that the entity took as a speaker, None where its name was counted


@dataclass(frozen=True, slots=True)
class Story:
    """Articles on one event."""

    id: int  #: of its first article
    title: str
    started_at: datetime
    outlets: tuple[Outlet, ...]  #: in order of arrival, each once
    urls: tuple[str, ...]
    copy_count: int = 0  #: duplicates and excerpts among them
    quotes: tuple[Quote, ...] = ()
    told_count: int = 0  #: articles in own words that its reader was told before; the rest of the story is what is new

    @property
    def own_count(self) -> int:
        """How many of its articles say something in words of their own."""
        return len(self.urls) - self.copy_count


@dataclass(frozen=True, slots=True)
class DayCount:
    """One day of a coverage line."""

    day: str  #: ISO date
    article_count: int
    story_count: int = 0


@dataclass(frozen=True, slots=True)
class SpeakerStance:
    """How often one speaker was quoted, by stance."""

    speaker: str  #: canonical name, or the words of the text
    speaker_ar: str
    supportive_count: int = 0
    opposed_count: int = 0
    neutral_count: int = 0

    @property
    def statement_count(self) -> int:
        """All statements of the speaker."""
        return self.supportive_count + self.opposed_count + self.neutral_count


@dataclass(frozen=True, slots=True)
class EntityCount:
    """In how many articles an entity is named."""

    entity_id: str
    name: str
    name_ar: str
    article_count: int


@dataclass(frozen=True, slots=True)
class OutletCount:
    """What one outlet brought."""

    outlet: str
    article_count: int  #: copies included
    copy_count: int = 0
    country: str = ""  #: ISO 3166-1 alpha-2, empty where unknown
    line: str = ""  #: editorial line, from feeds.toml
    outlet_id: str = ""
    outlet_ar: str = ""  #: empty where its Arabic name is not known


_NOT_TRIED = ("never", "waiting")  #: states of feeds that were not asked: nothing is known to be wrong with them


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """What a reader is told of one feed."""

    url: str
    outlet: str
    state: str  #: ok, not_modified, silent, blocked, broken, dead, never
    reason: str = ""
    newest_at: datetime | None = None
    outlet_ar: str = ""  #: empty where its Arabic name is not known
    moved_to: str = ""  #: where permanent redirects lead; empty where there are none
    failing_since: datetime | None = None  #: None where it answers

    @property
    def ill_since(self) -> datetime | None:
        """Since when it fails, or brings nothing where it answers."""
        return self.failing_since or self.newest_at

    @property
    def is_well(self) -> bool:
        """Whether it does what a feed does: it answers, and is not silent beyond its own rhythm."""
        return self.state in ("ok", "not_modified")

    @property
    def is_ill(self) -> bool:
        """Whether it was asked and something is wrong with it."""
        return not self.is_well and self.state not in _NOT_TRIED


@dataclass(frozen=True, slots=True)
class FilterAudit:
    """What is known of the filter on title and summary, by the off-topic entries that were fetched at random."""

    found_count: int  #: articles that it let through and that are on or near the topic
    left_count: int  #: entries that it left out, those of the audit among them
    audited_count: int  #: of those, fetched all the same
    missed_count: int  #: of the audited, on or near the topic after all

    @property
    def recall_share(self) -> float | None:
        """The share of articles on or near the topic that it lets through, None before the first audit."""
        if not self.audited_count:
            return None
        missed = self.missed_count / self.audited_count * self.left_count
        return self.found_count / (self.found_count + missed) if self.found_count + missed else None


@dataclass(frozen=True, slots=True)
class CalendarEnd:
    """Where the days that are counted end; one with the newest batch unless a clock was wrong."""

    today_on: date  #: UTC, the last that is counted
    newest_on: date  #: UTC, that the newest batch bears


@dataclass(frozen=True, slots=True)
class Finding:
    """What `marsad doctor` found in one place."""

    name: str  #: of what was checked
    state: str  #: ok, warn, fail
    said: str  #: what is the case, one sentence
    remedy: str = ""  #: what to do, one sentence; empty where nothing is to be done


@dataclass(frozen=True, slots=True)
class Report:
    """What the report page shows of one span of time; every tuple is in the order to be shown."""

    since: datetime
    until: datetime
    topic_name: str = ""
    topic_name_ar: str = ""
    zone: str = "UTC"  #: IANA zone the reader's times are written in
    coverage: tuple[DayCount, ...] = ()  #: every day of the span, also those without news
    speakers: tuple[SpeakerStance, ...] = ()
    entities: tuple[EntityCount, ...] = ()
    outlets: tuple[OutletCount, ...] = ()
    lines: tuple[Line, ...] = ()  #: names of editorial lines
    spikes: tuple[Spike, ...] = ()
    pieces: tuple[Piece, ...] = ()  #: the newest articles, newest first
    tallies: tuple[Tally, ...] = ()  #: the older ones, newest first
    feeds: tuple[FeedHealth, ...] = ()
    audited_count: int = 0  #: off-topic entries fetched to measure the filter
    missed_count: int = 0  #: of those, on or near the topic after all


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


@dataclass(frozen=True, slots=True)
class Unsent:
    """Mails that are not sent, all for one reason."""

    state: str  #: pending, dead
    answer: str  #: of the mail server, the last time
    mail_count: int
