"""Measures whole cycles, `marsad run` with everything on, over warehouses of different sizes.

    PYTHONPATH=. python bench/growth.py                                     10,000 and 100,000 articles
    PYTHONPATH=. python bench/growth.py --articles 10000 100000 1000000     half an hour and 12 GB of disk

Each warehouse is that of `_store.py`, its last day today, so that what new texts are compared with is as recent as in a
warehouse in use. All bring the same number of articles a day, as many as let the smallest one be as old as the longest
window that is asked after a cycle: else that of the smallest would not be full, and the days that are asked would grow
as well. A first cycle publishes what is there; of those after it, each with new pages, the best one counts, in
seconds of the processor of the whole process tree.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from _store import make_store
from end_to_end import EVERYWHERE, ROOT, Cost, lay_out, one_run, pages_for

from tests.newsworld import feed_of
from transport.site import Answer, Site

CYCLES = 3
PAGES = 100  #: a cycle
WINDOW_DAYS = 90  #: 31 of the report, and 58 before its first that say what to expect (decisions/0017)


def main() -> None:
    """Print what a cycle costs at each size, and the ratio of the largest to the smallest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--articles-a-day", type=int, help="else as many as fill the windows of the smallest")
    parser.add_argument("--folder", type=Path, help="where to build; a temporary folder by default")
    options = parser.parse_args()
    pages = pages_for(options.shared, (CYCLES + 1) * PAGES)
    articles_a_day = options.articles_a_day or min(options.articles) // WINDOW_DAYS
    print(f"{articles_a_day} articles a day")
    seconds = []
    for count in options.articles:
        first, *later = cycles_over(count, articles_a_day, pages, options.folder)
        best = min(later, key=lambda cost: cost.cpu_seconds)
        seconds.append(best.cpu_seconds)
        shares = ", ".join(f"{stage} {spent:.2f}" for stage, spent in best.stages.items() if spent)
        print(
            f"{count:>9,} articles: a cycle of {best.article_count} more {best.cpu_seconds:.2f} s of processor, "
            f"at most {best.peak_mb} MB; by the clock {shares}; the first one {first.cpu_seconds:.2f} s",
            flush=True,
        )
    print(f"largest to smallest: {seconds[-1] / seconds[0]:.2f}")


def cycles_over(count: int, articles_a_day: int, pages: Sequence[bytes], parent: Path | None) -> list[Cost]:
    """Return what the cycles take over a warehouse of so many articles, in their order."""
    with tempfile.TemporaryDirectory(dir=parent) as name, Site({}) as site:
        folder = Path(name)
        settings = lay_out(folder, site)
        began_at = datetime.now(UTC) - timedelta(days=count / articles_a_day)
        make_store(folder / "data", count, began_at, articles_a_day)
        costs = []
        for at in range(0, len(pages), PAGES):
            feed = f"/feed-{at}.xml"  # a feed that was asked is not due again within the hour
            for number, body in enumerate(pages[at : at + PAGES], at):
                site.put(f"/{number}", Answer(body))
            items = [(f"/{number}", (f"{EVERYWHERE[0]} {number}", EVERYWHERE[1])) for number in range(at, at + PAGES)]
            site.put(feed, Answer(feed_of(site.url(""), items), "application/rss+xml"))
            (folder / "feeds.toml").write_text(
                f'[[outlet]]\nid = "o"\nname = "O"\n[[feed]]\nurl = "{site.url(feed)}"\noutlet = "o"\n', "utf-8"
            )
            costs.append(one_run(settings, folder / "data"))
        return costs


if __name__ == "__main__":
    main()
