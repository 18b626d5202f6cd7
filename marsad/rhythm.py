"""Owns how often a feed is worth asking, by what it brought before: the rhythm of its entries.

The dates that a feed gives are not asked: feeds re-date, and some give none. What counts is how many entries were not
seen before, and in how much time. The backlog of a first poll came in no time at all, and is left out.
"""

from __future__ import annotations

from datetime import datetime
from math import exp

from marsad.sources import FeedState, Rhythm

MEMORY_SECONDS = 7 * 86_400.0  #: after which a poll counts 1/e: weekdays and weekends both have their part
RANGE_FACTOR = 24.0  #: of the shortest gap: a feed that brings little is asked so much less often, 24 h where it is 1 h
#: Entries a feed is credited with before we know it: with two, one that brings nothing waits a quarter of its silence.
_CREDIT_COUNT = 2.0


def rhythm_after(state: FeedState, new_count: int, now: datetime) -> Rhythm:
    """Return the rhythm after a poll that brought `new_count` entries not seen before."""
    if state.succeeded_at is None:
        return state.rhythm
    kept = exp(-max(0.0, (now - state.succeeded_at).total_seconds()) / MEMORY_SECONDS)
    count = state.rhythm.new_count * kept + new_count
    seconds = state.rhythm.watched_seconds * kept + MEMORY_SECONDS * (1 - kept)
    return Rhythm(count, seconds, seconds / count if new_count else state.rhythm.usual_seconds)


def own_gap_seconds(rhythm: Rhythm, gap_seconds: float, list_count: int | None) -> float:
    """Return how long to wait for the next poll, between `gap_seconds` and 24 times as long.

    Args:
        rhythm: of the feed.
        gap_seconds: the shortest.
        list_count: entries in its list where each poll costs the whole list, because the server gives nothing to ask
            with conditions; then it is the longest gap, or half the time in which the list turns over where that is
            shorter. None where conditions are sent: half the time between two entries.
    """
    longest = RANGE_FACTOR * gap_seconds
    if list_count is None:
        seconds = (rhythm.watched_seconds + 2 * _CREDIT_COUNT * gap_seconds) / (2 * (rhythm.new_count + _CREDIT_COUNT))
    else:
        seconds = list_count * rhythm.watched_seconds / (2 * rhythm.new_count) if rhythm.new_count else longest
    return min(max(seconds, gap_seconds), longest)
