"""Owns writing OPML: our feeds as any feed reader imports them.

What only we know of a feed stands in attributes under a prefix of our own, which readers pass over and
`extractors.opml` reads back.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from markupsafe import escape

from marsad.sources import Feed

_NAMESPACE = "urn:marsad:opml"
_HEAD = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0" xmlns:marsad="{_NAMESPACE}">\n'
    "<head><title>Marsad</title></head>\n<body>\n"
)


def render_opml(feeds: Iterable[Feed]) -> str:
    """Return an OPML 2.0 document of `feeds`, an outline an outlet with its feeds under it."""
    body = "".join(
        f"<outline {_written({'text': name})}>\n{''.join(map(_outline, group))}</outline>\n"
        for name, group in groupby(feeds, key=lambda feed: feed.outlet.name_ar or feed.outlet.name)
    )
    return f"{_HEAD}{body}</body>\n</opml>\n"


def _outline(feed: Feed) -> str:
    outlet = feed.outlet
    title = outlet.name_ar or outlet.name
    common = {"type": "rss", "text": title, "title": title, "xmlUrl": feed.url}
    ours = {"outlet": outlet.id, "kind": str(feed.kind), "zone": feed.zone}
    told = {key: getattr(outlet, key) for key in ("name", "name_ar", "country", "line", "family")}
    return (
        f"<outline {_written(common)} {_written({f'marsad:{key}': value for key, value in (ours | told).items()})}/>\n"
    )


def _written(values: dict[str, str]) -> str:
    return " ".join(f'{name}="{escape(_legal(value))}"' for name, value in values.items() if value)


def _legal(value: str) -> str:
    """Return `value` without what XML 1.0 cannot hold."""
    return "".join(char for char in value if char in "\t\n" or (char >= " " and not "\ud800" <= char <= "\udfff"))
