"""Owns what one cycle works with: the place, the topic and its feeds, the warehouse, the archive."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from flows.configuration import Place, read_corpus, read_feeds, read_knowledge, read_topic
from flows.ground import must_take_a_cycle
from flows.journal import Journal, journal_of, silent_journal
from flows.storage import archive_of, core_to_write
from marsad.errors import WarehouseBusy
from marsad.leads import Knowledge
from marsad.relations import Neighbour
from marsad.sharing import is_own
from marsad.sources import Feed
from marsad.topic import Topic
from warehouse.archive import Archive
from warehouse.core import Core
from warehouse.engine import disk_errors, locked

if TYPE_CHECKING:  # it is made of what a desk has
    from flows.hands import Hands

UP_LOCK = "up.lock"  #: of the data folder, held by the `marsad up` that is at work there
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """All that a cycle needs and does not change."""

    place: Place
    feeds: tuple[Feed, ...]
    topic: Topic
    knowledge: Knowledge
    corpus: tuple[Neighbour, ...]
    core: Core
    archive: Archive
    journal: Journal = field(default_factory=silent_journal)
    hands: Hands | None = None  #: who reads the pages; None: the machine that the cycle runs on

    @property
    def own_feeds(self) -> tuple[Feed, ...]:
        """The feeds that this worker asks; all of them where there is no other."""
        return tuple(feed for feed in self.feeds if is_own(feed.url, self.place.settings.workers))


class Steps(Protocol):
    """How a step is run: called directly, or as a Prefect task of that name."""

    async def __call__(self, name: str, step: Callable[..., Awaitable[T]], *arguments: Any) -> T:  # noqa: ANN401
        """Run `step(*arguments)` and return what it returns."""
        ...


class Progress(Protocol):
    """What a watcher of a long cycle sees."""

    def begin(self, stage: str, total: int) -> None:
        """Say that `stage` starts, with so many things to do."""

    def advance(self, stage: str, count: int = 1) -> None:
        """Say that `count` more of them are done."""


class Silence:
    """The progress of a cycle that nobody watches."""

    def begin(self, stage: str, total: int) -> None:
        """Say nothing."""

    def advance(self, stage: str, count: int = 1) -> None:
        """Say nothing."""


async def direct(name: str, step: Callable[..., Awaitable[T]], *arguments: Any) -> T:  # noqa: ANN401, ARG001
    """Run the step as the plain function that it is."""
    return await step(*arguments)


@contextmanager
def only_cycle(place: Place) -> Iterator[None]:
    """Hold the data folder's cycle lock; a killed cycle holds nothing.

    Raises:
        WarehouseBusy: another cycle is running there.
        WarehouseUnusable: the data folder cannot be written.
    """
    with only_one(place, "cycle.lock", "a cycle is running here; wait for its end, or stop it"):
        yield


@contextmanager
def only_one(place: Place, lock: str, reason: str) -> Iterator[None]:
    """Hold the file `lock` of the data folder, which is made where it is not there.

    Raises:
        WarehouseBusy: another process holds it; says `reason`.
        WarehouseUnusable: the data folder cannot be written.
    """
    with disk_errors(place.data):
        place.data.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        try:
            held.enter_context(locked(place.data / lock, wait_seconds=0))
        except WarehouseBusy as error:
            raise WarehouseBusy(str(place.data), reason) from error
        yield


def read_desk(place: Place) -> Desk:
    """Return the desk of a place, its warehouse created or migrated.

    Raises:
        SettingsError: topic folder or feeds are wrong.
        WarehouseUnusable: the data folder cannot be written, or its warehouse is damaged or newer.
        WarehouseBusy: another process holds the warehouse.
    """
    feeds, topic = read_feeds(place), read_topic(place)
    must_take_a_cycle(place)
    core = core_to_write(place)
    core.append_entities(topic.entities, place.now())
    return Desk(
        place=place,
        feeds=feeds,
        topic=topic,
        knowledge=read_knowledge(topic),
        corpus=read_corpus(place),
        core=core,
        archive=archive_of(place),
        journal=journal_of(place, "cycle"),
    )
