"""Days that stand out, and those that only seem to."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from marsad.articles import Entity, EntityType, Label, Stance
from marsad.records import PollBatch, Record, Sighting
from marsad.sources import Outlet, Verdict
from tests.warehouse.conftest import NOW, article_of, batch_of, entry_of, record_of, store
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


def heard(day: int, feed_count: int) -> list[Sighting]:
    """Return an entry of each of so many feeds on a day."""
    entries = (
        replace(entry_of(1000 * day + feed), feed_url=f"https://example.org/{feed}") for feed in range(feed_count)
    )
    return [Sighting(entry, Label.OFF, Verdict.SKIP, NOW + timedelta(days=day)) for entry in entries]


def publish_heard(core: Core, counts: list[int], feed_counts: list[int]) -> Reader:
    sightings = tuple(one for day, count in enumerate(feed_counts) for one in heard(day, count))
    core.append_polls(PollBatch("heard", "run", NOW, sightings=sightings))
    return publish(core, counts)


USUAL = [9, 10, 11] * 12


@pytest.mark.parametrize(
    ("counts", "feed_counts", "levels"),
    [
        ([*USUAL, 35], [10] * 37, {36: "alert"}),
        ([*USUAL, 0, 35], [10] * 36 + [0, 10], {37: "watch"}),
        ([*USUAL, 0, 0, 45], [10] * 36 + [0, 0, 10], {38: "watch"}),
        ([*USUAL, 0, 21], [10] * 36 + [0, 10], {}),
        ([*USUAL, 35], [10] * 36 + [25], {}),
        ([*USUAL, *[25] * 20], [10] * 36 + [25] * 20, {}),
        ([*USUAL, 0, 0, 0, 0, *USUAL[:9], 35], [10] * 36 + [0] * 4 + [10] * 10, {49: "alert"}),
        ([*USUAL, 5, 6, 5, 5, 6, 5, 5, 12], [10] * 36 + [5] * 8, {}),
    ],
    ids=["spike", "recovery", "recovery-two-days", "burst-as-large-as-the-gap", "feeds-added-that-day",
         "feeds-added-for-good", "spike-after-an-outage", "half-the-feeds"],
)  # fmt: skip
def test_what_the_feeds_do_is_no_alert(
    core: Core, counts: list[int], feed_counts: list[int], levels: dict[int, str]
) -> None:
    found = publish_heard(core, counts, feed_counts).query(SPIKES).rows
    alerts = {day: level for _, day, level in found if level == "alert"}
    assert alerts == {day: level for day, level in levels.items() if level == "alert"}
    assert all(
        (day, "watch") in [(d, level) for _, d, level in found] for day, level in levels.items() if level == "watch"
    )


def test_day_on_which_no_feed_was_heard_is_judged_all_the_same(core: Core) -> None:
    assert publish_heard(core, [*USUAL, 35], [10] * 36 + [0]).query(SPIKES).rows == (("topic", 36, "watch"),)


def test_a_name_among_many_needs_more_to_stand_out_than_the_topic(core: Core) -> None:
    row = "select distinct subject = 'topic', adjusted_probability >= probability from spikes where story_count > 0"
    assert set(publish(core, [2, 1, 3] * 10 + [14]).query(row).rows) == {(True, True), (False, True)}


def taking(stance: Stance, record: Record, confidence: float = 0.8) -> Record:
    """Return the article with its speaker on another side."""
    tagging = record.draft.tagging
    said = tuple(replace(one, stance=stance, confidence=confidence) for one in tagging.statements)
    return replace(record, draft=replace(record.draft, tagging=replace(tagging, statements=said)))


VOICES = (
    "select subject, stance, datediff('day', date '2026-03-10', day_on), level from spikes where stance is not null"
)


@pytest.mark.parametrize(
    ("confidence", "outlet_count", "feed_counts", "expected"),
    [
        (0.8, 4, [10] * 31, [("kremlin", "opposed", 30, "alert")]),
        (0.5, 4, [10] * 31, []),
        (0.8, 2, [10] * 31, []),
        (0.8, 4, [10] * 29 + [0, 10], [("kremlin", "opposed", 30, "watch")]),
        (0.8, 4, [10] * 30 + [25], [("kremlin", "opposed", 30, "watch")]),
    ],
    ids=["spike", "doubtful", "two-outlets", "recovery", "feeds-added"],
)
def test_a_speaker_who_takes_one_side_far_more_often_stands_out(
    core: Core, confidence: float, outlet_count: int, feed_counts: list[int], expected: list[object]
) -> None:
    sightings = tuple(one for day, count in enumerate(feed_counts) for one in heard(day, count))
    core.append_polls(PollBatch("heard", "run", NOW, sightings=sightings))
    days = [(day, number) for day in range(31) for number in range(12 if day == 30 else day % 3)]
    records = [told(100 * day + number, day, f"o{number % outlet_count}") for day, number in days]
    voiced = [taking(Stance.OPPOSED, record, confidence) for record in records]
    store(core, batch_of(*voiced, at=NOW + timedelta(days=30)))
    core.publish()
    found = Reader(core.folder).query(f"{VOICES} order by day_on").rows
    assert [row for row in found if row[2] == 30] == expected


def test_one_name_or_the_topic_is_asked_alone(core: Core) -> None:
    core.append_entities([Entity("kremlin", "Kremlin", "الكرملين", EntityType.ORG)], NOW)
    reader = publish(core, [2, 1, 3] * 10 + [14])
    for about, subject in (("الكرملين", "kremlin"), ("Kremlin", "kremlin"), ("topic", "topic")):
        asked = "from spikes_in('UTC', about := ?) where stance is null"
        sql = f"select subject, day_on::varchar, probability = adjusted_probability {asked}"
        assert reader.query(sql, [about]).rows == ((subject, "2026-04-09", True),)


def test_days_of_spikes_are_those_of_the_zone_and_span_asked_for(core: Core) -> None:
    reader = publish(core, [2, 1, 3] * 10 + [14, 1, 1])
    day = "select day_on::varchar from spikes_in({}) where subject = 'topic'"
    assert reader.query(day.format("'Pacific/Kiritimati'")).rows == (("2026-04-09",),)
    assert reader.query(day.format("'Pacific/Pago_Pago'")).rows == (("2026-04-08",),)
    assert reader.query(day.format("'UTC', days := 3")).rows == (("2026-04-09",),)
    assert reader.query(day.format("'UTC', days := 2")).rows == ()
