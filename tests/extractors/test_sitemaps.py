"""Facts about sitemaps: what of them counts as an entry, and what of them is refused."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime, timedelta

import pytest

from extractors.packed import unpacked
from extractors.sitemaps import URL_LIMIT_COUNT, parse_sitemap
from marsad.errors import Blocked, NotAFeed, TooLarge
from marsad.sources import Feed, FeedKind, Outlet, Page, Reading

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
URL = "https://www.example.org/sitemap-news.xml"
FEED = Feed(URL, Outlet("river", "The River"), FeedKind.SITEMAP, "Asia/Riyadh")
NAMES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
NEWS = (
    "<url><loc>https://www.example.org/news/1</loc><lastmod>2026-11-20T11:00:00Z</lastmod><image:image>"
    "<image:loc>https://img.example.org/1.jpg</image:loc><image:title>صورة</image:title></image:image><n:news>"
    "<n:publication><n:name>النهر</n:name><n:language>ar</n:language></n:publication>"
    "<n:publication_date>2026-11-20T10:30:00+03:00</n:publication_date>"
    "<n:title><![CDATA[قمة في <b>موسكو</b> تبحث التعاون]]></n:title><n:keywords>روسيا, قمة</n:keywords></n:news></url>"
)


def url(loc: str, changed: str = "") -> str:
    return f"<url><loc>{loc}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>"


def urlset(*rows: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NAMES}>{"".join(rows)}</urlset>'.encode()


def read(body: bytes, *, limit: int = 100, days: int = 3) -> Reading:
    page = Page(URL, URL, 200, (("content-type", "application/xml"),), body, NOW)
    return parse_sitemap(unpacked(page, 1_000_000), FEED, limit, NOW - timedelta(days=days))


def test_a_news_sitemap_gives_title_date_and_keywords_of_the_page_not_of_its_picture() -> None:
    (entry,) = read(urlset(NEWS)).entries
    assert (entry.url, entry.title, entry.summary) == (
        "https://www.example.org/news/1",
        "قمة في موسكو تبحث التعاون",
        "روسيا, قمة",
    )
    assert entry.published.at == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


def test_where_no_title_is_named_the_words_of_the_url_stand_for_it() -> None:
    path = "%D9%82%D9%85%D8%A9-%D9%85%D9%88%D8%B3%D9%83%D9%88-%D8%AA%D8%A8%D8%AF%D8%A3-123456.html"
    plain, latin = read(
        urlset(url(f"https://www.example.org/news/{path}"), url("https://www.example.org/a/b-c"))
    ).entries
    assert (plain.title, latin.title) == ("قمة موسكو تبدأ", "")


def test_only_the_days_asked_for_count_and_what_has_no_date_stays() -> None:
    rows = (
        url("/ancient", "1999-01-01"),
        url("/old", "2026-11-01"),
        url("/new", "2026-11-19"),
        url("/undated"),
        url("/same-day", "2026-11-17"),
    )
    reading = read(urlset(*(row.replace("<loc>", "<loc>https://www.example.org") for row in rows)))
    assert [entry.url.rpartition("/")[2] for entry in reading.entries] == ["new", "same-day", "undated"]


def test_the_newest_are_kept_and_the_cut_is_told() -> None:
    rows = [url(f"https://www.example.org/{day}", f"2026-11-{day}T00:00:00Z") for day in (18, 20, 19)]
    reading = read(urlset(*rows), limit=2)
    assert [entry.url[-2:] for entry in reading.entries] == ["20", "19"]
    assert [drop.reason for drop in reading.drops] == ["over_limit"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(urlset(url("https://www.example.org/a?b=1&c=2")), id="bare ampersand"),
        pytest.param(urlset(url("https://www.example.org/a?b=1&amp;c=2")), id="escaped ampersand"),
        pytest.param(urlset(url("\n  https://www.example.org/a?b=1&amp;c=2\n ")), id="blanks"),
        pytest.param(gzip.compress(urlset(url("https://www.example.org/a?b=1&amp;c=2"))), id="gzip file"),
        pytest.param(b"\xef\xbb\xbf" + urlset(url("https://www.example.org/a?b=1&amp;c=2")), id="byte order mark"),
        pytest.param(urlset(url("https://www.example.org/a?b=1&amp;c=2"))[:-9], id="end missing"),
        pytest.param(urlset(url("https://www.example.org/a?b=1&c=2")).replace(NAMES.encode(), b""), id="no namespace"),
        pytest.param(
            urlset(url("https://www.example.org/a?b=1&c=2")).replace(b"<url", b"<s:url").replace(b"</url", b"</s:url"),
            id="prefix of its own, undeclared",
        ),
    ],
)
def test_an_address_is_read_however_it_is_written(body: bytes) -> None:
    assert [entry.url for entry in read(body).entries] == ["https://www.example.org/a?b=1&c=2"]


def test_pages_of_other_sites_are_not_the_outlets() -> None:
    reading = read(
        urlset(url("https://evil.example/a"), url("https://arabic.example.org/b"), url("javascript:alert(1)"))
    )
    assert [entry.url for entry in reading.entries] == ["https://arabic.example.org/b"]
    assert [drop.reason for drop in reading.drops] == ["no_url"]


def test_an_index_names_its_parts_with_their_dates() -> None:
    parts = (
        "<sitemap><loc>https://www.example.org/1.xml.gz</loc><lastmod>2026-11-20</lastmod></sitemap>"
        "<sitemap><loc>https://evil.example/2.xml</loc></sitemap><sitemap><loc></loc></sitemap>"
    )
    reading = read(f"<sitemapindex {NAMES}>{parts}</sitemapindex>".encode())
    assert [(part.url, part.changed.written()) for part in reading.parts] == [
        ("https://www.example.org/1.xml.gz", "2026-11-20")
    ]
    assert reading.entries == ()


def test_a_sitemap_without_pages_is_empty_and_no_error() -> None:
    assert read(urlset()) == Reading(())


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
XXE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url>&a;</url></urlset>'


@pytest.mark.parametrize(
    ("body", "error"),
    [
        pytest.param(b"", NotAFeed, id="nothing"),
        pytest.param(b"<html><title>News</title><body>x</body></html>", NotAFeed, id="a web page"),
        pytest.param(b"<html><title>Sign in</title><body>x</body></html>", Blocked, id="a login page"),
        pytest.param(b"<rss><channel></channel></rss>", NotAFeed, id="a feed"),
        pytest.param(b"https://www.example.org/a\n", NotAFeed, id="plain text"),
        pytest.param(BOMB, NotAFeed, id="entities"),
        pytest.param(XXE, NotAFeed, id="outside entity"),
        pytest.param(gzip.compress(urlset(NEWS))[:-20], NotAFeed, id="cut gzip"),
        pytest.param(b"\x1f\x8b" + b"x" * 100, NotAFeed, id="broken gzip"),
        pytest.param(gzip.compress(b" " * 5_000_000), TooLarge, id="gzip bomb"),
        pytest.param(bytes(range(256)) * 50, NotAFeed, id="bytes"),
        pytest.param(urlset("<url/>" * (URL_LIMIT_COUNT + 1)), TooLarge, id="more urls than allowed"),
        pytest.param(
            b"<urlset><url " + b" ".join(b'a%d="1"' % n for n in range(3000)) + b"/></urlset>", NotAFeed, id="tag"
        ),
    ],
)
def test_what_is_no_sitemap_is_a_named_error(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(body)


def test_deep_nesting_and_long_titles_end_as_rows() -> None:
    deep = f"<url><loc>https://www.example.org/a</loc>{'<x>' * 5000}{'</x>' * 5000}</url>"
    long = NEWS.replace("تبحث", "س" * 100_000)
    assert all(len(entry.title) <= 500 for entry in read(urlset(long, deep)).entries)


def test_a_second_gzip_member_is_not_read_on() -> None:
    body = gzip.compress(urlset(NEWS)) + zlib.compress(b"more")
    assert len(read(body).entries) == 1
