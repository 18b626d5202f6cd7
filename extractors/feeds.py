"""Owns reading a feed: RSS, RDF and Atom bytes to entries, each of them a claim that nobody has checked yet.

feedparser says what stands in a feed, and nothing else is left to it: it never gets a url or a string (it would open
them), the encoding is settled before it (it believes declarations, which lie), dates are read from their words (it
knows no Arabic), and titles are cleaned after it (a `<script>` in CDATA comes through it whole).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import feedparser

from extractors.decoding import decode_page
from extractors.markup import LIBRARY_ERRORS, check_tags, parse_markup
from extractors.walls import LONGEST_WALL_CHARS, refuse_walls, visible_text
from extractors.words import TITLE_LIMIT_CHARS, clean_words
from marsad.articles import Drop
from marsad.dates import Dated, parse_date
from marsad.errors import BadInput, NotAFeed, NotAnArticle, TooLarge
from marsad.sources import Entry, Feed, Page, Reading, Timetable
from marsad.urls import resolve_url

SUMMARY_LIMIT_CHARS = 20_000
GUID_LIMIT_CHARS = 2_000
DATE_LIMIT_CHARS = 100
ITEM_LIMIT_FACTOR = 20  #: items per entry kept; 20,000 of them take feedparser 5 s, 10 MB could hold 200,000

_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_PROLOG_LIMIT_CHARS = 65_536  #: where the root element has to begin
_NO_ELEMENT = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
_ROOT = re.compile(r"<([A-Za-z][\w:.-]*)")
_SITEMAP_ROOTS = ("urlset", "sitemapindex")
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_ITEM = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_PAGE_TITLE = re.compile(r"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SKIP_HOURS = re.compile(r"<skipHours[^>]*>(.{0,2000}?)</skipHours>", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(r"<hour>\s*([01]?[0-9]|2[0-4])\s*</hour>", re.IGNORECASE)
_SKIP_DAYS = re.compile(r"<skipDays[^>]*>(.{0,2000}?)</skipDays>", re.IGNORECASE | re.DOTALL)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = re.compile(rf"<day>\s*({'|'.join(_DAYS)})\s*</day>", re.IGNORECASE)
_PERIODS = {"hourly": 3600.0, "daily": 86_400.0, "weekly": 604_800.0, "monthly": 2_592_000.0, "yearly": 31_536_000.0}
_SMALL_NUMBER = re.compile(r"[0-9]{1,9}")
_WORDPRESS = re.compile(r"https?://wordpress\.org/", re.IGNORECASE)  #: its generator line; half of the small outlets
_LOST = re.compile(r"[?\ufffd]")
_LOST_SHARE = 0.5  #: of a feed's titles; a server that writes Arabic in a Latin code page turns every letter into one
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def parse_feed(page: Page, feed: Feed, entry_limit: int) -> Reading:
    """Return what a feed says, its entries in its own order; a true feed without any gives none.

    Args:
        page: the answer, undecoded.
        feed: whose zone is taken for dates that carry none.
        entry_limit: how many are kept, the newest by their own dates.

    Raises:
        NotAFeed: nothing, a web page, binary or garbled text, or a document that declares entities.
        Blocked: a consent, login or challenge page.
        Parked: a page of a domain dealer.
        TooLarge: more items than anyone reads.
    """
    text = checked_text(page)
    if sum(1 for _ in _ITEM.finditer(text)) > entry_limit * ITEM_LIMIT_FACTOR:
        raise TooLarge(page.url, f"more than {entry_limit * ITEM_LIMIT_FACTOR} items")
    parsed = _parsed(page, text)
    items = list(parsed.entries)
    kept = _newest(items, [_date_of(item, page, feed) for item in items], entry_limit)
    claims = [_claim(item, dated, page, feed) for item, dated in kept]
    return Reading(
        entries=tuple(_legible(page, [claim for claim in claims if isinstance(claim, Entry)])),
        drops=(
            *(claim for claim in claims if isinstance(claim, Drop)),
            *_cut(feed, len(items) - len(kept), entry_limit),
        ),
        older_url=_older_url(parsed.feed, page),
        timetable=_timetable(parsed.feed, text),
    )


def _older_url(channel: Any, page: Page) -> str:  # noqa: ANN401
    """Return where the feed goes on (RFC 5005: prev-archive, next), or WordPress' further page of it."""
    links = {str(link.get("rel")): str(link.get("href")) for link in dict.get(channel, "links") or []}
    href = links.get("prev-archive") or links.get("next") or ""
    try:
        if href:
            return resolve_url(page.final_url, href)
        return _next_paged(page.final_url) if _WORDPRESS.match(_words(channel, "generator")) else ""
    except BadInput:
        return ""


def _next_paged(url: str) -> str:
    parts = urlsplit(url)
    values = dict(parse_qsl(parts.query, keep_blank_values=True))
    number = int(values["paged"]) if _SMALL_NUMBER.fullmatch(values.get("paged", "")) else 1
    return urlunsplit(parts._replace(query=urlencode(values | {"paged": str(number + 1)})))


def _cut(feed: Feed, count: int, limit: int) -> list[Drop]:
    return [Drop("poll", "over_limit", feed.url, f"items beyond the newest {limit}", feed.url)] if count else []


def checked_text(page: Page) -> str:
    """Return the decoded document, once it is sure to be worth a parser.

    Raises:
        NotAFeed: nothing, a web page, binary or garbled text, or a document that declares entities.
        Blocked: a consent, login or challenge page.
        Parked: a page of a domain dealer.
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
        is_json = text.lstrip("\ufeff \t\r\n").startswith("{") and "jsonfeed.org/version" in text
        raise NotAFeed(page.url, "a JSON Feed; list the RSS or Atom feed of the site" if is_json else "no markup")
    if _ENTITY.search(prolog, 0, root.start()):
        raise NotAFeed(page.url, "declares entities")
    if root[1].lower() == "html":
        _refuse_page(page, text)
    return _CONTROLS.sub("", text)


def _refuse_page(page: Page, text: str) -> NoReturn:
    """Say what stands in the feed's place: a wall, a parked domain, some page, or markup of another kind."""
    try:
        tree = parse_markup(text, page.url)
    except NotAnArticle as error:
        raise NotAFeed(page.url, error.reason) from error
    words = visible_text(tree)
    refuse_walls(tree, words if len(words) > LONGEST_WALL_CHARS else "", page.final_url)
    root = _ROOT.search(_NO_ELEMENT.sub("", text[:_PROLOG_LIMIT_CHARS]))
    if root is not None and root[1].lower() in _SITEMAP_ROOTS:
        raise NotAFeed(page.url, 'a sitemap; list it with kind = "sitemap"')
    title = _PAGE_TITLE.search(text)
    if title is None and tree.find(".//body") is None:
        raise NotAFeed(page.url, "markup, but no feed")
    raise NotAFeed(page.url, f"a web page ({clean_words(title[1], 80)})" if title else "a web page")


def _parsed(page: Page, text: str) -> Any:  # noqa: ANN401  feedparser has no types
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
        _refuse_page(page, text)
    return parsed


def _timetable(channel: Any, text: str) -> Timetable:  # noqa: ANN401
    head = text[:_PROLOG_LIMIT_CHARS]
    first = _ITEM.search(head)
    head = head[: first.start()] if first else head
    hours = {int(hour) % 24 for hour in _values(head, _SKIP_HOURS, _HOUR)}  # 24 is midnight to some
    days = {_DAYS.index(day.lower()) for day in _values(head, _SKIP_DAYS, _DAY)}
    return Timetable(
        gap_seconds=max(60.0 * _number(channel, "ttl", 0), _period_seconds(channel)),
        closed_hours=tuple(sorted(hours)),
        closed_days=tuple(sorted(days)),
    )


def _values(head: str, outer: re.Pattern[str], inner: re.Pattern[str]) -> list[str]:
    found = outer.search(head)
    return inner.findall(found[1]) if found else []


def _period_seconds(channel: Any) -> float:  # noqa: ANN401
    period = _PERIODS.get(_words(channel, "sy_updateperiod").lower(), 0.0)
    return period / max(1, _number(channel, "sy_updatefrequency", 1))


def _number(channel: Any, key: str, absent: int) -> int:  # noqa: ANN401
    written = _words(channel, key)
    return int(written) if _SMALL_NUMBER.fullmatch(written) else absent


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
        updated=_words(item, "updated")[:DATE_LIMIT_CHARS],
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
