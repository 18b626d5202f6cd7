"""What a sitemap of the largest allowed size costs: decisions/0009."""

from __future__ import annotations

import resource
import time
from datetime import UTC, datetime, timedelta

from extractors.sitemaps import URL_LIMIT_COUNT, parse_sitemap
from marsad.sources import Feed, FeedKind, Outlet, Page

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
URL = "https://www.example.org/sitemap.xml"
FEED = Feed(URL, Outlet("river", "The River"), FeedKind.SITEMAP)


def body_of(count: int) -> bytes:
    """Return a sitemap of `count` pages over the last years, ten a day."""
    rows = (
        f"<url><loc>https://www.example.org/news/{n}</loc><lastmod>{at.isoformat()}</lastmod></url>"
        for n, at in enumerate(NOW - timedelta(hours=2.4 * n) for n in range(count))
    )
    return f"<urlset>{''.join(rows)}</urlset>".encode()


def main() -> None:
    """Print seconds and memory for one parse."""
    page = Page(URL, URL, 200, (), body_of(URL_LIMIT_COUNT), NOW)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, days, limit in (("a cycle", 3, 1_000), ("a backfill", 36_500, 20_000)):
        started = time.process_time()
        reading = parse_sitemap(page, FEED, limit, NOW - timedelta(days=days))
        seconds = time.process_time() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        print(
            f"{URL_LIMIT_COUNT} urls, {name}: {len(reading.entries)} entries, {seconds:.1f} s of CPU, +{peak >> 10} MB"
        )


if __name__ == "__main__":
    main()
