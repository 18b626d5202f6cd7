"""Up to which day is counted, by what the clock and the outlets' dates said of each batch (decisions/0020)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from warehouse.calendars import APART_DAYS, BEGUN_ON, GAP_DAYS, count_newer_days
from warehouse.publishing import split_script
from warehouse.scripts import statement

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
DEAD = (datetime(1970, 1, 1, tzinfo=UTC) - START).days  #: where clocks without a battery begin
AHEAD = (datetime(2038, 1, 19, tzinfo=UTC) - START).days
TABLES = """
attach ':memory:' as source;
create schema source.core;
create schema core;
create table source.core.entry (batch bigint, counted_at timestamptz, seen_at timestamptz, published_at timestamptz);
create table core.ledger (batch bigint, written_at timestamptz);
create table core.publication as select 0::bigint as batch;
"""


class Written:
    """A batch, by the day (since START) that its clock says, and the dates of its entries."""

    def __init__(self, day: int, dates: Sequence[int | None] = ()) -> None:
        self.at = START + timedelta(days=day)
        self.dates = [None if date is None else START + timedelta(days=date, hours=-3) for date in dates]


def dated(day: int) -> Written:
    """Return a batch of a right clock: its entry bears that day."""
    return Written(day, [day])


def undated(day: int) -> Written:
    """Return a batch whose entry bears no date."""
    return Written(day, [None])


def off(day: int, truly: int) -> Written:
    """Return a batch whose clock says `day`, while its entry is of the day `truly`."""
    return Written(day, [truly])


def idle(day: int) -> Written:
    """Return a batch without an entry: the network was down, or a person corrected something."""
    return Written(day)


def counted(batches: Sequence[Written]) -> tuple[int, int]:
    """Return the last day that is counted, and how many are."""
    with duckdb.connect() as readers:
        readers.execute("set TimeZone = 'UTC'")
        for part in split_script(TABLES + statement("calendar", "create_calendar")):
            readers.execute(part)
        entries = [(number, batch.at, dated) for number, batch in enumerate(batches, 1) for dated in batch.dates]
        readers.execute(
            "insert into core.ledger select unnest(range(1, len($1) + 1)), unnest($1)", [[b.at for b in batches]]
        )
        readers.execute(
            "insert into source.core.entry select unnest($1), unnest($2), unnest($2), unnest($3)",
            [list(column) for column in zip(*entries, strict=True)] or [[], [], []],
        )
        count_newer_days(readers)
        spans = readers.execute("select first_at::date, last_at::date from core.span").fetchall()
    return (
        (max(last for _, last in spans) - START.date()).days,
        sum((last - first).days + 1 for first, last in spans),
    )


MONTH = [dated(day) for day in range(30)]
QUIET_MONTH = [undated(day) for day in range(30)]
SELDOM = APART_DAYS + 3


@pytest.mark.parametrize(
    ("batches", "expected"),
    [
        ([undated(0), undated(1), undated(2), undated(2 + SELDOM), undated(2 + 2 * SELDOM)], (22, 23)),
        ([dated(0), *(undated(n * SELDOM) for n in range(1, 4))], (30, 31)),
        ([undated(n * GAP_DAYS) for n in range(3)], (2 * GAP_DAYS, 2 * GAP_DAYS + 1)),
        ([*QUIET_MONTH, undated(29 + GAP_DAYS + 1)], (29, 30)),
        ([*QUIET_MONTH, *(undated(29 + GAP_DAYS + n) for n in range(1, 4))], (29 + GAP_DAYS + 3, 33)),
        ([*QUIET_MONTH, dated(430)], (430, 31)),
        ([*MONTH, idle(29 + SELDOM)], (29, 30)),
    ],
    ids=["seldom", "seldom-once-dated", "a-quarter", "longer", "longer-for-three-days", "longer-dated", "nothing-new"],
)
def test_feeds_without_dates_count_when_they_are_asked(batches: list[Written], expected: tuple[int, int]) -> None:
    assert counted(batches) == expected


@pytest.mark.parametrize("before", [MONTH, QUIET_MONTH], ids=["dated", "undated"])
@pytest.mark.parametrize("behind", [off, lambda day, _truly: undated(day), lambda day, _truly: idle(day)],
                         ids=["of-dated", "of-undated", "of-nothing"])  # fmt: skip
def test_days_under_a_clock_without_a_battery_hide_nothing(
    before: list[Written], behind: Callable[[int, int], Written]
) -> None:
    dead = [behind(DEAD + n, 30 + n) for n in range(3)]
    assert counted([*before, *dead])[0] == 29
    assert counted([*before, *dead, dated(33)]) == (33, 30 + 4 + 3)


def test_a_clock_that_is_set_back_hides_nothing_where_outlets_dated_what_was_read_before() -> None:
    assert counted([*MONTH, off(9, truly=30), idle(9)])[0] == 29
    assert counted([*MONTH, idle(26)])[0] == 26  # within what the dates leave open
    assert counted([*QUIET_MONTH, undated(9)])[0] == 9  # nothing tells which clock was right
    assert counted([*QUIET_MONTH, undated(9), undated(30)])[0] == 30


def test_a_clock_that_ran_ahead_is_left_behind_with_the_first_batch_that_is_right() -> None:
    ahead = [off(AHEAD + n, truly=30) for n in range(3)]
    assert counted([*MONTH, *ahead[:2]])[0] == 29
    assert counted([*MONTH, *ahead])[0] == AHEAD + 2  # who leaves it so wants answers all the same
    assert counted([*MONTH, *ahead, dated(31)])[0] == 31
    assert counted([*MONTH, off(34, truly=30), dated(31)])[0] == 31
    assert counted([*QUIET_MONTH, undated(60)])[0] == 60
    assert counted([*QUIET_MONTH, undated(60), undated(31)])[0] == 31


def test_one_borne_out_day_takes_no_day_back_and_three_do() -> None:
    behind = [Written(9 + n, [8 + n, 20, 30 + n]) for n in range(3)]  # a sitemap brings what is three weeks old
    assert counted([*MONTH, behind[0]]) == (29, 30)
    assert counted([*MONTH, behind[0], behind[0], behind[0], idle(9), behind[1]]) == (29, 30)
    assert counted([*MONTH, *behind[:2], dated(32)]) == (32, 33)
    assert counted([*MONTH, *behind])[0] == 11  # who leaves it so wants answers all the same
    ahead = Written(50, [50])  # an outlet errs as the clock does
    assert [counted([*MONTH, ahead, after(31)])[0] for after in (dated, undated, idle)] == [50, 50, 50]
    assert counted([*MONTH, ahead, dated(31), dated(31), dated(32)])[0] == 50
    assert counted([*MONTH, ahead, dated(31), dated(32), dated(33)]) == (33, 34)


def test_an_outlets_date_of_1970_bears_no_dead_clock_out() -> None:
    assert counted([*MONTH, off(DEAD, truly=DEAD)])[0] == 29
    assert date.fromisoformat(BEGUN_ON) < START.date()


def test_a_world_that_was_read_long_ago_counts_like_any_other() -> None:
    past = -4000
    assert counted([dated(past + n) for n in range(3)]) == (past + 2, 3)
