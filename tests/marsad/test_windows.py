from __future__ import annotations

import itertools
from datetime import UTC, datetime, time, timedelta

import pytest

from marsad.settings import Subscriber
from marsad.windows import (
    Memory,
    Window,
    due_window,
    first_of_days,
    last_end,
    start_of_day,
    wants_sign_of_life,
)

_NOW = datetime(2026, 11, 19, 7, 30, tzinfo=UTC)  # a Thursday
_DAY = timedelta(days=1)


def _reader(frequency: str, zone: str = "UTC", at: time = time(7)) -> Subscriber:
    return Subscriber(address="a@example.org", frequency=frequency, zone=zone, at=at)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("subscriber", "end"),
    [
        pytest.param(_reader("daily"), "2026-11-19T07:00", id="seven has struck"),
        pytest.param(_reader("daily", at=time(8)), "2026-11-18T08:00", id="eight has not"),
        pytest.param(_reader("daily", "Asia/Riyadh"), "2026-11-19T04:00", id="seven in Riyadh"),
        pytest.param(_reader("daily", "America/New_York", time(2)), "2026-11-19T07:00", id="two in New York"),
        pytest.param(_reader("weekly"), "2026-11-16T07:00", id="weeks end on Monday"),
    ],
)
def test_window_ends_at_the_subscribers_time_of_day(subscriber: Subscriber, end: str) -> None:
    assert last_end(subscriber, _NOW).isoformat(timespec="minutes") == f"{end}+00:00"


def test_day_on_which_clocks_change_is_told_once_and_whole() -> None:
    reader = _reader("daily", "Europe/Berlin")
    ends = [last_end(reader, datetime(2026, 10, day, 12, tzinfo=UTC)) for day in (24, 25, 26)]
    assert [after - before for before, after in itertools.pairwise(ends)] == [timedelta(hours=25), _DAY]


@pytest.mark.parametrize("frequency", ["immediate", "daily", "weekly"])
def test_windows_follow_each_other_without_a_gap_whatever_was_missed(frequency: str) -> None:
    reader, memory, ends = _reader(frequency), Memory(), []
    for hours in (0, 3, 30, 31, 300, 480):
        window = due_window(reader, memory, _NOW + timedelta(hours=hours))
        if window is not None:
            ends.append(window)
            memory = Memory(window.until, began_at=_NOW)
    assert len(ends) >= 3
    assert all(one.until == other.since for one, other in itertools.pairwise(ends))


def test_nothing_is_due_twice() -> None:
    window = due_window(_reader("daily"), Memory(), _NOW)
    assert window is not None
    assert due_window(_reader("daily"), Memory(window.until), _NOW + timedelta(hours=2)) is None


def test_immediate_window_holds_what_the_newest_cycle_found() -> None:
    window = due_window(_reader("immediate"), Memory(_NOW - _DAY), _NOW)
    assert window is not None
    assert window.since == _NOW - _DAY
    assert window.until > _NOW


def test_seventh_immediate_mail_of_a_day_waits_for_the_next() -> None:
    sent = tuple(_NOW - timedelta(minutes=20 * n) for n in range(6))
    memory = Memory(_NOW, mailed_at=sent)
    assert due_window(_reader("immediate"), memory, _NOW + timedelta(minutes=20)) is None
    assert due_window(_reader("immediate"), memory, _NOW + _DAY) == Window(
        _NOW, last_end(_reader("immediate"), _NOW + _DAY)
    )


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Africa/Cairo"])
@pytest.mark.parametrize("at", [time(0), time(2, 30), time(23, 59, 59)], ids=str)
@pytest.mark.parametrize("frequency", ["daily", "weekly"])
def test_hour_that_a_clock_skips_or_strikes_twice_ends_one_window(frequency: str, at: time, zone: str) -> None:
    reader, memory, ends = _reader(frequency, zone, at), Memory(), []
    for hours in range(24 * 400):
        window = due_window(reader, memory, _NOW + timedelta(hours=hours))
        if window is not None:
            assert memory.ended_at in (None, window.since)
            ends.append(window.until)
            memory = Memory(window.until)
    gaps = {later - earlier for earlier, later in itertools.pairwise(ends)}
    assert max(gaps) - min(gaps) <= timedelta(hours=2)
    assert len(ends) == pytest.approx(400 if frequency == "daily" else 57, abs=1)


@pytest.mark.parametrize(
    ("frequency", "days", "expected"),
    [("daily", 6, False), ("daily", 7, True), ("immediate", 8, True), ("weekly", 0, True)],
)
def test_silence_is_broken_once_a_week(frequency: str, days: int, expected: object) -> None:
    memory = Memory(_NOW, began_at=_NOW - 30 * _DAY, mailed_at=(_NOW,))
    assert wants_sign_of_life(_reader(frequency), memory, Window(_NOW, _NOW + days * _DAY)) is expected


def test_first_alarms_of_each_local_day_are_mailed_and_the_rest_wait() -> None:
    night = datetime(2026, 11, 19, 20, tzinfo=UTC)  # 23:00 in Riyadh
    instants = [night + timedelta(minutes=30 * n) for n in range(5)]
    left = first_of_days(reversed([*instants, instants[0]]), "Asia/Riyadh", 2)
    assert left == {instants[0]: 1, instants[1]: 0, instants[2]: 1, instants[3]: 0}


@pytest.mark.parametrize(
    ("zone", "began"),
    [("UTC", "2026-10-25T00:00"), ("Europe/Berlin", "2026-10-24T22:00"), ("Pacific/Kiritimati", "2026-10-25T10:00")],
)
def test_a_day_begins_at_its_zones_midnight_also_where_clocks_change(zone: str, began: str) -> None:
    at = datetime(2026, 10, 25, 12, tzinfo=UTC)
    assert start_of_day(at, zone).isoformat(timespec="minutes") == f"{began}+00:00"
