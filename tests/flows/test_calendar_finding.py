"""What doctor says of the days that are counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from flows.calendar_finding import find_calendar
from flows.configuration import Place, packaged_topic
from marsad.articles import Label
from marsad.dates import Dated, Precision
from marsad.digests import Finding
from marsad.records import PollBatch, Sighting
from marsad.settings import Settings
from marsad.sources import Verdict
from tests.warehouse.conftest import entry_of
from warehouse.core import Core


def found_after(place: Place, number: int, days: int) -> Finding:
    """Return the finding after a batch of a clock that is off by `days`, its entry dated by a right one."""
    core, at = Core(place.data), place.now() + timedelta(days=days)
    core.create_or_migrate()
    entry = replace(entry_of(number), published=Dated(place.now() - timedelta(hours=1), Precision.INSTANT, "feed", ""))
    core.append_polls(
        PollBatch(f"b{number}", f"r{number}", at, sightings=(Sighting(entry, Label.OFF, Verdict.SKIP, at),))
    )
    core.publish()
    return find_calendar(place)


def test_days_that_do_not_end_with_the_newest_batch_or_after_today_are_told(tmp_path: Path) -> None:
    place = Place(Settings(), None, tmp_path / "data", packaged_topic())
    assert find_calendar(place).state == "ok"
    today = place.now().date()
    ahead = found_after(place, 1, 30)
    assert (ahead.state, f"it is {today}: this machine's clock is behind" in ahead.said) == ("warn", True)
    assert found_after(place, 2, 0) == Finding("days", "ok", f"days are counted up to {today}")
    behind = found_after(place, 3, -40)
    assert (behind.state, f"up to {today}, and the newest batch bears {today - timedelta(days=40)}" in behind.said) == (
        "warn", True,
    )  # fmt: skip
    assert "set the clock" in behind.remedy
    assert found_after(place, 4, 0).state == "ok"
