"""Owns what an alarm is, and which of the things that were found become one.

Two levels: a watch is told in the next digest, an alert at once. Nothing is an alarm because a feed was added, failed
or came back, and nothing is told twice within its cool-down unless it has doubled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from marsad.digests import FeedHealth, Spike
from marsad.identity import key_of


class AlertKind(StrEnum):
    """What an alarm is about."""

    SPIKE = "spike"  #: topic or listed name told far more often than its past lets expect
    STANCE_SPIKE = "stance_spike"  #: a listed speaker takes a side far more often than before
    FIRST_NAMED = "first_named"  #: a listed name for the first time
    FIRST_QUOTED = "first_quoted"  #: a listed speaker for the first time
    SPEAKER_TURNED = "speaker_turned"
    OUTLET_TURNED = "outlet_turned"
    SILENT_FEED = "silent_feed"
    CHANGED_STORY = "changed_story"  #: an article was changed after others had copied its story


class Level(StrEnum):
    """How urgent."""

    WATCH = "watch"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alarm with the figures that led to it; which of them count is a matter of its kind."""

    kind: AlertKind
    level: Level
    subject: str  #: topic, id of entity or outlet, speaker and stance, feed url, article id
    day: date  #: UTC
    name: str = ""  #: of the subject, in English
    name_ar: str = ""
    count: int = 0  #: stories, statements, articles or days, by kind
    expected: float = 0.0
    probability: float = 1.0  #: of as much by chance
    was: str = ""  #: stance, title or state before
    became: str = ""
    url: str = ""
    country: str = ""  #: of the outlet it is about, ISO 3166-1 alpha-2
    raised_at: datetime | None = None  #: None until it is kept

    @property
    def about(self) -> str:
        """What it is about without the stance: "topic", id of entity or outlet, feed url, article id."""
        return self.subject.partition(" ")[0]

    @property
    def key(self) -> int:
        """63-bit identity: a subject is raised once a day, and again where it has doubled."""
        return key_of(f"{self.kind}\n{self.subject}\n{self.day.isoformat()}\n{self.count.bit_length()}")


#: How long the same subject is not raised again: a day for what passes, longer for what stays as it became.
COOL_DOWN = {
    AlertKind.SPIKE: timedelta(days=1),
    AlertKind.STANCE_SPIKE: timedelta(days=1),
    AlertKind.FIRST_NAMED: timedelta(days=36_500),
    AlertKind.FIRST_QUOTED: timedelta(days=36_500),
    AlertKind.SPEAKER_TURNED: timedelta(days=28),
    AlertKind.OUTLET_TURNED: timedelta(days=28),
    AlertKind.SILENT_FEED: timedelta(days=7),
    AlertKind.CHANGED_STORY: timedelta(days=1),
}
SPIKES = frozenset({AlertKind.SPIKE, AlertKind.STANCE_SPIKE})
#: Of feeds that fell ill within a day of each other: then the trouble is ours, and no alarm about any of them helps.
_GRAVE_SHARE = 0.3
_GRAVE_COUNT = 3  #: so many at least; that one or two fell ill together says nothing
_TOGETHER = timedelta(days=1)


def spike_alerts(spikes: Iterable[tuple[Spike, int]]) -> tuple[Alert, ...]:
    """Return the spikes that hold without what feeds brought that were added lately.

    That feeds failed or came back is known to the spikes themselves (decisions/0013); a single feed among many that
    brings its whole past on its first day is not.

    Args:
        spikes: each with the number of its stories that only young feeds brought.
    """
    return tuple(
        Alert(
            kind=AlertKind.STANCE_SPIKE if spike.stance else AlertKind.SPIKE,
            level=Level(spike.level),
            subject=f"{spike.subject} {spike.stance}" if spike.stance else spike.subject,
            day=date.fromisoformat(spike.day),
            name=spike.name,
            name_ar=spike.name_ar,
            count=spike.story_count,
            expected=spike.expected,
            probability=spike.probability,
            became=spike.stance or "",
        )
        for spike, young_count in spikes
        if spike.story_count - young_count >= 1.5 * spike.expected + 2 or not young_count
    )


def feed_alerts(feeds: Sequence[FeedHealth], now: datetime) -> tuple[Alert, ...]:
    """Return one alarm a feed that went silent or fails, none of so many together that the trouble is ours."""
    ill = {feed: feed.ill_since for feed in feeds if feed.is_ill and feed.newest_at and feed.ill_since}
    grave_count = max(_GRAVE_COUNT, _GRAVE_SHARE * len(feeds))
    return tuple(
        Alert(
            kind=AlertKind.SILENT_FEED,
            level=Level.WATCH,
            subject=feed.url,
            day=now.date(),
            name=feed.outlet,
            name_ar=feed.outlet_ar,
            count=(now - feed.newest_at).days if feed.newest_at else 0,
            was="ok",
            became=feed.state,
            url=feed.url,
        )
        for feed, since in ill.items()
        if sum(abs(since - other) <= _TOGETHER for other in ill.values()) < grave_count
    )


def not_yet_raised(found: Iterable[Alert], raised: Iterable[Alert], now: datetime) -> tuple[Alert, ...]:
    """Return what of `found` is to be raised now, given what was raised before; each once."""
    latest: dict[tuple[AlertKind, str], Alert] = {}
    for alert in raised:
        known = latest.get((alert.kind, alert.subject))
        if known is None or _raised_at(known) <= _raised_at(alert):
            latest[alert.kind, alert.subject] = alert
    fresh: dict[int, Alert] = {}
    for alert in found:
        before = latest.get((alert.kind, alert.subject))
        if before is None or _is_news(alert, before, now):
            fresh.setdefault(alert.key, alert)
    return tuple(fresh.values())


def _is_news(alert: Alert, before: Alert, now: datetime) -> bool:
    if now - _raised_at(before) >= COOL_DOWN[alert.kind]:
        return alert.day > before.day
    has_doubled = alert.kind in SPIKES and alert.count >= 2 * before.count
    return has_doubled or (before.level, alert.level) == (Level.WATCH, Level.ALERT)


def _raised_at(alert: Alert) -> datetime:
    return alert.raised_at or datetime.min.replace(tzinfo=UTC)
