"""Days that stand out, and those that only seem to."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from marsad.records import Record
from marsad.sources import Outlet
from tests.warehouse.conftest import NOW, article_of, batch_of, record_of, store
from warehouse.core import Core
from warehouse.reader import Reader


def told(number: int, day: int, outlet: str) -> Record:
    record = record_of(article_of(number), at=NOW + timedelta(days=day))
    return replace(record, draft=replace(record.draft, outlet=Outlet(outlet, outlet)))


def publish(core: Core, counts: list[int], outlet_count: int = 4) -> Reader:
    days = [day for day, count in enumerate(counts) for _ in range(count)]
    records = [told(number, day, f"o{number % outlet_count}") for number, day in enumerate(days)]
    store(core, batch_of(batch_id="first-day"))
    store(core, batch_of(*records, at=NOW + timedelta(days=len(counts) - 1)))
    core.publish()
    return Reader(core.folder)


SPIKES = "select subject, datediff('day', date '2026-03-10', day_on), level from spikes where subject = 'topic'"


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([2, 1, 3] * 10 + [14], [("topic", 30, "alert")]),
        ([2, 1, 3] * 10 + [3], []),
        ([9, 10, 11] * 10 + [14], []),
        ([2, 1, 3] * 10 + [14, 13], [("topic", 30, "alert"), ("topic", 31, "alert")]),  # guard days keep it out
        ([1, 1, 1, 1, 1, 9], []),  # too little history for so few
        ([1, 1, 1, 1, 1, 12], [("topic", 5, "alert")]),
        ([0, 12], []),
    ],
    ids=["spike", "usual", "noise", "second-day", "short-history", "short-history-high", "first-day"],
)
def test_a_day_stands_out_by_what_came_before(core: Core, counts: list[int], expected: list[object]) -> None:
    assert list(publish(core, counts).query(f"{SPIKES} order by day_on").rows) == expected


def test_one_outlet_alone_makes_no_spike(core: Core) -> None:
    assert publish(core, [2, 1, 3] * 10 + [14], outlet_count=1).query(SPIKES).rows == ()


def test_the_chance_is_that_of_a_negative_binomial(core: Core) -> None:
    reader = publish(core, [5] * 40 + [12])
    (row,) = reader.query("select expected, probability, story_count from spikes where subject = 'topic'").rows
    expected, probability, count = row
    size, spread = expected / 0.15, 1.15  # an even series has the least spread there is
    below = sum(
        math.exp(math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1)) * spread**-size * (1 - 1 / spread) ** k
        for k in range(count)
    )
    assert expected == pytest.approx(5, rel=0.05)
    assert probability == pytest.approx(1 - below, abs=1e-9)
