"""Owns what a page says of itself in JSON-LD, the schema.org blocks meant for search engines.

It is the most trustworthy of a page's own claims, and still only a claim: blocks are broken, doubled, or describe the
site instead of the article. Only objects of an article type are read, the one with the longest headline first.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

LONGEST_BLOCK_CHARS = 2_000_000  #: a longer block is not read
DEEPEST_LEVEL = 12  #: of nesting that is followed; articles stand in @graph or mainEntity, two or three deep
_ARTICLE_TYPE = re.compile(r"(?:\w*Article|\w*Posting|Report|Review|MediaGallery|ImageGallery|VideoObject)")
_BREAK = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|blockquote)\b[^<>]*>", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-z/!][^<>]*>", re.IGNORECASE)
_UNESCAPE_COUNT = 2  #: a text of a page is often escaped for HTML and again for the block
_LAX = json.JSONDecoder(strict=False)  # newlines inside strings are common

Node = dict[str, object]


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """An article as a JSON-LD block describes it; empty strings where it is silent."""

    types: tuple[str, ...] = ()
    headline: str = ""
    description: str = ""
    body: str = ""
    published: str = ""
    modified: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    keywords: tuple[str, ...] = ()
    is_free: bool = True  #: false where the block declares a paywall


def find_linked_article(tree: HtmlElement) -> LinkedArticle:
    """Return the article that the JSON-LD blocks of `tree` describe; an empty one where they describe none."""
    nodes = [node for block in _blocks(tree) for node in _nodes(block, 0)]
    articles = [node for node in nodes if any(_ARTICLE_TYPE.fullmatch(name) for name in _types(node))]
    if not articles:
        return LinkedArticle()
    named = {str(node["@id"]): node for node in nodes if "@id" in node and "name" in node}
    return _read(max(articles, key=_weight), named)


def _blocks(tree: HtmlElement) -> Iterator[object]:
    for script in tree.iter("script"):
        text = script.text or ""
        if "ld+json" in (script.get("type") or "").lower() and len(text) <= LONGEST_BLOCK_CHARS:
            try:
                yield _LAX.decode(text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";"))
            except (ValueError, RecursionError):
                continue  # a broken block says nothing; the page still has its meta elements


def _nodes(value: object, level: int) -> Iterator[Node]:
    if level > DEEPEST_LEVEL:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, level + 1)
    elif isinstance(value, dict):
        yield value
        for item in value.values():
            if isinstance(item, list | dict):
                yield from _nodes(item, level + 1)


def _types(node: Node) -> tuple[str, ...]:
    return tuple(name.rpartition("/")[2] for name in _strings(node.get("@type")))


def _weight(node: Node) -> tuple[bool, bool, int]:
    is_video = "VideoObject" in _types(node)
    return not is_video, "datePublished" in node, len(_string(node.get("headline")))


def _read(node: Node, named: dict[str, Node]) -> LinkedArticle:
    return LinkedArticle(
        types=_types(node),
        headline=_string(node.get("headline")) or _string(node.get("name")),
        description=_string(node.get("description")),
        body=_body_of(_string(node.get("articleBody"))),
        published=_string(node.get("datePublished")) or _string(node.get("uploadDate")),
        modified=_string(node.get("dateModified")),
        authors=tuple(_names(node.get("author") or node.get("creator"), named)),
        publisher=next(_names(node.get("publisher"), named), ""),
        keywords=tuple(_strings(node.get("keywords"))),
        is_free=str(node.get("isAccessibleForFree", True)).lower() != "false",
    )


def _body_of(text: str) -> str:
    """Return the paragraphs of an articleBody, one a line; many sites put their markup into it, escaped or not."""
    for _ in range(_UNESCAPE_COUNT):
        text = html.unescape(text)
    lines = _MARKUP.sub("", _BREAK.sub("\n", text)).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def _names(value: object, named: dict[str, Node]) -> Iterator[str]:
    """Yield names of persons or organisations; a bare reference is looked up among the page's other nodes."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            name = item.get("name") or named.get(_string(item.get("@id")), {}).get("name")
            yield from _strings(name)
        else:
            yield from _strings(item)


def _strings(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and item.strip():
            yield item.strip()


def _string(value: object) -> str:
    return next(_strings(value), "")
