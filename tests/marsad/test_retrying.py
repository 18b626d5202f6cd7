"""Facts about pages that could not be had: when they are asked for again, and when no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from marsad.errors import AddressRefused, Disallowed, EndlessRedirect, FetchError, Gone, MarsadError, TooLarge
from marsad.records import PendingEntry
from marsad.retrying import next_attempt
from marsad.sources import Entry, Outlet

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
URL = "https://example.org/1"
HOUR = 3600.0


def pending(tries: int = 0, age: timedelta = timedelta()) -> PendingEntry:
    entry = Entry("https://example.org/feed", "1", URL, "خبر")  # a piece of news
    return PendingEntry(entry, Outlet("x", "X"), NOW - age, tries)


GAPS: dict[str, tuple[MarsadError, int, float]] = {
    "no answer": (FetchError(URL, "timed out"), 0, 1),
    "no answer again": (FetchError(URL, "timed out"), 3, 8),
    "no answer for ever": (FetchError(URL, "timed out"), 900, 24),
    "not there yet": (Gone(URL, "answered 404", 404), 0, 1),
    "refused": (Gone(URL, "answered 403", 403), 0, 24),
    "unauthorised": (Gone(URL, "answered 401", 401), 0, 24),
    "for legal reasons": (Gone(URL, "answered 451", 451), 0, 24),
}


@pytest.mark.parametrize(("error", "tries", "hours"), GAPS.values(), ids=GAPS)
def test_a_page_that_may_be_had_later_is_put_off(error: MarsadError, tries: int, hours: float) -> None:
    attempt = next_attempt(pending(tries), error, NOW, HOUR)
    assert attempt is not None
    assert (attempt.next_try_at - NOW, attempt.try_count) == (timedelta(hours=hours), tries + 1)
    assert (attempt.url, attempt.reason) == (URL, error.reason)


ENDS: dict[str, tuple[MarsadError, timedelta]] = {
    "gone": (Gone(URL, "answered 410", 410), timedelta()),
    "closed by robots.txt": (Disallowed(URL, "robots"), timedelta()),
    "in a circle": (EndlessRedirect(URL, "in a circle"), timedelta()),
    "too large": (TooLarge(URL, "8 MB"), timedelta()),
    "a closed address": (AddressRefused(URL, "not public"), timedelta()),
    "not there after a day": (Gone(URL, "answered 404", 404), timedelta(days=1)),
    "refused for four days": (Gone(URL, "answered 403", 403), timedelta(days=4)),
    "no answer for four days": (FetchError(URL, "timed out"), timedelta(days=4)),
}


@pytest.mark.parametrize(("error", "age"), ENDS.values(), ids=ENDS)
def test_a_page_that_will_not_be_had_is_given_up(error: MarsadError, age: timedelta) -> None:
    assert next_attempt(pending(age=age), error, NOW, HOUR) is None
    if age:
        assert next_attempt(pending(age=age - timedelta(minutes=1)), error, NOW, HOUR) is not None
