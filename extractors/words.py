"""Owns cleaning one line of words out of a feed: no markup, and nothing that a reader cannot see.

What cannot be seen can deceive: a direction override makes a title read backwards, a control character breaks a
mail header or a terminal.
"""

from __future__ import annotations

import html
import re

TITLE_LIMIT_CHARS = 500  #: a longer headline is an attack or an accident
_RAW_FACTOR = 4  #: markup looked at per character kept; what is longer is cut before it is cleaned
_UNESCAPE_COUNT = 2  #: many feeds write entities twice
_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[a-z][^<>]*>", re.DOTALL | re.IGNORECASE)

#: Controls, direction marks and overrides, invisible spaces, lone surrogates, non-characters. The joiners U+200C and
#: U+200D are not among them: they are spelling in Persian and Urdu names.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff]"
)
_SPACE = re.compile(r"[\s\x1c-\x1f\x85\u2028\u2029]+")


def clean_words(markup: str, limit_chars: int) -> str:
    """Return the words of a title or summary on one line of at most `limit_chars`; `5 < 6` is no markup."""
    text = _without_markup(markup[: limit_chars * _RAW_FACTOR])
    for _ in range(_UNESCAPE_COUNT):
        text = _without_markup(html.unescape(text))
    return _SPACE.sub(" ", _UNSEEN.sub("", text)).strip()[:limit_chars].rstrip()


def _without_markup(text: str) -> str:
    return _TAG.sub(" ", _SCRIPT.sub(" ", text))
