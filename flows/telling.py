"""Owns the verbs that tell: report, digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import click

from flows.configuration import Place, read_lines, read_topic, replace_bytes
from flows.digesting import can_send, revive_refused, send_digests
from flows.exits import FINE, SOME_FAILED
from flows.options import placed
from flows.previewing import write_previews
from marsad.digests import Report, Tally
from marsad.errors import SettingsError
from marsad.windows import start_of_day
from reports.page import render_report
from reports.terminal import unsent_said
from reports.wording import Language
from warehouse.reader import Reader

REPORT_DAYS = 30  #: of the page that each cycle writes
LISTED_COUNT = 2_000  #: articles that the page names, the newest
COUNTED_COUNT = 60_000  #: articles that the page counts; decisions/0014: 4.1 MB for 50,000


@click.command(epilog="Example: marsad report --days 90 --out report.html")
@click.option(
    "--days", default=REPORT_DAYS, show_default=True, type=click.IntRange(1, 3660), help="How many days back."
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="File (else reports/report.html in the data folder)."
)
@click.option("--language", type=click.Choice(["ar", "en"]), default="ar", show_default=True, help="Of the frame.")
@placed
def report(place: Place, days: int, out: Path | None, language: Language) -> None:
    """Write one self-contained page that needs no network: charts, filters, every number with its articles."""
    file = out or report_file(place, language)
    write_report(place, days, {file: language})
    click.echo(f"written to {file}")


def report_file(place: Place, language: Language) -> Path:
    """Return where the page stands that each cycle writes anew."""
    return place.data / "reports" / ("report.html" if language == "ar" else f"report-{language}.html")


def write_report(place: Place, days: int, files: Mapping[Path, Language]) -> None:
    """Write the report page of the last `days` days, once a language."""
    with Reader(place.data).held() as reader:
        shown = read_report(place, reader, place.now() - timedelta(days=days), place.now())
    for file, language in files.items():
        replace_bytes(file, render_report(shown, language).encode())


def read_report(place: Place, reader: Reader, since: datetime, until: datetime) -> Report:
    """Return what the report page shows until `until`, of whole days of UTC: from that of `since`, or from a later one.

    A later one where that is too much; the newest day with news is shown whole, however much it is.
    """
    topic, since = read_topic(place), start_of_day(since, "UTC")
    tallies = reader.tallies(since, until)
    if len(tallies) > COUNTED_COUNT:
        since = _fewer_days(tallies)
        tallies = tuple(tally for tally in tallies if tally.seen_at >= since)
    listed, older = tallies[:LISTED_COUNT], tallies[LISTED_COUNT:]
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
        lines=read_lines(place),
        spikes=reader.spikes(since, until),
        pieces=reader.pieces(listed[-1].seen_at, until)[: -LISTED_COUNT - 1 : -1] if listed else (),
        tallies=older,
        feeds=reader.feed_health(until),
        audited_count=audited_count,
        missed_count=missed_count,
    )


def _fewer_days(tallies: Sequence[Tally]) -> datetime:
    """Return the first day from which on no more are counted than a page holds, or the newest day."""
    newest, first_left = (start_of_day(tallies[place].seen_at, "UTC") for place in (0, COUNTED_COUNT))
    return min(first_left + timedelta(days=1), newest)


@click.command(epilog="Example: marsad digest --preview mail")
@click.option(
    "--preview",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write .eml and .html to this folder, in place of those of an earlier preview.",
)
@click.option("--send", is_flag=True, help="Queue what is due and send what is queued.")
@click.option("--again", is_flag=True, help="Try also what was refused for good in the last week.")
@placed
def digest(place: Place, preview: Path | None, *, send: bool, again: bool) -> int:
    """Preview or send the digests of the subscribers in the settings."""
    if again and not send:
        raise click.UsageError("--again belongs to --send")
    if send and preview is not None:
        raise click.UsageError("say --preview DIR or --send, not both")
    if send:
        if not can_send(place):
            raise SettingsError("digest --send", "needs [mail] host and at least one [[subscribers]] in the settings")
        if again:
            click.echo(f"{revive_refused(place)} refused mails are tried again")
        outcome = send_digests(place)
        click.echo(f"{outcome.sent_count} sent, {outcome.waiting_count} waiting, {outcome.dead_count} refused for good")
        for one in outcome.unsent:
            click.echo(unsent_said(one), err=True)
        return SOME_FAILED if outcome.waiting_count or outcome.dead_count or outcome.failed_count else FINE
    if preview is None:
        raise click.UsageError("say --preview DIR or --send")
    return SOME_FAILED if write_previews(place, preview) else FINE
