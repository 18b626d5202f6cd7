"""Owns reading sitemaps (sitemaps.org) and Google-News sitemaps: bytes to entries, or to the parts of an index.

A sitemap is a claim like a feed, and a larger one: it may list what was published years ago and pages of other sites.
So what lies before the days asked for is left out here, and only the site's own pages count. lxml reads it as a stream
with everything off that reaches outside; a document that declares entities was refused before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO

from lxml import etree

from extractors.feeds import DATE_LIMIT_CHARS, GUID_LIMIT_CHARS, SUMMARY_LIMIT_CHARS, checked_text
from extractors.markup import LIBRARY_ERRORS
from extractors.words import TITLE_LIMIT_CHARS, clean_words
from marsad.articles import Drop
from marsad.dates import Dated, Precision, parse_date
from marsad.errors import BadInput, NotAFeed, TooLarge
from marsad.headlines import words_of_url
from marsad.sources import Entry, Feed, Page, Part, Reading
from marsad.urls import host_of, resolve_url, site_of

URL_LIMIT_COUNT = 50_000  #: of one sitemap or index, by their standard
_BARE_AMPERSAND = re.compile(r"&(?!#?[0-9A-Za-z]{1,8};)")  #: in addresses, frequent; a parser would drop what follows
_ISO_DAY = re.compile(r"[12]\d{3}-\d\d-\d\d")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_INDEX = "sitemapindex"
_ROWS = {"urlset": "url", _INDEX: "sitemap"}  #: root -> what it consists of


@dataclass(frozen=True, slots=True)
class _Row:
    """One page of a sitemap, or one part of an index, as written."""

    address: str
    changed: str
    published: str
    title: str
    keywords: str


def parse_sitemap(page: Page, feed: Feed, entry_limit: int, since: datetime) -> Reading:
    """Return what a sitemap lists, the newest first, or the parts of an index; true and empty is no error.

    Args:
        page: the answer, undecoded.
        feed: whose zone is taken for dates that carry none.
        entry_limit: how many entries are kept, the newest by their own dates.
        since: what is dated before is left out and not counted; undated pages stay.

    Raises:
        NotAFeed: nothing, a web page, a feed, broken or garbled text, or a document that declares entities.
        Blocked: a consent, login or challenge page.
        Parked: a page of a domain dealer.
        TooLarge: more urls than a sitemap may have.
    """
    text = checked_text(page)
    root, rows = _read(page, text)
    if root == _INDEX:
        return Reading((), parts=tuple(_parts(rows, page, feed)))
    fresh = [row for row in rows if not _is_written_before(row, since)]
    count = len(fresh)
    if count > entry_limit:  # reading a date costs 0.1 ms; as they are written they can be ordered before that
        fresh = sorted(fresh, key=lambda row: row.published or row.changed, reverse=True)[:entry_limit]
    dated = [(_dated(row.published or row.changed, page, feed), row) for row in fresh]
    wanted = [(date, row) for date, row in dated if not _is_before(date, since)]
    wanted.sort(key=lambda pair: pair[0].at or _LONG_AGO, reverse=True)
    claims = [_claim(row, date, page, feed) for date, row in wanted]
    strange = [claim for claim in claims if isinstance(claim, Drop)][:1]  # whoever lists others' pages lists thousands
    entries = tuple(claim for claim in claims if isinstance(claim, Entry))
    return Reading(entries, (*strange, *_cut(feed, count, entry_limit)))


def _read(page: Page, text: str) -> tuple[str, list[_Row]]:
    """Return the name of the root and its rows."""
    events = etree.iterparse(
        BytesIO(_BARE_AMPERSAND.sub("&amp;", text).encode()),
        events=("start", "end"),
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    root, rows = "", list[_Row]()
    try:
        for event, element in events:
            root = root or _local(element)
            if event == "end" and _local(element) == _ROWS.get(root, root):
                rows.append(_row(element))
                element.clear()
                _forget_before(element)
            if root not in _ROWS or len(rows) > URL_LIMIT_COUNT:
                break
    except LIBRARY_ERRORS as error:
        raise NotAFeed(page.url, "cannot be parsed") from error
    if root not in _ROWS:
        raise NotAFeed(page.url, "markup, but no sitemap")
    if len(rows) > URL_LIMIT_COUNT:
        raise TooLarge(page.url, f"more than {URL_LIMIT_COUNT} urls")
    return root, rows


def _row(element: etree._Element) -> _Row:
    own = {_local(child): child for child in element}
    news = {_local(part): _text(part) for part in own["news"].iter()} if "news" in own else {}
    return _Row(
        address=_text(own.get("loc")),
        changed=_text(own.get("lastmod")),
        published=news.get("publication_date", ""),
        title=news.get("title", ""),
        keywords=news.get("keywords", ""),
    )


def _forget_before(element: etree._Element) -> None:
    """Free what was read: a tree of 50,000 urls takes 100 MB."""
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _local(element: etree._Element) -> str:
    """Return the element's name without its namespace, or without a prefix that was never declared."""
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""


def _text(element: etree._Element | None) -> str:
    return "" if element is None else "".join(map(str, element.itertext())).strip()


def _parts(rows: list[_Row], page: Page, feed: Feed) -> Iterator[Part]:
    for row in rows:
        try:
            url = _own_url(page, row.address)
        except BadInput:  # of another site, or none
            continue
        yield Part(url, _dated(row.changed, page, feed))


def _claim(row: _Row, date: Dated, page: Page, feed: Feed) -> Entry | Drop:
    try:
        url = _own_url(page, row.address)
    except BadInput as error:
        return Drop("poll", "no_url", page.url, error.reason, feed.url)
    return Entry(
        feed_url=feed.url,
        guid=url[:GUID_LIMIT_CHARS],
        url=url,
        title=clean_words(row.title, TITLE_LIMIT_CHARS) or words_of_url(url)[:TITLE_LIMIT_CHARS],
        summary=clean_words(row.keywords, SUMMARY_LIMIT_CHARS),
        published=date,
        updated=row.changed[:DATE_LIMIT_CHARS],
    )


def _own_url(page: Page, loc: str) -> str:
    if not loc.strip():
        raise BadInput(page.url, "an address is missing")
    url = resolve_url(page.final_url, loc)
    if site_of(host_of(url)) != site_of(host_of(page.final_url)):
        raise BadInput(url[:200], "an address of another site")
    return url


def _dated(raw: str, page: Page, feed: Feed) -> Dated:
    return parse_date(raw, "feed", page.fetched_at, feed.zone) if raw else Dated(source="feed")


def _is_written_before(row: _Row, since: datetime) -> bool:
    """Return whether a date in the standard's form (ISO 8601) is before `since`, whatever its zone."""
    written = row.published or row.changed
    return bool(_ISO_DAY.match(written)) and written[:10] < (since - timedelta(days=2)).date().isoformat()


def _is_before(date: Dated, since: datetime) -> bool:
    if date.at is None:
        return False
    return date.at.date() < since.date() if date.precision is not Precision.INSTANT else date.at < since


def _cut(feed: Feed, count: int, limit: int) -> list[Drop]:
    return [Drop("poll", "over_limit", feed.url, f"items beyond the newest {limit}", feed.url)] if count > limit else []
