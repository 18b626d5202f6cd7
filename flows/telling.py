"""Owns the verbs that tell: trends, report, digest."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from flows.configuration import Place, read_topic
from flows.contract import json_text
from flows.options import placed
from marsad.digests import Delivery, Digest, Report, compose_digest, gather_stories
from marsad.errors import MailDelayed, MailRefused, SettingsError
from marsad.settings import Subscriber
from reports.mail import render_html, render_mail
from reports.page import render_report
from reports.terminal import render_trend
from transport.mail import send_mail
from warehouse.core import Core
from warehouse.outbox import Outbox
from warehouse.reader import Reader

SOME_FAILED = 1
_WINDOWS = {"immediate": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(days=7)}


@click.command(epilog="Example: marsad trends --days 14")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 3660), help="How many days back.")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object a day.")
@placed
def trends(place: Place, days: int, *, as_json: bool) -> None:
    """Show coverage by day (UTC, by our first reading)."""
    coverage = Reader(place.data).coverage(place.now() - timedelta(days=days), place.now())
    if as_json:
        click.echo(json_text([asdict(day) for day in coverage], indent=1))
    else:
        click.echo(render_trend(coverage), nl=False)


@click.command(epilog="Example: marsad report --days 90 --out report.html")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 3660), help="How many days back.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="File (else reports/report.html in the data folder)."
)
@placed
def report(place: Place, days: int, out: Path | None) -> None:
    """Write one self-contained page: coverage, stance by speaker, names, outlets, stories with evidence."""
    page = render_report(read_report(place, place.now() - timedelta(days=days), place.now()))
    file = out or place.data / "reports" / "report.html"
    _write(file, page.encode())
    click.echo(f"written to {file}")


def read_report(place: Place, since: datetime, until: datetime) -> Report:
    """Return what the report page shows of the time from `since` to `until`."""
    reader, topic = Reader(place.data), read_topic(place)
    audited_count, missed_count = reader.audit_counts(since, until)
    return Report(
        since=since,
        until=until,
        topic_name=topic.name,
        topic_name_ar=topic.name_ar,
        coverage=reader.coverage(since, until),
        speakers=reader.speaker_stances(since, until),
        entities=reader.entity_counts(since, until),
        outlets=reader.outlet_counts(since, until),
        stories=gather_stories(reader.pieces(since, until)),
        feeds=reader.feed_health(until),
        audited_count=audited_count,
        missed_count=missed_count,
    )


@click.command(epilog="Example: marsad digest --preview mail")
@click.option(
    "--preview", type=click.Path(path_type=Path, file_okay=False), help="Write .eml and .html to this folder."
)
@click.option("--send", is_flag=True, help="Queue what is due and send what is queued.")
@placed
def digest(place: Place, preview: Path | None, *, send: bool) -> int:
    """Preview or send the digests of the subscribers in the settings."""
    if send:
        outcome = send_digests(place)
        click.echo(f"{outcome.sent_count} sent, {outcome.waiting_count} waiting, {outcome.dead_count} refused for good")
        return SOME_FAILED if outcome.waiting_count or outcome.dead_count else 0
    if preview is None:
        raise click.UsageError("say --preview DIR or --send")
    subscribers = place.settings.subscribers or (Subscriber(address="reader@example.org"),)
    for number, subscriber in enumerate(subscribers, 1):
        composed = compose(place, subscriber, place.now())
        delivery = render_mail(composed, place.settings.mail.sender)
        _write(preview / f"digest-{number}.eml", delivery.payload)
        _write(preview / f"digest-{number}.html", render_html(composed, place.settings.mail.sender).encode())
        click.echo(f"{subscriber.address}: {preview / f'digest-{number}.eml'}, .html")
    return 0


def compose(place: Place, subscriber: Subscriber, until: datetime) -> Digest:
    """Return the digest of the day or week that ends at `until`."""
    since = until - _WINDOWS[subscriber.frequency]
    reader, topic = Reader(place.data), read_topic(place)
    return compose_digest(
        subscriber,
        since,
        until,
        reader.pieces(since, until),
        reader.coverage(until - timedelta(days=14), until),
        reader.feed_health(until),
        (topic.name, topic.name_ar),
    )


def last_end(subscriber: Subscriber, now: datetime) -> datetime:
    """Return the end of the subscriber's last whole hour, day or week before `now`.

    A window with fixed ends has one Message-ID, so a digest that is composed twice is queued once.
    """
    hour = now.astimezone(ZoneInfo(subscriber.zone)).replace(minute=0, second=0, microsecond=0)
    if subscriber.frequency == "immediate":
        return hour
    day = hour.replace(hour=0)
    return day if subscriber.frequency == "daily" else day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class Sending:
    """What came of the deliveries that were due."""

    sent_count: int
    waiting_count: int  #: to be tried again
    dead_count: int  #: refused for good


def send_digests(place: Place) -> Sending:
    """Queue the digests of this day, each once whatever happens, and try every delivery that is due.

    Raises:
        SettingsError: no mail server or no subscriber is set.
    """
    settings = place.settings
    if not settings.mail.host or not settings.subscribers:
        raise SettingsError("digest --send", "needs [mail] host and at least one [[subscribers]] in the settings")
    outbox = Outbox(Core(place.data))
    now = place.now()
    composed = [compose(place, reader, last_end(reader, now)) for reader in settings.subscribers]
    outbox.queue([render_mail(one, settings.mail.sender) for one in composed if not one.is_quiet], place.now())
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


def _write(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        raise SettingsError(str(file), f"cannot be written ({error.strerror})") from error
