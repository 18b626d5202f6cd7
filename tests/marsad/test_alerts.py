from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from marsad.alerts import Alert, AlertKind, Level, feed_alerts, not_yet_raised, spike_alerts
from marsad.articles import Stance
from marsad.digests import FeedHealth, Spike

_NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_SPIKE = Alert(AlertKind.SPIKE, Level.WATCH, "topic", _NOW.date(), count=12, expected=3.0)


def _raised(alert: Alert, hours: float) -> Alert:
    """Return the alert as it was raised so many hours ago."""
    at = _NOW - timedelta(hours=hours)
    return replace(alert, raised_at=at, day=at.date())


@pytest.mark.parametrize(
    ("found", "before", "is_raised"),
    [
        pytest.param(_SPIKE, None, True, id="first time"),
        pytest.param(_SPIKE, _raised(_SPIKE, 5), False, id="within the cool-down"),
        pytest.param(replace(_SPIKE, count=24), _raised(_SPIKE, 5), True, id="doubled"),
        pytest.param(replace(_SPIKE, count=23), _raised(_SPIKE, 5), False, id="not quite doubled"),
        pytest.param(replace(_SPIKE, level=Level.ALERT), _raised(_SPIKE, 5), True, id="watch became alert"),
        pytest.param(_SPIKE, _raised(_SPIKE, 30), True, id="another day"),
        pytest.param(_SPIKE, replace(_raised(_SPIKE, 30), subject="kursk"), True, id="another subject"),
        pytest.param(
            replace(_SPIKE, kind=AlertKind.STANCE_SPIKE, count=24),
            _raised(replace(_SPIKE, kind=AlertKind.STANCE_SPIKE), 5),
            True,
            id="a voice doubled",
        ),
        pytest.param(
            replace(_SPIKE, kind=AlertKind.SPEAKER_TURNED),
            _raised(replace(_SPIKE, kind=AlertKind.SPEAKER_TURNED), 24 * 20),
            False,
            id="a turned voice stays turned",
        ),
    ],
)
def test_alarm_is_raised_once_in_its_cool_down(found: Alert, before: Alert | None, is_raised: object) -> None:
    assert bool(not_yet_raised([found, found], [before] if before else [], _NOW)) is is_raised


def test_newest_of_several_alarms_decides() -> None:
    assert not_yet_raised([_SPIKE], [_raised(_SPIKE, 2), _raised(_SPIKE, 200)], _NOW) == ()


def test_spike_that_only_young_feeds_brought_is_no_alarm() -> None:
    spike = Spike("topic", "2026-11-20", "alert", 40, 5, 10.0, 1e-6)
    assert spike_alerts([(spike, 30)]) == ()
    (alert,) = spike_alerts([(spike, 10)])
    assert (alert.level, alert.count, alert.expected) == (Level.ALERT, 40, 10.0)


def test_speaker_who_takes_a_side_far_more_often_is_an_alarm_about_speaker_and_stance() -> None:
    spike = Spike("kremlin", "2026-11-20", "watch", 9, 5, 2.0, 1e-3, "Kremlin", "الكرملين", Stance.OPPOSED)
    (alert,) = spike_alerts([(spike, 0)])
    assert (alert.kind, alert.subject, alert.about) == (AlertKind.STANCE_SPIKE, "kremlin opposed", "kremlin")
    assert (alert.level, alert.name, alert.became) == (Level.WATCH, "Kremlin", "opposed")


def _feeds(states: str, days: float = 9) -> tuple[FeedHealth, ...]:
    """Return feeds that last brought something so many days ago."""
    return tuple(
        FeedHealth(f"https://{n}.example.org/{days}", f"{n}", state, "", _NOW - timedelta(days=days))
        for n, state in enumerate(states.split())
    )


@pytest.mark.parametrize(
    ("feeds", "told_count"),
    [
        pytest.param(_feeds("ok silent ok ok not_modified"), 1, id="one of several"),
        pytest.param(_feeds("silent"), 1, id="the only one"),
        pytest.param(_feeds("broken silent"), 2, id="both of two"),
        pytest.param(_feeds("broken broken broken ok ok"), 0, id="an outage of ours"),
        pytest.param(_feeds("ok ok ok ok " + "broken " * 3), 0, id="a smaller outage"),
        pytest.param(_feeds("ok silent ok") + _feeds("ok silent", 400) + _feeds("silent", 300), 3, id="one by one"),
        pytest.param(_feeds("silent ok") + _feeds("dead " * 9, 400), 1, id="old ones beside"),
        pytest.param(_feeds("never ok ok ok"), 0, id="never asked"),
    ],
)
def test_feed_that_went_silent_is_told_and_an_outage_of_ours_is_not(
    feeds: tuple[FeedHealth, ...], told_count: int
) -> None:
    assert len(feed_alerts(feeds, _NOW)) == told_count


def test_alarm_about_a_feed_says_for_how_long() -> None:
    (alert,) = feed_alerts(_feeds("ok silent"), _NOW)
    assert (alert.name, alert.became, alert.count) == ("1", "silent", 9)
