"""Owns composing and sending digests: which windows of time are told, and what becomes of each mail.

A window has fixed ends and therefore one Message-ID, so a digest that is composed again is queued once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flows.configuration import Place, read_topic
from marsad.digests import Delivery, Digest, compose_digest
from marsad.errors import MailDelayed, MailRefused
from marsad.settings import Subscriber
from reports.mail import render_mail
from transport.mail import send_mail
from warehouse.core import Core
from warehouse.outbox import Outbox
from warehouse.reader import Reader

_WINDOWS = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
_WINDOWS_BACK = 2  #: how many are composed each time, so that one missed morning is made up for
_COVERAGE = timedelta(days=14)  #: of the line of coverage in a mail


@dataclass(frozen=True, slots=True)
class Sending:
    """What came of the deliveries that were due."""

    sent_count: int = 0
    waiting_count: int = 0  #: to be tried again
    dead_count: int = 0  #: refused for good


def compose(place: Place, subscriber: Subscriber, until: datetime) -> Digest:
    """Return the digest of the day or week that ends at `until`."""
    since = until - _WINDOWS[subscriber.frequency]
    reader, topic = Reader(place.data), read_topic(place)
    return compose_digest(
        subscriber,
        since,
        until,
        reader.pieces(since, until),
        reader.coverage(until - _COVERAGE, until),
        reader.feed_health(until),
        (topic.name, topic.name_ar),
    )


def window_ends(subscriber: Subscriber, told_until: datetime) -> Iterator[datetime]:
    """Yield the ends of the subscriber's last whole days or weeks up to `told_until`, the oldest first.

    Args:
        subscriber: whose zone says when a day ends.
        told_until: start of the newest finished cycle; what a cycle finds bears its start, so a window that ends
            later may still grow.
    """
    day = told_until.astimezone(ZoneInfo(subscriber.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    last = day if subscriber.frequency == "daily" else day - timedelta(days=day.weekday())
    for back in reversed(range(_WINDOWS_BACK)):
        yield last - back * _WINDOWS[subscriber.frequency]


def can_send(place: Place) -> bool:
    """Return whether a mail server and at least one subscriber are set."""
    return bool(place.settings.mail.host and place.settings.subscribers)


def send_digests(place: Place) -> Sending:
    """Queue the digests of the last whole days or weeks, each once whatever happens, and try what is due."""
    outbox, told_until = Outbox(Core(place.data)), Reader(place.data).told_until()
    if told_until is None:
        return Sending()
    composed = [
        compose(place, subscriber, until)
        for subscriber in place.settings.subscribers
        for until in window_ends(subscriber, told_until)
    ]
    sender = place.settings.mail.sender
    outbox.queue([render_mail(digest, sender) for digest in composed if not digest.is_quiet], place.now())
    states = [_try(place, outbox, delivery) for delivery in outbox.due(place.now())]
    return Sending(states.count("sent"), states.count("waiting"), states.count("dead"))


def _try(place: Place, outbox: Outbox, delivery: Delivery) -> str:
    mail, password = place.settings.mail, os.environ.get("MARSAD_SMTP_PASSWORD")
    try:
        answer = send_mail(delivery.payload, mail.sender, delivery.recipient, mail, password)
    except MailDelayed as error:
        outbox.mark_delayed(delivery, error.reason, place.now())
        return "waiting"
    except MailRefused as error:
        outbox.mark_dead(delivery, error.reason, place.now())
        return "dead"
    outbox.mark_sent(delivery, answer, place.now())
    return "sent"
