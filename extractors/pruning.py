"""Owns what is cut out of a page before its text is looked for: furniture that is told by its place, not its words.

A page names its parts for its own style sheet and for screen readers (class, id, role), and a "read also" block is a
label with links behind it wherever it stands. What holds sentences of the article is never cut, whatever its name: an
element called "content has-sidebar" is the content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Self

from lxml.etree import XPath
from lxml.html import HtmlElement

from marsad.furniturewords import is_related_label

#: Never text, or never the article's; trafilatura cuts most of them later, one copy of the tree after the other.
_NEVER_TEXT = (
    *("script", "style", "noscript", "template", "svg", "iframe", "object", "select", "button", "textarea", "input"),
    *("video", "audio", "canvas", "figcaption", "amp-ad", "amp-sidebar"),
    *("amp-consent", "amp-social-share", "amp-analytics", "amp-embed"),
)
#: Beside the article, where the markup is sound: unclosed tags may put all of it into one of these.
_ASIDES = ("nav", "aside", "footer", "dialog", "menu")
_NEVER_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alert"})
#: In class or id, of what is furniture however much is said in it: other people's words, other articles, the law.
_APART = re.compile(
    r"(?:^|[\s_-])(?:comments?(?:[_-]?(?:area|list|section|form|box|block|wrap\w*|polic\w+|container))?|respond|disqus\w*"
    r"|sidebar|side-?bar|footer|cookies?(?:[_-]?(?:banner|consent|notice|bar|law))?|eu-cookie\S*|gdpr|consent|sliding-popup"
    r"|newsletter|mailpoet|mc4wp|subscri(?:be|ption)s?|breadcrumbs?|ticker|taboola|outbrain|paywall[_-]?(?:overlay|box|message|prompt|banner)|masthead"
    r"|twitter-tweet|instagram-media|fb-post|tiktok-embed|telegram-post|instagram-embed|tweet)(?=$|[\s_-])"
    r"|related(?!-?to)|readalso|read[_-]also|also[_-]?read|most[_-]?(?:read|viewed|popular)|recommend|you-?may",
    re.IGNORECASE,
)
#: In class or id, of what is furniture where little is said in it.
_SMALL = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|shares|social|socials|addtoany|sharethis|follow\w*|tags?|tagcloud|keywords?|topics?"
    r"|poll|polls|vote|survey|quiz|captions?|credits?|copyrights?|byline|author|authors|writer|bio|about-author|advert\w*"
    r"|ads?|promo\w*|sponsor\w*|print|toolbar|tools|pager|pagination|navigation|nav|rating|login|popup|modal|banner"
    r"|disclaimer|policy|whatsapp\S*|telegram\S*|google-?news|download-?app|app-?download|counter|views|meta|submitted"
    r"|dateline|timestamp|published|pubdate|posted-?on|post-?date|reading-?time|skip|visually-?hidden|sr-only"
    r"|screen-reader\w*|cta|embed|player-?error|share-?\w+|\w*caption|\w*credits?|img-?desc|photo-?desc)(?=$|[\s_-])",
    re.IGNORECASE,
)
_SMALL_CHARS = 500  #: of what is little said; a lead paragraph in a box called "author" is longer than a label
_SENTENCE_CHARS = 120  #: of a paragraph that ends as a sentence: two of them are text, whatever their box is called
_APART_SHARE = 0.5  #: of the page's running text; what holds more is no part of a page, it is the page
_LINKED_SHARE = 0.6  #: of the words of a block that lists other articles
_LONGEST_LIST_CHARS = 1_500
_MOST_FOLLOWERS = 12  #: links behind one label
_PROSE_CHARS = 80  #: of a piece of text between two tags; shorter ones are menus, captions, dates
_LABEL_CHARS = 60
_CAPTION_CHARS = 200  #: under a picture
_LAYOUT_CHARS = 1_000  #: of running text in a table; a table of figures has none
_LABEL_SIGN = re.compile("قر[أا]|ذات|تعل[قّ]|يهم|يعجب|تعجب|لمزيد|شاهد|طالع|مقترح|مشابه|مرتبط|خترنا|وضوع", re.UNICODE)
_NAMED = XPath("descendant-or-self::*[@class or @id or @role]")
_TEXTS = XPath(f".//text()[string-length(.) >= {_PROSE_CHARS}]")
_NO_PROSE = frozenset({"a", "title", "h1", "h2", "h3", "h4", "script", "style", "button", "option", "label"})
_BOX_SHARE = 0.8
_BOXES = frozenset(
    {"body", "div", "article", "section", "main", "td", "tr", "tbody", "table", "center", "span", "font"}
)
_CELLS = ("td", "th")
_BLOCKS = frozenset({"p", "div", "li", "ul", "ol", "h2", "h3", "h4", "h5", "h6", "section", "td", "blockquote", "dt"})
_HEADINGS = ("h1",)
_SENTENCE_END = re.compile(r"[.!?؟…»\"”]\s*$")


@dataclass(frozen=True, slots=True)
class _Whole:
    """What a page must not lose with one of its parts."""

    headline_boxes: frozenset[HtmlElement]  #: what stands around a headline
    most_chars: float  #: of running text

    @classmethod
    def of(cls, tree: HtmlElement) -> Self:
        boxes = frozenset(box for headline in tree.iter("h1") for box in (headline, *headline.iterancestors()))
        return cls(boxes, _APART_SHARE * prose_chars(tree))

    def may_lose(self, element: HtmlElement) -> bool:
        return element not in self.headline_boxes and prose_chars(element) <= self.most_chars


def prune_furniture(tree: HtmlElement) -> HtmlElement:
    """Return a copy of `tree` without the parts that are furniture by name, role or the links they consist of."""
    pruned = copy(tree)
    _unwrap_forms(pruned)
    _drop_captions(pruned)
    _unwrap_layout(pruned)
    for element in list(pruned.iter(*_NEVER_TEXT)):
        _drop(element)
    whole = _Whole.of(pruned)
    for element in list(pruned.iter(*_ASIDES)):
        if whole.may_lose(element):
            _drop(element)
    for element in _NAMED(pruned):
        if element.getparent() is not None and _is_named_furniture(element, whole):
            _drop(element)
    for label in list(_related_labels(pruned)):
        _drop_related(label)
    return pruned


def narrow_to_text(tree: HtmlElement) -> HtmlElement:
    """Return `tree` without what stands outside the smallest box that holds almost all of its running text."""
    lengths: dict[HtmlElement, int] = {}
    for owner, length in _prose(tree):
        for box in (owner, *owner.iterancestors()):
            lengths[box] = lengths.get(box, 0) + length
    box, least = tree, _BOX_SHARE * lengths.get(tree, 0)
    while True:
        inner = next((child for child in box if child.tag in _BOXES and lengths.get(child, 0) >= least > 0), None)
        if inner is None:
            break
        box = inner
    for element in list(box.iterancestors()):
        for sibling in [child for child in element if child is not box and child is not tree]:
            if sibling.tag != "head":
                _drop(sibling)
        box = element
    return tree


def _unwrap_forms(tree: HtmlElement) -> None:
    """Make the form of ASP.NET, which holds the whole page, an ordinary element."""
    for form in tree.iter("form"):
        if _holds_headline(form) or any(len(text) > _SENTENCE_CHARS for text in _paragraphs(form)):
            form.tag = "div"


def _drop_captions(tree: HtmlElement) -> None:
    """Make paragraph breaks of the tables that hold a picture and the few words under it."""
    for table in list(tree.iter("table")):
        is_picture = next(table.iter("img"), None) is not None
        if is_picture and _length_of_words(table) <= _CAPTION_CHARS and not _holds_headline(table):
            table.clear(keep_tail=True)
            table.tag = "p"


def _unwrap_layout(tree: HtmlElement) -> None:
    """Make ordinary boxes of the tables that lay out the page, so that their paragraphs are not read as cells."""
    for table in [table for table in tree.iter("table") if _is_layout(table)]:
        _unwrap_parts(table)


def _unwrap_parts(element: HtmlElement) -> None:
    if element.tag not in _CELLS:
        for part in element.iterchildren("thead", "tbody", "tfoot", "tr", *_CELLS):
            _unwrap_parts(part)
    element.tag = "div"


def _is_layout(table: HtmlElement) -> bool:
    if table.get("role") == "presentation" or next(table.iterdescendants("table", "h1"), None) is not None:
        return True
    if all(len(row) <= 1 for row in table.iter("tr")):  # figures stand beside something
        return True
    return sum(len(text) >= _PROSE_CHARS for text in _paragraphs(table)) > 1 or prose_chars(table) > _LAYOUT_CHARS


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def prose_chars(element: HtmlElement) -> int:
    """Return how much of `element` is running text: pieces without markup inside that are as long as a sentence."""
    return sum(length for _, length in _prose(element))


def _prose(element: HtmlElement) -> Iterator[tuple[HtmlElement, int]]:
    """Yield the element around each piece of running text, and the length of the piece."""
    for text in _TEXTS(element):
        owner = text.getparent().getparent() if text.is_tail else text.getparent()
        length = len(" ".join(text.split()))
        above = owner.getparent()
        if length >= _PROSE_CHARS and owner.tag not in _NO_PROSE and (above is None or above.tag not in _NO_PROSE):
            yield owner, length


def _holds_headline(element: HtmlElement) -> bool:
    return next(element.iter(*_HEADINGS), None) is not None


def _is_named_furniture(element: HtmlElement, whole: _Whole) -> bool:
    if element.get("role") in _NEVER_ROLES:
        return whole.may_lose(element)
    names = f"{element.get('class', '')} {element.get('id', '')}"
    if names == " " or element.tag in {"html", "body", "main", "article"}:
        return False
    kind = _kind_of(names)
    if kind == "apart" and element.tag != "p":
        return whole.may_lose(element)
    return kind != "" and element not in whole.headline_boxes and not _says_much(element)


@lru_cache(maxsize=8_192)
def _kind_of(names: str) -> str:
    """Return apart or small where `names` are those of furniture; pages of a site repeat the same few hundred."""
    return "apart" if _APART.search(names) else "small" if _SMALL.search(names) else ""


def _says_much(element: HtmlElement) -> bool:
    text = element.text_content().strip()
    if len(text) > _SMALL_CHARS:
        return True
    return sum(len(text) >= _SENTENCE_CHARS and bool(_SENTENCE_END.search(text)) for text in _paragraphs(element)) > 1


def _paragraphs(element: HtmlElement) -> Iterator[str]:
    return (paragraph.text_content().strip() for paragraph in element.iter("p"))


def _related_labels(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements whose own first words announce other articles."""
    for element in tree.iter("*"):
        text = element.text
        if text and len(text) <= _LABEL_CHARS and _LABEL_SIGN.search(text) and is_related_label(text):
            yield element


def _drop_related(label: HtmlElement) -> None:
    """Drop `label` with what it announces: its block, the box around it, or the links that follow."""
    blocks = (element for element in (label, *label.iterancestors()) if element.tag in _BLOCKS)
    block = next(blocks, label)
    parent = block.getparent()
    if parent is None:
        return
    words = len((label.text or "").strip())
    if _is_list_of_links(block, words):
        _drop(block)
    elif _length_of_words(block) > words + 3:
        return  # a sentence that begins like a label
    elif _is_list_of_links(parent, words) and not _holds_headline(parent):
        _drop(parent)
    else:
        for follower in list(islice(block.itersiblings(), _MOST_FOLLOWERS)):
            if not _is_list_of_links(follower, 0):
                break
            _drop(follower)
        _drop(block)


def _length_of_words(element: HtmlElement) -> int:
    return len(" ".join(element.text_content().split()))


def _is_list_of_links(element: HtmlElement, label_chars: int) -> bool:
    """Return whether links are most of what `element` says beside its label."""
    if not isinstance(element.tag, str):
        return False
    rest = _length_of_words(element) - label_chars
    linked = sum(_length_of_words(link) for link in element.iter("a"))
    return 0 < linked >= _LINKED_SHARE * rest and rest <= _LONGEST_LIST_CHARS
