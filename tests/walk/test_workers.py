"""Two workers on one lake, killed as they write, keep exactly what one machine keeps, and ask each host alone."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows.configuration import read_place
from flows.desk import Silence, read_desk
from flows.reconciling import reconcile
from marsad.settings import WorkerSettings
from marsad.sharing import is_own
from tests.faults.kills import DEADLINE_SECONDS, Nursery
from tests.flows.test_reconciling import named, stands
from tests.newsworld import PROTEST, VISIT, feed_of, page_of, respelt, settings_for
from tests.postgres import MISSING, Postgres, postgres, programs
from transport.site import Answer, Site
from warehouse.reader import Reader

pytestmark = [pytest.mark.skipif(programs() is None, reason=MISSING), pytest.mark.timeout(900)]
KILLS = 1  #: rounds in which both workers are killed; bench/faults.py does more
ARTICLES = 4  #: of each outlet
CLOCK = "clock = 2026-11-20T06:00:00Z"
ASKED = (
    "select * exclude (story_id, novelty, is_copy) from articles order by article_id",
    "select * from mentions order by all",
    "select * from statements order by all",
    "select url, stage, reason from drops order by all",
)


@dataclass(frozen=True, slots=True)
class Outlets:
    """Two outlets at two addresses; the one prints in another spelling what the other does."""

    river: Site
    hill: Site

    @property
    def address(self) -> str:
        return f'{self.river.address}", "{self.hill.address}'

    @property
    def site(self) -> Outlets:  # as settings_for asks a world for its one site
        return self

    def feeds_toml(self) -> str:
        return "".join(
            f'[[outlet]]\nid = "{name}"\nname = "{name}"\n'
            f'[[feed]]\nurl = "{site.url("/feed.xml")}"\noutlet = "{name}"\nzone = "Asia/Riyadh"\n'
            for name, site in (("river", self.river), ("hill", self.hill))
        )

    def fill(self) -> None:
        for site, spelt in ((self.river, lambda told: told), (self.hill, respelt)):
            items = []
            for number in range(ARTICLES):
                title, *rest = (VISIT, PROTEST)[number % 2]
                told = spelt((f"{title} ({number})", *rest, f"هذا هو الخبر رقم {number} من أخبار اليوم."))  # news n
                items.append((f"/{number}", told))
                site.put(f"/{number}", Answer(page_of(told)))
            site.put("/feed.xml", Answer(feed_of(site.url(""), items), "application/rss+xml"))


def host_of_worker(number: int) -> str:
    workers = WorkerSettings(count=2, number=number)
    return next(host for n in range(1, 50) if is_own(f"http://{(host := f'127.0.0.{n}')}/", workers))


@pytest.fixture
def outlets() -> Iterator[Outlets]:
    with Site({}, host_of_worker(1)) as river, Site({}, host_of_worker(2)) as hill:
        made = Outlets(river, hill)
        made.fill()
        yield made


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as running:
        yield running


def worker_settings(outlets: Any, folder: Path, number: int, catalog: str) -> Path:
    more = (
        f'catalog = "postgres:{catalog}"\nlake = "{folder / "lake"}"\n{CLOCK}\n[workers]\ncount = 2\nnumber = {number}'
    )
    return settings_for(outlets, folder / f"worker-{number}", more=more)


def run_to_the_end(nursery: Nursery) -> None:
    assert nursery.run() == 0


def test_two_killed_workers_keep_what_one_machine_keeps(outlets: Any, server: Postgres, tmp_path: Path) -> None:
    """Each asks its own outlet, what they store refers to what the other stored."""
    alone = settings_for(outlets, tmp_path / "alone", more=CLOCK)
    with Nursery(alone) as nursery:
        run_to_the_end(nursery)
    catalog = server.database("workers")
    settings = [worker_settings(outlets, tmp_path, number, catalog) for number in (1, 2)]
    chance = random.Random(20261121)
    with ExitStack() as stack, ThreadPoolExecutor(2) as threads:
        nurseries = [stack.enter_context(Nursery(one)) for one in settings]
        for _ in range(KILLS):
            ends = [threads.submit(one.run, "", chance.uniform(1, 6)) for one in nurseries]
            assert {end.result() for end in ends} <= {0, signal.SIGKILL}
        for end in [threads.submit(one.run, "", DEADLINE_SECONDS) for one in nurseries]:
            assert end.result() == 0
        run_to_the_end(nurseries[0])  # whose readers then see what the other stored last
    single, one = read_desk(read_place(alone)), read_desk(read_place(settings[0]))
    told = [Reader(desk.core.folder) for desk in (single, one)]
    for query in ASKED:
        assert told[1].query(query).rows == told[0].query(query).rows, query
    assert told[0].query("select count(*), count(distinct url) from articles").rows == ((2 * ARTICLES, 2 * ARTICLES),)
    for desk in (single, one):
        reconcile(desk, Silence(), named("workers"))
    assert stands(one) == stands(single)
    assert len(stands(one)[0]) >= ARTICLES
    with one.core.reading() as connection:
        kept = connection.execute("select distinct split_part(file, '.', 2), url[:-3] from core.page").fetchall()
    assert set(kept) == {("worker-1", outlets.river.url("")), ("worker-2", outlets.hill.url(""))}
