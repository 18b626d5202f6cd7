"""Owns what a page says about itself outside its text: title, authors, outlet, tags, dates as they are written.

Several places claim each of these, in this order of trust: JSON-LD, meta elements, elements marked up for the purpose,
what a reader sees beside the headline, the url. Dates are handed on as written; a date in the head of the site is
today's, not the article's, so only what stands behind the headline is looked at, or calls itself the date above it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml.etree import XPath
from lxml.html import HtmlElement

from extractors.headlines import above_headline, behind_headline, headings_of, is_aside, text_of
from extractors.jsonld import LinkedArticle, find_linked_article

_PUBLISHED_META = [
    "article:published_time",
    "article:published",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "dc.date.created",
    "dcterms.created",
    "datecreated",
    "nastooh:publishdate",
    "cxenseparse:recs:publishtime",
    "date",
]
_MODIFIED_META = [
    "article:modified_time",
    "article:modified",
    "og:updated_time",
    "og:modified_time",
    "datemodified",
    "lastmod",
    "last-modified",
    "dcterms.modified",
    "dc.date.modified",
]
_TITLE_META = ("og:title", "twitter:title", "dc.title", "title")
_DESCRIPTION_META = ("og:description", "description", "twitter:description", "dc.description")
_AUTHOR_META = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author")
_OUTLET_META = ("application-name", "dc.publisher", "publisher")
_TIER_META = ("article:content_tier", "og:article:content_tier")  #: Facebook's word for free, metered and locked
_CLOSED_TIERS = frozenset({"locked", "metered"})
_TAG_META = ("article:tag", "news_keywords", "keywords", "parsely-tags", "analytics:tags")

_SUFFIX = re.compile(r"\s+[|•·:–—-]\s+|\s*(?:»|::|>>)\s*|\s*\|\s*")
_TAG_SPLIT = re.compile(r"[,،;؛|]")
_TAG_BOXES = ("div", "p", "ul", "span", "section")
_TAG_CLASS = re.compile(
    r"(?:^|[\s_-])(?:tags?(?:[_-]?(?:list|links|cloud|box|wrap\w*))?|topics?|keywords?)(?=$|\s)", re.IGNORECASE
)
_TAG_LABEL = re.compile(  # tags, keywords, topics
    r"\s*(?:(?:ال)?وسوم|(?:ال)?كلمات (?:ال)?(?:مفتاحية|دلالية|دالة)|تاجز|تاغات|علامات|مواضيع|موضوعات"
    r"|tags|keywords|topics)\s*:\s*",
    re.IGNORECASE,
)
_LONGEST_TAG_LINE_CHARS = 300  #: a longer box lists the tags of the site
#: Stands in an outlet's place in a page's title: video, pictures, live, urgent, opinion, news.
_NO_OUTLET = re.compile(
    r"(?:ب?ال)?(?:فيديو|صور|مباشر|عاجل|رأي|مقالات?|أخبار|خاص)|videos?|photos?|live|opinion|news", re.IGNORECASE
)
_AUTHOR_SPLIT = re.compile(r"[,،;؛|·•]")
_BYLINE = re.compile(
    r"^(?:بقلم|كتب|كتبت|كتبه|إعداد|اعداد|تقرير|حاور(?:ه|ها|ته|تها)|by)\s*(?:[:/-]\s*|\s)", re.IGNORECASE
)
#: Wrote, by, prepared, reported, interviewed, and two to four words up to a mark;
#: "wrote" without a colon may begin a sentence.
_SHOWN_BYLINE = re.compile(
    r"(?:(?:كتبه?ا?|كتبت|إعداد|اعداد|تقرير|تحرير|حاور(?:ه|ها|ته|تها)|by) ?[:/|-]|(?:author|الكاتبة?) ?[:,،]"
    r"|بقلم ?[:/|-]?)\s*"
    r"(?P<name>[^\W\d_]+[.]?(?: [^\W\d_]+[.]?){0,4})"
    r"(?=\s*(?:$|[-–—|/،,·•(]|\d))",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"https?:|@|\.(?:com|net|org)\b|[<>{}_=]|^\W*$|^\d+$|\d{2}|^(?:admin|editor|staff|unknown|none|null)$"
    # the desk; an agency or a few; updated
    r"|^(?:فريق|هيئة|أسرة|قسم|غرفة) (?:ال)?(?:تحرير|أخبار)|^وكالات$|تحديث|^(?:المحرر|مراسل)",
    re.IGNORECASE,
)
_LONGEST_AUTHOR_CHARS = 60
_LONGEST_TAG_CHARS = 60
_MOST_TAGS = 40  #: a site that lists more lists its menu
_LONGEST_DATE_LINE_CHARS = 90
_PARAGRAPH_CHARS = 200  #: the date line stands before the first paragraph; behind it, dates are of the events told
_FEW_CHILDREN = 4
_LISTS = frozenset({"ul", "ol", "dl"})
#: Updated. Alone it says nothing of the publication; on old pages it is the hour of the visit.
_UPDATED = re.compile(r"[آا]خر تحديث|[تم]?تحديث|محدّ?ثة|عُ?دّ?ل|updated|modified", re.IGNORECASE)
_PUBLISHED = re.compile(r"(?:نُ?شرت?|النشر)(?![^\W\d_])|published", re.IGNORECASE)
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?:[/_-]|$)")
_DIGIT = re.compile(r"\d")
_AUTHOR_CLASSES = (
    "author-name",
    "author-meta",
    "writer-name",
    "wp-author",
    "byline",
    "post-author",
    "entry-author",
    "type-author",
)
#: One word of each class is asked for first: on most elements it decides, in a third of the time.
_AUTHOR_PLACES = XPath(
    "//*[@itemprop='author' or @rel='author' or @class[contains(., 'author') or contains(., 'byline')"
    " or contains(., 'writer-name')][(. = 'author' and count(../*) < 2) or {}]]".format(
        " or ".join(f"contains(., '{name}')" for name in _AUTHOR_CLASSES)
    )
)
_PUBLISHED_PLACES = XPath("//*[@itemprop='datePublished']")


@dataclass(frozen=True, slots=True)
class RawDate:
    """A date as a page writes it."""

    raw: str
    source: str  #: json-ld, meta, time, text or url


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page claims about its article, cleaned but not yet believed."""

    title: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    outlet: str = ""
    tags: tuple[str, ...] = ()
    published: tuple[RawDate, ...] = ()  #: the most trusted first
    modified: tuple[RawDate, ...] = ()
    types: tuple[str, ...] = ()  #: schema.org and Open Graph types
    is_free: bool = True  #: false where a paywall is declared
    linked_body: str = ""  #: the text as JSON-LD repeats it
    declared_url: str = ""  #: what the page says its own address is (rel=canonical, og:url), as written

    @property
    def is_dated(self) -> bool:
        """Whether the page dates itself where articles do."""
        return any(date.source in {"json-ld", "meta"} for date in self.published)

    @property
    def is_article(self) -> bool:
        """Whether the page calls itself an article, or dates itself as one."""
        return self.is_dated or any(name == "article" or name.endswith(("Article", "Posting")) for name in self.types)


def read_metadata(tree: HtmlElement, url: str) -> Metadata:
    """Return what the page `tree` says about itself."""
    linked = find_linked_article(tree)
    metas = _metas(tree)
    outlet = _outlet(tree, linked, metas)
    title = _title(tree, linked, metas, outlet)
    seen = tuple(_seen_dates(tree, title))
    return Metadata(
        title=title,
        description=_first(metas, _DESCRIPTION_META) or linked.description,
        authors=_authors(tree, linked, metas, outlet, title),
        outlet=outlet,
        tags=_tags(tree, linked, metas),
        published=tuple(_published(tree, linked, metas, url, seen)),
        modified=tuple(_modified(linked, metas, seen)),
        types=(*linked.types, *metas.get("og:type", ())),
        is_free=linked.is_free and not _CLOSED_TIERS.intersection(_all(metas, _TIER_META)),
        linked_body=linked.body,
        declared_url=_declared_url(tree, metas),
    )


_Metas = dict[str, list[str]]


def _declared_url(tree: HtmlElement, metas: _Metas) -> str:
    links = (link.get("href") or "" for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical")
    return next(links, "") or _first(metas, ("og:url",))


def _metas(tree: HtmlElement) -> _Metas:
    found: _Metas = {}
    for meta in tree.iter("meta"):
        content = " ".join((meta.get("content") or "").split())
        for attribute in ("property", "name", "itemprop"):
            key = meta.get(attribute)
            if key and content:
                found.setdefault(key.strip().lower(), []).append(content)
    return found


def _all(metas: _Metas, keys: Iterable[str]) -> Iterator[str]:
    for key in keys:
        yield from metas.get(key, ())


def _first(metas: _Metas, keys: Iterable[str]) -> str:
    return next(_all(metas, keys), "")


def _outlet(tree: HtmlElement, linked: LinkedArticle, metas: _Metas) -> str:
    claims = (*metas.get("og:site_name", ()), linked.publisher, _suffix_of(tree), *_all(metas, _OUTLET_META))
    name = next((claim for claim in claims if claim and "://" not in claim), "")
    return _SUFFIX.split(name)[0].strip()


def _suffix_of(tree: HtmlElement) -> str:
    """Return what the page's title has behind or before its headline, empty where it is not surely a name."""
    title = _page_title(tree)
    for headline in headings_of(tree):
        rest = title.removeprefix(headline) if title.startswith(headline) else title.removesuffix(headline)
        pieces = _SUFFIX.split(f" {rest} ")
        names = [piece.strip() for piece in pieces if piece.strip()]
        if len(names) == 1 < len(pieces) and len(names[0]) <= min(len(headline), _LONGEST_AUTHOR_CHARS):
            return "" if _NO_OUTLET.fullmatch(names[0]) else names[0]
    return ""


def _page_title(tree: HtmlElement) -> str:
    return next((text_of(element) for element in tree.iter("title")), "")


def _title(tree: HtmlElement, linked: LinkedArticle, metas: _Metas, outlet: str) -> str:
    headings = headings_of(tree)
    claims = [linked.headline, *_all(metas, _TITLE_META), _page_title(tree)]
    claim = next((text for text in map(_unescaped, claims) if text), "")
    # The headline a reader sees carries no outlet, so where a claim contains it, it is the title.
    first, *others = _SUFFIX.split(claim)
    seen = [heading for heading in headings if heading in claim and 2 * len(heading) > len(claim)]
    if not seen and len(others) > 1 and first != outlet:  # headline, author or section, outlet
        seen = [heading for heading in headings if heading == first]
    if seen:
        return max(seen, key=len)
    return _without_outlet(claim, outlet) or max(map(text_of, tree.iter("h1")), key=len, default="")


def _unescaped(text: str) -> str:
    return " ".join(html.unescape(text).split())


def _without_outlet(title: str, outlet: str) -> str:
    pieces = _SUFFIX.split(title)
    if len(pieces) > 1 and outlet:
        kept = [piece for piece in pieces if piece.strip() and outlet not in piece and piece not in outlet]
        if len(kept) == 1:
            return kept[0].strip()
        if len(kept) < len(pieces) and kept:
            return title[: title.rfind(kept[-1]) + len(kept[-1])].strip()
    return title.strip()


def _authors(tree: HtmlElement, linked: LinkedArticle, metas: _Metas, outlet: str, title: str) -> tuple[str, ...]:
    sites = {piece.strip() for piece in _SUFFIX.split(_page_title(tree))[1:]}
    if outlet in sites:  # what else stands there may be the author
        sites = {outlet}
    shown = _shown_authors(tree, title)
    for claims in (linked.authors, _all(metas, _AUTHOR_META), _marked_authors(tree), shown):
        said = [_without_outlet(claim, outlet) for claim in claims]
        people = [claim for claim in said if claim not in sites and not (outlet and _is_outlet(claim, outlet))]
        names = [name for claim in people for name in map(_author, _AUTHOR_SPLIT.split(claim)) if name]
        if names:
            return tuple(dict.fromkeys(names))
    return ()


def _is_outlet(claim: str, outlet: str) -> bool:
    return outlet in claim or f" {claim.strip()} " in f" {outlet} "


def _shown_authors(tree: HtmlElement, title: str) -> Iterator[str]:
    """Yield whom a line between headline and text names as its writer, up to the date behind the name."""
    near = behind_headline(tree, title)
    for element in (element for element in near if element.tag not in _LISTS):  # their items are said one by one
        text = text_of(element)
        if len(text) > _PARAGRAPH_CHARS and len(element) < _FEW_CHILDREN:
            return
        said = _SHOWN_BYLINE.match(text) if len(text) <= _LONGEST_DATE_LINE_CHARS else None
        if said:
            yield _DIGIT.split(said["name"])[0]


def _marked_authors(tree: HtmlElement) -> Iterator[str]:
    yield from (text_of(element) for element in islice(_AUTHOR_PLACES(tree), 10))


def _author(claim: str) -> str:
    name = _BYLINE.sub("", " ".join(claim.split())).strip(" -–:")
    return "" if len(name) > _LONGEST_AUTHOR_CHARS or _NO_AUTHOR.search(name) else name


def _tags(tree: HtmlElement, linked: LinkedArticle, metas: _Metas) -> tuple[str, ...]:
    for claims in (*(metas.get(key, ()) for key in _TAG_META), linked.keywords, _shown_tags(tree)):
        tags = [tag.strip(" #\"'.") for claim in claims for tag in _TAG_SPLIT.split(claim)]
        tags = [tag for tag in tags if tag and len(tag) <= _LONGEST_TAG_CHARS]
        if tags:
            return tuple(dict.fromkeys(tags))[:_MOST_TAGS]
    return ()


def _shown_tags(tree: HtmlElement) -> list[str]:
    """Return the tags a reader sees: links of that relation, else the box named or labelled as theirs."""
    links = [text_of(link) for link in tree.iter("a") if "tag" in (link.get("rel") or "").lower().split()]
    if links:
        return links
    boxes = [box for box in tree.iter(*_TAG_BOXES) if _is_tag_box(box)]
    return next((_tags_of(box) for box in boxes if not is_aside(box)), [])


def _is_tag_box(box: HtmlElement) -> bool:
    text = box.text
    if text and len(text) <= _LONGEST_TAG_LINE_CHARS and ":" in text and len(box) == 0 and _TAG_LABEL.match(text):
        return True
    return (
        _is_named_as_tags(f"{box.get('class') or ''} {box.get('id') or ''}")
        and 0 < len(text_of(box)) <= _LONGEST_TAG_LINE_CHARS
    )


@lru_cache(maxsize=8_192)
def _is_named_as_tags(names: str) -> bool:
    return names != " " and _TAG_CLASS.search(names) is not None


def _tags_of(box: HtmlElement) -> list[str]:
    found = [text_of(link) for link in box.iter("a")] or [text_of(box)]
    return [_TAG_LABEL.sub("", text) for text in found]


def _published(
    tree: HtmlElement, linked: LinkedArticle, metas: _Metas, url: str, seen: tuple[RawDate, ...]
) -> Iterator[RawDate]:
    if linked.published:
        yield RawDate(linked.published, "json-ld")
    for raw in _all(metas, _PUBLISHED_META):
        yield RawDate(raw, "meta")
    for element in _PUBLISHED_PLACES(tree):
        yield RawDate(element.get("content") or element.get("datetime") or text_of(element), "time")
    yield from sorted((date for date in seen if not _UPDATED.search(date.raw)), key=lambda date: date.source == "text")
    day = _URL_DAY.search(url)
    if day:
        yield RawDate("-".join(day.groups()), "url")


def _modified(linked: LinkedArticle, metas: _Metas, seen: tuple[RawDate, ...]) -> Iterator[RawDate]:
    if linked.modified:
        yield RawDate(linked.modified, "json-ld")
    for raw in _all(metas, _MODIFIED_META):
        yield RawDate(raw, "meta")
    yield from (date for date in seen if _UPDATED.search(date.raw))


def _seen_dates(tree: HtmlElement, title: str) -> Iterator[RawDate]:
    """Yield what may be a date line: `time` elements and short lines with digits between headline and text."""
    yield from _dates_above(tree, title)
    for element in behind_headline(tree, title):
        stamp, text = element.get("datetime"), text_of(element)
        if len(text) > _PARAGRAPH_CHARS and len(element) < _FEW_CHILDREN:
            return
        if element.tag == "time":
            if stamp and not _UPDATED.search(text):
                yield RawDate(stamp, "time")
            yield RawDate(text, "time")
        elif len(element) < _FEW_CHILDREN and len(text) <= _LONGEST_DATE_LINE_CHARS and _DIGIT.search(text):
            yield RawDate(text, "text")


def _dates_above(tree: HtmlElement, title: str) -> Iterator[RawDate]:
    """Yield the lines above the headline that say to be its date; a bare one may be today's."""
    for text in map(text_of, above_headline(tree, title)):
        is_told = _PUBLISHED.search(text) or _UPDATED.search(text)
        if is_told and _DIGIT.search(text) and len(text) <= _LONGEST_DATE_LINE_CHARS:
            yield RawDate(text, "text")
