"""Owns what a host teaches about its pages: a line on several of its articles is furniture, a whole text is a wall.

The rule needs no words, so it finds what no list has. It spares what only looks repeated: a sentence told again in
every report on one matter stands in the middle of its text, and an article at several addresses repeats all its lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from marsad.articles import Article, BodyKind
from marsad.furniture import clean_text, ends_as_sentence, line_key
from marsad.identity import key_of
from marsad.urls import host_of

LABEL_ARTICLES = 3  #: of one host on which a line that is no sentence stands before it is furniture
SENTENCE_ARTICLES = 5  #: the same for a sentence, and only at the beginning or end of a text
WALL_ADDRESSES = 3  #: of one host that answer with the same text: a wall, a soft error
_MOST_KNOWN_SHARE = 0.5  #: of a text; where more of it is known, it is an article at another address


@dataclass(frozen=True, slots=True)
class HostLine:
    """A line that stands on an article of a host."""

    host: str
    key: int  #: of the line, or of the whole text
    article_id: int


def host_lines(article: Article) -> tuple[HostLine, ...]:
    """Return the lines of `article`, and its text as a whole, as its host is known by them."""
    host = host_of(article.url)
    keys = dict.fromkeys([_text_key(article), *map(line_key, article.body.splitlines())])
    return tuple(HostLine(host, key, article.id) for key in keys)


def without_learned(article: Article, counts: Mapping[int, int]) -> Article:
    """Return `article` without the furniture of its host; of kind blocked where the host answers so everywhere.

    Args:
        article: As it was extracted.
        counts: On how many articles of its host a line (by `HostLine.key`) stands, this one among them.
    """
    if counts.get(_text_key(article), 0) >= WALL_ADDRESSES:
        return replace(article, kind=BodyKind.BLOCKED)
    lines = article.body.splitlines()
    known_chars = sum(len(line) for line in lines if counts.get(line_key(line), 0) >= LABEL_ARTICLES)
    learned = frozenset((*_labels(lines, counts), *_edge(lines, counts), *_edge(lines[::-1], counts)))
    if not learned or known_chars > _MOST_KNOWN_SHARE * len(article.body):
        return article
    return replace(article, body=clean_text(article.body, article.title, learned))


def _labels(lines: Iterable[str], counts: Mapping[int, int]) -> Iterable[int]:
    keys = (line_key(line) for line in lines if not ends_as_sentence(line))
    return (key for key in keys if counts.get(key, 0) >= LABEL_ARTICLES)


def _edge(lines: Iterable[str], counts: Mapping[int, int]) -> Iterable[int]:
    """Yield the keys of the lines that stand on many articles, up to the first that does not."""
    for line in lines:
        key = line_key(line)
        if counts.get(key, 0) < (SENTENCE_ARTICLES if ends_as_sentence(line) else LABEL_ARTICLES):
            return
        yield key


def _text_key(article: Article) -> int:
    return key_of(f"text\n{article.body}")
