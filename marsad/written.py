"""Owns reading the parts of a written date: year, month, day, clock, zone, as far as they stand there.

Nothing is filled in: no month, no first of January. A clock or zone that cannot be read leaves the day; a Hijri date
counts only where no Gregorian one stands beside it. A day and month without a year are handed on as such.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time

from marsad.datewords import DAY_HALVES, MONTHS, WEEKDAYS, ZONE_MINUTES, ZONE_PLACES, any_of
from marsad.hijri import read_hijri, without_hijri

#: Outside these a year is a placeholder (0001, 9999) or another calendar (1446, 1404, 2568).
FIRST_YEAR, LAST_YEAR = 1900, 2100
WIDEST_OFFSET_MINUTES = 14 * 60  #: Kiritimati; feeds were seen with +9900


@dataclass(frozen=True, slots=True)
class Written:
    """The parts of a date that were written."""

    year: int
    month: int | None = None
    day: int | None = None
    clock: time | None = None  #: None too where its zone cannot be read
    next_day_count: int = 0  #: 1 for 24:00
    offset_minutes: int | None = None  #: east of UTC
    place: str = ""  #: IANA zone, where one was named


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day with the zone written beside it."""

    clock: time | None = None
    next_day_count: int = 0
    offset_minutes: int | None = None
    place: str = ""


_MONTH = any_of(MONTHS)
_TWO_MONTHS = rf"(?P<month>{_MONTH})(?:\s*[/(-]\s*(?P<twin>{_MONTH})\)?)?"
_YEAR = r"(?P<year>\d{4}|\d{2})(?!\s*:|\d)"
_DAY = r"(?<![\d:])(?P<day>\d{1,2})(?!\s*:|\d)"
#: C's asctime puts the clock before the year.
_BETWEEN = r"\s+(?P<between>\d{1,2}:\d\d:\d\d(?:\s+(?:[a-z]{3,4}|[+-]\d{4}))?)"
_GAP = r"[\s,،./-]*"
#: Compiled by `re` when the first date is read: most commands read none, and all of them cost 60 ms.
_FORMS = (
    rf"{_DAY}(?:st|nd|rd|th|er)?{_GAP}(?:من\s+|of\s+)?(?:شهر\s+)?{_TWO_MONTHS}{_GAP}(?:(?:عام|سنه)\s+)?{_YEAR}",
    rf"{_TWO_MONTHS}\s+(?P<day>\d{{1,2}}){_BETWEEN}\s+(?P<year>\d{{4}})(?!\d)",
    rf"{_TWO_MONTHS}{_GAP}(?P<day>\d{{1,2}})(?!\s*:|\d)(?:st|nd|rd|th)?[\s,،]+(?P<year>\d{{4}})(?!\d)",
    rf"(?<!\d)(?P<year>\d{{4}}){_GAP}{_TWO_MONTHS}{_GAP}(?P<day>\d{{1,2}})(?!\s*:|\d)",
    r"(?<!\d)(?P<year>\d{4})\s?(?P<sep>[-/.])\s?(?P<month>\d{1,2})\s?(?P=sep)\s?(?P<day>\d{1,2})(?!\d)",
    r"(?<!\d)(?P<day>\d{1,2})\s?(?P<sep>[-/.])\s?(?P<month>\d{1,2})\s?(?P=sep)\s?(?P<year>\d{4})(?!\d)",
    r"^(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?=$|t\d)",
    rf"(?<![\d/(])(?<!\d\s){_TWO_MONTHS}{_GAP}(?:(?:عام|سنه)\s+)?(?P<year>\d{{4}})(?!\d)",
    r"^(?P<year>\d{4})[-/](?P<month>\d{1,2})$",
    r"^(?P<month>\d{1,2})[-/](?P<year>\d{4})$",
    r"^(?P<year>\d{4})$",
)
_GREGORIAN_SIGN = re.compile(r"(?<![\d:])(\d{4})\s*(?:م|ميلادي|ميلاديه|للميلاد)(?![^\W\d_])")  # م is also p.m.
_ZONE = rf"(?P<zone>{any_of({**ZONE_MINUTES, **dict.fromkeys(ZONE_PLACES, 0)})})"
_HALF = rf"(?P<half>{any_of(DAY_HALVES)})"
_GREENWICH = r"(?:\(?(?:gmt|utc|ت[. ]?غ|(?:ب?توقيت )?[غج]رين(?:ي)?تش)\s*)?"
_OFFSET = rf"{_GREENWICH}(?P<sign>[+-])(?P<hours>\d{{1,2}})(?::?(?P<minutes>\d\d))?(?![\d:/.-])\)?"
_UNKNOWN = r"(?P<unknown>(?!sat|at\b)[a-z]{1,4}t(?![a-z]))"  # zone names end in T for time; IST means three zones
_AFTER = rf"\s*{_HALF}?(?:[\s(]*{_OFFSET}|[\s,،(-]*(?:{_ZONE}|{_UNKNOWN}))?"
_CLOCKS = (
    (
        r"(?:(?P<before>gmt|utc)\s+)?(?<![\d:])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?!\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
        + _AFTER
    ),
    (r"(?<=\dt)(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?P<fraction>(?!))?" + _AFTER),
    (  # as French writes it, or behind "at the hour of"
        r"(?<![\d:/.-])(?P<hour>\d{1,2})\s?h(?:\s?(?P<minute>\d\d))?(?![\da-z])(?P<second>(?!))?(?P<fraction>(?!))?"
        + _AFTER
    ),
    (r"(?<=الساعه )(?P<hour>\d{1,2})[.,](?P<minute>\d\d)(?!\d)(?P<second>(?!))?(?P<fraction>(?!))?" + _AFTER),
    (
        rf"(?<![\d:/.-])(?P<hour>\d{{1,2}})(?P<minute>(?!))?(?P<second>(?!))?(?P<fraction>(?!))?\s*(?={any_of(DAY_HALVES)})"
        + _AFTER
    ),
)


_DAY_AND_MONTH = re.compile(rf"{_DAY}(?:st|nd|rd|th|er)?[\s-]*(?:من\s+|of\s+)?(?:شهر\s+)?{_TWO_MONTHS}")
_WEEKDAY = re.compile(any_of(WEEKDAYS))
_SHORT = re.compile(r"(?<![\d/.-])(?P<day>\d{1,2})(?P<sep>[/.])(?P<month>\d{1,2})(?P=sep)(?P<year>\d\d)(?![\d/.-])")


def read_written(text: str) -> Written | None:
    """Return the parts of the first date in `text` (in the form of `plain`), None where there is none."""
    bare = _GREGORIAN_SIGN.sub(r"\1", without_hijri(text)).strip(" -/،,.|")
    for form in _FORMS:
        for match in re.finditer(form, bare):
            day = _read_day(match)
            if day is not None:
                return _with_clock(day, _around(bare, match))
    hijri = read_hijri(text)
    if hijri is not None and FIRST_YEAR <= hijri[0].year <= LAST_YEAR:
        return _with_clock((hijri[0].year, hijri[0].month, hijri[0].day), hijri[1])
    return None


def _with_clock(day: tuple[int, int | None, int | None], around: str) -> Written:
    clock = read_clock(around)
    return Written(*day, clock.clock, clock.next_day_count, clock.offset_minutes, clock.place)


@dataclass(frozen=True, slots=True)
class Yearless:
    """A day and month that were written without a year, or with the last two digits of one."""

    month: int
    day: int
    clock: Clock
    weekday: int | None = None  #: Monday is 0
    short_year: int | None = None  #: last two digits


def read_yearless(text: str) -> Yearless | None:
    """Return the day and month in `text` (in the form of `plain`) that bear no whole year, None without."""
    bare = without_hijri(text)
    match = _SHORT.search(bare) or _DAY_AND_MONTH.search(bare)
    if match is None:
        return None
    found = match.groupdict()
    month = _month(found["month"], found.get("twin"))
    if month is None or not 1 <= month <= 12:  # noqa: PLR2004
        return None
    weekday = _WEEKDAY.search(bare)
    return Yearless(
        month=month,
        day=int(found["day"]),
        clock=read_clock(_around(bare, match)),
        weekday=WEEKDAYS[weekday.group()] if weekday else None,
        short_year=int(found["year"]) if found.get("year") else None,
    )


def _around(text: str, match: re.Match[str]) -> str:
    # The digit before an ISO "t" is kept: it tells a clock from a word.
    between = match.groupdict().get("between") or ""
    keeps_digit = text[match.end() : match.end() + 1] == "t"
    return f"{text[: match.start()]}   {between}{'0' if keeps_digit else ''}{text[match.end() :]}"


def _read_day(match: re.Match[str]) -> tuple[int, int | None, int | None] | None:
    found = match.groupdict()
    year, month = _year(found["year"]), _month(found.get("month"), found.get("twin"))
    day = int(found["day"]) if found.get("day") else None
    if year is None or (month is None and found.get("month")):
        return None
    if month is not None and day is not None and month > 12 >= day and found.get("sep"):  # noqa: PLR2004
        month, day = day, month  # 06/13/2025 can only be read month first
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    return year, month, day


def _year(digits: str) -> int | None:
    year = int(digits)
    if len(digits) == 2:  # noqa: PLR2004
        year += 2000 if year < 50 else 1900  # noqa: PLR2004 - RFC 5322, 4.3
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def _month(name: str | None, twin: str | None) -> int | None:
    if name is None or name.isdigit():
        return int(name) if name else None
    return MONTHS[name] if twin is None or MONTHS[twin] == MONTHS[name] else None


def read_clock(text: str) -> Clock:
    """Return the first time of day in `text` with its zone; an empty Clock where none can be trusted."""
    for form in _CLOCKS:
        match = re.search(form, text)
        if match:
            return _read_clock(match)
    return Clock()


def _read_clock(match: re.Match[str]) -> Clock:
    found = match.groupdict()
    zone = found["zone"] or found.get("before") or ""
    offset = _offset(found["sign"], found["hours"], found["minutes"]) if found["sign"] else ZONE_MINUTES.get(zone)
    hour, next_day_count = _hour(int(found["hour"]), found["half"])
    fraction = (found["fraction"] or "").ljust(6, "0")[:6]
    is_lost = found["unknown"] or (offset is not None and abs(offset) > WIDEST_OFFSET_MINUTES)
    try:
        clock = time(hour, int(found["minute"] or 0), min(int(found["second"] or 0), 59), int(fraction))
    except ValueError:
        return Clock()
    if is_lost:
        return Clock()
    return Clock(clock, next_day_count, offset, ZONE_PLACES.get(zone, ""))


def _hour(hour: int, half: str | None) -> tuple[int, int]:
    if hour == 24:  # noqa: PLR2004
        return 0, 1
    if half is None or not 1 <= hour <= 12:  # noqa: PLR2004
        return hour, 0
    first = DAY_HALVES[half]
    return (first + (hour - first) % 12) % 24, 0


def _offset(sign: str, hours: str, minutes: str | None) -> int:
    total = int(hours) * 60 + int(minutes or 0)
    return -total if sign == "-" else total
