"""Owns composing and sending digests: who is due, and what becomes of each mail.

One process composes and sends at a time. A digest, and the memory of what it told, are kept before anything is sent,
so what is interrupted at any point goes on from there.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

import click

from flows.alerting import note_alerts, queue_alarms, raise_alerts
from flows.configuration import Place, read_topic
from flows.journal import Journal, journal_of, run_id_of
from flows.newsroom import Newsroom
from flows.posting import post_mails, without_addresses
from flows.storage import core_of
from marsad.composing import Told, told_of
from marsad.deliveries import REVIVED, revived
from marsad.digests import Delivery, Unsent
from marsad.errors import MarsadError, SettingsError
from marsad.renaming import memory_of, told_to
from marsad.settings import Subscriber
from marsad.windows import Memory, Window, due_window, wants_sign_of_life
from reports.mail import render_mail
from reports.notice import render_notice
from warehouse.outbox import Outbox, Telling
from warehouse.reader import Reader


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
    with outbox.only_sender(), _journal(place) as journal:
        note_alerts(journal, raise_alerts(place))
        journal.info("alarms queued", mail_count=queue_alarms(place, outbox), mode=place.settings.alerts.mode)
        failed_count = queue_digests(place, outbox, journal)
        tried = post_mails(place, outbox, journal)
        _tell_operator(place, outbox, [delivery for delivery in tried if delivery.state == "dead"])
        outcome = _outcome(tried, failed_count, outbox.unsent(began_at))
        told = {name: count for name, count in asdict(outcome).items() if name.endswith("_count")}
        journal.info("sending ended", **told, reader_count=len({one.recipient for one in tried if one.state == "sent"}))
    return outcome


def _outcome(tried: list[Delivery], failed_count: int, unsent: tuple[Unsent, ...]) -> Sending:
    words = [delivery.state for delivery in tried]
    waiting_count = sum(one.mail_count for one in unsent if one.state == "pending")
    return Sending(words.count("sent"), waiting_count, words.count("dead"), failed_count, unsent)


@contextmanager
def _journal(place: Place) -> Iterator[Journal]:
    """Give the journal of a sending that begins; an error that ends it is told there too.

    Readers are told by their number among the subscribers of the settings, mails by their id, nobody by an address.
    """
    journal = journal_of(place, "digest").bind(run=run_id_of(place.now()))
    journal.info("sending started", clock=place.now().isoformat(), subscriber_count=len(place.settings.subscribers))
    try:
        yield journal
    except BaseException as error:
        journal.error("sending stopped", kind=type(error).__name__, reason=without_addresses(str(error)))
        raise


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
            journal_of(place, "digest").info("refused mails are tried again", mail_count=len(dead))
    return len(dead)


def queue_digests(place: Place, outbox: Outbox, journal: Journal) -> int:
    """Keep what every subscription is due to be told, as mails; return how many digests failed for a bug."""
    with Reader(place.data).held() as reader:
        told_until = reader.told_until()
        return _queue(Newsroom(place, read_topic(place), reader), outbox, told_until, journal) if told_until else 0


def _queue(newsroom: Newsroom, outbox: Outbox, told_until: datetime, journal: Journal) -> int:
    place, memories, told = newsroom.place, outbox.memories(told_until), outbox.told(told_until)
    tellings, failed = list[Telling](), list[str]()
    for number, subscriber in enumerate(readers := place.settings.subscribers, 1):
        memory = memory_of(subscriber, readers, memories)
        window = due_window(subscriber, memory, told_until)
        if window is None:
            continue
        span = {"since": window.since.isoformat(), "until": window.until.isoformat()}
        noted = journal.bind(reader=number, **span)
        with _stopping_no_other(subscriber, noted, failed):
            telling = _telling(newsroom, subscriber, window, memory, told_to(subscriber, readers, told), noted)
            tellings += [telling] if telling else []
    if tellings:
        outbox.keep(tellings, place.now())
    return len(failed)


@contextmanager
def _stopping_no_other(subscriber: Subscriber, journal: Journal, failed: list[str]) -> Iterator[None]:
    """Note in `failed` whose digest meets a bug or a wrong rule, with which the other readers have nothing to do."""
    try:
        yield
    except SettingsError as error:  # a rule that names nobody
        click.echo(f"no digest for {subscriber.key}: {error}", err=True)
        journal.error("digest failed", kind="SettingsError", reason=without_addresses(str(error)))
        failed.append(subscriber.key)
    except MarsadError:
        raise
    except Exception as error:  # noqa: BLE001  a bug
        traceback.print_exc()
        journal.error("digest failed", kind=type(error).__name__, reason=without_addresses(str(error)))
        failed.append(subscriber.key)


def _telling(
    newsroom: Newsroom,
    subscriber: Subscriber,
    window: Window,
    memory: Memory,
    told: dict[int, Told],
    journal: Journal,
) -> Telling | None:
    """Return what is to be kept of a window, None where an immediate one held nothing and may go on growing."""
    digest = newsroom.digest(subscriber, window, told)
    if digest.is_quiet and not wants_sign_of_life(subscriber, memory, window):
        journal.info("digest has nothing to tell")
        return None if subscriber.frequency == "immediate" and memory.ended_at else Telling(subscriber.key, window)
    delivery = render_mail(digest, newsroom.place.settings.mail.sender)
    journal.info(
        "digest composed",
        mail=delivery.message_id,
        story_count=len(digest.stories),
        change_count=len(digest.changes),
        alert_count=len(digest.alerts),
        held_count=digest.held_count,
    )
    return Telling(subscriber.key, window, delivery, told_of(digest.stories))


def _tell_operator(place: Place, outbox: Outbox, dead: list[Delivery]) -> None:
    """Queue a mail about mails that died; it goes out with the next ones, and one about itself is never written."""
    mail = place.settings.mail
    others = [delivery for delivery in dead if delivery.recipient != mail.operator]
    if mail.operator and others:
        outbox.queue([render_notice(others, mail.sender, mail.operator, place.now())], place.now())
