"""Owns the nouns of keeping: what one article, one batch and one run add to the warehouse."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from marsad.articles import Article, Drop, Label, Tagging
from marsad.dates import Dated, Precision
from marsad.relations import Fingerprint, Novelty
from marsad.sources import Entry, FeedState, HostPause, Outlet, Verdict
from marsad.versions import Changes


@dataclass(frozen=True, slots=True)
class Sighting:
    """An entry as seen in its feed, with the filter's verdict."""

    entry: Entry
    label: Label
    verdict: Verdict
    seen_at: datetime
    headline_key: int | None = None  #: of the folded title without its publisher, None where it has too few words
    is_late: bool = False  #: found by a backfill

    @property
    def counted_at(self) -> datetime | None:
        """The instant it counts by: first sighting; of what a backfill found its publication, None where unknown."""
        if not self.is_late:
            return self.seen_at
        published = self.entry.published
        return None if published.at is None or published.is_implausible else min(published.at, self.seen_at)


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """A sighting that is still to be fetched."""

    entry: Entry
    outlet: Outlet
    seen_at: datetime
    try_count: int = 0  #: that brought no page
    told_at: datetime | None = None  #: of what a backfill found: its publication as listed, or else its first sighting


def counted_from(told_at: datetime | None, published: Dated, read_at: datetime) -> datetime:
    """Return what an article counts by: when it was read, or of what a backfill found, when its page was published.

    Args:
        told_at: of what a backfill found, its publication as listed or its first sighting; None of all else.
        published: as the page tells it; a month or a year is no day to count on.
        read_at: when the page was fetched.
    """
    if told_at is None:
        return read_at
    is_day = published.precision in (Precision.INSTANT, Precision.DAY) and not published.is_implausible
    return min(read_at, published.at if is_day and published.at else told_at)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A page that could not be had yet."""

    url: str  #: as the feed gives it
    tried_at: datetime
    try_count: int  #: so far
    next_try_at: datetime  #: not before
    reason: str


@dataclass(frozen=True, slots=True)
class ArchivePointer:
    """Where a page stands in the WARC archive."""

    url: str
    file: str  #: relative to the archive folder
    offset: int  #: bytes
    fetched_at: datetime


class Discovered(StrEnum):
    """What became of a search's entry."""

    MATCHED = "matched"  #: its publisher's own entry is known
    NOT_IN_OWN_FEEDS = "not_in_own_feeds"  #: its publisher is ours, and none of its feeds has the headline
    UNKNOWN_PUBLISHER = "unknown_publisher"  #: none of our outlets


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a search found, and the publisher's own entry for it where one is known."""

    entry_id: int
    headline: str  #: the title without the publisher
    headline_key: int | None
    publisher: str  #: as the search names it
    publisher_url: str
    outcome: Discovered
    own_entry_id: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a search found, with an entry of the same headline that may be its publisher's own."""

    discovery: Discovery
    own_entry_id: int
    own_url: str
    outlet: Outlet  #: of that entry's feed


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page in the archive, and the feed that led to it."""

    pointer: ArchivePointer
    feed_url: str  #: empty where no entry is kept
    outlet: Outlet
    told_at: datetime | None = None  #: as in PendingEntry


@dataclass(frozen=True, slots=True)
class KeptText:
    """The newest text of an article."""

    article_id: int
    url: str
    feed_url: str
    first_seen_at: datetime  #: of the article
    title: str
    body: str
    kind: str  #: a BodyKind
    revision: int  #: number of the text, 0 for the one first read

    @property
    def text(self) -> str:
        """Title, an empty line, body: as in Article."""
        return f"{self.title}\n\n{self.body}"


@dataclass(frozen=True, slots=True)
class TextReading:
    """What the rules find in one text."""

    text: KeptText
    tagging: Tagging


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """An article's place among the others."""

    article_id: int
    novelty: Novelty
    story_id: int


class Cause(StrEnum):
    """Why a text differs from the one read before it."""

    OUTLET = "outlet"  #: the page changed
    REPLAY = "replay"  #: the same page was read again by other rules


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """An article ready to be compared: read and tagged, not yet judged."""

    article: Article
    tagging: Tagging
    fingerprint: Fingerprint  #: of `article.text`
    feed_url: str
    outlet: Outlet
    first_seen_at: datetime
    page: ArchivePointer | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """All that is appended for one article."""

    draft: Draft
    novelty: Novelty
    story_id: int  #: id of the story's first article
    changes: Changes | None = None  #: of a revision, against the text before it


@dataclass(frozen=True, slots=True, eq=False)
class PollBatch:
    """What a chunk of polls adds: sightings and the feeds' states, in one transaction."""

    batch_id: str
    run_id: str
    at: datetime
    states: tuple[FeedState, ...] = ()
    outlets: tuple[tuple[str, Outlet], ...] = ()  #: (feed url, its outlet)
    sightings: tuple[Sighting, ...] = ()
    retold: tuple[Sighting, ...] = ()  #: entries seen before, of which their feed says something else
    discoveries: tuple[Discovery, ...] = ()
    pauses: tuple[HostPause, ...] = ()  #: of hosts that asked for patience so far
    documents: tuple[tuple[str, date], ...] = ()  #: (url, first day asked for) of what a backfill has read whole
    drops: tuple[Drop, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ArticleBatch:
    """What a chunk of pages adds, in one transaction."""

    batch_id: str
    run_id: str
    at: datetime
    records: tuple[Record, ...] = ()
    pages: tuple[ArchivePointer, ...] = ()
    drops: tuple[Drop, ...] = ()
    cause: Cause = Cause.OUTLET  #: of the revisions among the records
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True, slots=True)
class RunNote:
    """What the ledger noted last of a cycle."""

    run_id: str
    noted_at: datetime  #: its start or its end
    is_finished: bool


@dataclass(slots=True)
class RunSummary:
    """What a cycle did; counted while it goes."""

    run_id: str
    started_at: datetime
    feed_count: int = 0
    failed_feeds: dict[str, str] = field(default_factory=dict)  #: feed url -> reason
    entry_count: int = 0
    fetched_count: int = 0
    new_count: int = 0
    revision_count: int = 0
    duplicate_count: int = 0
    pending_count: int = 0  #: left for the next cycle
    drops: dict[str, int] = field(default_factory=dict)  #: reason -> count
    stage_seconds: dict[str, float] = field(default_factory=dict)
