"""Owns the verb sql: any query on the published data, as table, JSON, CSV or Parquet, or typed at a prompt."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import click

from flows.configuration import Place
from flows.contract import json_text, json_value
from flows.options import placed
from marsad.errors import BadInput
from reports.terminal import render_table
from warehouse.reader import Reader, Table

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  #: a spreadsheet runs a cell that starts so (OWASP, CSV injection)
_EPILOG = """\b
Examples:
  marsad sql "select title, outlet from articles order by first_seen_at desc limit 5"
  marsad sql --json "select * from daily_coverage"
  marsad sql --parquet out.parquet "from articles"
  marsad sql "describe articles"     which columns there are
"""


@click.command(epilog=_EPILOG)
@click.argument("query", required=False)
@click.option("--json", "form", flag_value="json", help="A JSON array of objects.")
@click.option("--csv", "form", flag_value="csv", help="CSV; a cell that a spreadsheet would run gets a quote.")
@click.option("--parquet", type=click.Path(path_type=Path, dir_okay=False), help="Write the answer to this file.")
@placed
def sql(place: Place, query: str | None, form: str | None, parquet: Path | None) -> None:
    """Run the SQL QUERY on the published data; without QUERY, read from a prompt or from standard input."""
    reader = Reader(place.data)
    if query is None and sys.stdin.isatty():
        _converse(reader)
        return
    query = query if query is not None else sys.stdin.read()
    if parquet is not None:
        reader.export_parquet(query, parquet)
        click.echo(f"written to {parquet}", err=True)
        return
    click.echo(_written(reader.query(query), form), nl=False)


def _written(table: Table, form: str | None) -> str:
    match form:
        case "json":
            names = _each_once(table.columns)
            rows = [dict(zip(names, map(json_value, row), strict=True)) for row in table.rows]
            return json_text(rows, indent=1) + "\n"
        case "csv":
            return _csv(table)
        case _:
            return render_table(table.columns, table.rows)


def _each_once(columns: tuple[str, ...]) -> list[str]:
    """Number the columns that bear a name for the second time, as an object holds each name once."""
    return [f"{name}_{columns[:at].count(name)}" if name in columns[:at] else name for at, name in enumerate(columns)]


def _csv(table: Table) -> str:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_harmless(json_value(cell)) for cell in row] for row in table.rows)
    return lines.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _converse(reader: Reader) -> None:
    """Answer query after query; a wrong one is explained and the next one may come."""
    click.echo("SQL on the published data; an empty line or Ctrl-D ends. Try: show tables", err=True)
    reader.query("select 1")  # says at once where there is no data yet
    while (query := _ask()).strip():
        try:
            click.echo(_written(reader.query(query), None), nl=False)
        except BadInput as error:
            click.echo(str(error), err=True)


def _ask() -> str:
    try:
        return input("marsad> ")
    except EOFError:
        return ""
