"""Owns looking at feeds without storing anything: those that are listed, and those that a site may have."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from extractors.links import SiteLinks, find_feed_links, find_sitemap_lines
from extractors.pool import ExtractorPool
from flows.configuration import Place, read_feeds, read_topic
from flows.desk import Progress
from flows.sources import Tools, read_source, request_for
from marsad.catalogue import kind_of, outlet_for
from marsad.checks import FeedCheck, check_failed, check_of
from marsad.errors import MarsadError, NotAnArticle
from marsad.sources import Feed, FeedKind, Outlet, Page
from marsad.topic import Topic
from transport.fetch import Fetcher, Request

#: Where sites keep a feed that no page names, the most frequent first (paths of the feeds in seeds/).
_FEED_PATHS = (
    "/feed",
    "/rss.xml",
    "/rss",
    "/feed.xml",
    "/ar/rss",
    "/ar/rss.xml",
    "/atom.xml",
    "/index.xml",
    "/?feed=rss2",
)
_SITEMAP_PATHS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/sitemap.xml", "/sitemap_index.xml")
_LINK_LIMIT_COUNT = 8  #: feeds of one site that are added; behind the main ones stand those of single tags
_SITEMAP_LIMIT_COUNT = 4  #: looked at for one with news


@dataclass(frozen=True, slots=True)
class CheckedFeed:
    """A feed and what it answered."""

    feed: Feed
    check: FeedCheck


async def check_feeds(place: Place, feeds: Sequence[Feed], progress: Progress) -> list[FeedCheck]:
    """Return what every one of `feeds` answers now, in their order; states and validators are left alone."""
    topic = read_topic(place)
    progress.begin("check", len(feeds))
    async with _tools(place) as tools:

        async def look(feed: Feed) -> FeedCheck:
            check = await _check(place, tools, feed, topic)
            progress.advance("check")
            return check

        return await asyncio.gather(*(look(feed) for feed in feeds))


async def find_feeds(place: Place, url: str, outlet: Outlet | None, zone: str) -> list[CheckedFeed]:
    """Return the feeds of the site at `url` that answer: itself, those it names, those at usual places, its sitemap.

    Args:
        place: settings and folders.
        url: of a feed, a sitemap or any page of a site.
        outlet: its publisher; told by the site itself where None.
        zone: IANA zone of dates that carry none.

    Raises:
        MarsadError: the page at `url` cannot be had.
    """
    search = _Search(place, read_topic(place), outlet, zone)
    async with _tools(place) as tools:
        fetcher = tools.fetcher
        page = await fetcher.get(request_for(url, place.settings.fetch))
        if itself := await search.read(tools, page, url):
            return [itself]
        links = _links(page)
        search.name = links.name
        feeds = await search.looked_at(tools, links.feed_urls, _LINK_LIMIT_COUNT)
        feeds = feeds or await search.looked_at(tools, _beside(page, _FEED_PATHS), 1)
        named = await _sitemap_lines(fetcher, page)
        sitemaps = sorted(named, key=lambda named_url: "news" not in named_url.lower())[:_SITEMAP_LIMIT_COUNT]
        maps = await search.looked_at(tools, sitemaps or _beside(page, _SITEMAP_PATHS), 1)
    return [*feeds, *(found for found in maps if found.feed.kind is FeedKind.SITEMAP and found.check.entry_count)]


@dataclass(slots=True)
class _Search:
    """One search for the feeds of a site."""

    place: Place
    topic: Topic
    outlet: Outlet | None
    zone: str
    name: str = ""  #: of the publisher, as its page tells it

    async def looked_at(self, tools: Tools, urls: Iterable[str], most: int) -> list[CheckedFeed]:
        """Return the first `most` of `urls` that answer as a feed or sitemap."""
        answered: list[CheckedFeed] = []
        for url in urls:
            try:
                page = await tools.fetcher.get(request_for(url, self.place.settings.fetch))
            except MarsadError:
                continue
            if found := await self.read(tools, page, url):
                answered.append(found)
            if len(answered) >= most:
                break
        return answered

    async def read(self, tools: Tools, page: Page, url: str) -> CheckedFeed | None:
        """Return what stands at `url`, as its address or else as its content says; None where it is no feed."""
        outlet = self.outlet or outlet_for(url, self.name, read_feeds(self.place))
        for kind in dict.fromkeys((kind_of(url), FeedKind.FEED, FeedKind.SITEMAP)):
            feed = Feed(url, outlet, kind, self.zone)
            try:
                reading = await read_source(tools, page, feed, self.place.settings.fetch)
            except MarsadError:
                continue
            return CheckedFeed(feed, check_of(feed, reading.entries, self.topic, self.place.now()))
        return None


@asynccontextmanager
async def _tools(place: Place) -> AsyncIterator[Tools]:
    async with Fetcher(place.settings.fetch, place.now) as fetcher:
        with ExtractorPool(place.settings.extract) as pool:
            yield Tools(fetcher, pool)


async def _check(place: Place, tools: Tools, feed: Feed, topic: Topic) -> FeedCheck:
    limits = place.settings.fetch
    try:
        page = await tools.fetcher.get(request_for(feed.url, limits))
        reading = await read_source(tools, page, feed, limits)
    except MarsadError as error:
        return check_failed(feed, error)
    return check_of(feed, reading.entries, topic, place.now())


def _links(page: Page) -> SiteLinks:
    try:
        return find_feed_links(page)
    except NotAnArticle:
        return SiteLinks("", ())


async def _sitemap_lines(fetcher: Fetcher, page: Page) -> tuple[str, ...]:
    try:
        return find_sitemap_lines(await fetcher.get(Request(_beside(page, ("/robots.txt",))[0])))
    except MarsadError:
        return ()


def _beside(page: Page, paths: Iterable[str]) -> tuple[str, ...]:
    parts = urlsplit(page.final_url)
    return tuple(f"{parts.scheme}://{parts.netloc}{path}" for path in paths)
