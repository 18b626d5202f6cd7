"""Owns reading a feed: RSS, RDF and Atom bytes to entries, each of them a claim that nobody has checked yet.

feedparser says what stands in a feed, and nothing else is left to it: it never gets a url or a string (it would open
them), the encoding is settled before it (it believes declarations, which lie), dates are read from their words (it
knows no Arabic), and titles are cleaned after it (a `<script>` in CDATA comes through it whole).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import feedparser

from extractors.decoding import decode_page
from extractors.markup import LIBRARY_ERRORS, check_tags
from extractors.words import TITLE_LIMIT_CHARS, clean_words
from marsad.articles import Drop
from marsad.dates import Dated, parse_date
from marsad.errors import BadInput, NotAFeed, NotAnArticle, TooLarge
from marsad.sources import Entry, Feed, Page, Part
from marsad.urls import resolve_url

SUMMARY_LIMIT_CHARS = 20_000
GUID_LIMIT_CHARS = 2_000
ITEM_LIMIT_FACTOR = 20  #: items per entry kept; 20,000 of them take feedparser 5 s, 10 MB could hold 200,000

_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_PROLOG_LIMIT_CHARS = 65_536  #: where the root element has to begin
_NO_ELEMENT = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
_ROOT = re.compile(r"<([A-Za-z][\w:.-]*)")
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_ITEM = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_PAGE_TITLE = re.compile(r"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOST = re.compile(r"[?\ufffd]")
_LOST_SHARE = 0.5  #: of a feed's titles; a server that writes Arabic in a Latin code page turns every letter into one
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one answer of a feed says."""

    entries: tuple[Entry, ...]  #: in the feed's order
    drops: tuple[Drop, ...] = ()  #: items that name no page
    parts: tuple[Part, ...] = ()  #: of an index of sitemaps: documents that hold the entries
    older_url: str = ""  #: of the page of the feed that goes on where this one ends (RFC 5005)
    cut_count: int = 0  #: items beyond the limit


def parse_feed(page: Page, feed: Feed, entry_limit: int) -> Reading:
    """Return what a feed says, its entries in its own order; a true feed without any gives none.

    Args:
        page: the answer, undecoded.
        feed: whose zone is taken for dates that carry none.
        entry_limit: how many are kept, the newest by their own dates.

    Raises:
        NotAFeed: nothing, a web page, binary or garbled text, or a document that declares entities.
        TooLarge: more items than anyone reads.
    """
    text = checked_text(page)
    if sum(1 for _ in _ITEM.finditer(text)) > entry_limit * ITEM_LIMIT_FACTOR:
        raise TooLarge(page.url, f"more than {entry_limit * ITEM_LIMIT_FACTOR} items")
    items = _items(page, text)
    kept = _newest(items, [_date_of(item, page, feed) for item in items], entry_limit)
    claims = [_claim(item, dated, page, feed) for item, dated in kept]
    return Reading(
        entries=tuple(_legible(page, [claim for claim in claims if isinstance(claim, Entry)])),
        drops=tuple(claim for claim in claims if isinstance(claim, Drop)),
        cut_count=len(items) - len(kept),
    )


def checked_text(page: Page) -> str:
    """Return the decoded document, once it is sure to be worth a parser.

    Raises:
        NotAFeed: nothing, a web page, binary or garbled text, or a document that declares entities.
    """
    if not page.body.strip():
        raise NotAFeed(page.url, "empty answer")
    try:
        text = decode_page(page.body, page.header("content-type") or "", page.url)
        check_tags(_CDATA.sub("", text), page.url)  # what stands in CDATA is no tag to the parser
    except NotAnArticle as error:
        raise NotAFeed(page.url, error.reason) from error
    prolog = _NO_ELEMENT.sub("", text[:_PROLOG_LIMIT_CHARS])
    root = _ROOT.search(prolog)
    if root is None:
        raise NotAFeed(page.url, "no markup")
    if _ENTITY.search(prolog, 0, root.start()):
        raise NotAFeed(page.url, "declares entities")
    if root[1].lower() == "html":
        raise NotAFeed(page.url, _named_page(text))
    return _CONTROLS.sub("", text)


def _named_page(text: str) -> str:
    title = _PAGE_TITLE.search(text)
    return f"a web page ({clean_words(title[1], 80)})" if title else "a web page"


def _items(page: Page, text: str) -> list[Any]:
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": page.final_url}
    try:
        # HTML inside stays as it came: it is reduced to its words afterwards.
        parsed = feedparser.parse(
            BytesIO(text.encode()), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except LIBRARY_ERRORS as error:
        raise NotAFeed(page.url, "cannot be parsed") from error
    # Not `bozo`: half of the web's feeds are malformed, and a bare challenge page is well-formed.
    if not parsed.get("version"):
        raise NotAFeed(page.url, "markup, but no feed")
    return list(parsed.entries)


def _date_of(item: Any, page: Page, feed: Feed) -> Dated:  # noqa: ANN401  feedparser has no types
    raw = _words(item, "published") or _words(item, "updated") or _words(item, "created")
    return parse_date(raw, "feed", page.fetched_at, feed.zone) if raw else Dated(source="feed")


def _newest(items: list[Any], dates: list[Dated], limit: int) -> list[tuple[Any, Dated]]:
    """Return at most `limit` items with their dates, in the feed's order; undated ones go first."""
    pairs = list(zip(items, dates, strict=True))
    if len(pairs) <= limit:
        return pairs

    def age(index: int) -> datetime:
        dated = pairs[index][1]
        return _LONG_AGO if dated.at is None or dated.is_implausible else dated.at

    # sorted() is stable also in reverse: between equals, the feed's first are its newest.
    return [pairs[index] for index in sorted(sorted(range(len(pairs)), key=age, reverse=True)[:limit])]


def _claim(item: Any, dated: Dated, page: Page, feed: Feed) -> Entry | Drop:  # noqa: ANN401
    guid = clean_words(_words(item, "id"), GUID_LIMIT_CHARS)
    source = dict.get(item, "source") or {}  # of a search: the publisher
    link = _words(item, "feedburner_origlink") or _words(item, "link")
    try:
        url = resolve_url(page.final_url, link) if link else ""
    except BadInput as error:
        return Drop("poll", "no_url", page.url, error.reason, feed.url)
    if not url:
        return Drop("poll", "no_url", page.url, f"item without a link ({guid[:200]})", feed.url)
    return Entry(
        feed_url=feed.url,
        guid=guid or url,
        url=url,
        title=clean_words(_words(item, "title"), TITLE_LIMIT_CHARS),
        summary=clean_words(_summary(item), SUMMARY_LIMIT_CHARS),
        published=dated,
        publisher=clean_words(_words(source, "title"), TITLE_LIMIT_CHARS),
        publisher_url=_words(source, "href")[:GUID_LIMIT_CHARS],
    )


def _summary(item: Any) -> str:  # noqa: ANN401
    contents = dict.get(item, "content") or [{}]
    return _words(item, "summary") or _words(contents[0], "value")


def _words(item: Any, key: str) -> str:  # noqa: ANN401
    # dict.get, because feedparser's own lookup answers for a missing "updated" with "published", and warns.
    value = dict.get(item, key)
    return value.strip() if isinstance(value, str) else ""


def _legible(page: Page, entries: list[Entry]) -> list[Entry]:
    letters = "".join("".join(entry.title.split()) for entry in entries)
    if len(_LOST.findall(letters)) > len(letters) * _LOST_SHARE:
        raise NotAFeed(page.url, "its letters are lost (question marks)")
    return entries
