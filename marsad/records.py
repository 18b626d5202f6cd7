"""Owns the nouns of keeping: what one article, one batch and one run add to the warehouse."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from marsad.articles import Article, Drop, Label, Tagging
from marsad.relations import Fingerprint, Novelty
from marsad.sources import Entry, FeedState, Outlet, Verdict


@dataclass(frozen=True, slots=True)
class Sighting:
    """An entry as seen in its feed, with the filter's verdict."""

    entry: Entry
    label: Label
    verdict: Verdict
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """A sighting that is still to be fetched."""

    entry: Entry
    outlet: Outlet
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class ArchivePointer:
    """Where a page stands in the WARC archive."""

    url: str
    file: str  #: relative to the archive folder
    offset: int  #: bytes
    fetched_at: datetime


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


@dataclass(frozen=True, slots=True, eq=False)
class PollBatch:
    """What a chunk of polls adds: sightings and the feeds' states, in one transaction."""

    batch_id: str
    run_id: str
    at: datetime
    states: tuple[FeedState, ...] = ()
    outlets: tuple[tuple[str, Outlet], ...] = ()  #: (feed url, its outlet)
    sightings: tuple[Sighting, ...] = ()
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
