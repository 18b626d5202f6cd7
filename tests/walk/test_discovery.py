"""What feeds alone do not show: sitemaps, searches, older pages; from the address to the article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flows.alerting import raise_alerts
from flows.command import marsad
from flows.configuration import read_place
from marsad.alerts import AlertKind
from tests.newsworld import DRONES, FOOTBALL, PROTEST, VISIT, NewsWorld, feed_of, page_of, settings_for
from transport.site import Answer
from warehouse.reader import Reader

NEWS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'


@dataclass(frozen=True, slots=True)
class Desk:
    """A news world and the settings that reach it."""

    world: NewsWorld
    settings: Path

    def run(self, *words: str, code: int = 0) -> str:
        done = CliRunner().invoke(marsad, ["run", *words, "--settings", str(self.settings)], standalone_mode=False)
        assert done.exception is None, done.output
        assert (done.return_value or 0) == code, done.output
        return done.output

    def list_feed(self, path: str, kind: str, outlet: str = "river") -> None:
        file = self.settings.parent / "topic" / "feeds.toml"
        row = f'[[feed]]\nurl = "{self.world.site.url(path)}"\noutlet = "{outlet}"\nkind = "{kind}"\n'
        file.write_text(file.read_text("utf-8") + row, "utf-8")

    def set_clock(self, instant: str) -> None:
        words = self.settings.read_text("utf-8")
        self.settings.write_text(re.sub(r"clock = \S+", f"clock = {instant}", words), "utf-8")

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return list(Reader(self.settings.parent / "data").query(query).rows)

    def asked(self) -> list[str]:
        return [request.path for request in self.world.site.requests]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with NewsWorld() as world:
        base = world.site.url("")
        for name in ("river", "hill"):
            world.site.put(f"/{name}.xml", Answer(feed_of(base, []), "application/rss+xml"))
        yield Desk(world, settings_for(world, tmp_path, more="clock = 2026-11-20T06:00:00Z"))


def sitemap(base: str, *rows: tuple[str, str, str]) -> Answer:
    """Return a sitemap of (path, day, title); without a title it is a plain one."""
    urls = "".join(
        f"<url><loc>{base}{path}</loc><lastmod>{day}</lastmod>"
        + (f"<n:news><n:title>{title}</n:title></n:news>" if title else "")
        + "</url>"
        for path, day, title in rows
    )
    return Answer(f"<urlset {NEWS}>{urls}</urlset>".encode(), "application/xml")


def index(base: str, *rows: tuple[str, str]) -> Answer:
    parts = "".join(f"<sitemap><loc>{base}{path}</loc><lastmod>{day}</lastmod></sitemap>" for path, day in rows)
    return Answer(f"<sitemapindex {NEWS}>{parts}</sitemapindex>".encode(), "application/xml")


def test_sitemaps_go_through_the_filter_of_feeds_and_of_an_index_the_newest_parts(desk: Desk) -> None:
    base = desk.world.site.url("")
    rows = (("/a/2", "2026-11-19", PROTEST[0]), ("/a/3", "2026-11-19", FOOTBALL[0]), ("/a/1", "2026-10-01", VISIT[0]))
    desk.world.site.put("/news.xml", sitemap(base, *rows))
    desk.list_feed("/news.xml", "sitemap")
    days = {"/old.xml": "2026-01-01", "/gone.xml": "2026-11-20", "/new.xml": "2026-11-19", "/maps.xml": "2026-11-20"}
    desk.world.site.put("/maps.xml", index(base, *days.items()))
    desk.world.site.put("/new.xml", sitemap(base, ("/b/2", "2026-11-19", "")))
    desk.list_feed("/maps.xml", "sitemap")
    desk.run()
    assert desk.ask("select url from articles order by url") == [(f"{base}/a/2",), (f"{base}/b/2",)]
    assert desk.ask("select sum(entry_count)::int, sum(topic_count)::int from feeds") == [(3, 1)]
    assert not {"/a/1", "/a/3", "/old.xml"} & set(desk.asked())
    assert desk.asked().count("/maps.xml") == 1
    assert ("feed_failed", f"{base}/gone.xml") in desk.ask("select reason, url from drops")


def search(base: str, *rows: tuple[str, str, str]) -> Answer:
    """Return a search's feed of (number, title with publisher, publisher's url)."""
    items = "".join(
        f"<item><title>{title}</title><link>{base}/wrapped/{number}?oc=5</link><guid>CBM{number}</guid>"
        f'<source url="{url}">{title.rpartition(" - ")[2]}</source></item>'
        for number, title, url in rows
    )
    return Answer(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode(), "application/rss+xml")


HIDDEN = ("رحلة طويلة إلى الميناء البعيد", *VISIT[1:])  # a long way to the far port: a title that says nothing


def test_what_a_search_finds_is_fetched_from_the_own_address_of_its_publisher_alone(desk: Desk) -> None:
    base = desk.world.site.url("")
    rows = (
        ("1", f"{HIDDEN[0]} - The River", "https://river.example"),
        ("2", "خبر آخر عن الزيارة المرتقبة - The River", ""),  # another item on the visit to come
        ("3", "خبر ثالث عن الزيارة المرتقبة - صحيفة لا نعرفها", "https://elsewhere.example"),  # of a paper not known
        ("4", f"{HIDDEN[0]} - The Hill", "https://hill.example"),  # the same headline of another publisher
    )
    desk.world.site.put("/search.xml", search(base, *rows))
    desk.list_feed("/search.xml", "search", "hill")
    desk.run()
    assert desk.ask("select count(*) from articles") == [(0,)]
    outcomes = "select outcome, own_url from discoveries order by headline"
    assert sorted(desk.ask(outcomes)) == [
        *[("not_in_own_feeds", None)] * 3,
        ("unknown_publisher", None),
    ]
    desk.world.site.put("/own", Answer(page_of(HIDDEN)))
    desk.world.site.put("/river.xml", Answer(feed_of(base, [("/own", (HIDDEN[0], "ميناء"))]), "application/rss+xml"))
    desk.run()
    assert desk.ask("select url from articles") == [(f"{base}/own",)]
    assert sorted(desk.ask(outcomes)) == [
        ("matched", f"{base}/own"),
        *[("not_in_own_feeds", None)] * 2,
        ("unknown_publisher", None),
    ]
    assert not [path for path in desk.asked() if path.startswith("/wrapped")]


def test_a_backfill_reads_sitemaps_from_its_day_on_and_each_once_and_names_a_broken_one(desk: Desk) -> None:
    site, base = desk.world.site, desk.world.site.url("")
    site.put("/robots.txt", Answer(f"Sitemap: {base}/bad.xml\nSitemap: {base}/maps.xml\n".encode(), "text/plain"))
    site.put("/bad.xml", Answer(b"<html><body>sorry</body></html>"))
    parts = (("/sitemap-2026-11.xml", ""), ("/sitemap-2026-10.xml", ""), ("/sitemap-2026-08.xml", ""))
    site.put("/maps.xml", index(base, *parts))
    site.put("/sitemap-2026-11.xml", sitemap(base, ("/a/2", "2026-11-03", PROTEST[0])))
    site.put("/sitemap-2026-10.xml", sitemap(base, ("/b/2", "2026-10-20", DRONES[0]), ("/a/1", "2026-09-30", VISIT[0])))
    assert "/bad.xml" in desk.run("--since", "2026-10-01", code=1)
    assert sorted(desk.ask("select url from articles")) == [(f"{base}/a/2",), (f"{base}/b/2",)]
    assert "/sitemap-2026-08.xml" not in desk.asked()
    before = desk.asked().count("/sitemap-2026-10.xml")
    desk.run("--since", "2026-10-01", code=1)
    assert desk.asked().count("/sitemap-2026-10.xml") == before == 1
    assert desk.ask("select count(*) from articles") == [(2,)]


def test_what_a_backfill_brings_counts_on_its_own_day_and_is_no_news_of_today(desk: Desk) -> None:
    site, base = desk.world.site, desk.world.site.url("")
    site.put("/robots.txt", Answer(f"Sitemap: {base}/maps.xml\n".encode(), "text/plain"))
    days = {"/a/1": "2026-10-05", "/a/2": "2026-11-03", "/a/3": "2026-10-05", "/b/2": ""}
    site.put("/maps.xml", sitemap(base, *((path, day, "") for path, day in days.items())))
    for path, article in (("/a/1", VISIT), ("/a/2", PROTEST), ("/b/2", DRONES)):
        meta, date = b'content="2026-11-19T09:30:00+03:00"', days[path].encode()
        told = b'content="%sT09:30:00+03:00"' % date if path == "/a/2" else b""
        site.put(path, Answer(page_of(article).replace(meta, told)))
    desk.run("--since", "2026-10-01")
    days_of = "select first_seen_at at time zone 'UTC' from articles order by 1"
    assert [str(day) for (day,) in desk.ask(days_of)] == ["2026-10-05 00:00:00", "2026-11-03 06:30:00"]
    covered = "select day_on::varchar, article_count, entry_count from daily_coverage where entry_count > 0 order by 1"
    assert desk.ask(covered) == [("2026-10-05", 1, 2), ("2026-11-03", 1, 1)]
    assert desk.ask("select count(*) from daily_coverage") == [(47,)]  # without a hole
    assert desk.ask("select count(*) from daily_entities where article_count > 0 and day_on > '2026-11-03'") == [(0,)]


def test_a_backfill_raises_no_alarm_over_names_that_the_news_of_the_day_raises(desk: Desk) -> None:
    site, base = desk.world.site, desk.world.site.url("")
    desk.set_clock("2026-11-01T06:00:00Z")
    desk.run()
    desk.set_clock("2026-11-20T06:00:00Z")
    site.put("/robots.txt", Answer(f"Sitemap: {base}/maps.xml\n".encode(), "text/plain"))
    site.put("/maps.xml", sitemap(base, ("/a/1", "2026-11-16", ""), ("/a/2", "2026-11-16", "")))
    for path, article in (("/a/1", VISIT), ("/a/2", PROTEST)):
        site.put(path, Answer(page_of(article).replace(b"2026-11-19T", b"2026-11-16T")))
    desk.run("--since", "2026-11-10")
    assert desk.ask("select count(*) from articles") == [(2,)]
    desk.set_clock("2026-11-20T07:00:00Z")
    assert raise_alerts(read_place(desk.settings)) == ()
    site.put("/hill.xml", Answer(feed_of(base, [("/b/2", DRONES)]), "application/rss+xml"))
    desk.run()
    desk.set_clock("2026-11-20T08:00:00Z")
    assert AlertKind.FIRST_NAMED in {alert.kind for alert in raise_alerts(read_place(desk.settings))}


def paged(base: str, rel: str, href: str, *items: tuple[str, tuple[str, ...]]) -> Answer:
    link = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="{rel}" href="{href}"/>'
    return Answer(
        feed_of(base, list(items)).replace(b"<title>x</title>", f"<title>x</title>{link}".encode()), "text/xml"
    )


def test_a_backfill_follows_the_older_pages_of_a_feed_and_no_circle_nor_repetition(desk: Desk) -> None:
    site, base = desk.world.site, desk.world.site.url("")
    site.put("/river.xml", paged(base, "next", "/river.xml?page=2", ("/a/1", VISIT)))
    site.put("/river.xml?page=2", paged(base, "prev-archive", "/river.xml?page=3", ("/a/2", PROTEST)))
    site.put("/river.xml?page=3", paged(base, "next", "/river.xml", ("/b/2", DRONES)))
    for number in range(1, 40):
        address = "/hill.xml" if number == 1 else f"/hill.xml?page={number}"
        site.put(address, paged(base, "next", f"/hill.xml?page={number + 1}", ("/b/1", VISIT)))
    desk.run("--since", "2026-11-01")
    assert desk.ask("select count(*) from articles") == [(4,)]
    assert [desk.asked().count(f"/river.xml?page={number}") for number in (2, 3, 4)] == [1, 1, 0]
    assert [path for path in desk.asked() if path.startswith("/hill.xml?")] == ["/hill.xml?page=2"]


def test_a_feed_that_moved_for_good_is_read_there_and_the_analyst_is_told(desk: Desk) -> None:
    site, place = desk.world.site, ["--settings", str(desk.settings)]
    site.put("/stream.xml", Answer(feed_of(site.url(""), [("/a/1", VISIT)]), "application/rss+xml"))
    site.put("/river.xml", Answer(status=301, headers=(("Location", "/stream.xml"),)))
    listed = (desk.settings.parent / "topic" / "feeds.toml").read_bytes()
    desk.run()
    desk.run()
    assert (desk.asked().count("/river.xml"), desk.asked().count("/stream.xml")) == (1, 2)
    assert (desk.settings.parent / "topic" / "feeds.toml").read_bytes() == listed
    said = json.loads(CliRunner().invoke(marsad, ["feeds", "list", "--json", *place]).stdout)
    assert {feed["moved_to"] for feed in said} == {"", site.url("/stream.xml")}
    assert "moved for good to" in CliRunner().invoke(marsad, ["feeds", "list", *place]).stdout
    assert "1 of 2 moved for good" in " ".join(CliRunner().invoke(marsad, ["doctor", *place]).stdout.split())


def test_a_day_that_is_none_is_told() -> None:
    said = CliRunner().invoke(marsad, ["run", "--since", "yesterday"])
    assert (said.exit_code, "write one like 2026-11-20" in said.output) == (2, True)
    said = CliRunner().invoke(marsad, ["run", "--since", "2999-01-01"])
    assert (said.exit_code, "still to come" in said.output) == (2, True)
