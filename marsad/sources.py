"""Owns the nouns of what the world sends: feeds, outlets, pages, entries.

An Entry is only a claim of its feed; nothing in it is believed before the page was read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from marsad.articles import Drop
from marsad.dates import UNDATED, Dated


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
    publisher: str = ""  #: whose headline a search says it is
    publisher_url: str = ""  #: of its site, as the search gives it


@dataclass(frozen=True, slots=True)
class Part:
    """A document of an index of sitemaps."""

    url: str
    changed: Dated = UNDATED  #: as the index claims


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


@dataclass(frozen=True, slots=True)
class Poll:
    """What one poll of one feed brought: entries, or the reason why there are none."""

    feed: Feed
    state: FeedState  #: as it is to be stored, if the entries are
    entries: tuple[Entry, ...] = ()
    drops: tuple[Drop, ...] = ()  #: items without a page, items over the limit, or the poll itself where it failed
    reason: str = ""  #: why it failed, empty where it succeeded
