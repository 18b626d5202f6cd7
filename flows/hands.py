"""Owns who does the reading of a chunk, which is what a processor is busy with: this machine, or a cluster's workers.

The order of a cycle is the same either way; fetching, archive and warehouse stay where the cycle runs, so that hosts
are asked by one process and batches are written by one.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any, Protocol

from extractors.pool import ExtractorPool, Job
from flows.configuration import Place, read_topic
from flows.reading import Extracted, draft_of
from marsad.articles import Article, Drop
from marsad.records import Draft
from marsad.settings import ExtractSettings
from marsad.topic import Topic

_PAGES_A_SLICE = 25  #: pages sent to one worker at once: some 2 MB, and a second of work


class Hands(Protocol):
    """Who takes pages apart and reads what they say, each outcome in the order of what was given."""

    def extract(self, jobs: Sequence[Job]) -> Iterable[Article | Drop]:
        """Return the article of each page, or why it holds none."""
        ...

    def draft(self, extracted: Sequence[Extracted], now: datetime) -> Iterable[Draft | Drop]:
        """Return what each article says, or why it is not kept."""
        ...


@dataclass(frozen=True, slots=True)
class OwnHands:
    """This machine."""

    topic: Topic
    pool: ExtractorPool

    def extract(self, jobs: Sequence[Job]) -> Iterable[Article | Drop]:
        """Return the article of each page, or why it holds none."""
        return self.pool.extract(jobs)

    def draft(self, extracted: Sequence[Extracted], now: datetime) -> Iterable[Draft | Drop]:
        """Return what each article says, or why it is not kept."""
        return [draft_of(self.topic, one, now) for one in extracted]


#: Calls a function with each of these arguments, wherever that is, and returns what came of it in their order.
Spread = Callable[[Callable[..., list[Any]], Sequence[tuple[Any, ...]]], Iterable[list[Any]]]


@dataclass(frozen=True, slots=True)
class ManyHands:
    """The workers of a cluster, each of which finds settings and topic where this machine has them."""

    place: Place
    spread: Spread

    def extract(self, jobs: Sequence[Job]) -> Iterable[Article | Drop]:
        """Return the article of each page, or why it holds none."""
        slices = [(self.place.settings.extract, part) for part in _slices(jobs)]
        return chain.from_iterable(self.spread(_extract_slice, slices))

    def draft(self, extracted: Sequence[Extracted], now: datetime) -> Iterable[Draft | Drop]:
        """Return what each article says, or why it is not kept."""
        slices = [(self.place, part, now) for part in _slices(extracted)]
        return chain.from_iterable(self.spread(_draft_slice, slices))


def _slices(items: Sequence[Any]) -> Iterator[list[Any]]:
    return (list(items[at : at + _PAGES_A_SLICE]) for at in range(0, len(items), _PAGES_A_SLICE))


def _extract_slice(limits: ExtractSettings, jobs: Sequence[Job]) -> list[Article | Drop]:
    return list(_pool(limits).extract(jobs))


def _draft_slice(place: Place, extracted: Sequence[Extracted], now: datetime) -> list[Draft | Drop]:
    return [draft_of(_topic(place), one, now) for one in extracted]


@cache
def _pool(limits: ExtractSettings) -> ExtractorPool:
    """Return the processes of this worker, which stay as long as it does."""
    pool = ExtractorPool(limits)
    atexit.register(pool.__exit__, None, None, None)
    return pool


@cache
def _topic(place: Place) -> Topic:
    return read_topic(place)
