"""Hostile feeds, read as a cycle reads them, in a process that can be ended: clean rows or a named error."""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from extractors.pool import ExtractorPool, FeedJob
from flows.polling import poll_feed
from flows.sources import Tools
from marsad.errors import Blocked, MarsadError, NotAFeed, Parked, TooLarge
from marsad.polling import after_poll
from marsad.settings import ExtractSettings, FetchSettings
from marsad.sources import Entry, Feed, FeedState, Outlet, Page, Reading
from tests.transport.servers import listening, saying
from transport.fetch import Fetcher
from transport.site import Answer, Site

URL = "https://news.example.org/feed.xml"
FEED = Feed(URL, Outlet("example", "Example"))
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TITLE = "وصول وفد إلى بيونغ يانغ"  # a delegation arrives in Pyongyang
STRANGE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]|<\s*script", re.IGNORECASE
)


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractorPool]:
    with ExtractorPool(ExtractSettings(worker_count=1, wall_seconds=60, cpu_seconds=50)) as one:
        yield one


async def read(pool: ExtractorPool, body: bytes | str, url: str = URL) -> Reading:
    page = Page(url, url, 200, (), body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body, NOW)
    return await pool.read_feed(FeedJob(page, FEED, 1000, 10_000_000, NOW - timedelta(days=3)))


def rss(*items: str, prolog: str = "") -> str:
    listed = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?>{prolog}<rss version="2.0"><channel><title>x</title>{listed}</channel></rss>'


def item(title: str = TITLE, more: str = "", number: int = 1) -> str:
    return f"<title>{title}</title><link>https://news.example.org/{number}</link>{more}"


def entities(*lines: str) -> str:
    return f"<!DOCTYPE rss [{''.join(lines)}]>"


LAUGHS = entities('<!ENTITY l0 "ha">', *(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 11)))
QUADRATIC = entities(f'<!ENTITY a "{"a" * 50_000}">')
REFUSED: dict[str, tuple[str | bytes, type[MarsadError]]] = {
    "billion laughs": (rss(item("&l10;"), prolog=LAUGHS), NotAFeed),
    "quadratic blow-up": (rss(item("&a;" * 50_000), prolog=QUADRATIC), NotAFeed),
    "file in an entity": (rss(item("&x;"), prolog=entities('<!ENTITY x SYSTEM "file:///etc/passwd">')), NotAFeed),
    "parameter entity": (rss(item(), prolog=entities('<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;')), NotAFeed),
    "utf-16 entity": (rss(item("&x;"), prolog=entities('<!ENTITY x "y">')).encode("utf-16"), NotAFeed),
    "two hundred thousand items": (rss(*[item(number=n) for n in range(100_000)], *["<a/>"] * 100_000), TooLarge),
    "a tag of endless attributes": (f"<rss {' '.join(f'a{n}=1' for n in range(200_000))}>", NotAFeed),
    "a JSON Feed": (b'{"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": []}', NotAFeed),
    "nothing": (b"", NotAFeed),
    "zeros": (bytes(1_000_000), NotAFeed),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 999, NotAFeed),
    "a consent page": (
        "<!doctype html><html><title>Before you continue</title><body><form>Accept all cookies</form></body></html>",
        Blocked,
    ),
    "an Arabic consent page": (
        "<html><body><p>نحن وشركاؤنا نستخدم ملفات تعريف الارتباط</p><b>قبول الكل</b></body></html>",  # cookies
        Blocked,
    ),
    "a login page": ("<html><body><form><input name=u><input type=password></form></body></html>", Blocked),
    "a challenge page": (
        "<html><head><title>Just a moment...</title></head><script src=/cdn-cgi/challenge-platform/x></script></html>",
        Blocked,
    ),
    "a challenge without html": ("<script>_Incapsula_Resource()</script><p>wait</p>", Blocked),
    "a parked domain": ("<html><title>x.example is for sale</title><body>Buy this domain today</body></html>", Parked),
    "a parked domain by script": (
        "<html><body><script src='https://img.sedoparking.com/a.js'></script></body></html>",
        Parked,
    ),
    "an Arabic parked domain": (
        "<html><title>هذا النطاق للبيع</title><body>اتصل بنا</body></html>",
        Parked,
    ),  # for sale
    "a suspended account": ("<html><title>Account Suspended</title><body>Contact your host</body></html>", Parked),
    "a home page": (f"<html><title>الرئيسية</title><body>{'خبر عاجل ' * 400}قبول الكل</body></html>", NotAFeed),  # home
}


@pytest.mark.parametrize(("body", "kind"), REFUSED.values(), ids=REFUSED)
async def test_what_stands_in_a_feeds_place_is_named(
    pool: ExtractorPool, body: str | bytes, kind: type[MarsadError]
) -> None:
    with pytest.raises(MarsadError) as caught:
        await read(pool, body)
    assert type(caught.value) is kind
    assert caught.value.reason


async def test_an_entity_reaches_no_server(pool: ExtractorPool) -> None:
    async with listening(saying(b"")) as listener:
        names = (f'<!ENTITY x SYSTEM "{listener.url()}">', f'<!ENTITY % y SYSTEM "{listener.url()}"> %y;')
        for name in names:
            with pytest.raises(NotAFeed):
                await read(pool, rss(item("&x;"), prolog=entities(name)))
        await read(pool, rss(item(), prolog=f'<!DOCTYPE rss SYSTEM "{listener.url()}">'))
        await read(pool, f'<?xml-stylesheet href="{listener.url()}"?>{rss(item())}')
    assert listener.connection_count == 0


HOSTILE_ITEMS = {
    "a script in the title": item(f"<![CDATA[<script>alert(1)</script>{TITLE}]]>"),
    "a script in two coats": item(f"&lt;script&gt;alert(1)&lt;/script&gt;{TITLE}"),
    "an event": item(f"<![CDATA[<img src=x onerror=alert(1)>{TITLE}]]>"),
    "control characters": item(f"\x01\x1b[31m{TITLE}\x7f\x85&#8;", f"<description>{TITLE * 20}</description>"),
    "bidi characters": item(f"\u202e{TITLE}\u2066\u200f"),
    "a lone surrogate": item(f"{TITLE}\ud800"),
    "nul": item(f"{TITLE}\x00"),
    "a long title": item(TITLE * 100_000),
    "the year -1": item(more="<pubDate>-001-01-01T00:00:00Z</pubDate>"),
    "the year 9999": item(more="<pubDate>Fri, 31 Dec 9999 23:59:59 -1200</pubDate>"),
    "the year 0": item(more="<pubDate>0000-00-00 00:00:00</pubDate>"),
    "a date of a thousand digits": item(more=f"<pubDate>{'9' * 1000}</pubDate>"),
    "a zone of another planet": item(more="<pubDate>Sat, 21 Nov 2026 09:00:00 +9999</pubDate>"),
    "an id without end": item(more=f"<guid>{'x' * 1_000_000}</guid>"),
    "deep nesting": item(more=f"<description>{'<b>' * 5_000}x</description>"),
    "a namespace bomb": item(more="".join(f'<n{n}:a xmlns:n{n}="urn:{n}"/>' for n in range(2_000))),
}


@pytest.mark.parametrize("written", HOSTILE_ITEMS.values(), ids=HOSTILE_ITEMS)
async def test_a_hostile_item_is_a_clean_row(pool: ExtractorPool, written: str) -> None:
    (entry,) = (await read(pool, rss(written))).entries
    assert unicodedata.normalize("NFC", TITLE) in entry.title
    assert len(entry.title) <= 500
    assert len(entry.guid) <= 2_000
    assert not STRANGE.search(entry.title + entry.guid + entry.url)
    assert entry.published.at is None or entry.published.is_implausible or entry.published.at <= NOW + timedelta(days=2)


async def test_an_hour_of_work_is_ended_and_the_next_feed_is_read() -> None:
    with ExtractorPool(ExtractSettings(worker_count=1, wall_seconds=30, cpu_seconds=3)) as pool:
        slow = rss(*[item(f"<![CDATA[{'<b>' * 1_600}x]]>", number=n) for n in range(15_000)])
        with pytest.raises(NotAFeed, match="cannot be parsed"):
            await read(pool, slow)
        assert len((await read(pool, rss(item()))).entries) == 1


@pytest.mark.parametrize("packing", ["", "gzip"], ids=["plain", "packed"])
async def test_a_title_of_a_hundred_megabytes_costs_the_limit_and_no_state(pool: ExtractorPool, packing: str) -> None:
    body = rss(item("x" * 100_000_000)).encode()
    headers = (("Content-Encoding", packing),) if packing else ()
    with Site({"/feed": Answer(gzip.compress(body, 1) if packing else body, headers=headers)}) as site:
        limits = FetchSettings(allow_addresses=(site.address,), host_gap_seconds=0)
        feed, state = replace(FEED, url=site.url("/feed")), FeedState(site.url("/feed"), etag='"a"')
        async with Fetcher(limits, lambda: NOW) as fetcher:
            poll = await poll_feed(limits, Tools(fetcher, pool), feed, state, NOW)
    assert isinstance(poll.error, TooLarge)
    assert after_poll(poll, 0, NOW, 3600.0).etag == '"a"'


async def test_a_feed_that_is_a_gzipped_file_is_read_within_the_limit(pool: ExtractorPool) -> None:
    reading = await read(pool, gzip.compress(rss(item()).encode()), f"{URL}.gz")
    assert [entry.title for entry in reading.entries] == [TITLE]
    with pytest.raises(TooLarge, match="when unpacked"):
        await read(pool, gzip.compress(rss(item("x" * 20_000_000)).encode(), 1))


async def test_a_feed_cut_in_the_middle_of_a_character_loses_no_whole_item(pool: ExtractorPool) -> None:
    body = rss(*[item(number=n) for n in range(5)]).encode()
    cut = body.rindex("بيونغ".encode()) + 1
    reading = await read(pool, body[:cut])
    assert [entry.url[-1] for entry in reading.entries][:4] == ["0", "1", "2", "3"]
    assert all(not STRANGE.search(entry.title) for entry in reading.entries)


async def test_ids_that_collide_are_claims_of_their_own(pool: ExtractorPool) -> None:
    same = "<guid isPermaLink='false'>1</guid>"
    reading = await read(pool, rss(item(more=same, number=1), item(more=same, number=2)))
    assert [(entry.guid, entry.url[-1]) for entry in reading.entries] == [("1", "1"), ("1", "2")]
    assert all(isinstance(entry, Entry) for entry in reading.entries)
