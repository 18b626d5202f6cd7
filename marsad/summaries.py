"""Owns when the words of a feed stand for an article: its page is closed to us, and they are more than a teaser."""

from __future__ import annotations

from marsad.articles import Article, BodyKind
from marsad.identity import key_of
from marsad.sentences import split_sentences
from marsad.sources import Entry
from marsad.urls import canonical_url

METHOD = "summary/1"  #: name of the way from an entry to an article
FEWEST_SENTENCES = 2  #: one sentence is the headline again or a lure
FEWEST_WORDS = 40  #: a lead paragraph; the shortest page that is taken for an article has about as many

#: Reasons of drops that say nothing against the article: walls, robots.txt, a host that does not answer, a page that
#: shows its text to browsers only or cannot be taken apart.
CLOSED = frozenset(
    {"blocked", "refused", "robots", "too_large", "unreachable", "endless_redirect"}
    | {"no_text", "timeout", "cpu", "memory", "crash"}
)


def article_told(entry: Entry, outlet: str) -> Article | None:
    """Return the article as its feed tells it, without its language; None where the feed says too little.

    Args:
        entry: of a feed, its summary without markup.
        outlet: name of the publisher.
    """
    body = entry.summary.strip()
    if len(body.split()) < FEWEST_WORDS or len(split_sentences(body)) < FEWEST_SENTENCES or not entry.title:
        return None
    url = canonical_url(entry.url)
    return Article(
        id=key_of(url),
        url=url,
        title=entry.title,
        body=body,
        kind=BodyKind.SUMMARY,
        published=entry.published,
        outlet=outlet,
        method=METHOD,
    )
