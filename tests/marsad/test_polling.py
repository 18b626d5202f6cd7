"""Facts about polling: when a feed is asked, with what, and what a failure leaves alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from marsad.errors import Blocked, FetchError, Gone, MarsadError, NotAFeed, Parked, SlowDown
from marsad.polling import (
    address_of,
    after_failure,
    after_not_modified,
    after_poll,
    after_success,
    hash_entries,
    is_due,
    is_unchanged,
    parse_retry_after,
    request_headers,
)
from marsad.rhythm import own_gap_seconds
from marsad.sources import Entry, Feed, FeedState, Outlet, Page, Poll, Polled, Reading, Rhythm, Timetable

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


def success(state: FeedState, page: Page, *entries: Entry, new_count: int = 0, at: datetime = NOW) -> FeedState:
    return after_success(state, page, Reading(entries or (ENTRY,)), new_count, at, HOUR)


def minutes_until(state: FeedState) -> float:
    assert state.next_poll_at is not None
    return (state.next_poll_at - NOW).total_seconds() / 60


def test_a_feed_never_asked_is_due_and_asked_without_conditions() -> None:
    assert is_due(None, NOW, HOUR)
    assert is_due(FeedState(URL), NOW, HOUR)
    assert request_headers(None, NOW) == request_headers(FeedState(URL), NOW) == ()


def test_both_validators_go_back_byte_for_byte() -> None:
    state = success(FeedState(URL), page(etag=ODD_ETAG, last_modified=ODD_DATE))
    assert request_headers(state, NOW) == (("if-none-match", ODD_ETAG), ("if-modified-since", ODD_DATE))


def test_a_date_of_last_change_is_never_invented() -> None:
    state = success(KNOWN, page(etag='"b"', date="Sun, 08 Jun 2025 12:00:00 GMT"))
    assert request_headers(state, NOW) == (("if-none-match", '"b"'),)


def test_an_hourly_cycle_finds_an_hourly_feed_due_and_no_earlier_one() -> None:
    state = success(KNOWN, page(etag='"a"'))
    assert not is_due(state, NOW + timedelta(minutes=59, seconds=29), HOUR)
    assert is_due(state, NOW + timedelta(minutes=59, seconds=30), HOUR)


WRONG_CLOCKS = {
    "polled in years": (
        FeedState(URL, polled_at=NOW + timedelta(days=1500), next_poll_at=NOW + timedelta(days=1501)),
        True,
    ),
    "held in years": (FeedState(URL, polled_at=NOW, next_poll_at=NOW + timedelta(days=1500)), True),
    "polled tomorrow": (FeedState(URL, polled_at=NOW + timedelta(days=1), next_poll_at=NOW + timedelta(days=2)), True),
    "a slip": (FeedState(URL, polled_at=NOW + timedelta(minutes=5), next_poll_at=NOW + timedelta(hours=1)), False),
    "a dead feed with closed days": (FeedState(URL, polled_at=NOW, next_poll_at=NOW + timedelta(days=13)), False),
}


@pytest.mark.parametrize(("state", "is_free"), WRONG_CLOCKS.values(), ids=WRONG_CLOCKS)
def test_what_a_wrong_clock_noted_holds_no_feed_back(state: FeedState, *, is_free: bool) -> None:
    assert is_due(state, NOW, HOUR) is is_free


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
    "max-age that a proxy has used up": ({"cache_control": "max-age=7200", "age": "3600"}, 60),
    "max-age past its end": ({"cache_control": "max-age=7200", "age": "9000"}, 59.5),
    "a year": ({"cache_control": "max-age=31536000"}, 24 * 60),
    "s-maxage is for proxies": ({"cache_control": "s-maxage=7200"}, 59.5),
}


@pytest.mark.parametrize(("headers", "expected"), FRESHNESS.values(), ids=FRESHNESS)
def test_the_gap_is_ours_or_the_longer_one_asked_for(headers: dict[str, str], expected: float) -> None:
    assert minutes_until(success(KNOWN, page(etag='"a"', **headers))) == expected


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
    "a consent page": (Blocked(URL, "consent"), 0, 24 * 60),
    "a domain dealer": (Parked(URL, "for sale"), 0, 24 * 60),
}


@pytest.mark.parametrize(("error", "before", "expected"), FAILURES.values(), ids=FAILURES)
def test_a_failure_waits_longer_and_never_for_ever(error: MarsadError, before: int, expected: float) -> None:
    state = FeedState(URL, failure_count=before)
    assert minutes_until(after_failure(state, error, NOW, HOUR)) == expected


@pytest.mark.parametrize("error", [case[0] for case in FAILURES.values()], ids=list(FAILURES))
def test_a_failure_keeps_validators_hash_and_the_last_success(error: MarsadError) -> None:
    state = after_failure(KNOWN, error, NOW + timedelta(hours=1), HOUR)
    assert request_headers(state, NOW) == request_headers(KNOWN, NOW)
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


FEED = Feed(URL, Outlet("example", "Example"))


def not_modified(state: FeedState, at: datetime) -> FeedState:
    return after_not_modified(state, page(304), at, HOUR)


def test_a_server_that_only_ever_says_304_is_asked_without_conditions_once_a_day() -> None:
    state, asked = success(FeedState(URL), page(etag='"a"')), []
    for hour in range(1, 49):
        at = NOW + timedelta(hours=hour)
        asked.append(bool(request_headers(state, at)))
        state = not_modified(state, at) if asked[-1] else success(state, page(etag='"a"'), at=at)
    assert [hour for hour, is_conditional in enumerate(asked, 1) if not is_conditional] == [24, 48]


def test_a_feed_asked_once_a_day_is_not_doubted_each_time() -> None:
    state, asked = success(FeedState(URL), page(etag='"a"')), []
    for day in range(1, 9):
        at = NOW + timedelta(days=day)
        asked.append(bool(request_headers(state, at)))
        state = not_modified(state, at) if asked[-1] else success(state, page(etag='"a"'), at=at)
    assert asked == [True, True, True, False] * 2


OTHER = Entry(URL, "2", "https://example.org/2", "بيان مشترك")  # a joint statement


def test_validators_that_stay_while_the_entries_change_are_sent_no_more_until_they_move() -> None:
    state = success(success(FeedState(URL), page(etag='"a"')), page(etag='"a"'), OTHER)
    assert (state.is_misled, request_headers(state, NOW)) == (True, ())
    assert success(state, page(etag='"a"'), OTHER).is_misled
    mended = success(state, page(etag='"b"'), ENTRY)
    assert request_headers(mended, NOW) == (("if-none-match", '"b"'),)


def test_validators_that_move_with_the_entries_are_believed() -> None:
    state = success(success(FeedState(URL), page(etag='"a"')), page(etag='"b"'), OTHER)
    assert request_headers(state, NOW) == (("if-none-match", '"b"'),)


def test_without_validators_a_feed_is_asked_once_a_day() -> None:
    state = success(FeedState(URL), page())
    assert minutes_until(state) == 24 * 60 - 12
    again = success(state, page(), at=NOW + timedelta(days=1))
    assert minutes_until(again) == 2 * (24 * 60) - 12


def test_without_validators_a_list_that_turns_over_in_a_day_is_asked_more_often() -> None:
    entries = [Entry(URL, str(n), f"https://example.org/{n}", "خبر") for n in range(20)]  # a piece of news
    state = success(FeedState(URL), page(), *entries, new_count=20)
    assert minutes_until(state) == 24 * 60 - 12
    at = NOW + timedelta(days=1)
    state = success(state, page(), *entries, new_count=20, at=at)
    assert minutes_until(state) - 24 * 60 == pytest.approx(12 * 60, rel=0.1)


RHYTHMS = {
    "never watched": (Rhythm(), 1.0),
    "silent for a day": (Rhythm(0, 24 * HOUR), 7.0),
    "silent for a week": (Rhythm(0, 168 * HOUR), 24.0),
    "one a day": (Rhythm(7, 168 * HOUR), 9.6),
    "ten a day": (Rhythm(70, 168 * HOUR), 1.19),
    "a hundred a day": (Rhythm(700, 168 * HOUR), 1.0),
}


@pytest.mark.parametrize(("rhythm", "hours"), RHYTHMS.values(), ids=RHYTHMS)
def test_a_feed_is_asked_by_what_it_brings_between_an_hour_and_a_day(rhythm: Rhythm, hours: float) -> None:
    assert own_gap_seconds(rhythm, HOUR, None) == pytest.approx(hours * HOUR, rel=0.01)


def test_the_backlog_of_the_first_poll_is_no_rhythm() -> None:
    state = success(FeedState(URL), page(), new_count=50)
    assert state.rhythm == Rhythm()
    assert success(state, page(), new_count=1, at=NOW + timedelta(hours=1)).rhythm.new_count == 1


def test_the_usual_time_between_entries_is_kept_through_a_silence() -> None:
    state = success(FeedState(URL), page(etag='"a"'))
    for hour in range(1, 25):
        state = success(state, page(etag='"a"'), new_count=2, at=NOW + timedelta(hours=hour))
    assert state.rhythm.usual_seconds == pytest.approx(HOUR / 2, rel=0.01)
    silent = not_modified(state, NOW + timedelta(days=9))
    assert silent.rhythm.usual_seconds == state.rhythm.usual_seconds


def asked(timetable: Timetable) -> FeedState:
    reading = Reading((ENTRY,), timetable=timetable)
    return after_success(KNOWN, page(etag='"a"'), reading, 0, NOW, HOUR)  # a Sunday at noon


TIMETABLES = {
    "ttl": (Timetable(7200), 120),
    "ttl shorter than ours": (Timetable(300), 59.5),
    "a month": (Timetable(30 * 86_400), 24 * 60),
    "skipped hours": (Timetable(0, (12, 13, 14)), 180),
    "skipped day": (Timetable(0, (), (6,)), 12 * 60),
    "skipped day, then hours": (Timetable(0, (0, 1), (6,)), 14 * 60),
    "all hours": (Timetable(0, tuple(range(24))), 59.5),
    "all days": (Timetable(0, (), tuple(range(7))), 59.5),
}


@pytest.mark.parametrize(("timetable", "expected"), TIMETABLES.values(), ids=TIMETABLES)
def test_the_documents_own_wishes_are_kept(timetable: Timetable, expected: float) -> None:
    assert minutes_until(asked(timetable)) == expected


def test_the_wishes_of_a_document_hold_through_a_304() -> None:
    state = not_modified(asked(Timetable(7200)), NOW)
    assert minutes_until(state) == 120


def test_a_late_cycle_keeps_the_closed_hours_but_not_for_more_than_a_day() -> None:
    state = FeedState(URL, next_poll_at=NOW, timetable=Timetable(0, tuple(range(1, 24))))
    assert not is_due(state, NOW + timedelta(hours=3), HOUR)
    assert is_due(state, NOW + timedelta(hours=12), HOUR)
    assert is_due(state, NOW + timedelta(hours=27), HOUR)


MOVES = {
    "same host": (URL, "https://example.org/new.xml", True),
    "to https": ("http://example.org/feed.xml", URL, True),
    "to www": (URL, "https://www.example.org/feed.xml", True),
    "to a host below": (URL, "https://feeds.example.org/a", True),
    "to http": (URL, "http://example.org/feed.xml", False),
    "another site": (URL, "https://example.net/feed.xml", False),
    "a name that only ends alike": (URL, "https://notexample.org/feed.xml", False),
}


@pytest.mark.parametrize(("url", "to", "is_taken"), MOVES.values(), ids=MOVES)
def test_a_permanent_move_is_taken_over_within_the_site_only(url: str, to: str, *, is_taken: bool) -> None:
    moved = Page(url, to, 200, (), b"", NOW, moved_to=to)
    state = success(FeedState(url), moved)
    assert (address_of(state), state.moved_to) == (to if is_taken else url, to)
    assert address_of(after_failure(state, FetchError(to, "timed out"), NOW, HOUR)) == url


def test_404_is_asked_daily_for_a_week_and_weekly_from_then_on() -> None:
    state, gaps, at = KNOWN, [], NOW
    for _ in range(16):
        state = after_failure(state, Gone(URL, "404", 404), at, HOUR)
        assert state.next_poll_at is not None
        gaps.append((state.next_poll_at - at) / timedelta(hours=1))
        at = state.next_poll_at
    assert gaps[:6] == [2, 4, 8, 16, 24, 24]
    assert gaps[-1] == 7 * 24
    assert sum(gap for gap in gaps if gap < 168) >= 7 * 24


def test_a_200_that_says_the_same_is_not_modified() -> None:
    state = success(FeedState(URL), page())
    same, other = (Poll(FEED, state, page(), Reading((entry,))) for entry in (ENTRY, OTHER))
    assert (is_unchanged(same), is_unchanged(other), is_unchanged(Poll(FEED, state, page(304)))) == (True, False, True)
    assert after_poll(same, 0, NOW, HOUR).outcome is Polled.UNCHANGED


OUTCOMES: dict[str, tuple[MarsadError, Polled]] = {
    "403": (Gone(URL, "answered 403", 403), Polled.BLOCKED),
    "451": (Gone(URL, "answered 451", 451), Polled.BLOCKED),
    "consent": (Blocked(URL, "a consent page"), Polled.BLOCKED),
    "404": (Gone(URL, "answered 404", 404), Polled.LOST),
    "410": (Gone(URL, "answered 410", 410), Polled.GONE),
    "400": (Gone(URL, "answered 400", 400), Polled.BROKEN),
    "parked": (Parked(URL, "for sale"), Polled.PARKED),
    "html": (NotAFeed(URL, "a web page"), Polled.BROKEN),
    "time-out": (FetchError(URL, "timed out"), Polled.BROKEN),
    "patience": (SlowDown(URL, "answered 429"), Polled.BROKEN),
    "patience with a time": (SlowDown(URL, "answered 503", NOW), Polled.WAITING),
}


@pytest.mark.parametrize(("error", "outcome"), OUTCOMES.values(), ids=OUTCOMES)
def test_every_failure_has_one_name(error: MarsadError, outcome: Polled) -> None:
    state = after_poll(Poll(FEED, KNOWN, error=error), 0, NOW, HOUR)
    assert (state.outcome, state.failing_since, state.reason) == (outcome, NOW, error.reason)
