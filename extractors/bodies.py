"""Owns the text of an article: which of a page's words are the article.

trafilatura decides. Its precision mode is better on Arabic pages than its default, but loses most of the text on a few;
so where it finds little of what the page's paragraphs hold, the default mode is asked too and the lengths decide.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document, Extractor

from extractors.headlines import text_of
from extractors.markup import LIBRARY_ERRORS, parse_markup
from extractors.metadata import Metadata
from extractors.pruning import narrow_to_text, prose_chars, prune_furniture
from marsad.errors import NotAnArticle
from marsad.furniture import clean_text

#: The default text is taken where the precision text is shorter than this share of it. .4 to .6 were equally good on
#: 13 Arabic, 116 multilingual and 181 English pages; it was chosen on those.
GUARD_SHARE = 0.5
#: The default mode is asked only where precision found less than this share of the text in paragraphs: it is what the
#: second extraction costs, and a text that holds most of the paragraphs cannot be half of another.
COVERED_SHARE = 0.6
_FEWEST_CHARS = 40  #: of an article's body: a flash of one sentence is one, a bare label is not
_LEAD_CHARS = 50  #: compared at the start of a lead; shorter descriptions are slogans
_LONGEST_LEAD_CHARS = 900
_DECK = re.compile(r"sub-?_?(?:title|head)|lead|lede|standfirst|excerpt|deck|intro|summary", re.IGNORECASE)
_DECK_WINDOW = 3  #: elements behind the headline
_LEAD_TAGS = ("p", "h2", "h3", "strong", "b", "div", "span")
_ZWNJ = "\u200c"
_ZWNJ_ENTITY = re.compile("&zwnj;|&#8204;|&#x200c;", re.IGNORECASE)
#: Stands for the zero-width non-joiner, which trafilatura deletes, gluing Persian words; a letter no page uses.
_ZWNJ_STAND_IN = "\ua66e"
_WORD = re.compile(r"\w+")


def extract_body(tree: HtmlElement, markup: str, metadata: Metadata, url: str) -> str:
    """Return the paragraphs of the article in `tree`, one a line; empty where there is no article text.

    Args:
        tree: The page, as `parse_markup` gave it; left as it is.
        markup: The text `tree` was made of.
        metadata: The page's own claims: its title and description tell repetition from lead.
        url: For the error.

    Raises:
        NotAnArticle: trafilatura fails on the page.
    """
    joined = _ZWNJ_ENTITY.sub(_ZWNJ, markup)
    if _ZWNJ in joined and _ZWNJ_STAND_IN not in joined:
        text = _main_text(parse_markup(joined.replace(_ZWNJ, _ZWNJ_STAND_IN), url), url).replace(_ZWNJ_STAND_IN, _ZWNJ)
    else:
        text = _main_text(tree, url)
    if len(text) < GUARD_SHARE * len(metadata.linked_body):
        text = metadata.linked_body
    body = clean_text(_with_lead(text, tree, metadata), metadata.title)
    return body if len(body) >= _FEWEST_CHARS else ""


def shown_text(metadata: Metadata) -> str:
    """Return what the page says of its pictures or video where it holds no text; empty where that is no sentence."""
    said = clean_text(metadata.description, metadata.title)
    return said if len(said) >= _FEWEST_CHARS else ""


def _main_text(tree: HtmlElement, url: str) -> str:
    try:
        pruned = narrow_to_text(prune_furniture(tree))
        precise = _extract(pruned, favor_precision=True, fast=True)
        if len(precise) >= COVERED_SHARE * prose_chars(pruned) and len(precise) >= _FEWEST_CHARS:
            return precise
        precise = _extract(pruned, favor_precision=True, fast=False)
        plain = _extract(pruned, favor_precision=False, fast=False)
    except LIBRARY_ERRORS as error:
        raise NotAnArticle(url, "text cannot be extracted") from error
    return precise if len(precise) >= GUARD_SHARE * len(plain) else plain


def _extract(tree: HtmlElement, *, favor_precision: bool, fast: bool) -> str:
    document = bare_extraction(tree, options=_options(favor_precision=favor_precision, fast=fast))
    return (document.text or "") if isinstance(document, Document) else ""


@cache
def _options(*, favor_precision: bool, fast: bool) -> Extractor:
    return Extractor(output_format="python", precision=favor_precision, comments=False, fast=fast)


def _with_lead(text: str, tree: HtmlElement, metadata: Metadata) -> str:
    """Return `text` with the lead it lacks: what the page shows and its description quotes, or its marked deck."""
    words = _words(text)
    start = _words(metadata.description)[:_LEAD_CHARS]
    lead = _quoted_lead(tree, start) if len(start) == _LEAD_CHARS and start not in words else ""
    lead = lead or _deck(tree)
    said = _words(lead).rpartition(" ")[0]  # a deck that is the text's start may be cut in the middle of a word
    return text if said in words else f"{lead}\n{text}"


def _quoted_lead(tree: HtmlElement, start: str) -> str:
    for element in tree.iter(*_LEAD_TAGS):
        if _begins_with(element, start) and not _is_in_header(element):
            lead = text_of(element)
            if len(lead) <= _LONGEST_LEAD_CHARS:
                return lead
    return ""


def _begins_with(element: HtmlElement, start: str) -> bool:
    """Return whether the words of `element` begin with `start`, which is words; no more is read than it takes."""
    pieces = (word[0] for text in element.itertext() if (word := _WORD.search(text)))
    piece = next(pieces, "")  # a word or the beginning of one
    if not (start.startswith(piece) or piece.startswith(start)):
        return False
    begun = ""
    for word in _WORD.finditer(element.text_content()):
        begun = f"{begun} {word[0]}" if begun else word[0]
        if len(begun) >= len(start) or not start.startswith(begun):
            break
    return begun.startswith(start)


def _deck(tree: HtmlElement) -> str:
    """Return the line under the headline that is marked as its second part; empty without one."""
    headline = next(tree.iter("h1"), None)
    following = () if headline is None else islice(headline.itersiblings(), _DECK_WINDOW)
    for element in following:
        if isinstance(element.tag, str) and not _is_in_header(element):
            text = text_of(element)
            is_marked = element.tag == "h2" or _DECK.search(f"{element.get('class')} {element.get('id')}")
            if is_marked and _LEAD_CHARS <= len(text) <= _LONGEST_LEAD_CHARS:
                return text
    return ""


def _is_in_header(element: HtmlElement) -> bool:
    # What a header element holds beside the headline is a summary for the reader, repeated from the text.
    return any(parent.tag == "header" for parent in element.iterancestors())


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text))
