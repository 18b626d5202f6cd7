"""Owns the verb feeds: the sources and their health."""

from __future__ import annotations

from dataclasses import asdict

import click

from flows.coming import announced
from flows.configuration import Place, read_feeds
from flows.contract import json_text, json_value
from flows.options import placed
from marsad.digests import FeedHealth
from reports.terminal import render_feeds
from warehouse.reader import Reader


@click.group()
def feeds() -> None:
    """Show and check the sources."""


@feeds.command(name="list", epilog="Example: marsad feeds list --json")
@click.option("--json", "as_json", is_flag=True, help="A JSON array.")
@placed
def list_feeds(place: Place, *, as_json: bool) -> None:
    """List every feed of the topic folder with its outlet, state and newest entry."""
    known = _health(place)
    listed = [known.get(feed.url, FeedHealth(feed.url, feed.outlet.name, "never")) for feed in read_feeds(place)]
    if not as_json:
        click.echo(render_feeds(tuple(listed)), nl=False)
        return
    rows = [{name: json_value(value) for name, value in asdict(feed).items()} for feed in listed]
    click.echo(json_text(rows, indent=1))


def _health(place: Place) -> dict[str, FeedHealth]:
    reader = Reader(place.data)
    if not reader.is_published:  # before the first cycle every feed is one that was never asked
        return {}
    return {feed.url: feed for feed in reader.feed_health(place.now())}


_BY_HAND = "add a [[feed]] to feeds.toml in a topic folder of your own"

feeds.add_command(announced("feeds check", "marsad run, then marsad feeds list"))
feeds.add_command(announced("feeds add", _BY_HAND))
feeds.add_command(announced("feeds import", _BY_HAND))
