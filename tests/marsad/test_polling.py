"""Facts about polling: when a feed is asked, with what, and what a failure leaves alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from marsad.errors import FetchError, Gone, MarsadError, NotAFeed, SlowDown
from marsad.polling import (
    after_failure,
    after_not_modified,
    after_success,
    hash_entries,
    is_due,
    parse_retry_after,
    request_headers,
)
from marsad.sources import Entry, FeedState, Page

NOW = datetime(2025, 6, 8, 12, 0, tzinfo=UTC)
URL = "https://example.org/feed.xml"
HOUR = 3600.0
ENTRY = Entry(URL, "1", "https://example.org/1", "قمة في موسكو")  # summit in Moscow
#: Spaces, weak marks, doubled quotes and a date in no format: all of it goes back as it came.
ODD_ETAG = 'W/""a-b--gzip" '
ODD_DATE = "Sun, 8 Jun 2025 9:00:00 +0300"
KNOWN = FeedState(URL, etag=ODD_ETAG, last_modified=ODD_DATE, body_hash=7, polled_at=NOW, succeeded_at=NOW)


def page(status: int = 200, **headers: str) -> Page:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Page(URL, URL, status, named, b"", NOW)


def minutes_until(state: FeedState) -> float:
    assert state.next_poll_at is not None
    return (state.next_poll_at - NOW).total_seconds() / 60


def test_a_feed_never_asked_is_due_and_asked_without_conditions() -> None:
    assert is_due(None, NOW)
    assert is_due(FeedState(URL), NOW)
    assert request_headers(None) == request_headers(FeedState(URL)) == ()


def test_both_validators_go_back_byte_for_byte() -> None:
    state = after_success(FeedState(URL), page(etag=ODD_ETAG, last_modified=ODD_DATE), [ENTRY], NOW, HOUR)
    assert request_headers(state) == (("if-none-match", ODD_ETAG), ("if-modified-since", ODD_DATE))


def test_a_date_of_last_change_is_never_invented() -> None:
    state = after_success(KNOWN, page(etag='"b"', date="Sun, 08 Jun 2025 12:00:00 GMT"), [ENTRY], NOW, HOUR)
    assert request_headers(state) == (("if-none-match", '"b"'),)


def test_an_hourly_cycle_finds_an_hourly_feed_due_and_no_earlier_one() -> None:
    state = after_success(KNOWN, page(), [ENTRY], NOW, HOUR)
    assert not is_due(state, NOW + timedelta(minutes=59, seconds=29))
    assert is_due(state, NOW + timedelta(minutes=59, seconds=30))


FRESHNESS = {
    "nothing said": ({}, 59.5),
    "shorter than our gap": ({"cache_control": "max-age=60"}, 59.5),
    "max-age": ({"cache_control": "public, max-age=7200"}, 120),
    "quoted max-age": ({"cache_control": 'max-age="7200"'}, 120),
    "expires": ({"expires": "Sun, 08 Jun 2025 15:00:00 GMT"}, 180),
    "max-age goes before expires": (
        {"cache_control": "max-age=7200", "expires": "Sun, 08 Jun 2025 20:00:00 GMT"},
        120,
    ),
    "expires in no date": ({"expires": "0"}, 59.5),
    "a year": ({"cache_control": "max-age=31536000"}, 24 * 60),
    "s-maxage is for proxies": ({"cache_control": "s-maxage=7200"}, 59.5),
}


@pytest.mark.parametrize(("headers", "expected"), FRESHNESS.values(), ids=FRESHNESS)
def test_the_gap_is_ours_or_the_longer_one_asked_for(headers: dict[str, str], expected: float) -> None:
    assert minutes_until(after_success(KNOWN, page(**headers), [ENTRY], NOW, HOUR)) == expected


def test_not_modified_is_a_success_that_keeps_what_it_does_not_renew() -> None:
    failed = after_failure(KNOWN, FetchError(URL, "timed out"), NOW, HOUR)
    state = after_not_modified(failed, page(304, etag='"new"'), NOW, HOUR)
    assert (state.etag, state.last_modified, state.body_hash) == ('"new"', ODD_DATE, 7)
    assert (state.failure_count, state.reason, state.succeeded_at) == (0, "", NOW)


FAILURES: dict[str, tuple[MarsadError, int, float]] = {
    "first time-out": (FetchError(URL, "timed out"), 0, 120),
    "third time-out": (FetchError(URL, "timed out"), 2, 480),
    "a year of time-outs": (FetchError(URL, "timed out"), 9000, 24 * 60),
    "not a feed": (NotAFeed(URL, "html"), 0, 120),
    "slow down without a date": (SlowDown(URL, "429"), 0, 120),
    "slow down for three hours": (SlowDown(URL, "429", NOW + timedelta(hours=3)), 0, 180),
    "slow down for a second": (SlowDown(URL, "429", NOW + timedelta(seconds=1)), 3, 60),
    "not found": (Gone(URL, "404", 404), 0, 120),
    "refused": (Gone(URL, "403", 403), 0, 24 * 60),
    "unauthorised": (Gone(URL, "401", 401), 0, 24 * 60),
    "gone for good": (Gone(URL, "410", 410), 0, 7 * 24 * 60),
}


@pytest.mark.parametrize(("error", "before", "expected"), FAILURES.values(), ids=FAILURES)
def test_a_failure_waits_longer_and_never_for_ever(error: MarsadError, before: int, expected: float) -> None:
    state = FeedState(URL, failure_count=before)
    assert minutes_until(after_failure(state, error, NOW, HOUR)) == expected


@pytest.mark.parametrize("error", [case[0] for case in FAILURES.values()], ids=list(FAILURES))
def test_a_failure_keeps_validators_hash_and_the_last_success(error: MarsadError) -> None:
    state = after_failure(KNOWN, error, NOW + timedelta(hours=1), HOUR)
    assert request_headers(state) == request_headers(KNOWN)
    assert (state.body_hash, state.succeeded_at) == (7, NOW)
    assert (state.failure_count, state.reason) == (1, error.reason)


RETRY_AFTER = {
    "seconds": ("120", NOW + timedelta(seconds=120)),
    "seconds with spaces": (" 120 ", NOW + timedelta(seconds=120)),
    "zero": ("0", NOW),
    "date": ("Sun, 08 Jun 2025 13:30:00 GMT", NOW + timedelta(minutes=90)),
    "old date form": ("Sunday, 08-Jun-25 13:30:00 GMT", NOW + timedelta(minutes=90)),
    "date in the past": ("Sun, 08 Jun 2025 09:00:00 GMT", NOW),
    "ten thousand years": ("9" * 30, NOW + timedelta(days=7)),
    "year 9999": ("Fri, 31 Dec 9999 23:59:59 GMT", NOW + timedelta(days=7)),
    "words": ("soon", None),
    "negative": ("-5", None),
    "arabic digits": ("١٢٠", None),
    "empty": ("", None),
}


@pytest.mark.parametrize(("value", "expected"), RETRY_AFTER.values(), ids=RETRY_AFTER)
def test_retry_after_is_read_in_both_forms(value: str, expected: datetime | None) -> None:
    assert parse_retry_after(value, NOW) == expected


def test_the_hash_follows_the_entries_and_their_order_of_words() -> None:
    other = Entry(URL, "1", "https://example.org/1", "قمة في بيونغ يانغ")  # summit in Pyongyang
    assert hash_entries([ENTRY]) == hash_entries((ENTRY,))
    assert len({hash_entries([]), hash_entries([ENTRY]), hash_entries([other]), hash_entries([ENTRY, other])}) == 4
