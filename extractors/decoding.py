"""Owns the way from bytes to text: which encoding a page is really in.

Declarations lie, bytes seldom do: valid UTF-8 is UTF-8 whatever the header says. Below that, the candidates that can
decode the bytes are compared by how much of the result looks like words: windows-1256 read as ISO-8859-6 (or the
reverse) turns Arabic into Arabic-looking debris, and read as a Latin code page into accents and signs.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

import chardet

from marsad.errors import NotAnArticle

#: The letters of running Arabic; debris of a wrong code page is made of the rare ones.
_FREQUENT = frozenset("اليمنوهتربدعفسكة")  # more than three quarters of the letters of any Arabic news text
_DEBRIS = re.compile("[\u0080-\u009f\ufffd\u00a4\u00a6-\u00be\u00d7\u00f7]")  # C1 controls and signs, as in Ø§Ù„
#: As browsers read them: undefined bytes are control characters.
_LATIN_BYTES = {chr(byte): byte for byte in range(256)} | {
    char: byte for byte in range(0x80, 0xA0) for char in bytes([byte]).decode("windows-1252", "ignore")
}
_ARABIC_BYTES = {chr(byte): byte for byte in range(128)} | {
    char: byte for byte in range(0x80, 0x100) for char in bytes([byte]).decode("windows-1256", "ignore")
}
_LATE = "".join(char for char, byte in (_LATIN_BYTES | _ARABIC_BYTES).items() if 0x80 <= byte < 0xC0)  # noqa: PLR2004
#: UTF-8 read as a one-byte code page: its lead bytes D8 to DB before a continuation byte; read so twice; read as
#: windows-1256. First what such text cannot be without (alef), found in a hundredth of the time; last the table that
#: tells how to get the bytes back.
_MISREAD = (
    ("Ø§", re.compile(f"[ØÙÚÛ][{re.escape(_LATE)}]"), _LATIN_BYTES),
    ("Ã˜", re.compile("Ã[\u0098-\u009b˜™š›]"), _LATIN_BYTES),
    ("ط§", re.compile(f"[طظعغ][{re.escape(_LATE)}]"), _ARABIC_BYTES),
)
#: Letters of windows-1256 or ISO-8859-6 read as Latin: an eighth of French letters bear accents, here all do.
_ACCENTED = re.compile("[\u00c0-\u00ff]")
_ACCENTED_SHARE = 0.3
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
#: A mark, or "<" as UTF-16 has it; that of UTF-32 begins like one of UTF-16.
_BEGINNINGS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_HEAD_BYTES = 4096  #: the HTML standard looks for a declaration in the first 1024 bytes; CMSs write it later
_SAMPLE_CHARS = 20_000
_MOST_BROKEN_SHARE = 0.01  #: of characters; a cut or damaged UTF-8 page has a few bad bytes, another encoding many
_SURELY_ARABIC = 0.6  #: of `_plausibility`: running Arabic has .7 to .9, its debris below .3
_MOJIBAKE_SHARE = 0.02  #: of characters; real French or Danish text has no Ø before a quotation mark


def decode_page(body: bytes, content_type: str, subject: str) -> str:
    """Return the text of `body`.

    Args:
        body: Bytes of a page.
        content_type: Its header, empty where there was none.
        subject: The url, for the error.

    Raises:
        NotAnArticle: binary data, or text garbled beyond repair.
    """
    text = _decode(body, content_type)
    for alef, pattern, table in (*_MISREAD, _MISREAD[0]):
        if alef in text and _share(pattern, text) > _MOJIBAKE_SHARE:
            text = _repair(text, table, subject)
    if "Ç" in text and _share(_ACCENTED, text) > _ACCENTED_SHARE:
        text = _reread(text, subject)
    sample = text[:_SAMPLE_CHARS]
    if len(_CONTROL.findall(sample)) > len(sample) * _MOST_BROKEN_SHARE:
        raise NotAnArticle(subject, "binary data")
    return text


def _decode(body: bytes, content_type: str) -> str:
    for beginning, encoding in _BEGINNINGS:
        if body.startswith(beginning):
            text = body.decode(encoding, "replace")
            if "<" in text[:_HEAD_BYTES]:  # else the mark lies, or there is no markup
                return text
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
        is_damaged = text.count("\ufffd") <= len(text) * _MOST_BROKEN_SHARE and _plausibility(text) > 0
    if is_damaged:
        return text
    readings = [body.decode(encoding, "replace") for encoding in dict.fromkeys(_candidates(body, content_type))]
    return max((text, *readings), key=_plausibility)  # a short document is damaged by three bytes beyond any share


def _candidates(body: bytes, content_type: str) -> Iterator[str]:
    header = _HEADER_CHARSET.search(content_type)
    declared = _DECLARED.search(body[:_HEAD_BYTES])
    guess = chardet.detect(body[:_SAMPLE_CHARS])["encoding"]
    names = (header and header[1], declared and declared[1].decode("ascii"), guess, "windows-1256", "iso-8859-6")
    for name in names:
        try:
            yield codecs.lookup(name or "windows-1252").name
        except LookupError:
            continue


def _plausibility(text: str) -> float:
    """Return how much of `text` is frequent Arabic or plain Latin letters, less what is debris."""
    sample = [char for char in text if char >= "\u0080"][:_SAMPLE_CHARS]
    if not sample:
        return 0.0
    debris = len(_DEBRIS.findall("".join(sample)))
    good = sum(char in _FREQUENT for char in sample)
    other = sum(char.isalpha() for char in sample) - good
    return (good + 0.3 * other - 2 * debris) / len(sample)


def _share(pattern: re.Pattern[str], text: str) -> float:
    sample = re.sub(r"<[^<>]*>|\s+", " ", text[: 5 * _SAMPLE_CHARS])
    return len(pattern.findall(sample)) / max(1, len(sample))


def _repair(text: str, table: dict[str, int], subject: str) -> str:
    """Return `text` with UTF-8 restored that someone had read as the code page of `table`."""
    repaired = bytes(table.get(char, ord("?")) for char in text).decode("utf-8", "replace")
    if repaired.count("\ufffd") > len(repaired) * _MOST_BROKEN_SHARE:
        raise NotAnArticle(subject, "garbled beyond repair")
    return repaired


def _reread(text: str, subject: str) -> str:
    """Return `text` read as Arabic that someone had read as Latin; as it is where it is neither."""
    data = bytes(_LATIN_BYTES.get(char, ord("?")) for char in text)
    best = max((data.decode(name, "replace") for name in ("windows-1256", "iso-8859-6")), key=_plausibility)
    if _plausibility(best) >= _SURELY_ARABIC:
        return best
    raise NotAnArticle(subject, "garbled beyond repair")
