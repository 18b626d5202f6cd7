"""Owns when a feed is asked again, and what is remembered of it between polls.

Validators go back byte for byte, and only together with the entries they came with: a failure changes neither
them nor the hash, so that no validator runs ahead of its data. Rules and their sources: rachelbythebay.com/fs,
RFC 9110 (Retry-After), RFC 9111 (max-age, Expires).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from marsad.errors import Gone, MarsadError, SlowDown
from marsad.identity import key_of
from marsad.sources import Entry, FeedState, Page

GAP_LIMIT_SECONDS = 86_400.0  #: what a server's max-age or a run of failures may stretch the gap to
PATIENCE_LIMIT_SECONDS = 7 * 86_400.0  #: what a Retry-After may ask for; a feed that is gone is tried again after this
REFUSED_SECONDS = 86_400.0  #: after 401 or 403
DOUBLING_LIMIT_COUNT = 10  #: of the gap; beyond it the limit above holds anyway

#: A cycle that starts every hour polls at 10:00:07 what it polled at 09:00:09: without this share the feed would
#: wait until 11:00. 59.5 minutes of 60 is what the citizenship rules allow.
TOLERANCE_SHARE = 1 / 120

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_STATUS_GONE = 410
_STATUS_REFUSED = (401, 403)


def is_due(state: FeedState | None, now: datetime) -> bool:
    """Return whether the feed may be asked at `now`; one that was never asked is due."""
    return state is None or state.next_poll_at is None or now >= state.next_poll_at


def request_headers(state: FeedState | None) -> tuple[tuple[str, str], ...]:
    """Return the conditional headers for the next poll: both validators as the server sent them, none invented."""
    if state is None:
        return ()
    validators = (("if-none-match", state.etag), ("if-modified-since", state.last_modified))
    return tuple((name, value) for name, value in validators if value is not None)


def hash_entries(entries: Iterable[Entry]) -> int:
    """Return the key of an entry list; a feed's own clock (lastBuildDate) is not part of it."""
    return key_of("\n".join(f"{e.guid}\t{e.url}\t{e.title}\t{e.summary}\t{e.published.raw}" for e in entries))


def after_success(
    state: FeedState, page: Page, entries: Iterable[Entry], now: datetime, gap_seconds: float
) -> FeedState:
    """Return the state to be stored with the entries of a 200; validators are this answer's, or none."""
    heard = replace(
        state,
        etag=page.header("etag"),
        last_modified=page.header("last-modified"),
        body_hash=hash_entries(entries),
    )
    return _answered(heard, page, now, gap_seconds)


def after_not_modified(state: FeedState, page: Page, now: datetime, gap_seconds: float) -> FeedState:
    """Return the state after a 304, which is a success and may renew the validators."""
    heard = replace(
        state,
        etag=page.header("etag") or state.etag,
        last_modified=page.header("last-modified") or state.last_modified,
    )
    return _answered(heard, page, now, gap_seconds)


def after_failure(state: FeedState, error: MarsadError, now: datetime, gap_seconds: float) -> FeedState:
    """Return the state after a poll that brought nothing: everything is kept, and the next one waits longer.

    The gap doubles with each failure in a row, up to a day; a host's Retry-After is kept to the second; no feed is
    ever given up.
    """
    count = state.failure_count + 1
    return replace(
        state,
        polled_at=now,
        next_poll_at=now + timedelta(seconds=_pause_seconds(error, count, now, gap_seconds)),
        failure_count=count,
        reason=error.reason,
    )


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


def _answered(state: FeedState, page: Page, now: datetime, gap_seconds: float) -> FeedState:
    own = gap_seconds * (1 - TOLERANCE_SHARE)
    asked = min(_fresh_seconds(page, now), GAP_LIMIT_SECONDS)
    return replace(
        state,
        polled_at=now,
        succeeded_at=now,
        next_poll_at=now + timedelta(seconds=max(own, asked)),
        failure_count=0,
        reason="",
    )


def _fresh_seconds(page: Page, now: datetime) -> float:
    """Return how long the answer stays fresh by its own word; max-age goes before Expires (RFC 9111, 5.3)."""
    control = _MAX_AGE.search(page.header("cache-control") or "")
    if control is not None:
        return float(control[1])
    expires = _parse_http_date(page.header("expires") or "")
    return 0.0 if expires is None else (expires - now).total_seconds()


def _pause_seconds(error: MarsadError, count: int, now: datetime, gap_seconds: float) -> float:
    if isinstance(error, SlowDown) and error.retry_at is not None:
        return max(gap_seconds, (error.retry_at - now).total_seconds())
    if isinstance(error, Gone) and error.status == _STATUS_GONE:
        return PATIENCE_LIMIT_SECONDS
    doubled = min(gap_seconds * 2.0 ** min(count, DOUBLING_LIMIT_COUNT), max(gap_seconds, GAP_LIMIT_SECONDS))
    is_refused = isinstance(error, Gone) and error.status in _STATUS_REFUSED
    return max(doubled, REFUSED_SECONDS) if is_refused else doubled


def _parse_http_date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
