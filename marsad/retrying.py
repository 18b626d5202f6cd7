"""Owns whether and when an article's page that could not be had is asked for again.

Feeds run ahead of their sites, hosts refuse for a day, caches say 404 for an hour: what fails once is put off with
growing gaps, and becomes a drop when its time is over.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from marsad.errors import Gone, MarsadError, Transient
from marsad.records import Attempt, PendingEntry

PATIENCE = timedelta(days=4)  #: with a page since its entry was first seen
LOST_PATIENCE = timedelta(days=1)  #: with 404: a page that is late is there within hours
GAP_LIMIT_FACTOR = 24.0  #: of the shortest gap, 24 h where that is 1 h
_DOUBLING_LIMIT_COUNT = 10
_STATUS_LOST = 404
STATUSES_REFUSED = (401, 403, 407, 451)  #: the page is there, and not for us


def next_attempt(pending: PendingEntry, error: MarsadError, now: datetime, gap_seconds: float) -> Attempt | None:
    """Return when to try again after `error`, None where this page will not be had.

    Args:
        pending: the page's entry, with how often it was tried.
        error: why there is no page this time.
        now: the cycle's instant.
        gap_seconds: before the second try; it doubles from try to try, up to 24 times as long, which is what a page
            that was refused (401, 403) waits from the first.
    """
    patience = _patience(error)
    if patience is None or now - pending.seen_at >= patience:
        return None
    is_refused = isinstance(error, Gone) and error.status in STATUSES_REFUSED
    factor = GAP_LIMIT_FACTOR if is_refused else 2.0 ** min(pending.try_count, _DOUBLING_LIMIT_COUNT)
    next_at = now + timedelta(seconds=gap_seconds * min(factor, GAP_LIMIT_FACTOR))
    return Attempt(pending.entry.url, now, pending.try_count + 1, next_at, error.reason)


def _patience(error: MarsadError) -> timedelta | None:
    if isinstance(error, Gone):
        return {_STATUS_LOST: LOST_PATIENCE}.get(error.status, PATIENCE if error.status in STATUSES_REFUSED else None)
    return PATIENCE if isinstance(error, Transient) else None
