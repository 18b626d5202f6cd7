"""Owns the verb sql: any query on the published data, as table, JSON, CSV or Parquet, or typed at a prompt."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import click

from flows.answers import export, written
from flows.configuration import Place
from flows.options import placed
from reports.terminal import ROWS_SHOWN
from warehouse.reader import Reader

_COMMENTED = re.compile(r"--(?:[^=\s]*\s|.*\n)")  #: no option's name holds a blank; the value behind its = may
_EPILOG = """\b
Examples:
  marsad sql                         a prompt: completion, history, .help
  marsad sql "select title, outlet from articles order by first_seen_at desc limit 5"
  marsad sql --json "select * from daily_coverage"
  marsad sql --parquet out.parquet "from articles"
  marsad sql "describe articles"     which columns there are
  marsad sql --reach lists "from 'lists/outlets.csv' join articles using (outlet_id)"
"""


class _Asking(click.Command):
    """The verb, which takes a query that begins with a comment for what it is."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line; a blank in front, which SQL passes over, keeps a comment from being an option."""
        return super().parse_args(ctx, [f" {arg}" if _COMMENTED.match(arg) else arg for arg in args])


@click.command(cls=_Asking, epilog=_EPILOG)
@click.argument("query", required=False)
@click.option("--json", "form", flag_value="json", help="A JSON array of objects.")
@click.option("--csv", "form", flag_value="csv", help="CSV; a cell that a spreadsheet would run gets a quote.")
@click.option("--parquet", type=click.Path(path_type=Path, dir_okay=False), help="Write the answer to this file.")
@click.option(
    "--reach",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Let queries read and write the files of this folder; without it they reach none.",
)
@placed
def sql(place: Place, query: str | None, form: str | None, parquet: Path | None, reach: tuple[Path, ...]) -> None:
    """Run the SQL QUERY on the published data; without QUERY, read from a prompt or from standard input."""
    reader = replace(Reader(place.data), reach=reach)
    if query is None and sys.stdin.isatty():
        from flows.sql_prompt import converse  # noqa: PLC0415  a quarter of a second that a query does not need

        converse(reader)
        return
    query = query if query is not None else sys.stdin.read()
    if parquet is not None:
        export(reader, query, parquet)
        click.echo(f"written to {parquet}", err=True)
        return
    click.echo(written(reader.query(query, limit=None if form else ROWS_SHOWN), form), nl=False)
