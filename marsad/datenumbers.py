"""Owns numbers written in words inside dates: the eighth of June, three hours ago, two thousand and twenty-five.

Words become digits only where a date asks for a number: most ordinals are also part of a month's name (تشرين الأول).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from marsad.datewords import DUAL_SECONDS, HIJRI_MONTHS, MONTHS, UNIT_SECONDS, any_of, plain

_UNITS = {  # a number of either gender, an ordinal of either gender
    1: "واحد|واحدة|حادي|حادية|أحد|إحدى",
    2: "اثنان|اثنين|اثنتان|اثنتين|اثني|اثنا|اثنتي|اثنتا|ثاني|ثانية",
    3: "ثلاث|ثلاثة|ثالث|ثالثة",
    4: "أربع|أربعة|رابع|رابعة",
    5: "خمس|خمسة|خامس|خامسة",
    6: "ست|ستة|سادس|سادسة",
    7: "سبع|سبعة|سابع|سابعة",
    8: "ثمان|ثماني|ثمانية|ثامن|ثامنة",
    9: "تسع|تسعة|تاسع|تاسعة",
}
_TENS = {20: "عشرون|عشرين", 30: "ثلاثون|ثلاثين", 40: "أربعون|أربعين", 50: "خمسون|خمسين"}
_TEN = "عشر|عشرة|عاشر|عاشرة"
_FIRST = "أول|أولى|اول"


def _numbers() -> dict[str, int]:
    """Return all words for 1 to 59, in the form of `plain`, with and without the article."""
    units = {word: number for number, words in _UNITS.items() for word in words.split("|")}
    found = dict(units) | dict.fromkeys(_TEN.split("|"), 10) | dict.fromkeys(_FIRST.split("|"), 1)
    found |= {f"{unit} {ten}": 10 + number for unit, number in units.items() for ten in ("عشر", "عشرة")}
    for ten, words in _TENS.items():
        for word in words.split("|"):
            found[word] = ten
            found |= {f"{unit} و{word}": ten + number for unit, number in units.items()}
            found |= {f"{unit} وال{word}": ten + number for unit, number in units.items()}
    return {plain(name): number for word, number in found.items() for name in (word, f"ال{word}")}


_NUMBERS = _numbers()
_WORD = any_of(_NUMBERS)
_PARTS = {"النصف": 30, "الربع": 15, "الثلث": 20}


@dataclass(frozen=True, slots=True)
class _Forms:
    """Where a date asks for a number in words."""

    before_month: re.Pattern[str]
    before_unit: re.Pattern[str]
    hour: re.Pattern[str]
    year: re.Pattern[str]  #: two thousand, alone or with what follows; "and" is written as one word with it


@cache
def _forms() -> _Forms:
    """Compile the forms when a date is first read: that takes 0.14 s, and most commands read none."""
    longest_first = "|".join(sorted(_NUMBERS, key=len, reverse=True))
    return _Forms(
        re.compile(rf"({_WORD})(?=\s+(?:من\s+)?(?:شهر\s+)?{any_of(dict(MONTHS) | dict(HIJRI_MONTHS))})"),
        re.compile(rf"({_WORD})(?=\s+{any_of(dict(UNIT_SECONDS) | dict(DUAL_SECONDS))})"),
        re.compile(rf"(?<=الساعه )({_WORD})(?:\s+و({_WORD}\s+دقي\w+|النصف|الربع|الثلث))?"),
        re.compile(rf"(?<![^\W\d_])(?:الفين|الفان)(?:\s+و({longest_first}))?(?![^\W\d_])(?!\s+و[^\W\d_])"),
    )


def with_digits(text: str) -> str:
    """Return `text` (in the form of `plain`) with digits for the words of a day, count, hour or year."""
    if text.isascii():  # as pages date themselves for machines
        return text
    forms = _forms()
    text = forms.before_month.sub(_digits, text)
    text = forms.before_unit.sub(_digits, text)
    text = forms.hour.sub(_clock, text)
    return forms.year.sub(lambda match: str(2000 + _NUMBERS.get(match[1] or "", 0)), text)


def _digits(match: re.Match[str]) -> str:
    return str(_NUMBERS[match[1]])


def _clock(match: re.Match[str]) -> str:
    part = match[2] or ""
    minute = _PARTS.get(part) or _NUMBERS.get(part.rpartition(" ")[0], 0)
    return f"{_NUMBERS[match[1]]}:{minute:02}"
