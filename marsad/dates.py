"""Owns instants and coarser dates as they are written in Arabic news.

A date is kept as coarse as it was known: a day is never passed off as midnight, and what cannot be read is
None with its raw words, never now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
