"""Cycles that are killed at random moments, and what must hold whenever one was."""

from __future__ import annotations

import math
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.newsworld import PROTEST, VISIT, NewsWorld, feed_of, page_of, settings_for
from transport.site import Answer
from warehouse.core import Core

ITEMS_A_DAY = 4
SINCE = "2026-11-01T00:00:00+00:00"  #: the day that backfills ask for
DEADLINE_SECONDS = 120.0
STEP_SECONDS = 0.01
BACKFILL_NTH = 3
TRIES_A_KILL = 4  #: a cycle that is quicker than the one before it may get away
NOTHING_STORED = "with nothing stored"
#: The last kind of batch that a cycle has written -> where it was when it was killed.
MOMENTS = {
    "end": "while it published",
    "pages": "with pages stored",
    "backfill": "with a backfill stored",
    "polls": "with polls stored",
    "start": NOTHING_STORED,
}


class GrowingWorld(NewsWorld):
    """A feed that has news for each cycle, with a validator that says how far it has come, and sitemaps of the past."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[tuple[str, tuple[str, ...]]] = []
        self.part_count = 0  #: sitemaps, each with as many items that no feed shows
        self.heard_count = 0  #: requests before the newest items

    def __enter__(self) -> Self:
        super().__enter__()
        self.site.put("/hill.xml", Answer(feed_of(self.site.url(""), []), "application/rss+xml", etag='"0"'))
        self.grow()
        return self

    def grow(self) -> None:
        """Publish the next items; the validator is their number."""
        self.heard_count = len(self.site.requests)
        for number in range(len(self.items), len(self.items) + ITEMS_A_DAY):
            self.items.append((f"/page/{number}", self._publish(f"/page/{number}", number)))
        feed = feed_of(self.site.url(""), list(reversed(self.items)))
        self.site.put("/river.xml", Answer(feed, "application/rss+xml", etag=f'"{len(self.items)}"'))

    def bury(self) -> None:
        """Publish as many items in a sitemap of their own, and in no feed."""
        self.heard_count = len(self.site.requests)
        paths = [f"/page/{self.part_count}-{number}" for number in range(ITEMS_A_DAY)]
        for number, path in enumerate(paths):
            self._publish(path, 1_000 * (self.part_count + 1) + number)
        self.site.put(f"/part-{self.part_count}.xml", self._sitemap("urlset", "url", paths))
        self.part_count += 1
        parts = [f"/part-{number}.xml" for number in range(self.part_count)]
        self.site.put("/sitemap_index.xml", self._sitemap("sitemapindex", "sitemap", parts))

    def _publish(self, path: str, number: int) -> tuple[str, ...]:
        title, *rest = (VISIT, PROTEST)[number % 2]
        article = (f"{title} ({number})", *rest, f"هذا هو الخبر رقم {number} من أخبار اليوم.")  # news number n
        self.site.put(path, Answer(page_of(article)))
        return article

    def _sitemap(self, root: str, tag: str, paths: list[str]) -> Answer:
        rows = "".join(
            f"<{tag}><loc>{self.site.url(path)}</loc><lastmod>2026-11-19</lastmod></{tag}>" for path in paths
        )
        return Answer(f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</{root}>'.encode())

    def page_is_asked(self) -> bool:
        """Whether a page was asked for since the newest items are there."""
        return self.asked_at() < math.inf

    def asked_at(self) -> float:
        """Return when the first of these pages was asked for, by the monotonic clock."""
        heard = self.site.requests[self.heard_count :]
        return min((one.at_seconds for one in heard if one.path.startswith("/page/")), default=math.inf)


@dataclass(frozen=True, slots=True)
class Damage:
    """What kills struck, and what was found wrong after them; empty where nothing was."""

    struck: Counter[str]  #: how far the killed cycles had come -> how many
    found: tuple[str, ...]


#: Reads all that a cycle reads, and forks a cycle for each line it hears; a new process each time would spend most of
#: its life importing.
_NURSERY = """
import asyncio, os, sys
import pandas  # by DuckDB at its first query: a second of computing, else spent by every child
from datetime import datetime, timedelta
from pathlib import Path
from flows.configuration import read_corpus, read_feeds, read_place, read_knowledge, read_topic
from flows.cycle import run_cycle
from flows.desk import Desk, Silence, direct, only_cycle
from flows.replaying import Stage, replay
from flows.storage import archive_of, core_of
place = read_place(Path(sys.argv[1]))
topic = read_topic(place)
desk = Desk(  # nothing is opened before the fork: DuckDB's threads would not be there after it
    place=place,
    feeds=read_feeds(place),
    topic=topic,
    knowledge=read_knowledge(topic),
    corpus=read_corpus(place),
    core=core_of(place),
    archive=archive_of(place),
)
for wish in sys.stdin:
    child = os.fork()
    if child == 0:
        with only_cycle(place):
            desk.core.create_or_migrate()
            if wish.strip() == "replay":
                replay(desk, desk.place.now() - timedelta(days=2), Stage.EXTRACT, Silence())
            else:
                since = datetime.fromisoformat(wish.strip()) if wish.strip() else None
                asyncio.run(run_cycle(desk, direct, Silence(), since))
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


class Nursery:
    """Starts cycles and replays, for a `with` block."""

    def __init__(self, settings: Path) -> None:
        command = [sys.executable, "-c", _NURSERY, str(settings)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # its threads would not be there after the fork either
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._process.kill()
        self._process.communicate()

    def run(self, wish: str = "", seconds: float = DEADLINE_SECONDS, is_time: Callable[[], bool] = lambda: True) -> int:
        """Run something, killed so long after `is_time`; return its exit status: 0, or the signal that ended it.

        It is a cycle, one with a backfill where `wish` is an instant, or a replay where it is "replay".
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{wish}\n")
        child = int(self._process.stdout.readline())
        latest = time.monotonic() + DEADLINE_SECONDS
        while not is_time() and time.monotonic() < latest and not self._has_ended(STEP_SECONDS):
            pass
        if not self._has_ended(seconds):
            with suppress(ProcessLookupError):  # it has ended just then
                os.kill(child, signal.SIGKILL)
        return int(self._process.stdout.readline())

    def _has_ended(self, wait_seconds: float) -> bool:
        return bool(select.select([self._process.stdout], [], [], wait_seconds)[0])


def kill_cycles(folder: Path, count: int, seed: int) -> Damage:
    """Kill `count` cycles at random moments, look after each, run one to its end, and look again.

    Every third is a backfill of what no feed shows.
    """
    chance, struck, found = random.Random(seed), Counter[str](), []
    with GrowingWorld() as world, Nursery(settings_for(world, folder)) as nursery:
        core = Core(folder / "data")
        found += ["the first cycle failed"] if nursery.run() else []
        whole_seconds, reading_seconds = 0.0, 0.0
        for number in range(TRIES_A_KILL * count):
            since = SINCE if number % BACKFILL_NTH == BACKFILL_NTH - 1 else ""
            world.bury() if since else world.grow()
            started = time.monotonic()
            if not whole_seconds:  # the first is to be seen whole
                status = nursery.run(since)
            elif number % 2:
                status = nursery.run(since, chance.uniform(0, whole_seconds))
            else:  # to start takes a cycle longer than to store: what is stored is to be torn too
                status = nursery.run(since, chance.uniform(0, reading_seconds), world.page_is_asked)
            found += [] if status in (0, signal.SIGKILL) else ["a cycle failed"]
            if status == signal.SIGKILL:
                struck[_moment(core)] += 1
            else:
                whole_seconds = time.monotonic() - started
                reading_seconds = time.monotonic() - world.asked_at()
            found += _ahead(core, world)
            if struck.total() == count:
                break
        found += ["the last cycle failed"] if nursery.run(SINCE) else []
        found += [*_ahead(core, world), *_lost(core, len(world.items) + ITEMS_A_DAY * world.part_count)]
    return Damage(struck, tuple(found))


def _moment(core: Core) -> str:
    """Return how far the cycle had come that was killed last."""
    with core.reading() as connection:
        noted = connection.execute(
            "select batch_id from core.ledger where run_id = (select max_by(run_id, batch) from core.run)"
        ).fetchall()
    kinds = {str(batch_id).split("/")[1] for (batch_id,) in noted}
    return next((said for kind, said in MOMENTS.items() if kind in kinds), "before its start")


#: Sitemaps that a backfill has noted as read, with their entries.
_READ_DOCUMENTS = r"""
select document_url, count(entry.entry_id)
from core.backfill
left join core.entry as entry
on regexp_extract(entry.url, '/page/(\d+)-', 1) = regexp_extract(document_url, '/part-(\d+)[.]xml', 1)
where document_url like '%/part-%'
group by document_url
"""


def _ahead(core: Core, world: GrowingWorld) -> list[str]:
    """Return where a validator is ahead of its entries, or a page of its archive."""
    state = core.feed_states().get(world.site.url("/river.xml"))
    known = int((state.etag or '"0"').strip('"')) if state else 0
    with core.reading() as connection:
        ((count,),) = connection.execute("select count(*) from core.entry where url not like '%-%'").fetchall()
        read = connection.execute(_READ_DOCUMENTS).fetchall()
        pages = connection.execute("select file, start_bytes from core.page").fetchall()
    lost = [file for file, start in pages if (core.folder / "archive" / file).stat().st_size <= start]
    said = [f"the validator tells of {known} entries, {count} are stored"] if count < known else []
    torn = [f"{url} is noted as read with {found} entries" for url, found in read if found != ITEMS_A_DAY]
    return said + torn + [f"{file} ends before its page" for file in lost]


def _lost(core: Core, count: int) -> list[str]:
    with core.reading() as connection:
        ((articles, urls),) = connection.execute("select count(*), count(distinct url) from core.article").fetchall()
        ((entries, ids),) = connection.execute("select count(*), count(distinct entry_id) from core.entry").fetchall()
        ((sketches,),) = connection.execute("select count(distinct article_id) from core.sketch").fetchall()
    figures = {"articles": articles, "urls": urls, "entries": entries, "entry ids": ids, "sketched": sketches}
    return [f"{number} {name} of {count}" for name, number in figures.items() if number != count]
