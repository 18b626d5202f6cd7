"""Owns the verb replay: a stage again over what is kept, with progress and a table at the end."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import click

from flows.configuration import Place
from flows.contract import json_text
from flows.days import DAY
from flows.desk import only_cycle, read_desk
from flows.exits import FINE, SOME_FAILED
from flows.options import placed
from flows.replaying import ReplaySummary, Stage
from flows.replaying import replay as run_replay
from flows.storage import core_of
from reports.terminal import CycleProgress, render_table

_LINES = (
    ("page_count", "pages read again"),
    ("missing_count", "pages no longer in the archive"),
    ("new_count", "articles that were not found before"),
    ("text_count", "articles with another text"),
    ("reading_count", "articles told otherwise"),
    ("standing_count", "articles that stand otherwise to the others"),
)


@click.command(epilog="Example: marsad replay --since 2026-11-01 --from tag")
@click.option("--since", required=True, type=DAY, help="First day (UTC) of what was fetched or first read.")
@click.option(
    "--from",
    "stage",
    required=True,
    type=click.Choice([str(stage) for stage in Stage]),
    help="extract: pages of the archive; tag: names, statements, topic; relate: copies and stories.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@placed
def replay(place: Place, since: datetime, stage: str, *, as_json: bool) -> int:
    """Run a stage and those after it again, by the code and the topic as they are.

    Nothing is fetched and nothing is lost: what reads otherwise is added, and views show the newest. Run twice, it adds
    nothing the second time; stopped, it leaves what it had finished.
    """
    core_of(place).must_exist()
    with only_cycle(place), CycleProgress() as progress:
        summary = run_replay(read_desk(place), since, Stage(stage), progress)
    _tell(summary, as_json=as_json)
    if summary.bug_urls:
        click.echo(f"{len(summary.bug_urls)} texts met a bug of Marsad's and stay as they were.", err=True)
    return SOME_FAILED if summary.bug_urls else FINE


def _tell(summary: ReplaySummary, *, as_json: bool) -> None:
    if as_json:
        click.echo(json_text(asdict(summary)))
        return
    counts = asdict(summary)
    click.echo(render_table(("this replay", "count"), [(line, counts[name]) for name, line in _LINES]), nl=False)
