"""Owns the list of feeds and outlets as it is written in feeds.toml."""

from __future__ import annotations

import tomllib
from typing import Any
from zoneinfo import available_timezones

from marsad.errors import BadInput, SettingsError
from marsad.sources import Feed, FeedKind, Outlet
from marsad.urls import host_of

_OUTLET_KEYS = {"id", "name", "name_ar", "country", "line", "family"}
_FEED_KEYS = {"url", "outlet", "kind", "zone", "note", "evidence"}


def parse_feed_list(text: str, subject: str) -> tuple[Feed, ...]:
    """Return the feeds of a feeds.toml, each url once, in the order written; `subject` names the file in errors.

    Raises:
        SettingsError: not TOML, an unknown key, an outlet that is not described, a url that is not http(s).
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(subject, f"not valid TOML ({error})") from error
    outlets = {row["id"]: Outlet(**row) for row in _rows(table, "outlet", _OUTLET_KEYS, {"id", "name"}, subject)}
    feeds: dict[str, Feed] = {}
    for row in _rows(table, "feed", _FEED_KEYS, {"url", "outlet"}, subject):
        feed = _feed(row, outlets, subject)
        feeds.setdefault(feed.url, feed)
    return tuple(feeds.values())


def _rows(table: dict[str, Any], name: str, known: set[str], needed: set[str], subject: str) -> list[dict[str, str]]:
    rows = table.get(name, [])
    if not isinstance(rows, list):
        raise SettingsError(subject, f"{name}s are written as [[{name}]] tables")
    for number, row in enumerate(rows, 1):
        place = f"[[{name}]] number {number}"
        if not isinstance(row, dict) or not all(isinstance(value, str) for value in row.values()):
            raise SettingsError(subject, f"{place}: every value is a text in quotes")
        if unknown := sorted(row.keys() - known):
            raise SettingsError(subject, f"{place}: unknown key {unknown[0]!r}")
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
    if zone not in available_timezones():
        raise SettingsError(place, f"{zone!r} is no time zone; write one like Asia/Riyadh")
    kind = row.get("kind", FeedKind.FEED)
    if kind not in set(FeedKind):
        raise SettingsError(place, f"kind is one of {', '.join(FeedKind)}, not {kind!r}")
    return Feed(url=url, outlet=outlets[row["outlet"]], kind=FeedKind(kind), zone=zone)
