"""Which days count: a clock that was wrong for an hour neither empties what is asked nor fills it with years."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from marsad.articles import Label
from marsad.dates import Dated, Precision
from marsad.records import PollBatch, Sighting
from marsad.sources import Entry, Verdict
from tests.questions_world import DAYS, LAST, build
from tests.warehouse.conftest import NOW, article_of, batch_of, entry_of, record_of, store
from warehouse.calendars import GAP_DAYS
from warehouse.core import Core
from warehouse.reader import Reader

ASKED = (
    "select max(day_on) from daily_coverage",
    "from rising(7)",
    "from share_of_voice(30)",
    "from share_of_voice(30, entity := 'راسون')",  # Rason
    "from stance_of('سيول', 30)",  # Seoul
    "from cooccurrence('راسون', 30)",
    "from trend('Rason', 30)",
    "select * exclude (expected, probability, adjusted_probability) from spikes",
    "select entity_id, sum(article_count) from daily_entities where day_on > '2000-01-01' group by all order by all",
    "select feed_url, state from feeds order by all",
)
WRONG = {
    "years-ahead": datetime(2038, 1, 19, tzinfo=UTC),
    "1970": datetime(1970, 1, 1, tzinfo=UTC),
    "a-month-behind": LAST - timedelta(days=30),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return build(tmp_path_factory.mktemp("days"))


@pytest.fixture
def copied(world: Reader, tmp_path: Path) -> Core:
    shutil.copytree(world.folder, tmp_path / "data")
    return Core(tmp_path / "data")


def answers(folder: Path) -> list[object]:
    return [Reader(folder).query(sql).rows for sql in ASKED]


def cycle(core: Core, at: datetime, number: int, batch_id: str) -> None:
    """Run what a cycle writes under a clock that says `at`: its start, an entry of that week, an article."""
    core.start_run(batch_id, at)
    entry = replace(entry_of(number), published=Dated(LAST, Precision.INSTANT, "feed", ""))
    core.append_polls(PollBatch(f"{batch_id}-polls", batch_id, at, sightings=(seen(entry, at),)))
    store(core, batch_of(record_of(article_of(number), at=at), batch_id=f"{batch_id}-articles", at=at))


def seen(entry: Entry, at: datetime) -> Sighting:
    return Sighting(entry, Label.OFF, Verdict.SKIP, at)


def days_of(folder: Path) -> list[str]:
    return [day for (day,) in Reader(folder).query("select day_on::varchar from daily_coverage").rows]


@pytest.mark.parametrize("name", ["years-ahead", "1970"])
def test_a_cycle_under_a_wrong_clock_changes_no_answer(world: Reader, copied: Core, name: str) -> None:
    cycle(copied, WRONG[name], 901, "wrong")
    copied.publish()
    assert answers(copied.folder) == answers(world.folder)
    assert len(days_of(copied.folder)) - DAYS == (name == "1970")


@pytest.mark.parametrize("name", ["years-ahead", "1970", "a-month-behind"])
def test_once_the_clock_is_right_again_days_go_on(copied: Core, name: str) -> None:
    cycle(copied, WRONG[name], 901, "wrong")
    cycle(copied, LAST + timedelta(days=1), 902, "right")
    copied.publish()
    days = days_of(copied.folder)
    assert days[-1] == f"{LAST + timedelta(days=1):%Y-%m-%d}"
    assert len(days) - DAYS - 1 <= 1
    shares = Reader(copied.folder).query("select article_count, n from share_of_voice(2)").rows
    assert sum(count for count, _ in shares) == 1


@pytest.mark.parametrize("pause_days", [30, 400])
def test_a_pause_ends_with_the_first_cycle_after_it(copied: Core, pause_days: int) -> None:
    at = LAST + timedelta(days=pause_days)
    entry = replace(entry_of(1), published=Dated(at - timedelta(hours=2), Precision.INSTANT, "feed", ""))
    copied.append_polls(PollBatch("after", "after", at, sightings=(seen(entry, at),)))
    copied.publish()
    days = days_of(copied.folder)
    assert days[-1] == f"{at:%Y-%m-%d}"
    assert len(days) == (DAYS + pause_days if pause_days < GAP_DAYS else DAYS + 1)
    assert Reader(copied.folder).query("select article_count from trend('Rason', 3)").rows[-1] == (0,)


def outlets_dates() -> Iterator[Entry]:
    for number, year in enumerate((1970, 2038, 9999)):
        published = Dated(datetime(year, 1, 1, tzinfo=UTC), Precision.INSTANT, "feed", str(year))
        yield replace(entry_of(950 + number), published=published)


def test_dates_that_outlets_make_up_change_no_day(world: Reader, copied: Core) -> None:
    sightings = tuple(seen(entry, LAST) for entry in outlets_dates())
    copied.append_polls(PollBatch("dates", "dates", LAST, sightings=sightings))
    copied.publish()
    assert answers(copied.folder) == answers(world.folder)


def test_the_first_cycle_of_all_counts_whatever_its_clock_says(core: Core) -> None:
    core.start_run("first", NOW)
    core.publish()
    assert days_of(core.folder) == ["2026-03-10"]


def test_before_the_first_cycle_no_day_counts(core: Core) -> None:
    core.publish()
    assert days_of(core.folder) == []


@pytest.mark.parametrize("publishings", [1, 3], ids=["at-once", "one-by-one"])
def test_the_calendar_is_the_same_however_it_was_published(core: Core, publishings: int) -> None:
    for day in range(3):
        core.start_run(f"run-{day}", NOW + timedelta(days=day))
        if day + publishings >= 3:
            core.publish()
    assert days_of(core.folder) == ["2026-03-10", "2026-03-11", "2026-03-12"]
