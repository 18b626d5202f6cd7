"""Owns the verb trends: what grows and falls, drawn in the terminal."""

from __future__ import annotations

from dataclasses import asdict

import click

from flows.configuration import Place
from flows.contract import json_text
from flows.options import ZONE, placed
from reports.trends import render_trends
from warehouse.reader import Reader

_RISES_SHOWN = 8
_EPILOG = """\b
Examples:
  marsad trends                            the topic, the last 30 days
  marsad trends "مجلس الأمن" --days 90      one name, in any spelling
  marsad trends --zone Asia/Riyadh         days as Riyadh counts them
"""


@click.command(epilog=_EPILOG)
@click.argument("name", required=False)
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 3660), help="How many days back.")
@click.option("--zone", type=ZONE, default="UTC", show_default=True, help="IANA time zone whose days are counted.")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object a day.")
@placed
def trends(place: Place, name: str | None, days: int, zone: str, *, as_json: bool) -> None:
    """Show articles by day (by our first reading), what stands out, and the names that rise; with NAME, that name."""
    if name is not None and not name.strip():  # as of a script's variable that is not set
        raise click.BadParameter("it is empty; say which name, or leave it out for the whole topic", param_hint="NAME")
    reader = Reader(place.data)
    counted = reader.name_days(name, days, zone) if name else reader.topic_days(days, zone)
    if as_json:
        click.echo(json_text([asdict(day) for day in counted], indent=1))
        return
    rises = () if name else reader.rises()[:_RISES_SHOWN]
    click.echo(render_trends(name or "articles", zone, counted, rises), nl=False)
