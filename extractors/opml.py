"""Owns reading OPML: the list of feeds that every feed reader exports, as feeds of ours.

OPML says title and address; outlet, zone and kind are ours, written under our own prefix by `reports.opml` and guessed
where a list comes from elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from extractors.feeds import checked_text
from extractors.markup import LIBRARY_ERRORS
from extractors.words import TITLE_LIMIT_CHARS, clean_words
from marsad.catalogue import kind_of, outlet_for
from marsad.errors import BadInput, Permanent
from marsad.sources import Feed, FeedKind, Outlet, Page
from marsad.urls import resolve_url
from marsad.zones import is_zone

OUTLINE_LIMIT_COUNT = 20_000  #: far beyond any list that a person keeps
_OURS = ("name_ar", "country", "line", "family")


@dataclass(frozen=True, slots=True)
class Outlines:
    """What an OPML file lists."""

    feeds: tuple[Feed, ...]  #: each url once, in the file's order
    refused: tuple[str, ...] = ()  #: addresses that are none of ours (feed:, javascript:, empty)


def parse_opml(body: bytes, subject: str, known: tuple[Feed, ...] = ()) -> Outlines:
    """Return the feeds of an OPML file; folders in it are looked into and left out.

    A zone that is none, and a kind that is none, are guessed as where nothing is said: a list must not be refused for
    what is ours alone. The zone is UTC then.

    Args:
        body: the file.
        subject: its name, for errors.
        known: feeds whose outlets are taken for further feeds of their sites.

    Raises:
        BadInput: no OPML, no outline with an address, or a document that declares entities.
    """
    root = _root(body, subject)
    rows = [row for row in root.iter("outline", "{*}outline") if _address(row)]
    if _name(root) != "opml" or not rows:
        raise BadInput(subject, "is no OPML file that lists feeds")
    if len(rows) > OUTLINE_LIMIT_COUNT:
        raise BadInput(subject, f"lists more than {OUTLINE_LIMIT_COUNT} feeds")
    feeds: dict[str, Feed] = {}
    refused: list[str] = []
    for row in rows:
        try:
            feed = _feed(row, (*known, *feeds.values()))
        except BadInput as error:
            refused.append(error.subject)
        else:
            feeds.setdefault(feed.url, feed)
    return Outlines(tuple(feeds.values()), tuple(refused))


def _root(body: bytes, subject: str) -> etree._Element:
    page = Page(subject, subject, 200, (), body, datetime.min.replace(tzinfo=UTC))
    try:
        text = checked_text(page)
        parser = etree.XMLParser(
            encoding="utf-8", recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        root: etree._Element | None = etree.fromstring(text.encode(), parser)
    except Permanent as error:
        raise BadInput(subject, f"is no OPML file ({error.reason})") from error
    except LIBRARY_ERRORS as error:
        raise BadInput(subject, "is no OPML file (it cannot be parsed)") from error
    if root is None:
        raise BadInput(subject, "is no OPML file (no markup)")
    return root


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _values(row: etree._Element) -> dict[str, str]:
    """Return the attributes by local name: readers disagree on case (xmlUrl, xmlurl) and prefixes."""
    names = (
        (str(name).rpartition("}")[2].rpartition(":")[2].lower(), str(value)) for name, value in row.attrib.items()
    )
    return {name: value.strip() for name, value in names}


def _address(row: etree._Element) -> str:
    values = _values(row)
    return values.get("xmlurl", "") or (values.get("url", "") if values.get("type") in ("rss", "atom") else "")


def _feed(row: etree._Element, known: tuple[Feed, ...]) -> Feed:
    values = _values(row)
    url = resolve_url("", _address(row))
    title = clean_words(values.get("title", "") or values.get("text", ""), TITLE_LIMIT_CHARS)
    zone, kind = values.get("zone", ""), values.get("kind", "")
    return Feed(
        url=url,
        outlet=_outlet(values, title) or outlet_for(url, title, known),
        kind=FeedKind(kind) if kind in set(FeedKind) else kind_of(url),
        zone=zone if is_zone(zone) else "UTC",
    )


def _outlet(values: dict[str, str], title: str) -> Outlet | None:
    if not values.get("outlet"):
        return None
    said = {key: clean_words(values.get(key, ""), TITLE_LIMIT_CHARS) for key in ("outlet", "name", *_OURS)}
    return Outlet(said["outlet"], said["name"] or title or said["outlet"], *(said[key] for key in _OURS))
