"""What is found in stored articles and becomes an alarm."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.alerting import find_alerts
from marsad.alerts import AlertKind
from marsad.articles import Stance
from marsad.relations import NoveltyKind
from tests.warehouse.conftest import NOW, article_of, batch_of, record_of, store
from tests.warehouse.test_watch import kremlin, said, watch_of
from warehouse.core import Core

TURNS = {(AlertKind.SPEAKER_TURNED, "kremlin"), (AlertKind.OUTLET_TURNED, "o1")}


@pytest.fixture
def core(tmp_path: Path) -> Core:
    made = Core(tmp_path / "data")
    made.create_or_migrate()
    kremlin(made)
    return made


@pytest.mark.parametrize(
    ("recent", "confidence", "expected"),
    [(6, 0.8, TURNS), (5, 0.5, {(AlertKind.OUTLET_TURNED, "o1")})],
    ids=["clear words", "doubtful words of the speaker"],
)
def test_speaker_and_outlet_that_change_sides_are_alarms(
    core: Core, recent: int, confidence: float, expected: set[tuple[AlertKind, str]]
) -> None:
    past = [said(n, n % 20, Stance.SUPPORTIVE) for n in range(12)]
    lately = [said(100 + n, 91 + n, Stance.OPPOSED, confidence=confidence) for n in range(recent)]
    watch = watch_of(core, *past, *lately, day=97)
    found = {(one.kind, one.subject): one for one in find_alerts(watch, NOW + timedelta(days=98))}
    assert set(found) == expected
    assert all((one.was, one.became) == ("supportive", "opposed") for one in found.values())


@pytest.mark.parametrize(("copies", "expected"), [(5, ["المعنى تغيّر"]), (4, [])], ids=["much copied", "little copied"])
def test_change_of_a_story_that_others_had_copied_is_an_alarm(core: Core, copies: int, expected: list[str]) -> None:
    first = record_of(article_of(1))
    others = [record_of(article_of(number), NoveltyKind.DUPLICATE) for number in range(2, 2 + copies)]
    copied = [replace(one, story_id=first.story_id) for one in others]
    store(core, batch_of(first, *copied))
    title = "المعنى تغيّر"  # the meaning has changed
    later = NOW + timedelta(hours=3)
    revised = record_of(article_of(1, title=title), NoveltyKind.REVISION, later)
    watch = watch_of(core, revised)
    assert [one.became for one in find_alerts(watch, later + timedelta(hours=1)) if one.was] == expected
