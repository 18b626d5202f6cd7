"""Owns dates of the Hijri year: where they are whole, the Umm al-Qura calendar makes them Gregorian.

Where a month begins by sighting, a country may be a day off that calendar; a Gregorian date beside the Hijri one
therefore goes before it.
"""

from __future__ import annotations

import re
from datetime import date

from hijridate import Hijri

from marsad.datewords import HIJRI_MONTHS, any_of

#: Years that are Hijri without a sign; 1404 may be Persian, and no news is that old.
_UNSIGNED_YEARS = range(1410, 1470)
_SIGN = r"(?P<sign>\s*(?:ه(?![^\W\d_])|للهجره|هجري[اه]?))"
_NAME = any_of(HIJRI_MONTHS)
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?<!\d)(?P<day>\d{{1,2}})\s*[-/،,]?\s*(?:من\s+)?(?:شهر\s+)?(?P<month>{_NAME})\s*[-/،,]?\s*(?:(?:عام|سنه)\s+)?"
        rf"(?P<year>1[345]\d\d)(?!\d){_SIGN}?",
        rf"(?<!\d)(?P<day>\d{{1,2}})\s?(?P<dash>[-/.])\s?(?P<month>\d{{1,2}})\s?(?P=dash)\s?(?P<year>1[345]\d\d)(?!\d){_SIGN}?",
        rf"(?<!\d)(?P<year>1[345]\d\d)\s?(?P<dash>[-/.])\s?(?P<month>\d{{1,2}})\s?(?P=dash)\s?(?P<day>\d{{1,2}})(?!\d){_SIGN}?",
    )
)
#: What else is Hijri and no whole date: a day and month without a year, a month and year without a day.
_REST = re.compile(
    rf"(?<!\d)(?:\d{{1,2}}\s*[-/]?\s*(?:من\s+)?(?:شهر\s+)?)?{_NAME}(?:\s*[-/،,]?\s*1[345]\d\d(?!\d){_SIGN}?)?"
)


def without_hijri(text: str) -> str:
    """Return `text` (in the form of `plain`) without Hijri dates; a mark stays where one was not whole."""
    for form in _FORMS:
        text = form.sub(" ", text)
    return _REST.sub(" ~ ", text)  # the year in "Ramadan 2025" is not a date of its own


def read_hijri(text: str) -> tuple[date, str] | None:
    """Return the Gregorian day of the first whole Hijri date in `text` and what stands around it; None without one."""
    for form in _FORMS:
        match = form.search(text)
        day = _gregorian(match) if match else None
        if match and day:
            return day, f"{text[: match.start()]}   {text[match.end() :]}"
    return None


def _gregorian(match: re.Match[str]) -> date | None:
    year, day, month = int(match["year"]), int(match["day"]), match["month"]
    if month.isdigit() and not match["sign"] and year not in _UNSIGNED_YEARS:
        return None
    try:
        return Hijri(year, int(month) if month.isdigit() else HIJRI_MONTHS[month], day).to_gregorian()
    except (ValueError, OverflowError):
        return None
