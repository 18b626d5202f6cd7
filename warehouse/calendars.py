"""Owns which days count: written for readers at each publishing, from the ledger and the days of entries.

A machine's clock may be wrong for an hour, and outlets date what they bring as they like. So today is not the latest
instant that stands anywhere, but the day of the newest batch whose clock is believed (decisions/0020); and days that
nothing stands beside for a quarter are counted alone, not with all the years between.
"""

from __future__ import annotations

import duckdb

from warehouse.scripts import statement

DATED_DAYS = 7  #: feeds show entries of some days; a clock that is off by a week finds none so fresh
APART_DAYS = 7  #: a holiday without a cycle parts no days; behind a longer pause the clock has to be borne out
GAP_DAYS = 92  #: days of a shorter pause count 0; of a longer one none count, so that one row of 1970 adds one day
BEGUN_ON = "2026-01-01"  #: this program is younger, so a clock that says less is wrong; without a battery they say 1970


def count_newer_days(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring the calendar of the current database up to what `source` and the copied ledger hold."""
    connection.execute(statement("calendar", "append_entry_days"), {"dated_days": DATED_DAYS})
    connection.execute(statement("calendar", "remove_spans"))
    rule = {"apart_days": APART_DAYS, "gap_days": GAP_DAYS, "dated_days": DATED_DAYS, "begun_on": BEGUN_ON}
    connection.execute(statement("calendar", "append_spans"), rule)
