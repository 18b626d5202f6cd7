"""Owns the one fold of Arabic text: spellings that readers take for the same word become the same letters.

It hashes, matches and searches; it never alters stored or shown text. The fold is a plain table from one character
to its folded string, with no look at neighbours, so that numpy, `str.translate` and SQL give the same answer. In SQL,
with text t:

1. for each entry of `FOLD` whose value has two or more characters (ligatures, all above U+00DE): `replace`, or a
   per-character map behind a `regexp_matches` guard, because real texts almost never contain one;
2. `regexp_replace(t, '[deleted]', '', 'g')`, the class being the keys whose value is "";
3. `translate(t, from, to)` with the keys and values of one character that differ;
4. `trim(regexp_replace(t, '[^kept]+', ' ', 'g'))`, the class being `KEPT`: what is in no entry separates words.

Hamza carriers, alef maksura, teh marbuta and presentation forms come from camel_tools' normalisation; g and j of
transliterated names (غوغل, جوجل: Google) share a letter, because outlets write either (decisions/0002).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import Final

import numpy as np
from camel_tools.utils.normalize import (
    normalize_alef_ar,
    normalize_alef_maksura_ar,
    normalize_teh_marbuta_ar,
    normalize_unicode,
)
from numpy.typing import NDArray

Codes = NDArray[np.uint16]  #: UTF-16 code units of folded text

#: Blocks complete since Unicode 6.0, so that the table is the same under every Python; others separate.
_LETTER_RANGES: Final = (
    (0x0030, 0x0039), (0x0041, 0x005A), (0x0061, 0x007A), (0x00C0, 0x024F),  # digits, Latin
    (0x0400, 0x045F),  # Cyrillic: names quoted in the original
    (0x0620, 0x064A), (0x0660, 0x0669), (0x066E, 0x06D5), (0x06EE, 0x06FC), (0x06FF, 0x06FF), (0x0750, 0x077F),
    (0xFB50, 0xFBB1), (0xFBD3, 0xFD3D), (0xFD50, 0xFDC7), (0xFDF0, 0xFDFD), (0xFE70, 0xFEFC),  # presentation forms
    (0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A),  # full-width
)  # fmt: skip

#: Written or not at the writer's whim, or invisible: combining marks, Koran marks, tatweel, joiners, direction marks.
_DELETED_RANGES: Final = (
    (0x00AD, 0x00AD), (0x0300, 0x036F), (0x0610, 0x061A), (0x061C, 0x061C), (0x0640, 0x0640), (0x064B, 0x065F),
    (0x0670, 0x0670), (0x0674, 0x0674), (0x06D6, 0x06ED), (0x08D3, 0x08FF), (0x200B, 0x200F), (0x202A, 0x202E),
    (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0xFEFF, 0xFEFF),
)  # fmt: skip

#: What camel_tools and Unicode leave apart though Arabic desks write either.
_KIN: Final = {
    "ء": "", "ٴ": "",  # lone hamza, dropped and kept by turns
    "غ": "ج", "گ": "ج", "چ": "ج", "ڠ": "ج", "ݣ": "ج", "ڭ": "ج",  # g and j of foreign names
    "ڤ": "ف", "ڥ": "ف", "پ": "ب", "ژ": "ز",  # v, p, zh
    "ک": "ك", "ڪ": "ك", "ی": "ي", "ې": "ي", "ے": "ي", "ۍ": "ي", "ؠ": "ي",  # Persian, Urdu and Pashto keyboards
    "ہ": "ه", "ھ": "ه", "ە": "ه", "ۃ": "ه", "ں": "ن", "ٲ": "ا", "ٳ": "ا",
    "ø": "o", "đ": "d", "ł": "l", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
}  # fmt: skip

_MULTIPLE: Final = 1  #: mark in the code table for characters that fold to several
_SEPARATOR: Final = ord(" ")
_LAST_CODE: Final = 0xFFFF  #: a noncharacter; all beyond the basic plane is looked up as it, and separates


def _characters(ranges: tuple[tuple[int, int], ...]) -> Iterator[str]:
    return map(chr, chain.from_iterable(range(first, last + 1) for first, last in ranges))


def _is_kept(character: str) -> bool:
    if character.isascii():
        return character.isalnum()
    return character.isalpha() and ("а" <= character <= "џ" or "ا" <= character <= "ݿ")


def _plain(character: str) -> str:
    """Without case, marks, carriers and shapes; digits as ASCII."""
    plain = unicodedata.normalize("NFKD", normalize_unicode(character).casefold())
    plain = normalize_teh_marbuta_ar(normalize_alef_maksura_ar(normalize_alef_ar(plain)))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("ـ", "")
    return "".join(_KIN.get(c, str(unicodedata.decimal(c, c))) for c in plain).strip()


def _table() -> dict[str, str]:
    table = dict.fromkeys(_characters(_DELETED_RANGES), "")
    for character in _characters(_LETTER_RANGES):
        plain = _plain(character)
        if all(c == " " or _is_kept(c) for c in plain):
            table[character] = plain
    return table


#: Every character that does not separate words, and what it folds to; "" deletes it, some ligatures hold a space.
FOLD: Final[Mapping[str, str]] = MappingProxyType(_table())

#: The characters folded text is made of, besides the single space between words.
KEPT: Final = "".join(sorted(set("".join(FOLD.values())) - {" "}))


def _codes() -> Codes:
    codes = np.full(_LAST_CODE + 1, _SEPARATOR, np.uint16)
    for character, folded in FOLD.items():
        codes[ord(character)] = ord(folded) if len(folded) == 1 else _MULTIPLE if folded else 0
    return codes


_CODES: Final = _codes()
_LIGATURES: Final = {ord(c): folded for c, folded in FOLD.items() if len(folded) > 1}
#: Belongs to the letter before it: what is deleted, but for direction marks.
_CLINGING: Final = frozenset(c for c, folded in FOLD.items() if not folded and unicodedata.category(c) != "Cf")


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """A folded text that remembers where each of its characters came from."""

    text: str
    source: str  #: the text before folding
    starts: NDArray[np.intp]  #: index into `source`, per character of `text`

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open span of `source` that text[start:end] was folded from.

        Marks, tatweel and a final hamza behind the last letter belong to it; direction marks do not. An empty
        span gives an empty one.
        """
        if start >= end:
            at = int(self.starts[start]) if start < len(self.starts) else len(self.source)
            return at, at
        return int(self.starts[start]), self._end(int(self.starts[end - 1]))

    def words(self) -> Iterator[tuple[str, int, int]]:
        """Yield each word of `text` with its span of `source`."""
        starts, at = self.starts.tolist(), 0
        for word in self.text.split():
            yield word, starts[at], self._end(starts[at + len(word) - 1])
            at += len(word) + 1

    def _end(self, last: int) -> int:
        """Return where a span ends whose last letter stands at `last` of `source`."""
        stop = last + 1
        while stop < len(self.source) and self.source[stop] in _CLINGING:
            stop += 1
        return stop


def fold_codes(text: str) -> Codes:
    """Return folded `text` as an array, for hashing without a Python loop."""
    codes = _looked_up(text)
    if (codes == _MULTIPLE).any():
        codes = _looked_up(text.translate(_LIGATURES))
    codes = codes[codes != 0]
    folded: Codes = codes[_is_wanted(codes)]
    return folded


def fold(text: str) -> str:
    """Return the folded words of `text`, joined by single spaces; "" where it has none."""
    return fold_codes(text).astype("<u2", copy=False).tobytes().decode("utf-16-le")


def fold_spans(text: str) -> Folded:
    """Return what `fold` returns, with the way back into `text`."""
    codes = _looked_up(text)
    starts = np.arange(len(codes))
    if (codes == _MULTIPLE).any():
        starts = np.repeat(starts, [len(_LIGATURES.get(ord(c), c)) for c in text])
        codes = _looked_up(text.translate(_LIGATURES))
    codes, starts = codes[codes != 0], starts[codes != 0]
    wanted = _is_wanted(codes)
    return Folded(codes[wanted].astype("<u2").tobytes().decode("utf-16-le"), text, starts[wanted])


def _looked_up(text: str) -> Codes:
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    return _CODES.take(points, mode="clip")


def _is_wanted(codes: Codes) -> NDArray[np.bool_]:
    """All but separators that follow a separator or stand at either end."""
    wanted: NDArray[np.bool_] = codes != _SEPARATOR
    first = int(wanted.argmax()) if len(codes) else 0
    wanted[:-1] |= wanted[1:]
    wanted[:first] = False
    return wanted
