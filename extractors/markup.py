"""Owns the way from text to a tree, with a check in linear time before the parser sees it.

One tag with 300,000 attributes keeps libxml2 busy for more than a minute, because it compares each attribute with all
before it; the check finds such a tag in milliseconds. What it misses is caught by the limits of the worker process.
"""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlComment, HtmlElement, HTMLParser, document_fromstring

from marsad.errors import NotAnArticle

#: Of one tag. The densest tag of 55 real pages has 28 attributes; 3,000 cost up to .07 s, 30,000 up to 6 s.
MOST_ATTRIBUTES = 1_000
#: Of one tag without its quoted values: real pages carry whole images and states in one quoted value.
LONGEST_TAG_CHARS = 20_000
#: A shorter tag cannot have too many attributes.
_HARMLESS_CHARS = 2 * MOST_ATTRIBUTES
#: Comment, script or style as a whole, or a tag; a quote counts only after "=", as browsers have it. Possessive
#: throughout: every character is looked at once.
_PIECE = re.compile(
    r"""<!--(?:[^-]++|-(?!->))*+
    |<(?:script|style)\b(?:[^<]++|<(?!/(?:script|style)\b))*+
    |<[a-z](?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+""",
    re.IGNORECASE | re.VERBOSE,
)
_EMPTY_ROOT = re.compile(r"(<html\b[^<>]*?)\s*/>", re.IGNORECASE)  # seen; libxml2 takes the rest for a second document
_PARSER = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, default_doctype=False)
#: One class for all elements, found in C: lxml.html asks a function of Python which class a tag has, each time an
#: element is met again: a thousand times a page.
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment))
_QUOTED = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_ATTRIBUTE_END = re.compile(r"[\s/]+")
_CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n\r"})
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
#: What a library may raise on one input; anything else is a bug of ours and ends the run.
LIBRARY_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    etree.LxmlError,
)


def parse_markup(text: str, subject: str) -> HtmlElement:
    """Return the tree of `text`; `subject` is the url, for the error.

    Raises:
        NotAnArticle: a tag too big to parse, or nothing that is markup.
    """
    text = _readable(text)
    check_tags(text, subject)
    try:
        # As bytes: a text with an XML declaration is refused. Not by trafilatura.load_html: it takes running out of
        # memory for a page without markup.
        tree = document_fromstring(_EMPTY_ROOT.sub(r"\1>", text, count=1).encode(), parser=_PARSER)
    except LIBRARY_ERRORS as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error  # libxml2 reports it as a fault of the page, "unknown error"
        raise NotAnArticle(subject, "markup cannot be parsed") from error
    if not isinstance(tree, HtmlElement):
        raise NotAnArticle(subject, "no markup")
    return tree


def _readable(text: str) -> str:
    """Return `text` without what no parser takes; as bytes it costs a quarter of what a pattern does."""
    data = text.encode("utf-8", "ignore").translate(None, _CONTROLS)  # halves of surrogate pairs cannot be encoded
    for nothing in _NO_CHARACTERS:
        data = data.replace(nothing, b"")
    return data.decode()


def check_tags(text: str, subject: str) -> None:
    """Look at every tag of `text` once, before a parser does.

    Raises:
        NotAnArticle: one has more attributes or characters than a parser should be given.
    """
    for piece in _PIECE.finditer(text):
        if piece.end() - piece.start() > _HARMLESS_CHARS:
            _check_tag(piece.group(), subject)


def _check_tag(piece: str, subject: str) -> None:
    if piece.startswith("<!--"):
        return
    if piece[:7].lower() in ("<script", "<style ", "<style>"):
        piece = piece.partition(">")[0]
    bare = _QUOTED.sub(" ", piece)
    attribute_count = len(_ATTRIBUTE_END.split(bare)) - 1
    if attribute_count > MOST_ATTRIBUTES:
        raise NotAnArticle(subject, f"a tag of {attribute_count} attributes")
    if len(bare) > LONGEST_TAG_CHARS:
        raise NotAnArticle(subject, f"a tag of {len(bare)} characters")
