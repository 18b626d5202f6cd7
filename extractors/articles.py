"""Owns the way from a page to an article: text, dates, people, kind.

The order: what is no HTML is refused, bytes become text, text a tree, the page's own claims are read, then its text;
walls are refused, and a date is the first of the claimed ones that can be read and may be true.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractors.bodies import extract_body, shown_text
from extractors.decoding import decode_page
from extractors.kinds import is_shown, kind_of
from extractors.languages import language_of
from extractors.markup import parse_markup
from extractors.metadata import RawDate, read_metadata
from extractors.walls import refuse_missing, refuse_walls, tells_news
from extractors.words import TITLE_LIMIT_CHARS
from marsad.articles import Article
from marsad.dates import UNDATED, Dated, parse_date
from marsad.errors import NotAnArticle, NoText
from marsad.identity import key_of
from marsad.sources import Page
from marsad.urls import canonical_url, declared_url

METHOD = "extract/2"  #: name and version of the extraction; raise it with any change that alters a text

_HTML_TYPE = re.compile(
    r"(?:text/(?:html|plain|xml)|application/(?:xhtml\+xml|xml|octet-stream))?(?:\s*;|\s*$)", re.IGNORECASE
)


def extract_article(page: Page, zone: str = "UTC", outlet: str = "") -> Article:
    """Return the article on `page`.

    Args:
        page: A response with status 200.
        zone: IANA zone of dates that name none, from the feed.
        outlet: The publisher's name, from the feed; the page's own claim where empty.

    Raises:
        NoText: a page without a text.
        NotAnArticle: no HTML, garbled, markup that cannot be parsed safely; a front page or an error page in
            the article's place.
        Blocked: a consent, login or challenge page.
        BadInput: the page's url is not http or https.
    """
    url = canonical_url(page.final_url or page.url)
    content_type = page.header("content-type") or ""
    if not _HTML_TYPE.match(content_type.strip()):
        raise NotAnArticle(url, f"content of type {content_type[:60]}")
    markup = decode_page(page.body, content_type, url)
    tree = parse_markup(markup, url)
    metadata = read_metadata(tree, url)
    body = extract_body(tree, markup, metadata, url)
    if not body and is_shown(metadata, url):
        body = shown_text(metadata)
    if not tells_news(metadata, body):
        refuse_walls(tree, body, page.final_url or page.url)
        refuse_missing(metadata, body, page.final_url or page.url)
    if not body:
        raise NoText(url, "no article text")
    published = _first_date(metadata.published, page, zone)
    url = declared_url(page.final_url or page.url, metadata.declared_url)
    return Article(
        id=key_of(url),
        url=url,
        title=metadata.title[:TITLE_LIMIT_CHARS] or body.partition("\n")[0][:120],
        body=body,
        kind=kind_of(metadata, body, tree, url),
        published=published,
        modified=_first_date(metadata.modified, page, zone),
        authors=metadata.authors,
        outlet=outlet or metadata.outlet,
        lang=language_of(f"{metadata.title}\n{body}"),
        tags=metadata.tags,
        method=METHOD,
    )


def _first_date(claims: Iterable[RawDate], page: Page, zone: str) -> Dated:
    """Return the first claim that can be read and may be true; else what is left of the first."""
    first = readable = UNDATED
    for claim in claims:
        date = parse_date(claim.raw, claim.source, page.fetched_at, zone)
        if date.at is not None and not date.is_implausible:
            return date
        if readable.at is None and date.at is not None:
            readable = date
        if not first.source and date.source != "text":  # a line behind the headline need not be a date
            first = date
    return readable if readable.at is not None else first
