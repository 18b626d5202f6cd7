"""Owns raising alarms: what is out of the ordinary in the published data becomes a row, once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from flows.configuration import Place, read_topic
from flows.journal import Journal
from flows.newsroom import Newsroom
from flows.storage import core_of
from marsad.alerts import (
    Alert,
    AlertKind,
    Level,
    feed_alerts,
    not_yet_raised,
    spike_alerts,
)
from marsad.changes import Change
from marsad.digests import Delivery
from marsad.errors import SettingsError
from marsad.mailing import Alarm
from marsad.settings import Subscriber
from marsad.turns import Voice, turn_of
from marsad.windows import Window
from reports.alarm import render_alarm
from warehouse.outbox import Outbox
from warehouse.reader import Reader
from warehouse.watch import Watch, keep_alerts

_LOOKED_BACK = timedelta(days=2)  #: over what is found late; an alarm about an older day helps nobody
_REMEMBERED = timedelta(days=36_500)
_FRESH = timedelta(days=1)  #: an alarm that could not be told for a day is told by the digest alone
_INSTANT = timedelta(microseconds=1)
_COPIED_COUNT = 5  #: copies that make a change of the original an alarm


def raise_alerts(place: Place) -> tuple[Alert, ...]:
    """Keep the alarms that the newest cycle gives reason for, publish them, and return those raised now."""
    core, now = core_of(place), place.now()
    with Reader(place.data).held() as reader:
        watch = Watch(reader)
        raised = watch.alerts(now - _REMEMBERED, now + _INSTANT)
        fresh = not_yet_raised(find_alerts(watch, now), raised, now)
    if fresh and keep_alerts(core, fresh, now):
        core.publish()
    return fresh


def note_alerts(journal: Journal, raised: Iterable[Alert]) -> None:
    """Tell the journal which alarms were raised."""
    for alert in raised:
        journal.info("alarm raised", kind=alert.kind, urgency=alert.level, subject=alert.subject, day=str(alert.day))


def queue_alarms(place: Place, outbox: Outbox) -> int:
    """Queue the mails about alarms that go out at once; return how many were not queued yet."""
    mails = alarm_mails(place)
    return outbox.queue(mails, place.now()) if mails else 0


def alarm_mails(place: Place) -> list[Delivery]:
    """Return the mails about alarms of the last day that go out at once, also those that went.

    In shadow mode there are none: alarms are rows of the view `alerts` until somebody has looked at weeks of them.
    """
    settings, now = place.settings, place.now()
    if settings.alerts.mode == "shadow":
        return []
    window = Window(now - _FRESH, now + _INSTANT)
    with Reader(place.data).held() as reader:
        newsroom = Newsroom(place, read_topic(place), reader)
        alarms = [alarm for subscriber in settings.subscribers for alarm in _alarms(newsroom, subscriber, window)]
    return [render_alarm(alarm, settings.mail.sender) for alarm in alarms]


def _alarms(newsroom: Newsroom, subscriber: Subscriber, window: Window) -> tuple[Alarm, ...]:
    try:
        return newsroom.alarms(subscriber, window)
    except SettingsError:  # a rule that names nobody: of his digest it is said, and the others get their alarms
        return ()


def find_alerts(watch: Watch, now: datetime) -> tuple[Alert, ...]:
    """Return all there is reason for, also what was raised before."""
    since = now - _LOOKED_BACK
    return (
        *spike_alerts(watch.spikes(since, now)),
        *watch.firsts(since, now),
        *_turns(AlertKind.SPEAKER_TURNED, watch.speakers(now), now),
        *_turns(AlertKind.OUTLET_TURNED, watch.outlets(now), now),
        *feed_alerts(watch.reader.feed_health(now), now),
        *(_changed(change) for change in watch.changes(since, now) if _is_grave(change)),
    )


def _turns(kind: AlertKind, voices: Iterable[Voice], now: datetime) -> tuple[Alert, ...]:
    found = ((voice, turn_of(voice)) for voice in voices)
    return tuple(_turned(kind, voice, chance, now) for voice, chance in found if chance is not None)


def _turned(kind: AlertKind, voice: Voice, chance: float, now: datetime) -> Alert:
    was, became = "opposed", "supportive"
    if voice.recent_supportive < voice.recent_opposed:
        was, became = became, was
    return Alert(
        kind=kind,
        level=Level.ALERT,
        subject=voice.subject,
        day=now.date(),
        name=voice.name,
        name_ar=voice.name_ar,
        count=voice.recent_count,
        probability=chance,
        was=was,
        became=became,
        country=voice.country,
    )


def _is_grave(change: Change) -> bool:
    return change.copy_count >= _COPIED_COUNT and bool(change.differences)


def _changed(change: Change) -> Alert:
    return Alert(
        kind=AlertKind.CHANGED_STORY,
        level=Level.ALERT,
        subject=str(change.piece.article_id),
        day=change.changed_at.date(),
        name=change.piece.outlet,
        name_ar=change.piece.outlet_ar,
        count=change.copy_count,
        was=change.title_before,
        became=change.piece.title,
        url=change.piece.url,
        country=change.piece.country,
    )
