"""Owns the verb run: one monitoring cycle, with progress and a table at the end."""

from __future__ import annotations

from datetime import datetime

import click

from flows.aftermath import tell_of_cycle
from flows.configuration import Place
from flows.cycle import run_cycle
from flows.days import DAY
from flows.desk import direct, only_cycle, read_desk
from flows.exits import FINE, SOME_FAILED
from flows.lifeline import run_until_told
from flows.options import placed, spelt_options
from flows.pasting import pasted
from reports.terminal import CycleProgress, render_summary


@click.command(epilog="Examples: marsad run --data ~/news; marsad run --since 2026-11-01")
@click.option("--since", type=DAY, help="Also find what was published from this day (UTC) on.")
@placed
def run(place: Place, since: datetime | None) -> int:
    """Run one monitoring cycle now; what it stores can be asked with `marsad sql` right after.

    With --since, sitemaps and the older pages of feeds are read too. What does not fit into the cycle's time waits: the
    next cycles fetch what was found, and the same command again finds the rest.
    """
    if since is not None and since > place.now():
        raise click.BadParameter("the day is still to come; name one that is over", param_hint="--since")
    with only_cycle(place), CycleProgress() as progress:
        summary = run_until_told(run_cycle(read_desk(place), direct, progress, since))
        trouble = tell_of_cycle(place, summary)
    click.echo(render_summary(summary), nl=False)
    if trouble:
        click.echo(f"The cycle is stored, but not all that follows it is done: {trouble}", err=True)
    if summary.feed_count and len(summary.failed_feeds) == summary.feed_count:
        said = "No feed answered. Is there a network? marsad doctor looks. What was stored before is as it was."
        click.echo(pasted(said, spelt_options()), err=True)
    bugs = summary.drops.get("bug", 0)
    if bugs:
        click.echo(f"{bugs} pages met a bug of Marsad's; they are drops, the traceback stands above.", err=True)
    return SOME_FAILED if summary.failed_feeds or bugs else FINE
