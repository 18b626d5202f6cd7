"""Owns the nouns of telling, and the decision what a digest holds.

The warehouse offers pieces (articles with their quotes); stories are gathered from them, so that a text copied by
forty outlets is one story told once. Rendering is floor 2; a delivery is a row whose bytes never change once written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from marsad.articles import Stance
from marsad.settings import Subscriber


@dataclass(frozen=True, slots=True)
class Quote:
    """A statement as a reader sees it."""

    speaker: str  #: canonical name, or the words of the text
    speaker_ar: str  #: the words of the text
    stance: Stance
    evidence: str  #: the sentence
    article_url: str
    outlet: str = ""  #: that printed it


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


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """What a reader is told of one feed."""

    url: str
    outlet: str
    state: str  #: ok, silent, failing, never
    reason: str = ""
    newest_at: datetime | None = None


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
    stories: tuple[Story, ...] = ()  #: newest first
    feeds: tuple[FeedHealth, ...] = ()
    audited_count: int = 0  #: off-topic entries fetched to measure the filter
    missed_count: int = 0  #: of those, on or near the topic after all


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

    @property
    def is_quiet(self) -> bool:
        """Whether it has no story to tell."""
        return not self.stories


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


def gather_stories(pieces: Iterable[Piece]) -> tuple[Story, ...]:
    """Return the stories of `pieces`, the most widely told in own words first, then the newest.

    Within a story the articles stand in order of arrival; a speaker's sentence that several outlets print is one
    quote.
    """
    groups: dict[int, list[Piece]] = {}
    for piece in sorted(pieces, key=lambda piece: (piece.seen_at, piece.article_id)):
        groups.setdefault(piece.story_id, []).append(piece)
    stories = [_story(story_id, group) for story_id, group in groups.items()]
    stories.sort(key=lambda story: story.id)
    stories.sort(key=lambda story: (story.own_count, len(story.outlets), story.started_at), reverse=True)
    return tuple(stories)


def compose_digest(
    subscriber: Subscriber,
    since: datetime,
    until: datetime,
    pieces: Iterable[Piece],
    coverage: tuple[DayCount, ...] = (),
    feeds: tuple[FeedHealth, ...] = (),
    topic_names: tuple[str, str] = ("", ""),
) -> Digest:
    """Return what `subscriber` is told of the pieces first seen in [since, until).

    A story whose articles in the window are all copies was told before, so it is left out. `topic_names` are English
    and Arabic. A digest without stories is a value like any other (`Digest.is_quiet`), not an error.
    """
    window = (piece for piece in pieces if since <= piece.seen_at < until)
    stories = tuple(story for story in gather_stories(window) if story.own_count)
    return Digest(subscriber, since, until, stories, coverage, feeds, *topic_names)


def _story(story_id: int, pieces: list[Piece]) -> Story:
    quotes: dict[tuple[str, Stance], Quote] = {}
    for quote in (quote for piece in pieces for quote in piece.quotes):
        quotes.setdefault((quote.speaker, quote.stance), quote)
    first = next((piece for piece in pieces if not piece.is_copy), pieces[0])
    return Story(
        id=story_id,
        title=first.title,
        started_at=pieces[0].seen_at,
        outlets=tuple(dict.fromkeys(piece.outlet for piece in pieces)),
        urls=tuple(piece.url for piece in pieces),
        copy_count=sum(piece.is_copy for piece in pieces),
        quotes=tuple(quotes.values()),
    )
