"""Measures what a reader waits for: every public view for one name and 90 days and for all, search, and publishing.

.venv/bin/python bench/reading.py                                  20,000 articles, under a minute
.venv/bin/python bench/reading.py --articles 100000 1000000        a quarter of an hour and 10 GB of disk

Each query runs in an engine of its own, as a reader's does; seconds are the best of three, with the processor's seconds
beside them: on a machine that does other work as well, those tell more.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from _store import add_articles, entity_of, make_store, word_of

from warehouse.core import Core
from warehouse.switching import Slots

CYCLE_ARTICLES = 500
RECENT = "day_on > date '{newest}' - 90"  #: as an analyst writes the day; asked of daily_coverage it costs that view
ONE = {
    "daily_entities": f"from daily_entities where entity_id = 'e3' and {RECENT}",
    "daily_stance": f"from daily_stance where speaker_id = 'e3' and {RECENT}",
    "trend": "from trend('e3', 90)",
    "cooccurrence": "from cooccurrence('e3', 90)",
    "stance_of": "from stance_of('e3', 90)",
    "share_of_voice": "from share_of_voice(90, entity := 'e3')",
    "spikes": "from spikes_in('UTC', about := 'e3')",
    "mentions": "select count(*), max(first_seen_at) from mentions where entity_id = 'e3'",
    "statements": "select stance, count(*) from statements where speaker_id = 'e3' group by stance",
}
ALL = {
    "daily_coverage": "from daily_coverage",
    "daily_entities": "select sum(article_count) from daily_entities",
    "daily_stance": "select sum(article_count) from daily_stance",
    "spikes": "from spikes",
    "rising": "from rising(7)",
    "share_of_voice": "from share_of_voice(90)",
    "stories": "from stories order by newest_at desc limit 20",
    "articles": "from articles order by first_seen_at desc limit 20",
    "revisions": "select count(*) from revisions",
    "entities": "from entities",
    "feeds": "from feeds",
    "drops": "select reason, count(*) from drops group by reason",
    "alerts": "from alerts",
}
SEARCHES = {
    "the first name": entity_of(0).name_ar,
    "a name": entity_of(50).name_ar,
    "the first word": word_of(0),
    "a frequent word": word_of(100),
    "a rare word": word_of(100_000),
    "two words": f"{word_of(20)} {word_of(30)}",
    "what is nowhere": "أوقيانوس",  # ocean
}


def main() -> None:
    """Print a table a size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=[20_000])
    parser.add_argument("--folder", type=Path, help="where to build; a temporary folder by default")
    parser.add_argument("--store", type=Path, help="a folder that holds a store of this bench already")
    options = parser.parse_args()
    for count in options.articles:
        with tempfile.TemporaryDirectory(dir=options.folder) as name:
            core = Core(options.store) if options.store else make_store(Path(name), count)
            print(f"== {count:,} articles, {count * 10:,} mentions")
            publish(core, count)
            newest = newest_day(core)
            for title, queries in (("one name, 90 days", ONE), ("all", ALL)):
                report(title, {name: measured(core, sql.format(newest=newest)) for name, sql in queries.items()})
            sql = "from search(?)"
            report("search", {name: measured(core, sql, text) for name, text in SEARCHES.items()})


def publish(core: Core, count: int) -> None:
    """Print what the first publishing costs, and those after a cycle."""
    first = timed(core)
    later = []
    for cycle in range(4):
        add_articles(core, count + cycle * CYCLE_ARTICLES, CYCLE_ARTICLES)
        later.append(timed(core))
    size = Slots(core.folder).current.stat().st_size >> 20
    print(f"publishing: first {told(first)}; after 500 articles more {', '.join(map(told, later))}; {size} MB")


def newest_day(core: Core) -> str:
    """Return the last day that is counted."""
    with duckdb.connect(str(Slots(core.folder).current), read_only=True) as connection:
        ((day,),) = connection.execute("select max(day_on) from daily_coverage").fetchall()
    return f"{day:%Y-%m-%d}"


def timed(core: Core) -> tuple[float, float]:
    """Return the seconds of one publishing, by the clock and of the processor."""
    start, work = time.perf_counter(), time.process_time()
    core.publish()
    return time.perf_counter() - start, time.process_time() - work


def told(seconds: tuple[float, float]) -> str:
    """Return seconds by the clock and of the processor."""
    return f"{seconds[0]:.2f} s ({seconds[1]:.2f})"


def measured(core: Core, sql: str, *parameters: str) -> tuple[float, float, int, int]:
    """Return seconds, processor seconds, rows and peak megabytes of a query, in a process of its own."""
    command = [sys.executable, __file__, "--ask", str(Slots(core.folder).current), sql, *parameters]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, work, rows, peak = json.loads(done.stdout)
    return seconds, work, rows, peak


def ask(file: str, sql: str, *parameters: str) -> None:
    """Print what `measured` returns."""
    best, work, rows = 1e9, 1e9, 0
    with duckdb.connect(file, read_only=True) as connection:
        for _ in range(3):
            start, before = time.perf_counter(), time.process_time()
            rows = len(connection.execute(sql, list(parameters)).fetchall())
            best, work = min(best, time.perf_counter() - start), min(work, time.process_time() - before)
    peak = next(line for line in Path("/proc/self/status").read_text("ascii").splitlines() if line.startswith("VmHWM"))
    print(json.dumps([best, work, rows, int(peak.split()[1]) >> 10]))  # not that of who started it, as in getrusage(2)


def report(title: str, figures: dict[str, tuple[float, float, int, int]]) -> None:
    """Print a table."""
    print(f"{title:20}     ms  of two processors   rows  peak MB")
    for name, (seconds, work, rows, peak) in figures.items():
        print(f"  {name:18} {seconds * 1000:6.0f}  {work * 500:17.0f}  {rows:6}  {peak:6}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ask"]:
        ask(*sys.argv[2:])
    else:
        main()
