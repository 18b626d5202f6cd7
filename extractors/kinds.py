"""Owns what kind of text a page holds: an article, a summary of what cannot be read here, a ticker, pictures.

What a page declares goes first; what its address and headline say counts where the text is as short as such a page's,
since a whole report may also be titled "in pictures" or stand in a folder called video.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from extractors.metadata import Metadata
from marsad.articles import BodyKind
from marsad.datewords import plain

SUMMARY_CHARS = 1_500  #: below it, a page with a declared paywall shows its teaser only
CAPTION_CHARS = 600  #: below it, the text of a gallery or video page is its caption
_TAIL_CHARS = 200  #: at the end of a text, where a teaser says how to read on
_FEWEST_ENTRIES = 3  #: of a ticker; a box for one live entry stands beside many an article
_LIVE_TITLE = re.compile(
    # live, live broadcast, live coverage, moment by moment, live updates, live blog
    r"^(?:مباشر|بث مباشر|تغطيه مباشره|تغطيه مستمره|لحظه بلحظه|live)(?![^\W\d_])|لحظه بلحظه|اولا باول"
    r"|(?:تغطيه|تحديثات|مدونه|متابعه) (?:مباشره|حيه|مستمره)|[|:/-] ?(?:مباشر|live(?: blog| updates)?)$"
    r"|live (?:blog|updates):"
)
_LIVE_PATH = re.compile(r"/(?:live|live-?blogs?|live-updates|liveticker|مباشر)(?:/|-|$)", re.IGNORECASE)
_LIVE_CLASS = re.compile(
    r"(?:^|[\s_-])live-?(?:blog|ticker|event)?[_-]*(?:entry|post|item|update)s?(?=$|[\s_-])", re.IGNORECASE
)
#: In pictures, photo gallery; by address and headline.
_GALLERY_TITLE = re.compile(
    r"^(?:بالصور|شاهد بالصور|صور(?= ?[:|.!-])|معرض صور|البوم صور|جوله مصوره|photos?|in pictures)(?![^\W\d_])"
)
_GALLERY_PATH = re.compile(
    r"/(?:(?:photo-?|picture-?|image-?)?galler(?:y|ies)|photos?|pictures|in-pictures|albums?|multimedia/photo|صور)(?:/|$)",
    re.IGNORECASE,
)
#: Video, watch, with sound and picture.
_VIDEO_TITLE = re.compile(r"^(?:فيديو|بالفيديو|شاهد|بالصوت والصوره|video|watch)(?: ?[:|.!-])|[|:-] ?(?:فيديو|video)$")
_VIDEO_PATH = re.compile(r"/(?:videos?|watch|vod|فيديو)(?:/|$)", re.IGNORECASE)
#: For subscribers only; subscribe to read on; the rest of the text stands elsewhere.
_CLOSED_TAIL = re.compile(
    r"(?:للمشتركين فقط|(?:مخصصه?|متاحه?|حصريه?|حصرا) (?:\S+ )?(?:لل|ل)مشتركين|هذا المحتوي للمشتركين"
    r"|(?:اشترك(?:وا)?|سجل(?:وا)?) (?:الان |مجانا )?(?:ل(?:متابعه|مواصله|اكمال|قراءه|تتابع|تقرا)|كي ت)"
    r"|(?:لقراءه|لمتابعه|لاكمال|لمواصله) (?:\S+ ){0,4}(?:اشترك|يرجي الاشتراك|سجل|اضغط|زوروا?|انقر)"
    r"|subscribe to (?:read|continue)"
    r"|(?:this|the rest of the) (?:article|story|content) is (?:for|available to) subscribers)"
)
_CUT_TAIL = re.compile(
    r"(?:…|\.\.\.|\[(?:…|\.\.\.)\])\s*(?:\(?(?:المزيد|التتمه|للمزيد|اقر[أا] المزيد|read more)\)?)?\W*$"
)


def kind_of(metadata: Metadata, body: str, tree: HtmlElement, url: str) -> BodyKind:
    """Return the kind of `body`, which was found on the page `tree` at `url`."""
    title, path = plain(metadata.title), unquote(urlsplit(url).path)
    if _is_live(metadata, title, path, tree):
        return BodyKind.LIVE
    if _is_gallery(metadata, title, path, body):
        return BodyKind.GALLERY
    if _is_video(metadata, title, path, body) or _is_teaser(metadata, body):
        return BodyKind.SUMMARY
    return BodyKind.FULL


def is_shown(metadata: Metadata, url: str) -> bool:
    """Return whether the page at `url` is there for its pictures or its video, so that its description is its text."""
    title, path = plain(metadata.title), unquote(urlsplit(url).path)
    return _is_gallery(metadata, title, path, "") or _is_video(metadata, title, path, "")


def _is_live(metadata: Metadata, title: str, path: str, tree: HtmlElement) -> bool:
    if "LiveBlogPosting" in metadata.types or _LIVE_TITLE.search(title):
        return True
    entries = sum(1 for element in tree.iter("div", "article", "li", "section") if _is_live_entry(element))
    return entries >= _FEWEST_ENTRIES or _LIVE_PATH.search(path) is not None


def _is_live_entry(element: HtmlElement) -> bool:
    names = element.get("class") or ""
    return "live" in names.lower() and _LIVE_CLASS.search(names) is not None


def _is_gallery(metadata: Metadata, title: str, path: str, body: str) -> bool:
    is_declared = any("Gallery" in name for name in metadata.types)
    is_told = _GALLERY_TITLE.search(title) or _GALLERY_PATH.search(path)
    return len(body) < CAPTION_CHARS and bool(is_declared or is_told)


def _is_video(metadata: Metadata, title: str, path: str, body: str) -> bool:
    is_declared = any(name.lower().startswith("video") for name in metadata.types)
    is_told = _VIDEO_TITLE.search(title) or _VIDEO_PATH.search(path)
    return len(body) < CAPTION_CHARS and bool(is_declared or is_told)


def _is_teaser(metadata: Metadata, body: str) -> bool:
    tail = body[-_TAIL_CHARS:]
    is_cut = not metadata.is_free or _CUT_TAIL.search(tail)
    return (len(body) < SUMMARY_CHARS and bool(is_cut)) or _CLOSED_TAIL.search(plain(tail)) is not None
