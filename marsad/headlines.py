"""Owns headlines: a title without its publisher, the key that equal ones share, and whose headline one is.

A search's link leads to a wrapper and its guid is the search's own, so all that leads from its entry to the article is
the headline and the name behind it: "Headline - Publisher", in Arabic as in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from marsad.arabic import fold
from marsad.errors import BadInput
from marsad.identity import key_of
from marsad.sources import Outlet
from marsad.urls import host_of, site_of

_LEAST_WORDS = 3  #: "Top stories" is every day's headline, and any outlet's
_MOST_NAME_WORDS = 6  #: of a publisher where the search does not name it apart; a longer tail is part of the headline
#: What Arabic outlets and searches write between a headline and a name.
_DASH = re.compile(r"\s[-–—·•]\s|\s*[|»]\s*")
_NOT_WORDS = re.compile(r"[\W_]+")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3]{2,}")
_NUMBER = re.compile(r"^\d{4,}\s+|\s+\d{4,}$")  #: of the article in its publisher's system
_ENDING = re.compile(r"\.[A-Za-z]{2,5}$")


@dataclass(frozen=True, slots=True)
class Headline:
    """What stands before the publisher's name, and the name."""

    text: str
    publisher: str = ""  #: empty where none stands behind it


def split_headline(title: str, publisher: str = "") -> Headline:
    """Return `title` without the publisher's name behind it.

    Args:
        title: as a search or feed gives it.
        publisher: where it is named apart (RSS `source`), only that name is taken off; else what stands behind the
            last dash, if it is short enough for a name.
    """
    wanted = fold(publisher)
    for cut in reversed(list(_DASH.finditer(title))):
        tail = title[cut.end() :].strip()
        if wanted and fold(tail) == wanted:
            return Headline(title[: cut.start()].strip(), publisher)
        if not wanted and 0 < len(tail.split()) <= _MOST_NAME_WORDS and title[: cut.start()].strip():
            return Headline(title[: cut.start()].strip(), tail)
    return Headline(title.strip(), publisher)


def own_headline(title: str, outlet: Outlet) -> str:
    """Return the title of an outlet's own entry, without its own name where that stands behind it."""
    for name in (outlet.name_ar, outlet.name):
        headline = split_headline(title, name) if name else Headline(title)
        if headline.text != title.strip():
            return headline.text
    return title.strip()


def key_of_headline(headline: str) -> int | None:
    """Return the 63-bit key of the folded headline, None where it has too few words to be told from another's."""
    folded = fold(headline)
    return key_of(folded) if folded.count(" ") + 1 >= _LEAST_WORDS else None


def is_published_by(outlet: Outlet, urls: Iterable[str], publisher: str, publisher_url: str) -> bool:
    """Return whether `outlet`, with pages or feeds at `urls`, is the publisher that a search names."""
    if fold(publisher) and fold(publisher) in (fold(outlet.name), fold(outlet.name_ar)):
        return True
    site = _site(publisher_url)
    return bool(site) and any(_site(url) == site for url in urls)


def words_of_url(url: str) -> str:
    """Return the Arabic words of the last part of a url that has some, empty where none has.

    Many outlets write the headline into the path. Latin words there are a transliteration or a section, and say
    nothing that can be compared with an Arabic headline.
    """
    path = unquote(url.partition("://")[2].partition("/")[2].partition("?")[0])
    for part in reversed(path.split("/")):
        words = _NUMBER.sub("", _NOT_WORDS.sub(" ", _ENDING.sub("", part)).strip())
        if _ARABIC.search(words):
            return words
    return ""


def _site(url: str) -> str:
    try:
        return site_of(host_of(url))
    except BadInput:
        return ""
