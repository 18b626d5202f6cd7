"""Owns the question whether a feed says something else of an article than before, so that its page is to be read again.

Outlets change articles under the same address. What tells of it is another title, or another date of the entry; the
latter counts for nothing where a feed dates all its entries anew with each answer, as some do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from marsad.sources import Entry

#: Entries of one answer that may be dated anew together, where they are more than half of those known: outlets touch
#: up a story and those around it, a feed that dates by the hour of its answer moves all of ten or more.
_FEW_COUNT = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """What a feed says of an entry that changes with the article."""

    title: str
    dated: str  #: when it was changed, or else published, in the feed's words


def claim_of(entry: Entry) -> Claim:
    """Return what the entry claims."""
    return Claim(entry.title, entry.updated or entry.published.raw)


def retold(entries: Iterable[Entry], known: Mapping[Entry, Claim]) -> list[Entry]:
    """Return those of `entries` of which their feed says something else than what is `known` of them."""
    by_feed: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry in known:
            by_feed[entry.feed_url].append(entry)
    return [entry for own in by_feed.values() for entry in _retold_by_one(own, known)]


def _retold_by_one(entries: list[Entry], known: Mapping[Entry, Claim]) -> list[Entry]:
    titled = [entry for entry in entries if entry.title != known[entry].title]
    dated = [entry for entry in entries if claim_of(entry).dated != known[entry].dated]
    is_believed = len(dated) <= max(_FEW_COUNT, len(entries) // 2)
    return [entry for entry in entries if entry in titled or (is_believed and entry in dated)]
