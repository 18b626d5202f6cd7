"""Owns composing and sending digests: who is due, and what becomes of each mail.

One process composes and sends at a time. A digest, and the memory of what it told, are kept before anything is sent,
so what is interrupted at any point goes on from there.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from datetime import datetime

import click

from flows.alerting import queue_alarms, raise_alerts
from flows.configuration import Place, read_topic
from flows.newsroom import Newsroom
from flows.passwords import smtp_password
from flows.storage import core_of
from marsad.composing import Told, told_of
from marsad.deliveries import REVIVED, put_off, refused, revived, taken
from marsad.digests import Delivery, Unsent
from marsad.errors import BadInput, MailDelayed, MailRefused, MarsadError, SettingsError
from marsad.renaming import memory_of, told_to
from marsad.settings import Subscriber
from marsad.windows import Memory, Window, due_window, wants_sign_of_life
from reports.mail import render_mail
from reports.notice import render_notice
from transport.mail import MailServer
from warehouse.outbox import Outbox, Telling
from warehouse.reader import Reader

#: Marks one by one took as long as the sending; a sender that is killed sends at most so many a second time.
MARKED_TOGETHER_COUNT = 20


@dataclass(frozen=True, slots=True)
class Sending:
    """What came of the deliveries that were due."""

    sent_count: int = 0
    waiting_count: int = 0  #: to be tried again, those of earlier tries included
    dead_count: int = 0  #: refused for good
    failed_count: int = 0  #: digests that a bug or a wrong rule kept from being composed; they are tried again
    unsent: tuple[Unsent, ...] = ()  #: why mails wait, also those of earlier tries, and why the dead ones died


def can_send(place: Place) -> bool:
    """Return whether a mail server and at least one subscriber are set."""
    return bool(place.settings.mail.host and place.settings.subscribers)


def send_digests(place: Place) -> Sending:
    """Queue the digests that are due, each once whatever happens, and try all mails that are.

    Raises:
        WarehouseBusy: another process is sending.
    """
    outbox, began_at = Outbox(core_of(place)), place.now()
    with outbox.only_sender():
        raise_alerts(place)
        queue_alarms(place, outbox)
        failed_count = queue_digests(place, outbox)
        tried = _try_all(place, outbox)
        _tell_operator(place, outbox, [delivery for delivery in tried if delivery.state == "dead"])
    unsent, words = outbox.unsent(began_at), [delivery.state for delivery in tried]
    waiting_count = sum(one.mail_count for one in unsent if one.state == "pending")
    return Sending(words.count("sent"), waiting_count, words.count("dead"), failed_count, unsent)


def revive_refused(place: Place) -> int:
    """Have the mails that were refused for good in the last days tried again; return how many.

    Raises:
        WarehouseBusy: another process is sending.
    """
    outbox, now = Outbox(core_of(place)), place.now()
    with outbox.only_sender():
        dead = outbox.refused(now - REVIVED)
        if dead:
            outbox.mark([revived(delivery, now) for delivery in dead], now)
    return len(dead)


def queue_digests(place: Place, outbox: Outbox) -> int:
    """Keep what every subscription is due to be told, as mails; return how many digests failed for a bug."""
    with Reader(place.data).held() as reader:
        told_until = reader.told_until()
        return _queue(Newsroom(place, read_topic(place), reader), outbox, told_until) if told_until else 0


def _queue(newsroom: Newsroom, outbox: Outbox, told_until: datetime) -> int:
    place, memories, told = newsroom.place, outbox.memories(told_until), outbox.told(told_until)
    tellings, failed_count = [], 0
    for subscriber in (readers := place.settings.subscribers):
        memory = memory_of(subscriber, readers, memories)
        window = due_window(subscriber, memory, told_until)
        if window is None:
            continue
        try:
            telling = _telling(newsroom, subscriber, window, memory, told_to(subscriber, readers, told))
        except SettingsError as error:  # a rule that names nobody; the other readers have nothing to do with it
            click.echo(f"no digest for {subscriber.key}: {error}", err=True)
            failed_count += 1
        except MarsadError:
            raise
        except Exception:  # noqa: BLE001  a bug that one digest meets stops no other
            traceback.print_exc()
            failed_count += 1
        else:
            tellings += [telling] if telling else []
    if tellings:
        outbox.keep(tellings, place.now())
    return failed_count


def _telling(
    newsroom: Newsroom, subscriber: Subscriber, window: Window, memory: Memory, told: dict[int, Told]
) -> Telling | None:
    """Return what is to be kept of a window, None where an immediate one held nothing and may go on growing."""
    digest = newsroom.digest(subscriber, window, told)
    if digest.is_quiet and not wants_sign_of_life(subscriber, memory, window):
        return None if subscriber.frequency == "immediate" and memory.ended_at else Telling(subscriber.key, window)
    delivery = render_mail(digest, newsroom.place.settings.mail.sender)
    return Telling(subscriber.key, window, delivery, told_of(digest.stories))


def _try_all(place: Place, outbox: Outbox) -> list[Delivery]:
    """Try all mails that are due over one connection; return what became of each."""
    due, tried = _still_wanted(place, outbox), list[Delivery]()
    with MailServer(place.settings.mail, smtp_password(place.settings.mail)) as server:
        for begun in range(0, len(due), MARKED_TOGETHER_COUNT):
            try:
                for delivery in due[begun : begun + MARKED_TOGETHER_COUNT]:
                    tried.append(_try(place, server, delivery))
            finally:
                if tried[begun:]:
                    outbox.mark(tried[begun:], place.now())
    return tried


def _still_wanted(place: Place, outbox: Outbox) -> list[Delivery]:
    """Return the mails to try now; those to somebody who has left since they were composed are never sent."""
    settings = place.settings
    readers = {one.lower() for one in (settings.mail.operator or "", *(one.address for one in settings.subscribers))}
    due = outbox.due(place.now())
    if left := [refused(one, "no subscriber of the settings") for one in due if one.recipient.lower() not in readers]:
        outbox.mark(left, place.now())
    return [one for one in due if one.recipient.lower() in readers]


def _try(place: Place, server: MailServer, delivery: Delivery) -> Delivery:
    try:
        return taken(delivery, server.send(delivery.payload, place.settings.mail.sender, delivery.recipient))
    except MailDelayed as error:
        return put_off(delivery, error.reason, place.now())
    except (MailRefused, BadInput) as error:
        return refused(delivery, error.reason)


def _tell_operator(place: Place, outbox: Outbox, dead: list[Delivery]) -> None:
    """Queue a mail about mails that died; it goes out with the next ones, and one about itself is never written."""
    mail = place.settings.mail
    others = [delivery for delivery in dead if delivery.recipient != mail.operator]
    if mail.operator and others:
        outbox.queue([render_notice(others, mail.sender, mail.operator, place.now())], place.now())
