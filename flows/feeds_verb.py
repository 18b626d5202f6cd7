"""Owns the verb feeds: the sources and their health, and the user's own list of them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from flows.configuration import Place, add_feeds, read_feeds
from flows.contract import json_text, json_value
from flows.demo_folder import is_demo
from flows.exits import FINE, SOME_FAILED
from flows.handed import bytes_of
from flows.options import ZONE, placed
from flows.surroundings import find_cycle
from marsad.checks import FeedCheck
from marsad.digests import FeedHealth
from marsad.errors import BadInput, FetchError
from marsad.sources import Feed, Outlet
from marsad.urls import host_of, spelled_url
from reports.terminal import CycleProgress, render_feeds
from warehouse.reader import Reader

_JSON = click.option("--json", "as_json", is_flag=True, help="A JSON array.")
_OPML_LIMIT_BYTES = 20 << 20  #: a list of 20,000 feeds has 4 MB


@click.group()
def feeds() -> None:
    """Show and check the sources; add, import and export them."""


@feeds.command(name="list", epilog="Example: marsad feeds list --json")
@_JSON
@placed
def list_feeds(place: Place, *, as_json: bool) -> None:
    """List every feed with its outlet, its state, and when it last brought an entry that was new to us."""
    known = _health(place)
    never = {feed.url: FeedHealth(feed.url, feed.outlet.name, "never") for feed in read_feeds(place)}
    listed = list(known.values()) if is_demo(place.data) else [known.get(url, feed) for url, feed in never.items()]
    if not as_json:
        click.echo(render_feeds(tuple(listed)), nl=False)
        if (cycle := find_cycle(place)).state != "ok":
            click.echo(f"The last cycle: {cycle.said}; {cycle.remedy}.", err=True)
        return
    rows = [{name: json_value(value) for name, value in asdict(feed).items()} for feed in listed]
    click.echo(json_text(rows, indent=1))


def _health(place: Place) -> dict[str, FeedHealth]:
    reader = Reader(place.data)
    if not reader.is_published:  # before the first cycle every feed is one that was never asked
        return {}
    return {feed.url: feed for feed in reader.feed_health(place.now())}


@feeds.command(epilog="Example: marsad feeds check https://example.org/rss.xml")
@click.argument("urls", nargs=-1)
@_JSON
@placed
def check(place: Place, urls: tuple[str, ...], *, as_json: bool) -> int:
    """Ask every feed now, or those at URLS: what it answers, how old its newest item is, how much is on the topic.

    Nothing is stored, and the next cycle asks again.
    """
    from flows.checking import check_feeds  # noqa: PLC0415

    listed = read_feeds(place)
    known, asked = {spelled_url(feed.url): feed for feed in listed}, {_spelled(url): url for url in urls}
    if strange := sorted(asked.keys() - known.keys()):
        said = "is no feed of yours; marsad feeds list shows them, marsad feeds add takes it up"
        raise BadInput(asked[strange[0]], said)
    chosen = [known[url] for url in asked] or listed
    with CycleProgress() as progress:
        checks = asyncio.run(check_feeds(place, chosen, progress))
    _tell(checks, as_json=as_json)
    return FINE if all(one.is_usable for one in checks) else SOME_FAILED


def _spelled(url: str) -> str:
    try:
        return spelled_url(url)
    except BadInput:
        return url


def _tell(checks: Sequence[FeedCheck], *, as_json: bool) -> None:
    from reports.checks import render_checks  # noqa: PLC0415

    if not as_json:
        click.echo(render_checks(checks), nl=False)
        return
    rows = [asdict(one) | {"topic_share": one.topic_share} for one in checks]
    click.echo(json_text([{name: json_value(value) for name, value in row.items()} for row in rows], indent=1))


@feeds.command(epilog='Example: marsad feeds add https://example.org --zone Asia/Baghdad --name "Example News"')
@click.argument("url")
@click.option("--name", default="", help="Name of the publisher (else as the site tells it).")
@click.option("--name-ar", default="", help="Its Arabic name.")
@click.option("--country", default="", help="Two letters (ISO 3166-1).")
@click.option("--zone", type=ZONE, default="UTC", show_default=True, help="Time zone of dates that carry none.")
@_JSON
@placed
def add(place: Place, url: str, name: str, name_ar: str, country: str, zone: str, *, as_json: bool) -> None:
    """Find the feeds and the news sitemap of the site at URL and add them to your own list.

    Your list stands in the data folder and is read beside the topic's.
    """
    from flows.checking import find_feeds  # noqa: PLC0415
    from marsad.catalogue import outlet_for  # noqa: PLC0415

    address = _address(url)
    outlet = None
    if name or name_ar:
        outlet = Outlet(outlet_for(address, name, ()).id, name or name_ar, name_ar, country.upper())
    try:
        found = asyncio.run(find_feeds(place, address, outlet, zone))
    except FetchError as error:
        raise BadInput(
            url, f"{error.reason}; look at the spelling, or whether marsad doctor finds a network"
        ) from error
    if not found:
        raise BadInput(address, "names no feed, and none stands at the usual places; name the feed's own address")
    fresh = add_feeds(place, [one.feed for one in found])
    _tell([one.check for one in found], as_json=as_json)
    click.echo(f"{_counted(len(fresh))} added, {len(found) - len(fresh)} known already", err=True)


def _address(url: str) -> str:
    """Return what the user may mean as a web address; a host has a dot, or is this machine."""
    address = url if "://" in url else f"https://{url}"
    try:
        address = spelled_url(address)
        host = host_of(address)
    except BadInput:
        host = ""
    if "." not in host and ":" not in host and host != "localhost":
        raise BadInput(url, "is no web address; write one like https://news.example.org/rss.xml")
    return address


@feeds.command(name="import", epilog="Example: marsad feeds import subscriptions.opml")
@click.argument("file", type=click.Path(path_type=Path))
@placed
def import_feeds(place: Place, file: Path) -> None:
    """Add the feeds of the OPML file FILE to your own list."""
    from extractors.opml import parse_opml  # noqa: PLC0415

    outlines = parse_opml(bytes_of(file, _OPML_LIMIT_BYTES), str(file), read_feeds(place))
    fresh = add_feeds(place, outlines.feeds)
    click.echo(f"{_counted(len(fresh))} added, {len(outlines.feeds) - len(fresh)} known already")
    for address in outlines.refused:
        click.echo(f"left out, no web address: {address!r}", err=True)


@feeds.command(epilog="Example: marsad feeds export > feeds.opml")
@click.option("--own", is_flag=True, help="Only those you added.")
@placed
def export(place: Place, *, own: bool) -> None:
    """Write all feeds as OPML to standard output."""
    from flows.configuration import read_own_feeds  # noqa: PLC0415
    from reports.opml import render_opml  # noqa: PLC0415

    listed: Sequence[Feed] = read_own_feeds(place) if own else read_feeds(place)
    sys.stdout.buffer.write(render_opml(listed).encode())
    sys.stdout.buffer.flush()


def _counted(count: int) -> str:
    return "1 feed" if count == 1 else f"{count} feeds"
