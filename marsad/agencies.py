"""Owns whose words a text is printed from: the agency it credits in its dateline or at its end.

A credit stands between separators: "موسكو (رويترز) -" (Moscow, Reuters), "الرياض - واس:" (Riyadh, SPA), "(أ ف ب)" (AFP)
as the last words. An agency that is quoted inside a sentence is a source among others, and no credit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from marsad.arabic import fold

_HEAD_CHARS: Final = 120  #: a dateline with place, date and two agencies
_TAIL_CHARS: Final = 60
_DATELINE_WORDS: Final = 6  #: "موسكو 12 تموز يوليو" (Moscow, 12 July); a longer stretch is a sentence
_INITIAL: Final = re.compile(r"(?<![\u0621-\u064a])([\u0621-\u064a])\.\s?")  #: أ.ف.ب
_STRETCH: Final = re.compile(r"([^()\[\]/|،,:؛\-–—\n]+)([()\[\]/|،,:؛\-–—\s]*)")
_ENDS: Final = re.compile(r"[-–—:/|،,\n]")
_LAST: Final = re.compile(r"(?:[(\[\n/|]|المصدر\s?:)\s*([^()\[\]\n/|:]{2,40}?)[\s)\].]*$")


def credited_agency(text: str, body_start: int, agencies: Mapping[str, str]) -> str:
    """Return the id of the agency that the text credits, "" where it credits none; the first of several.

    Args:
        text: all of it.
        body_start: where the title ends.
        agencies: id by folded name.
    """
    body = text[body_start:].strip()
    return _in_dateline(body[:_HEAD_CHARS], agencies) or _at_end(body[-_TAIL_CHARS:], agencies)


def _in_dateline(head: str, agencies: Mapping[str, str]) -> str:
    for found in _STRETCH.finditer(_INITIAL.sub(r"\1 ", head)):
        name = fold(found[1])
        if name.count(" ") >= _DATELINE_WORDS:
            break
        if _ENDS.search(found[2]) and (agency := _agency_of(name, agencies)):
            return agency
    return ""


def _at_end(tail: str, agencies: Mapping[str, str]) -> str:
    found = _LAST.search(_INITIAL.sub(r"\1 ", tail))
    names = re.split("[،,–-]", found[1]) if found else []
    return next((agency for name in names if (agency := _agency_of(fold(name), agencies))), "")


def _agency_of(name: str, agencies: Mapping[str, str]) -> str:
    return agencies.get(name) or agencies.get(name.removeprefix("و"), "")
