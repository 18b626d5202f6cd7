"""Owns the nouns of what the world sends: feeds, outlets, pages, entries.

An Entry is only a claim of its feed; nothing in it is believed before the page was read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from marsad.articles import Drop
from marsad.dates import UNDATED, Dated
from marsad.errors import Held, MarsadError


class FeedKind(StrEnum):
    """How a feed's answer is to be read."""

    FEED = "feed"  #: RSS, RDF or Atom
    SITEMAP = "sitemap"  #: a sitemap, a Google-News sitemap, or an index of them
    SEARCH = "search"  #: a search engine's feed: discovery only, its links are never an identity


class Verdict(StrEnum):
    """What the recall-first filter on title and summary says of an entry."""

    FETCH = "fetch"  #: on or near the topic
    AUDIT = "audit"  #: off, but drawn at random to measure what the filter misses
    SKIP = "skip"  #: off, or from a search, whose links lead to wrappers


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publisher."""

    id: str  #: stable slug, from feeds.toml or the host
    name: str
    name_ar: str = ""
    country: str = ""  #: ISO 3166-1 alpha-2, empty where unknown
    line: str = ""  #: editorial line in our own coarse words, from feeds.toml
    family: str = ""  #: publisher family; copies inside one family are one voice


@dataclass(frozen=True, slots=True)
class Line:
    """The name of an editorial line."""

    id: str  #: as outlets bear it
    name: str
    name_ar: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A polled source."""

    url: str
    outlet: Outlet
    kind: FeedKind = FeedKind.FEED
    zone: str = "UTC"  #: IANA zone of dates that carry none


@dataclass(frozen=True, slots=True)
class Page:
    """A response, undecoded."""

    url: str  #: as asked for
    final_url: str  #: after redirects
    status: int
    headers: tuple[tuple[str, str], ...]  #: names in lower case, in order
    body: bytes
    fetched_at: datetime
    moved_to: str = ""  #: where permanent redirects (301, 308) lead from `url`, empty where there are none

    def header(self, name: str) -> str | None:
        """Return the first value of header `name` (lower case), None where it is absent."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed claims about one article."""

    feed_url: str
    guid: str  #: the feed's own id, or the url where it gives none
    url: str  #: absolute, as the feed gives it; marsad.urls.canonical_url makes the identity of it
    title: str  #: the words of the url where a sitemap names no title
    summary: str = ""
    published: Dated = UNDATED
    updated: str = ""  #: when it was changed last, in the feed's words
    publisher: str = ""  #: whose headline a search says it is
    publisher_url: str = ""  #: of its site, as the search gives it


@dataclass(frozen=True, slots=True)
class Part:
    """A document of an index of sitemaps."""

    url: str
    changed: Dated = UNDATED  #: as the index claims


@dataclass(frozen=True, slots=True)
class HostPause:
    """A host that asked for patience."""

    host: str
    retry_at: datetime


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a feed wants to be asked, by its document's own words."""

    gap_seconds: float = 0.0  #: the longer of ttl and sy:updatePeriod over sy:updateFrequency
    closed_hours: tuple[int, ...] = ()  #: skipHours, 0 to 23, UTC
    closed_days: tuple[int, ...] = ()  #: skipDays, Monday is 0, UTC


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a feed brings something: from our own polls, what is a week old counts about a third."""

    new_count: float = 0.0  #: entries, weighted by age
    watched_seconds: float = 0.0  #: the time they came in, weighted alike
    usual_seconds: float | None = None  #: between two entries, when it last brought any; None before


class Polled(StrEnum):
    """What the last poll of a feed came to."""

    NEW = "new"  #: entries not seen before
    UNCHANGED = "not_modified"  #: 304, or the same entries again
    EMPTY = "empty"  #: a feed without any entry
    BLOCKED = "blocked"  #: refused, or a consent, login or challenge page
    GONE = "gone"  #: 410
    LOST = "lost"  #: 404
    PARKED = "parked"  #: a page of a domain dealer
    WAITING = "waiting"  #: it or its host named a time before which nothing is asked
    BROKEN = "broken"  #: anything else


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is remembered of a feed between polls."""

    feed_url: str
    etag: str | None = None  #: byte-identical, as the server sent it
    last_modified: str | None = None  #: byte-identical, as the server sent it
    body_hash: int | None = None  #: of the entry list last stored
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    next_poll_at: datetime | None = None
    failure_count: int = 0  #: in a row
    reason: str = ""  #: why the last poll failed, empty after a success
    failing_since: datetime | None = None  #: first of the failures in a row
    moved_to: str = ""  #: where permanent redirects lead, empty where there are none
    whole_at: datetime | None = None  #: last answer that was no 304
    not_modified_count: int = 0  #: of 304s in a row
    is_misled: bool = False  #: its validators stayed the same while its entries changed
    outcome: Polled | None = None  #: None before the first poll
    timetable: Timetable = Timetable()
    rhythm: Rhythm = Rhythm()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one answer of a feed says."""

    entries: tuple[Entry, ...]  #: in the feed's order
    drops: tuple[Drop, ...] = ()  #: items that name no page, and items over the limit
    parts: tuple[Part, ...] = ()  #: of an index of sitemaps: documents that hold the entries
    older_url: str = ""  #: of the page of the feed that goes on where this one ends (RFC 5005)
    timetable: Timetable = Timetable()


@dataclass(frozen=True, slots=True)
class Poll:
    """What one poll of one feed brought: a reading, the word that there is nothing new, or an error."""

    feed: Feed
    state: FeedState  #: before the poll
    page: Page | None = None  #: the answer, without its body; None where there was none
    reading: Reading | None = None  #: None after a 304 or an error
    error: MarsadError | None = None

    @property
    def reason(self) -> str:
        """Why it failed, empty where it succeeded or was put off."""
        if self.error is None or isinstance(self.error, Held):
            return ""
        return self.error.reason if self.error.subject == self.feed.url else str(self.error)
