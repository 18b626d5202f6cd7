"""Owns the verb run: one monitoring cycle, with progress and a table at the end."""

from __future__ import annotations

import asyncio

import click

from flows.configuration import Place
from flows.cycle import run_cycle
from flows.desk import direct, only_cycle, read_desk
from flows.exits import FINE, SOME_FAILED
from flows.options import placed
from reports.terminal import CycleProgress, render_summary


@click.command(epilog="Example: marsad run --data ~/news")
@click.option("--since", help="Also backfill, from this day on (not there yet).")
@placed
def run(place: Place, since: str | None) -> int:
    """Run one monitoring cycle now; what it stores can be asked with `marsad sql` right after."""
    if since is not None:
        raise click.UsageError("backfilling with --since is not there yet; run without it reads what the feeds hold")
    with only_cycle(place), CycleProgress() as progress:
        summary = asyncio.run(run_cycle(read_desk(place), direct, progress))
    click.echo(render_summary(summary), nl=False)
    if summary.feed_count and len(summary.failed_feeds) == summary.feed_count:
        click.echo("No feed answered. Is there a network? What was stored before is as it was.", err=True)
    bugs = summary.drops.get("bug", 0)
    if bugs:
        click.echo(f"{bugs} pages met a bug of Marsad's; they are drops, the traceback stands above.", err=True)
    return SOME_FAILED if summary.failed_feeds or bugs else FINE
