"""Owns the list of feeds and outlets as it is written in feeds.toml, and what a bare url tells of outlet and kind."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from marsad.errors import BadInput, SettingsError
from marsad.sources import Feed, FeedKind, Line, Outlet
from marsad.urls import host_of, site_of
from marsad.zones import zone_named

_TABLES = ("outlet", "feed", "line")
_OUTLET_KEYS = {"id", "name", "name_ar", "country", "line", "family"}
_LINE_KEYS = {"id", "name", "name_ar"}
_FEED_KEYS = {"url", "outlet", "kind", "zone", "note", "evidence"}
_OUTLET_ORDER = ("id", "name", "name_ar", "country", "line", "family")
#: Sites that hand on the feeds of others: which of them is told by the path alone.
_FEED_SERVICES = frozenset({"feedburner.com", "feedblitz.com", "rss.app", "google.com", "bing.com", "rsshub.app"})
_SEARCHES = {"news.google.com": "/rss", "www.bing.com": "/news/search"}  #: host -> start of the path
_SITEMAP = re.compile(r"sitemap[^/]*(?:\.xml(?:\.gz)?)?$|/sitemaps?/", re.IGNORECASE)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_TOML_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')


@dataclass(frozen=True, slots=True)
class OutletTable:
    """Whose pages stand at which addresses."""

    names: Mapping[str, str]  #: by host, or by host and first folder of the path

    def name_at(self, url: str) -> str:
        """Return the name of the outlet that publishes at `url`, empty where the table does not know it.

        Raises:
            BadInput: not an http or https url.
        """
        labels = host_of(url).split(".")
        folder = urlsplit(url).path.lstrip("/").partition("/")[0].lower()
        hosts = [".".join(labels[start:]) for start in range(len(labels) - 1)]
        places = (place for host in hosts for place in (f"{host}/{folder}", host))
        return next((self.names[place] for place in places if place in self.names), "")


def parse_outlet_table(text: str, subject: str) -> OutletTable:
    """Return the outlets.toml in `text`; `subject` names the file in errors.

    Raises:
        SettingsError: not TOML, or a name that is no text.
    """
    try:
        names = tomllib.loads(text).get("outlet", {})
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(subject, f"not valid TOML ({error})") from error
    if not isinstance(names, dict) or not all(isinstance(name, str) for name in names.values()):
        raise SettingsError(subject, "[outlet] holds a name in quotes for each host")
    return OutletTable(names)


def parse_feed_list(text: str, subject: str) -> tuple[Feed, ...]:
    """Return the feeds of a feeds.toml, each url once, in the order written; `subject` names the file in errors.

    Raises:
        SettingsError: not TOML, an unknown table or key, an outlet that is not described, a url that is not http(s).
    """
    table = _tables_of(text, subject)
    outlets = {row["id"]: Outlet(**row) for row in _rows(table, "outlet", _OUTLET_KEYS, {"id", "name"}, subject)}
    feeds: dict[str, Feed] = {}
    for row in _rows(table, "feed", _FEED_KEYS, {"url", "outlet"}, subject):
        feed = _feed(row, outlets, subject)
        feeds.setdefault(feed.url, feed)
    return tuple(feeds.values())


def parse_lines(text: str, subject: str) -> tuple[Line, ...]:
    """Return the names of editorial lines in a feeds.toml, in the order written; `subject` names the file in errors.

    Raises:
        SettingsError: not TOML, an unknown table or key, or a key that is missing.
    """
    return tuple(Line(**row) for row in _rows(_tables_of(text, subject), "line", _LINE_KEYS, {"id", "name"}, subject))


def _tables_of(text: str, subject: str) -> dict[str, Any]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(subject, f"not valid TOML ({error})") from error
    if unknown := sorted(tables.keys() - _TABLES):
        raise SettingsError(subject, f"unknown table {unknown[0]!r}; known are {', '.join(_TABLES)}")
    return tables


def _rows(table: dict[str, Any], name: str, known: set[str], needed: set[str], subject: str) -> list[dict[str, str]]:
    rows = table.get(name, [])
    if not isinstance(rows, list):
        raise SettingsError(subject, f"{name}s are written as [[{name}]] tables")
    for number, row in enumerate(rows, 1):
        place = f"[[{name}]] number {number}"
        if not isinstance(row, dict) or not all(isinstance(value, str) for value in row.values()):
            raise SettingsError(subject, f"{place}: every value is a text in quotes")
        if unknown := sorted(row.keys() - known):
            raise SettingsError(subject, f"{place}: unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}")
        if missing := sorted(needed - row.keys()):
            raise SettingsError(subject, f"{place}: {missing[0]!r} is missing")
    return rows


def _feed(row: dict[str, str], outlets: dict[str, Outlet], subject: str) -> Feed:
    url, zone = row["url"], row.get("zone", "UTC")
    place = f"{subject}, feed {url}"
    try:
        host_of(url)
    except BadInput as error:
        raise SettingsError(place, "a feed's url starts with http:// or https:// and names a host") from error
    if row["outlet"] not in outlets:
        raise SettingsError(place, f"no [[outlet]] has the id {row['outlet']!r}")
    try:
        zone_named(zone)
    except ValueError as error:
        raise SettingsError(place, str(error)) from error
    kind = row.get("kind", FeedKind.FEED)
    if kind not in set(FeedKind):
        raise SettingsError(place, f"kind is one of {', '.join(FeedKind)}, not {kind!r}")
    return Feed(url=url, outlet=outlets[row["outlet"]], kind=FeedKind(kind), zone=zone)


def dump_feed_list(feeds: Iterable[Feed]) -> str:
    """Return the text of a feeds.toml that `parse_feed_list` reads back as `feeds`."""
    listed = tuple(feeds)
    outlets = {feed.outlet.id: feed.outlet for feed in reversed(listed)}
    tables = [_table("outlet", {key: getattr(outlet, key) for key in _OUTLET_ORDER}) for outlet in outlets.values()]
    for feed in listed:
        kind = "" if feed.kind is FeedKind.FEED else str(feed.kind)
        tables.append(_table("feed", {"url": feed.url, "outlet": feed.outlet.id, "kind": kind, "zone": feed.zone}))
    return "\n".join(tables)


def dump_lines(lines: Iterable[Line]) -> str:
    """Return the part of a feeds.toml that `parse_lines` reads back as `lines`."""
    rows = ({"id": line.id, "name": line.name, "name_ar": line.name_ar} for line in lines)
    return "".join(_table("line", row) + "\n" for row in rows)


def kind_of(url: str) -> FeedKind:
    """Return what stands at a feed's url, as far as the url alone tells."""
    parts = urlsplit(url)
    path = _SEARCHES.get(parts.hostname or "")
    if path is not None and parts.path.startswith(path):
        return FeedKind.SEARCH
    return FeedKind.SITEMAP if _SITEMAP.search(parts.path) else FeedKind.FEED


def outlet_for(url: str, name: str, known: Sequence[Feed]) -> Outlet:
    """Return the outlet of a feed of which only this is known: one of `known` on the same site, else one of its own.

    Raises:
        BadInput: not an http or https url.
    """
    site = site_of(host_of(url))
    is_service = site in _FEED_SERVICES
    for feed in known:
        if feed.url == url or (not is_service and site_of(host_of(feed.url)) == site):
            return feed.outlet
    bare = urlsplit(url).path if is_service else ""
    return Outlet(_NOT_SLUG.sub("-", f"{site}{bare}".lower()).strip("-"), " ".join(name.split()) or site)


def _table(name: str, values: dict[str, str]) -> str:
    lines = [f"{key} = {_quoted(value)}\n" for key, value in values.items() if value]
    return f"[[{name}]]\n{''.join(lines)}"


def _quoted(value: str) -> str:
    told = value.encode("utf-8", "replace").decode()  # a lone surrogate is no text
    return '"' + _TOML_ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", told) + '"'
