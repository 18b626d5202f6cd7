"""Owns where the headline of a page stands, and what stands near it: who wrote, and when, is shown there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from lxml.etree import XPath
from lxml.html import HtmlElement

_WINDOW = 80  #: elements behind the headline in which date line and byline are looked for
_FOLLOWING = XPath(f"following::*[position() <= {_WINDOW}]")
_MOST_ABOVE = 4  #: elements above it; farther up is the head of the site
_ASIDE = frozenset({"nav", "footer", "aside", "form", "script", "style", "noscript", "select"})


def headings_of(tree: HtmlElement) -> list[str]:
    """Return what the headings of the two first ranks say, the first rank first: that may be the site's name."""
    return [text for rank in ("h1", "h2") for text in map(text_of, tree.iter(rank)) if text]


def above_headline(tree: HtmlElement, title: str) -> Iterator[HtmlElement]:
    """Yield the few elements beside the headline `title` that stand before it, the nearest first."""
    headline = next((heading for heading in tree.iter("h1") if text_of(heading) == title), None)
    above = () if headline is None else islice(headline.itersiblings(preceding=True), _MOST_ABOVE)
    yield from (element for element in above if isinstance(element.tag, str) and element.tag not in _ASIDE)


def behind_headline(tree: HtmlElement, title: str) -> Iterator[HtmlElement]:
    """Yield the elements that follow the headline `title` closely, none of them in a menu, form or footer."""
    headings = [heading for heading in tree.iter("h1", "h2") if text_of(heading)]
    headline = next((heading for heading in headings if text_of(heading) == title), None)
    headline = _untagged_headline(tree, title) if headline is None and not headings else headline
    if headline is not None:
        following: Iterable[HtmlElement] = _FOLLOWING(headline)
    else:
        following = (element for article in islice(tree.iter("article"), 1) for element in article.iter())
    near = (element for element in islice(following, _WINDOW) if isinstance(element.tag, str))
    yield from (element for element in near if element.tag not in _ASIDE and not is_aside(element))


def _untagged_headline(tree: HtmlElement, title: str) -> HtmlElement | None:
    """Return the innermost element of the body that says `title`, on a page that has no headings."""
    said = (element for element in tree.iter("span", "div", "p", "td", "b", "strong", "font") if element.text)
    return next((element for element in said if title and text_of(element) == title and not is_aside(element)), None)


def is_aside(element: HtmlElement) -> bool:
    """Return whether `element` stands in a menu, a form or a footer."""
    return any(parent.tag in _ASIDE and not _holds_page(parent) for parent in element.iterancestors())


def _holds_page(element: HtmlElement) -> bool:
    # ASP.NET puts the whole page into a form.
    parent = element.getparent()
    return element.tag == "form" and parent is not None and parent.tag == "body"


def text_of(element: HtmlElement) -> str:
    """Return the text of `element` with single spaces."""
    return " ".join(element.text_content().split())
