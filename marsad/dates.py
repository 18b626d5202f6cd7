"""Owns instants and coarser dates as they are written in Arabic news.

A date is kept as coarse as it was known: a day is never passed off as midnight, and what cannot be read is
None with its raw words, never now.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from marsad.datenumbers import with_digits
from marsad.datewords import DAY_WORDS, DUAL_SECONDS, UNIT_SECONDS, WEEKDAYS, any_of, plain
from marsad.written import FIRST_YEAR, LAST_YEAR, Clock, Written, Yearless, read_clock, read_written, read_yearless

LONGEST_RAW_CHARS = 200  #: a longer text is no date line; 400 digits were seen in a feed
#: How far back a date may lie: feeds are news, pages may be from an archive.
FEED_REACH, PAGE_REACH = timedelta(days=3653), timedelta(days=10958)
CLOCK_SKEW = timedelta(hours=6)  #: how far ahead of the fetch a date may lie: clocks and zones of newsrooms are off


class Precision(StrEnum):
    """How exactly a date is known."""

    INSTANT = "instant"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Dated:
    """A date, how exactly it is known, where it came from."""

    at: datetime | None = None  #: aware; start of the period in UTC where coarser than an instant
    precision: Precision | None = None  #: None exactly where `at` is
    source: str = ""  #: json-ld, meta, time, feed, text, url; empty where there is none
    raw: str = ""  #: the words as written
    is_implausible: bool = False  #: readable, but outside what the fetch time allows

    def written(self) -> str | None:
        """Return ISO 8601 as coarse as it is known ("2025-06"), None where there is no date."""
        if self.at is None or self.precision is None:
            return None
        if self.precision is Precision.INSTANT:
            return self.at.isoformat()
        return self.at.date().isoformat()[: {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[self.precision]]


UNDATED = Dated()

_Reading = tuple[datetime, Precision]

_DAY_SECONDS, _MONTH_SECONDS, _YEAR_SECONDS = 86_400, 2_592_000, 31_536_000
_MORE = rf"(?:\s*(?:و|and|et)?\s*(?P<more>\d{{1,2}})\s*(?P<more_unit>{any_of(UNIT_SECONDS)})|\s+(?P<half>ونصف))?"
_ARABIC_COUNT = rf"(?:(?P<count>\d{{1,3}})?\s*(?P<unit>{any_of(UNIT_SECONDS)})|(?P<dual>{any_of(DUAL_SECONDS)})){_MORE}"
_LATER_COUNT = rf"(?P<e_count>\d{{1,3}}|an?|une?)\s*(?P<e_unit>{any_of(UNIT_SECONDS)})"
_AGO = re.compile(
    rf"(?:منذ|قبل|من|il y a)\s*:?\s*(?:نحو\s+|حوالي\s+)?{_ARABIC_COUNT}|{_LATER_COUNT}\s+(?:ago(?![a-z])|مضت|مضي)"
)
_LAST_WEEKDAY = re.compile(rf"(?P<day>{any_of(WEEKDAYS)})\s+(?:الماضي|الفائت|المنصرم)")
_YEARLESS_REACH = timedelta(days=183)  #: further back, a date without a year may as well be of another one
_DAY_WORD = re.compile(any_of(DAY_WORDS))
_EPOCH = re.compile(r"\d{10}(\d{3})?")


def parse_date(raw: str, source: str, fetched_at: datetime, zone: str = "UTC") -> Dated:
    """Return the date written in `raw`, as coarse as it is written; undated with `raw` kept where it cannot be read.

    Args:
        raw: The words, in Arabic or English: RFC 5322, ISO 8601, month names, day-first numerics, relative times.
        source: Where `raw` stood: json-ld, meta, time, feed, text or url.
        fetched_at: Aware; relative times count from it, and it decides what is plausible.
        zone: IANA zone of a date that names none.
    """
    unread = Dated(raw=raw[:LONGEST_RAW_CHARS], source=source)
    text = with_digits(plain(raw[: LONGEST_RAW_CHARS + 1]))
    if not text or len(raw) > LONGEST_RAW_CHARS:
        return unread
    local = ZoneInfo(zone)
    reading = _read(text, fetched_at, local)
    if reading is None:
        return unread
    at, precision = reading
    return Dated(at, precision, source, unread.raw, _is_implausible(at, precision, source, fetched_at, local))


def _read(text: str, fetched_at: datetime, local: tzinfo) -> _Reading | None:
    if _EPOCH.fullmatch(text):
        return _from_epoch(text)
    written = read_written(text)
    if written is not None:
        return _from_written(written, local)
    yearless = read_yearless(text)
    if yearless is not None:
        return _from_yearless(yearless, fetched_at, local)
    return _from_ago(text, fetched_at, local) or _from_day_word(text, fetched_at, local)


def _from_yearless(written: Yearless, fetched_at: datetime, local: tzinfo) -> _Reading | None:
    """Return the last such day before the fetch, where its weekday or its nearness leaves no doubt of the year."""
    today = fetched_at.astimezone(local).date()
    days = (_day_of(year, written) for year in (today.year, today.year - 1))
    day = next((day for day in days if day is not None and day <= today + timedelta(days=1)), None)
    if day is None or (written.weekday is not None and day.weekday() != written.weekday):
        return None
    if written.weekday is None and written.short_year is None and today - day > _YEARLESS_REACH:
        return None
    return _on_day(day, written.clock, local)


def _day_of(year: int, written: Yearless) -> date | None:
    if written.short_year is not None and year % 100 != written.short_year:
        return None
    try:
        return date(year, written.month, written.day)
    except ValueError:
        return None


def _from_epoch(digits: str) -> _Reading | None:
    at = datetime.fromtimestamp(int(digits[:10]), UTC)
    return (at, Precision.INSTANT) if FIRST_YEAR <= at.year <= LAST_YEAR else None


def _from_written(written: Written, local: tzinfo) -> _Reading:
    if written.month is None:
        return datetime(written.year, 1, 1, tzinfo=UTC), Precision.YEAR
    if written.day is None:
        return datetime(written.year, written.month, 1, tzinfo=UTC), Precision.MONTH
    day = date(written.year, written.month, written.day)
    clock = Clock(written.clock, written.next_day_count, written.offset_minutes, written.place)
    return _on_day(day, clock, local)


def _on_day(day: date, clock: Clock, local: tzinfo) -> _Reading:
    if clock.clock is None:
        return datetime(day.year, day.month, day.day, tzinfo=UTC), Precision.DAY
    zone = _zone_of(clock, local)
    at = datetime.combine(day, clock.clock, zone) + timedelta(days=clock.next_day_count)
    return at.astimezone(UTC), Precision.INSTANT


def _zone_of(clock: Clock, local: tzinfo) -> tzinfo:
    if clock.offset_minutes is not None:
        return timezone(timedelta(minutes=clock.offset_minutes))
    return ZoneInfo(clock.place) if clock.place else local


def _from_ago(text: str, fetched_at: datetime, local: tzinfo) -> _Reading | None:
    match = _AGO.search(text)
    if match is None:
        return None
    found = {name.removeprefix("e_"): value for name, value in match.groupdict().items() if value}
    unit = UNIT_SECONDS[found["unit"]] if "unit" in found else DUAL_SECONDS[found["dual"]]
    count = (int(found["count"]) if found.get("count", "a").isdigit() else 1) if "unit" in found else 2
    more = int(found["more"]) * UNIT_SECONDS[found["more_unit"]] if "more" in found else 0
    then = fetched_at - timedelta(seconds=unit * count + more + (unit // 2 if "half" in found else 0))
    if unit < _DAY_SECONDS:
        return then.astimezone(UTC), Precision.INSTANT
    day = then.astimezone(local)
    if unit < _MONTH_SECONDS:
        return datetime(day.year, day.month, day.day, tzinfo=UTC), Precision.DAY
    month = _months_before(fetched_at.astimezone(local), count * (1 if unit < _YEAR_SECONDS else 12))
    return (month, Precision.MONTH) if unit < _YEAR_SECONDS else (month.replace(month=1), Precision.YEAR)


def _months_before(moment: datetime, count: int) -> datetime:
    months = moment.year * 12 + moment.month - 1 - count
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def _from_day_word(text: str, fetched_at: datetime, local: tzinfo) -> _Reading | None:
    today = fetched_at.astimezone(local).date()
    weekday = _LAST_WEEKDAY.search(text)
    match = _DAY_WORD.search(text)
    if weekday is not None:
        day = today - timedelta(days=(today.weekday() - WEEKDAYS[weekday["day"]] - 1) % 7 + 1)
    elif match is not None:
        day = today - timedelta(days=DAY_WORDS[match.group()])
    else:
        return None
    return _on_day(day, read_clock(text), local)


def _is_implausible(at: datetime, precision: Precision, source: str, fetched_at: datetime, local: tzinfo) -> bool:
    # A day begins earlier in the east: it counts from its own midnight, not from that of UTC.
    start = at if precision is Precision.INSTANT else at.replace(tzinfo=local)
    reach = FEED_REACH if source == "feed" else PAGE_REACH
    return not fetched_at - reach <= start <= fetched_at + CLOCK_SKEW
