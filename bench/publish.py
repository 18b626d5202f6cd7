"""Compares ways of giving readers the data after a cycle: time of one publishing, disk, and queries on what came out.

    .venv/bin/python bench/publish.py                        20,000 articles, under a minute
    .venv/bin/python bench/publish.py --articles 1000000     some 15 minutes and 25 GB of disk

whole     a new file from all tables, each time
turns     two files take turns, each brought up to date by what it lacks (what Marsad does)
held      turns, while another process keeps the standby open: a copy takes its place
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from _store import add_articles, make_store

from warehouse.core import Core
from warehouse.engine import connect_in_utc, quoted
from warehouse.publishing import fill_readers_file
from warehouse.switching import Slots

CYCLE_ARTICLES = 500
QUERIES = {
    "coverage": "select count(*), sum(article_count) from daily_coverage",
    "entities": "select sum(article_count) from daily_entities",
    "trend": "select count(*) from trend('e7', 90)",
    "newest": "select title, length(body) from articles order by first_seen_at desc limit 20",
    "bodies": "select count(*) from core.article where contains(body, 'لا يوجد')",
}


def main() -> None:
    """Print a line a way, and what queries cost on what it published."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, help="where to build; a temporary folder by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        start = time.perf_counter()
        core = make_store(folder, options.articles)
        print(f"{options.articles:,} articles, core {size(core.file)} MB, built in {time.perf_counter() - start:.0f} s")
        next_id = options.articles
        for way in (Whole(core), Turns(core), Held(core)):
            next_id = measure(way, core, next_id)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def measure(way: Whole, core: Core, next_id: int) -> int:
    """Print what the first publishing and those after 500 articles more cost, and how quick the queries are."""
    first = timed(way.publish)
    later, stored = [], []
    for _ in range(way.cycle_count):
        stored.append(timed(lambda: add_articles(core, next_id, CYCLE_ARTICLES)))  # noqa: B023  called at once
        next_id += CYCLE_ARTICLES
        way.prepare()
        later.append(timed(way.publish))
    print(f"{way.name:7} first {first:7.2f} s, then {' '.join(f'{s:.2f}' for s in later)} s", end="")
    print(f"; storing 500 {min(stored):.2f} s; disk {way.disk()} MB")
    print("        " + ", ".join(f"{name} {ask(way, sql) * 1000:.0f} ms" for name, sql in QUERIES.items()))
    way.close()
    return next_id


def ask(way: Whole, sql: str) -> float:
    """Return seconds of the best of three, each on a newly opened file, as a reader would."""

    def once() -> None:
        with duckdb.connect(str(way.file), read_only=True) as connection:
            connection.execute(sql).fetchall()

    return min(timed(once) for _ in range(3))


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def size(*files: Path) -> int:
    """Return megabytes on disk."""
    return sum(file.stat().st_size for file in files) >> 20


class Whole:
    """A new file from all tables, each time."""

    name = "whole"
    cycle_count = 1

    def __init__(self, core: Core) -> None:
        self.core = core
        self.folder = core.folder / self.name
        self.folder.mkdir()
        self.file = self.folder / "marsad.duckdb"

    def prepare(self) -> None:
        """Set the scene, not timed."""

    def publish(self) -> None:
        """Give readers what is committed."""
        fresh = self.folder / "fresh.duckdb"
        with connect_in_utc() as connection:
            connection.execute(f"attach {quoted(self.core.file)} as source (read_only)")
            fill_readers_file(connection, fresh)
        fresh.replace(self.file)

    def disk(self) -> int:
        """Return megabytes that readers' files take."""
        return size(*(file for file in self.folder.iterdir() if file.is_file()))

    def close(self) -> None:
        """Clear away."""
        for file in self.folder.iterdir():
            file.unlink()


class Turns(Whole):
    """Two files that take turns, each brought up to date by what it lacks."""

    name = "turns"
    cycle_count = 4

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self.slots = Slots(core.folder)
        self.file = self.slots.current
        self.slots.tidy()

    def publish(self) -> None:
        """Give readers what is committed."""
        self.core.publish()

    def disk(self) -> int:
        """Return megabytes that readers' files take."""
        return size(*(file for file in self.file.parent.iterdir() if file.is_file()))


class Held(Turns):
    """Turns, while another process keeps the standby open."""

    name = "held"
    reader: subprocess.Popen[str] | None = None

    def prepare(self) -> None:
        """Open the standby in another process."""
        self.close()
        code = "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True); print(c, flush=True); input()"
        command = [sys.executable, "-c", code, str(self.slots.standby)]
        self.reader = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.reader.stdout is not None
        self.reader.stdout.readline()

    def close(self) -> None:
        """Clear away."""
        if self.reader is not None:
            self.reader.communicate("\n")
            self.reader = None


if __name__ == "__main__":
    main()
