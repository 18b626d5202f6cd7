"""Owns the verb archive: taking pages out of what is kept as it came."""

from __future__ import annotations

from datetime import timedelta

import click

from flows.configuration import Place
from flows.options import placed
from flows.storage import archive_of, core_of, core_to_write
from marsad.articles import Drop
from marsad.errors import BadInput
from warehouse.forgetting import forget_page, trim_archive
from warehouse.rows import drop_row


@click.group()
def archive() -> None:
    """Take pages out of the archive, in which every page fetched is kept as it came."""


@archive.command(epilog='Example: marsad archive forget "https://example.org/news/1"')
@click.argument("url")
@placed
def forget(place: Place, url: str) -> None:
    """Take the page at URL out of the archive, as often as it was fetched and under every spelling of its address.

    The article that was read from it stays, and the page is not fetched again. Backups hold what they held.
    """
    count = forget_page(archive_of(place), url)
    if not count:
        raise BadInput(url, "is not in the archive")
    if core_of(place).exists():
        core = core_to_write(place)
        drop = Drop("archive", "taken_out", url, f"{count} records")
        with core.writing() as transaction:
            found = [drop_row(transaction.batch, drop, place.now())]
            transaction.append_tables({"drop": found}, place.now())
        core.publish()
    click.echo(f"taken out, {'once' if count == 1 else f'{count} times in all'}; backups hold what they held")


@archive.command(epilog="Example: marsad archive trim   (keep_days under [archive] in the settings)")
@placed
def trim(place: Place) -> None:
    """Delete the days that are older than keep_days of the settings; the unattended upkeep does so every night."""
    days = place.settings.archive.keep_days
    if not days:
        click.echo("every day is kept; say keep_days under [archive] in the settings to change that")
        return
    click.echo(f"days deleted: {trim_old_days(place)}; the last {days} are kept")


def trim_old_days(place: Place) -> int:
    """Delete the days of the archive beyond those the settings keep; return how many."""
    days = place.settings.archive.keep_days
    before = (place.now() - timedelta(days=days)).date()
    return trim_archive(archive_of(place), before) if days else 0
