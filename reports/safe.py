"""Owns what may be shown of text and links that strangers wrote.

Titles arrive with line breaks, NUL, lone surrogates, bidi overrides and 10,000 characters. Every renderer passes every
value through here, so that none of it can forge a header, turn a line around or swamp a page.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, unquote, urlsplit

#: No title, name or sentence of news is longer; what is longer is an attack or a whole body in the wrong field.
SHOWN_LIMIT_CHARS = 2_000
#: RFC 9110 section 4.1 asks for 8,000 at least; mail clients stop linking far below.
LINK_LIMIT_CHARS = 2_000

_FSI, _PDI = "\u2068", "\u2069"
#: Format characters that Arabic writing itself needs: joiners and the signs that stand before numbers.
_NEEDED = frozenset("\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u08e2")
#: An Arabic letter bears a shadda, a vowel and a Koranic sign at most; longer runs climb over the lines above.
_MARK = r"[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u20d0-\u20f0]"
_CLIMBING = re.compile(f"({_MARK}{{4}}){_MARK}+")
#: One character outside ASCII, in UTF-8 (RFC 3629, section 4; what it forbids fails to be read).
_ESCAPED_CHARACTER = re.compile(
    r"%(?:[CD][0-9A-F](?:%[89AB][0-9A-F])|E[0-9A-F](?:%[89AB][0-9A-F]){2}|F[0-4](?:%[89AB][0-9A-F]){3})", re.IGNORECASE
)
_LINK_SAFE = "%/?#[]@!$&'()*+,;=:~-._"


def plain(text: str, limit_chars: int = SHOWN_LIMIT_CHARS) -> str:
    """Return `text` on one line: no control, bidi, surrogate or unassigned character, cut with an ellipsis."""
    # A cut of the raw text first, so that a million invisible characters cost nothing.
    text = text[: limit_chars * 8]
    visible = text if text.isprintable() else "".join(map(_shown, text))
    line = _CLIMBING.sub(r"\1", " ".join(visible.split()))
    return line if len(line) <= limit_chars else _cut(line, limit_chars)


def plain_lines(text: str) -> str:
    """Return `text` with its lines and spaces as they are, and nothing in it that a terminal would obey."""
    return "".join("\n" if character == "\n" else _shown(character) for character in text)


def isolated(text: str) -> str:
    """Return `text` made plain, between marks that keep its direction to itself (UAX #9: FSI, PDI)."""
    return f"{_FSI}{plain(text)}{_PDI}"


def readable_address(url: str) -> str:
    """Return `url` with the letters that its escapes stand for, without name and password; for reading only.

    Searches for Arabic words differ behind six hundred characters of escapes. Escapes of ASCII, of blanks and of signs
    stay, and those of the host: else two addresses could be read as one.
    """
    scheme, slashes, rest = url.partition("://")
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    return f"{scheme}{slashes}{host.rpartition('@')[2]}{_ESCAPED_CHARACTER.sub(_letter, rest[len(host) :])}"


def _letter(match: re.Match[str]) -> str:
    try:
        letter = unquote(match[0], errors="strict")
    except UnicodeDecodeError:
        return match[0]
    return letter if letter.isalnum() or unicodedata.category(letter).startswith("M") else match[0]


def link_of(url: str) -> str:
    """Return `url` in ASCII if a person may be led there (http, https, a host, no user name), else an empty string."""
    if len(url) > LINK_LIMIT_CHARS or url != plain(url, LINK_LIMIT_CHARS):
        return ""
    try:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            return ""
        host = parts.netloc.encode("idna").decode("ascii") if not parts.netloc.isascii() else parts.netloc
    except ValueError:  # a bracket without its fellow, a label idna cannot write
        return ""
    return quote(parts._replace(netloc=host).geturl(), safe=_LINK_SAFE)


def _shown(character: str) -> str:
    if character in _NEEDED or character.isalnum():
        return character
    category = unicodedata.category(character)
    if category in {"Zl", "Zp", "Zs"} or character in "\t\n\v\f\r\x1c\x1d\x1e\x85":
        return " "
    return "" if category in {"Cc", "Cf", "Cs", "Cn", "Co"} else character


def _cut(line: str, limit_chars: int) -> str:
    head = line[: limit_chars - 1]
    whole_words = head.rsplit(" ", 1)[0]
    return (whole_words if len(whole_words) > limit_chars * 3 // 4 else head).rstrip() + "…"
