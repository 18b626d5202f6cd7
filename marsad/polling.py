"""Owns when a feed is asked again, and what is remembered of it between polls.

Validators go back byte for byte, and only together with the entries they came with: a failure changes neither
them nor the hash, so that no validator runs ahead of its data. The rules are those of rachelbythebay.com/fs,
RFC 9110 (Retry-After), RFC 9111 (max-age, Age, Expires) and RSS 2.0 (ttl, skipHours, skipDays); decisions/0008 has
the figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from math import ceil

from marsad.errors import Blocked, Gone, Held, MarsadError, Parked, SlowDown
from marsad.identity import key_of
from marsad.retrying import STATUSES_REFUSED
from marsad.rhythm import RANGE_FACTOR, own_gap_seconds, rhythm_after
from marsad.sources import Entry, FeedState, Page, Poll, Polled, Reading, Timetable
from marsad.urls import host_of

GAP_LIMIT_SECONDS = 86_400.0  #: what a server's wish or a run of failures may stretch the gap to
PATIENCE_LIMIT_SECONDS = 7 * 86_400.0  #: what a Retry-After may ask for; a dead feed is tried again after this
HOST_PATIENCE = timedelta(days=1)  #: what one address may ask for all others of its host; theirs is asked for then
REFUSED_SECONDS = 86_400.0  #: after 401 or 403, or a wall in the feed's place
DOUBLING_LIMIT_COUNT = 10  #: of the gap; beyond it the limit above holds anyway
DEAD_AFTER = timedelta(days=7)  #: of nothing but 404

#: Some servers answer 304 for ever (Media Cloud's rss-fetcher, FreshRSS #1020, #5149): after a day of nothing else,
#: and after so many, the feed is asked without conditions.
DOUBT_AFTER = timedelta(days=1)
DOUBT_COUNT = 3

#: A cycle that starts every hour polls at 10:00:07 what it polled at 09:00:09: without this share the feed would
#: wait until 11:00. 59.5 minutes of 60 is what the citizenship rules allow.
TOLERANCE_SHARE = 1 / 120

CLOCK_SLIP = timedelta(hours=1)  #: what is noted for later than this from now was noted under a wrong clock

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NOT_MODIFIED = 304
_STATUS_GONE = 410
_STATUS_LOST = 404
_HOURS_A_WEEK = 7 * 24


def is_due(state: FeedState | None, now: datetime, gap_seconds: float) -> bool:
    """Return whether the feed may be asked at `now`; one that was never asked is due.

    In its closed hours and days it is not, unless a day has passed since its time came: cycles may run in those only.
    What a cycle under a wrong clock set for a day years from now holds nobody back.
    """
    if state is None or state.next_poll_at is None or _is_of_a_wrong_clock(state, now, gap_seconds):
        return True
    if now < state.next_poll_at:
        return False
    return not _is_closed(state.timetable, now) or now - state.next_poll_at >= timedelta(days=1)


def address_of(state: FeedState) -> str:
    """Return where the feed is asked: its url, or where its own site has moved it for good.

    A move to another site is followed each time and never taken over: whoever buys an expired domain could say it.
    Nor is one that gives up TLS.
    """
    to = state.moved_to
    is_downgrade = state.feed_url.startswith("https:") and not to.startswith("https:")
    return to if to and not is_downgrade and _is_one_host(state.feed_url, to) else state.feed_url


def request_headers(state: FeedState | None, now: datetime) -> tuple[tuple[str, str], ...]:
    """Return the conditional headers for a poll at `now`: both validators as the server sent them, none invented.

    None go out where they were found to mislead, or where 304 was the only answer for so long that they may.
    """
    if state is None or state.is_misled or _is_doubtful(state, now):
        return ()
    validators = (("if-none-match", state.etag), ("if-modified-since", state.last_modified))
    return tuple((name, value) for name, value in validators if value is not None)


def hash_entries(entries: Iterable[Entry]) -> int:
    """Return the key of an entry list; a feed's own clock (lastBuildDate) is not part of it."""
    claims = ((e.guid, e.url, e.title, e.summary, e.published.raw, e.updated) for e in entries)
    return key_of("\n".join("\t".join(claim) for claim in claims))


def is_unchanged(poll: Poll) -> bool:
    """Return whether the poll brought the entries that are stored already: by a 304, or by a 200 that says the same."""
    if poll.error is not None:
        return False
    return poll.reading is None or hash_entries(poll.reading.entries) == poll.state.body_hash


def after_poll(poll: Poll, new_count: int, now: datetime, gap_seconds: float) -> FeedState:
    """Return the state to be stored with what the poll brought.

    Args:
        poll: its page, reading or error, and the state before it.
        new_count: entries of it that were not seen before.
        now: the cycle's instant.
        gap_seconds: the shortest between two polls of one feed.
    """
    if isinstance(poll.error, Held):
        return after_wait(poll.state, poll.error, now, gap_seconds)
    if poll.error is not None:
        return after_failure(poll.state, poll.error, now, gap_seconds)
    assert poll.page is not None
    if poll.reading is None:
        return after_not_modified(poll.state, poll.page, now, gap_seconds)
    return after_success(poll.state, poll.page, poll.reading, new_count, now, gap_seconds)


def after_success(
    state: FeedState, page: Page, reading: Reading, new_count: int, now: datetime, gap_seconds: float
) -> FeedState:
    """Return the state after a 200; validators are this answer's, or none."""
    found = hash_entries(reading.entries)
    etag, last_modified = page.header("etag"), page.header("last-modified")
    has_same_marks = (etag, last_modified) == (state.etag, state.last_modified) != (None, None)
    has_changed = state.body_hash is not None and found != state.body_hash
    heard = replace(
        state,
        etag=etag,
        last_modified=last_modified,
        body_hash=found,
        whole_at=now,
        not_modified_count=0,
        is_misled=has_same_marks if has_changed else state.is_misled,
        timetable=reading.timetable,
        rhythm=rhythm_after(state, new_count, now),
        outcome=Polled.NEW if new_count else Polled.UNCHANGED if reading.entries else Polled.EMPTY,
    )
    return _answered(heard, page, len(reading.entries), now, gap_seconds)


def after_not_modified(state: FeedState, page: Page, now: datetime, gap_seconds: float) -> FeedState:
    """Return the state after a 304, which is a success and may renew the validators."""
    heard = replace(
        state,
        etag=page.header("etag") or state.etag,
        last_modified=page.header("last-modified") or state.last_modified,
        not_modified_count=state.not_modified_count + 1,
        rhythm=rhythm_after(state, 0, now),
        outcome=Polled.UNCHANGED,
    )
    return _answered(heard, page, 0, now, gap_seconds)


def after_wait(state: FeedState, error: Held, now: datetime, gap_seconds: float) -> FeedState:
    """Return the state of a feed that was not asked, because its host is left alone: nothing else is known of it."""
    wait_seconds = _pause_seconds(state, error, now, gap_seconds)
    return replace(
        state,
        next_poll_at=now + timedelta(seconds=wait_seconds),
        reason=error.reason,
        outcome=Polled.WAITING,
    )


def after_failure(state: FeedState, error: MarsadError, now: datetime, gap_seconds: float) -> FeedState:
    """Return the state after a poll that brought nothing: what was stored is kept, and the next one waits longer.

    The gap doubles with each failure in a row, up to a day; a host's Retry-After is kept to the second; no feed is
    ever given up. An address taken over from a redirect is forgotten with the first failure.
    """
    failed = replace(
        state,
        polled_at=now,
        failure_count=state.failure_count + 1,
        failing_since=state.failing_since or now,
        reason=error.reason,
        outcome=_outcome_of(error),
        moved_to="",
    )
    return replace(failed, next_poll_at=now + timedelta(seconds=_pause_seconds(failed, error, now, gap_seconds)))


def parse_retry_after(value: str, now: datetime) -> datetime | None:
    """Return the instant a Retry-After names, in seconds or as a date (RFC 9110, 10.2.3); None where it names none.

    It is never before `now` and never more than a week after it: a slip of the host's clock silences no feed.
    """
    latest = now + timedelta(seconds=PATIENCE_LIMIT_SECONDS)
    text = value.strip()
    if text.isascii() and text.isdigit():
        return now + timedelta(seconds=min(int(text[:10]), PATIENCE_LIMIT_SECONDS))
    at = _parse_http_date(text)
    return None if at is None else max(now, min(at, latest))


def _is_one_host(url: str, other: str) -> bool:
    """Whether one host is the other, or under it: a feed is moved for good within less than one publisher's names."""
    one, two = (host_of(address).removeprefix("www.") for address in (url, other))
    return one == two or one.endswith(f".{two}") or two.endswith(f".{one}")


def _is_doubtful(state: FeedState, now: datetime) -> bool:
    is_long = state.whole_at is None or now - state.whole_at >= DOUBT_AFTER * (1 - TOLERANCE_SHARE)
    return is_long and state.not_modified_count >= DOUBT_COUNT


def _answered(state: FeedState, page: Page, list_count: int, now: datetime, gap_seconds: float) -> FeedState:
    is_marked = (state.etag, state.last_modified) != (None, None) and not state.is_misled
    own = own_gap_seconds(state.rhythm, gap_seconds, None if is_marked else list_count) * (1 - TOLERANCE_SHARE)
    asked = min(max(_fresh_seconds(page, now), state.timetable.gap_seconds), GAP_LIMIT_SECONDS)
    return replace(
        state,
        polled_at=now,
        succeeded_at=now,
        next_poll_at=_opening(state.timetable, now + timedelta(seconds=max(own, asked))),
        failure_count=0,
        failing_since=None,
        reason="",
        moved_to=page.moved_to or state.moved_to,
    )


def _is_of_a_wrong_clock(state: FeedState, now: datetime, gap_seconds: float) -> bool:
    longest = timedelta(seconds=max(RANGE_FACTOR * gap_seconds, PATIENCE_LIMIT_SECONDS), hours=_HOURS_A_WEEK)
    is_of_the_future = state.polled_at is not None and state.polled_at > now + CLOCK_SLIP
    return is_of_the_future or (state.next_poll_at is not None and state.next_poll_at > now + longest)


def _is_closed(timetable: Timetable, at: datetime) -> bool:
    at = at.astimezone(UTC)
    return at.hour in timetable.closed_hours or at.weekday() in timetable.closed_days


def _opening(timetable: Timetable, at: datetime) -> datetime:
    """Return the first instant from `at` on that the timetable leaves open; `at` where it leaves none."""
    full_hour = at.replace(minute=0, second=0, microsecond=0)
    hours = (full_hour + timedelta(hours=count) for count in range(1, _HOURS_A_WEEK + 1))
    return next((hour for hour in (at, *hours) if not _is_closed(timetable, hour)), at)


def _fresh_seconds(page: Page, now: datetime) -> float:
    """Return how long the answer stays fresh by its own word; max-age goes before Expires (RFC 9111, 5.3)."""
    control = _MAX_AGE.search(page.header("cache-control") or "")
    if control is not None:
        age = page.header("age") or ""
        return float(control[1]) - (int(age[:10]) if age.isascii() and age.isdigit() else 0)
    expires = _parse_http_date(page.header("expires") or "")
    return 0.0 if expires is None else ceil((expires - now).total_seconds())


def _outcome_of(error: MarsadError) -> Polled:
    if isinstance(error, Parked):
        return Polled.PARKED
    if isinstance(error, SlowDown) and error.retry_at is not None:
        return Polled.WAITING
    status = error.status if isinstance(error, Gone) else 0
    if isinstance(error, Blocked) or status in STATUSES_REFUSED:
        return Polled.BLOCKED
    return {_STATUS_GONE: Polled.GONE, _STATUS_LOST: Polled.LOST}.get(status, Polled.BROKEN)


def _pause_seconds(state: FeedState, error: MarsadError, now: datetime, gap_seconds: float) -> float:
    if isinstance(error, SlowDown) and error.retry_at is not None:
        return max(gap_seconds, (error.retry_at - now).total_seconds())
    if state.outcome is Polled.GONE:
        return PATIENCE_LIMIT_SECONDS
    if state.outcome is Polled.LOST and state.failing_since is not None and now - state.failing_since >= DEAD_AFTER:
        return PATIENCE_LIMIT_SECONDS
    count = min(state.failure_count, DOUBLING_LIMIT_COUNT)
    doubled = min(gap_seconds * 2.0**count, max(gap_seconds, GAP_LIMIT_SECONDS))
    return max(doubled, REFUSED_SECONDS) if state.outcome in (Polled.BLOCKED, Polled.PARKED) else doubled


def _parse_http_date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
