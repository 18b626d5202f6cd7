"""Reads a news world on a Dask cluster of two processes, through Prefect, and alone; says what each took and kept.

`PYTHONPATH=. python bench/cluster.py [ARTICLES]`: needs the extra cluster; a minute.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ |= {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}

from distributed import LocalCluster
from prefect.testing.utilities import prefect_test_harness

from flows.monitor import monitor
from tests.newsworld import PROTEST, VISIT, NewsWorld, feed_of, page_of, settings_for
from transport.site import Answer
from warehouse.reader import Reader

WORKERS = 2
SEEN = (
    "select * exclude (story_id) from articles order by article_id",
    "select * from mentions order by all",
    "select * from statements order by all",
)


def fill(world: NewsWorld, count: int) -> None:
    """Put so many articles on the site."""
    items = []
    for number in range(count):
        title, *rest = (VISIT, PROTEST)[number % 2]
        told = (f"{title} ({number})", *rest, f"هذا هو الخبر رقم {number} من أخبار اليوم.")  # this is news number n
        items.append((f"/{number}", told))
        world.site.put(f"/{number}", Answer(page_of(told)))
    for name in ("/river.xml", "/hill.xml"):
        world.site.put(
            name, Answer(feed_of(world.site.url(""), items if name == "/river.xml" else []), "application/rss+xml")
        )


def main() -> None:
    """Print seconds and whether both kept the same."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with (
        tempfile.TemporaryDirectory() as name,
        NewsWorld() as world,
        prefect_test_harness(server_startup_timeout=240),
        LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None) as cluster,
    ):
        fill(world, count)
        seen = []
        for way, more in (("alone", ""), ("cluster", f'cluster = "{cluster.scheduler_address}"')):
            folder = Path(name) / way
            settings = settings_for(world, folder, more=f"clock = 2026-11-20T06:00:00Z\n{more}")
            start = time.perf_counter()
            asyncio.run(monitor(str(settings)))
            print(f"{way}: {count} articles in {time.perf_counter() - start:.1f} s", flush=True)
            seen.append([Reader(folder / "data").query(query).rows for query in SEEN])
    print("both kept the same" if seen[0] == seen[1] and len(seen[0][0]) == count else "THEY DIFFER")


if __name__ == "__main__":
    main()
