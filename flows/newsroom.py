"""Owns what digests are made of, read once for all subscribers who share a window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flows.configuration import Place
from marsad.alerts import Alert, Level
from marsad.balance import Balance, balance_of
from marsad.changes import Change
from marsad.composing import Told, choose_stories
from marsad.digests import DayCount, EntityCount, FeedHealth, Piece
from marsad.interests import Choice, EntityIndex, choose, is_chosen, is_wanted, listed
from marsad.mailing import Alarm, Digest
from marsad.settings import Subscriber
from marsad.topic import Topic
from marsad.windows import Window, first_of_days, start_of_day
from warehouse.reader import Reader
from warehouse.watch import Watch

_COVERAGE = timedelta(days=14)  #: of the line of coverage in a mail
_WEEK = timedelta(days=7)  #: of which the balance of voices is told
_NAMES_SHOWN = 8
T = TypeVar("T")


@dataclass(slots=True)
class Newsroom:
    """What digests are made of, read once for all subscribers who share a window."""

    place: Place
    topic: Topic
    reader: Reader  #: of the published data
    _read: dict[tuple[str, datetime, datetime], Any] = field(default_factory=dict)
    _names: EntityIndex = field(init=False)

    def __post_init__(self) -> None:
        self._names = listed(self.topic.entities)

    def digest(self, subscriber: Subscriber, window: Window, told: dict[int, Told]) -> Digest:
        """Return what `subscriber` is told of `window`, which may be nothing (`Digest.is_quiet`).

        Raises:
            SettingsError: a rule names an entity that the topic does not list.
        """
        choice, wants = self.choice(subscriber), frozenset(subscriber.parts)
        week = window.until - _WEEK
        return Digest(
            subscriber=subscriber,
            since=window.since,
            until=window.until,
            stories=choose_stories(self.pieces(window), choice, told) if "stories" in wants else (),
            coverage=self.coverage(window.until),
            feeds=self.feeds(window.until) if "feeds" in wants else (),
            topic_name=self.topic.name,
            topic_name_ar=self.topic.name_ar,
            changes=self.changes(window, choice) if "changes" in wants else (),
            alerts=tuple(alert for alert in self.alerts(window) if is_wanted(alert, subscriber.parts, choice)),
            held_count=self.held_count(subscriber, window),
            entities=self.names(window)[:_NAMES_SHOWN],
            balances=(self.balance(week, window.until), self.balance(week - _WEEK, week)),
        )

    def choice(self, subscriber: Subscriber) -> Choice:
        """Return what `subscriber` asked for, looked up in the topic.

        Raises:
            SettingsError: a rule names an entity that the topic does not list.
        """
        return choose(subscriber.interest, self._names)

    def pieces(self, window: Window) -> tuple[Piece, ...]:
        """Return the articles first seen in `window`."""
        return self._once("pieces", window.since, window.until, self.reader.pieces)

    def coverage(self, until: datetime) -> tuple[DayCount, ...]:
        """Return the line of coverage that ends at `until`."""
        return self._once("coverage", until - _COVERAGE, until, self.reader.coverage)

    def names(self, window: Window) -> tuple[EntityCount, ...]:
        """Return how often names stood in the articles of `window`."""
        return self._once("names", window.since, window.until, self.reader.entity_counts)

    def balance(self, since: datetime, until: datetime) -> Balance:
        """Return the balance of the voices quoted in the span."""
        return balance_of(self._once("speakers", since, until, self.reader.speaker_stances))

    def urgent(self, subscriber: Subscriber, window: Window) -> tuple[Alert, ...]:
        """Return the alarms raised in `window` that `subscriber` wants and that do not wait for a digest."""
        choice = self.choice(subscriber)
        found = (alert for alert in self.alerts(window) if alert.level is Level.ALERT)
        return tuple(alert for alert in found if is_wanted(alert, subscriber.parts, choice))

    def alarms(self, subscriber: Subscriber, window: Window) -> tuple[Alarm, ...]:
        """Return the mails of alarms that `subscriber` gets of `window`: the first ones of each of his days."""
        began = start_of_day(window.since, subscriber.zone)
        batches: dict[datetime, list[Alert]] = defaultdict(list)
        for alert in self.urgent(subscriber, Window(began, window.until)):
            if alert.raised_at is not None:
                batches[alert.raised_at].append(alert)
        sent = first_of_days(batches, subscriber.zone, self.place.settings.alerts.daily_limit_count)
        names = (self.topic.name, self.topic.name_ar)
        return tuple(
            Alarm(subscriber, at, tuple(batches[at]), *names, left_count)
            for at, left_count in sent.items()
            if at >= window.since
        )

    def held_count(self, subscriber: Subscriber, window: Window) -> int:
        """Return how many alarms of `window` were not told at once, since the day's mails were used up."""
        if self.place.settings.alerts.mode == "shadow":
            return 0
        told = sum(len(alarm.alerts) for alarm in self.alarms(subscriber, window))
        return len(self.urgent(subscriber, window)) - told

    def changes(self, window: Window, choice: Choice) -> tuple[Change, ...]:
        """Return the chosen articles changed in `window`, those of which more than the spelling changed."""
        found = self._once("changes", window.since, window.until, self._real_changes)
        return tuple(change for change in found if is_chosen(choice, (change.piece,)))

    def _real_changes(self, since: datetime, until: datetime) -> tuple[Change, ...]:
        return tuple(change for change in Watch(self.reader).changes(since, until) if change.differences)

    def alerts(self, window: Window) -> tuple[Alert, ...]:
        """Return the alarms raised in `window`."""
        return self._once("alerts", window.since, window.until, Watch(self.reader).alerts)

    def feeds(self, until: datetime) -> tuple[FeedHealth, ...]:
        """Return how each feed does."""
        return self._once("feeds", until, until, lambda _, now: self.reader.feed_health(now))

    def _once(self, what: str, since: datetime, until: datetime, read: Callable[[datetime, datetime], T]) -> T:
        key = (what, since, until)
        if key not in self._read:
            self._read[key] = read(since, until)
        found: T = self._read[key]
        return found
