"""Owns the links by which a site tells of its own feeds."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from extractors.decoding import decode_page
from extractors.markup import parse_markup
from extractors.metadata import read_metadata
from extractors.words import clean_words
from marsad.errors import BadInput
from marsad.sources import Page
from marsad.urls import canonical_url, is_same_site, resolve_url

_FEED_TYPE = re.compile(r"application/(?:rss|atom|rdf)\+xml|(?:text|application)/xml", re.IGNORECASE)
_COMMENTS = re.compile(r"comments?\b|تعليق")  # "comment": a site's talk, not its news
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_NAME_CHARS = 100
_HEAD_BYTES = 500_000  #: of a page, in which its links of the head stand
_HEAD_LINK = re.compile(rb"<link\b[^<>]{1,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(rel|href)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SiteLinks:
    """What a page tells of its site."""

    name: str  #: of the publisher, empty where none is told
    feed_urls: tuple[str, ...]  #: in the page's order, each once


def find_feed_links(page: Page) -> SiteLinks:
    """Return the feeds that a web page names (link rel=alternate), but for those of comments.

    Raises:
        NotAnArticle: no markup.
    """
    tree = parse_markup(decode_page(page.body, page.header("content-type") or "", page.url), page.url)
    found: dict[str, str] = {}
    for link in tree.iter("link"):
        is_feed = "alternate" in (link.get("rel") or "").lower().split() and _FEED_TYPE.match(link.get("type") or "")
        href, title = link.get("href") or "", link.get("title") or ""
        if not is_feed or _COMMENTS.search(f"{href} {title}".lower()):
            continue
        try:
            url = resolve_url(page.final_url, href)
            found.setdefault(canonical_url(url), url)
        except BadInput:
            continue
    return SiteLinks(clean_words(read_metadata(tree, page.final_url).outlet, _NAME_CHARS), tuple(found.values()))


def find_amp_url(page: Page) -> str:
    """Return the AMP version on its own site that a page names (link rel=amphtml), empty where it names none.

    It is looked for in the bytes: no tree is built outside of the worker processes.
    """
    for link in _HEAD_LINK.findall(page.body[:_HEAD_BYTES]):
        words = {name.lower(): "".join(value) for name, *value in _ATTRIBUTE.findall(link.decode("utf-8", "replace"))}
        if words.get("rel", "").lower() != "amphtml":
            continue
        try:
            url = resolve_url(page.final_url, html.unescape(words.get("href", "")))
        except BadInput:
            return ""
        return url if is_same_site(url, page.final_url) and url != page.final_url else ""
    return ""


def find_sitemap_lines(page: Page) -> tuple[str, ...]:
    """Return the sitemaps that a robots.txt names, each once."""
    lines = _SITEMAP_LINE.findall(page.body.decode("utf-8-sig", "replace"))
    urls = []
    for line in lines:
        try:
            urls.append(resolve_url(page.final_url, line))
        except BadInput:
            continue
    return tuple(dict.fromkeys(urls))
