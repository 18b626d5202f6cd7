"""Owns when a subscriber is told: windows of time that follow each other without a gap, whatever was missed.

A window begins where the last one that was told or found quiet ended, so a machine that slept for a week tells that
week once. Where a window ends depends on finished cycles alone: what a cycle finds bears the instant of its start, so
after its end nothing of that instant or an earlier one can still arrive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from marsad.settings import Subscriber

IMMEDIATE_LIMIT_COUNT = 6  #: immediate mails a day; what comes after waits and is rolled up
SIGN_OF_LIFE = timedelta(days=7)  #: without a mail, after which one says that there was nothing
LONGEST = timedelta(days=31)  #: what is told at once after a long silence
_FIRST = {"immediate": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(days=7)}
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time, [since, until)."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Memory:
    """What the outbox knows of one subscription."""

    ended_at: datetime | None = None  #: end of the last window told or found quiet
    began_at: datetime | None = None  #: start of its first window
    mailed_at: tuple[datetime, ...] = ()  #: ends of the windows that became mails, of the last eight days


def due_window(subscriber: Subscriber, memory: Memory, told_until: datetime) -> Window | None:
    """Return the window to be told, None where the time has not come.

    Args:
        subscriber: whose frequency and zone decide.
        memory: of the subscription.
        told_until: start of the newest finished cycle.
    """
    until = last_end(subscriber, told_until)
    if memory.ended_at is not None and memory.ended_at >= until:
        return None
    if subscriber.frequency == "immediate" and _mails_of_the_day(subscriber, memory, until) >= IMMEDIATE_LIMIT_COUNT:
        return None
    return Window(max(memory.ended_at or until - _FIRST[subscriber.frequency], until - LONGEST), until)


def last_end(subscriber: Subscriber, told_until: datetime) -> datetime:
    """Return the newest end of a window that is whole, in UTC.

    A day ends at the subscriber's time of day, a week on Monday; an immediate window with the newest finished cycle,
    whose finds it holds.
    """
    if subscriber.frequency == "immediate":
        return told_until.astimezone(UTC) + _INSTANT
    local = told_until.astimezone(ZoneInfo(subscriber.zone))
    on = local.date() - timedelta(days=local.weekday() if subscriber.frequency == "weekly" else 0)
    end = datetime.combine(on, subscriber.at, local.tzinfo)
    if end > local:
        end = datetime.combine(on - _FIRST[subscriber.frequency], subscriber.at, local.tzinfo)
    return end.astimezone(UTC)


def first_of_days(instants: Iterable[datetime], zone: str, limit_count: int) -> dict[datetime, int]:
    """Return the first `limit_count` instants of each day of the zone, each with how many more its day allows."""
    counts: Counter[date] = Counter()
    left: dict[datetime, int] = {}
    for at in sorted(set(instants)):
        on = at.astimezone(ZoneInfo(zone)).date()
        counts[on] += 1
        if counts[on] <= limit_count:
            left[at] = limit_count - counts[on]
    return left


def start_of_day(at: datetime, zone: str) -> datetime:
    """Return when the day of the zone began that `at` lies in, in UTC."""
    local = at.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date(), time(), local.tzinfo).astimezone(UTC)


def preview_window(subscriber: Subscriber, memory: Memory, until: datetime) -> Window:
    """Return the window that a mail written at `until` would tell, whether or not its time has come."""
    since = memory.ended_at or until - _FIRST[subscriber.frequency]
    return Window(max(min(since, until), until - LONGEST), until)


def wants_sign_of_life(subscriber: Subscriber, memory: Memory, window: Window) -> bool:
    """Return whether a window without news is told all the same.

    Weekly digests always are; others where no mail went out for a week.
    """
    newest = max(memory.mailed_at, default=memory.began_at or window.since)
    return subscriber.frequency == "weekly" or window.until - newest >= SIGN_OF_LIFE


def _mails_of_the_day(subscriber: Subscriber, memory: Memory, until: datetime) -> int:
    zone = ZoneInfo(subscriber.zone)
    return sum(at.astimezone(zone).date() == until.astimezone(zone).date() for at in memory.mailed_at)
