"""The verb feeds against a site on loopback: what is found, checked, kept, exported and read back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.command import marsad
from flows.configuration import read_feeds, read_own_feeds, read_place
from marsad.errors import BadInput, SettingsError
from marsad.sources import FeedKind
from tests.newsworld import DRONES, FOOTBALL, PROTEST, VISIT, NewsWorld, feed_of, settings_for
from transport.site import Answer

NEWS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'


@dataclass(frozen=True, slots=True)
class Bench:
    """A news world and the settings that reach it."""

    world: NewsWorld
    settings: Path

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(marsad, [*words, "--settings", str(self.settings)], standalone_mode=False)

    def own(self) -> list[tuple[str, FeedKind]]:
        base = self.world.site.url("")
        return [(feed.url.removeprefix(base), feed.kind) for feed in read_own_feeds(read_place(self.settings))]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with NewsWorld() as world:
        yield Bench(world, settings_for(world, tmp_path, more='clock = "2026-11-20T06:00:00Z"'.replace('"', "")))


def sitemap_of(base: str, *articles: tuple[str, tuple[str, ...]]) -> Answer:
    rows = "".join(
        f"<url><loc>{base}{path}</loc><n:news><n:publication_date>2026-11-19T06:30:00Z</n:publication_date>"
        f"<n:title>{article[0]}</n:title></n:news></url>"
        for path, article in articles
    )
    return Answer(f"<urlset {NEWS}>{rows}</urlset>".encode(), "application/xml")


def test_a_check_tells_answer_age_and_share_on_topic_and_stores_nothing(bench: Bench) -> None:
    bench.world.site.put("/hill.xml", Answer(b"<html><title>Sign in</title><body>Hello</body></html>"))
    checked = bench.run("feeds", "check", "--json")
    river, hill = json.loads(checked.stdout)
    assert (river["answer"], river["entry_count"], river["topic_count"]) == ("ok", 3, 2)
    assert river["newest_at"] == "2026-11-19T06:30:00+00:00"
    assert (hill["answer"], hill["topic_share"]) == ("blocked", None)
    assert checked.return_value == 1
    assert not (bench.settings.parent / "data" / "core.duckdb").exists()


@pytest.mark.parametrize(
    ("path", "answer", "said"),
    [
        pytest.param("/river.xml", Answer(status=404), "gone", id="gone"),
        pytest.param("/river.xml", Answer(status=500), "unreachable", id="server error"),
        pytest.param("/river.xml", Answer(status=429), "slow_down", id="too many requests"),
        pytest.param("/river.xml", Answer(feed_of("", []), "application/rss+xml"), "empty", id="no items"),
    ],
)
def test_a_check_names_what_is_wrong(bench: Bench, path: str, answer: Answer, said: str) -> None:
    bench.world.site.put(path, answer)
    (river,) = json.loads(bench.run("feeds", "check", bench.world.site.url(path), "--json").stdout)
    assert river["answer"] == said


def test_a_feed_that_stands_still_is_stale(bench: Bench) -> None:
    bench.settings.write_text(bench.settings.read_text("utf-8").replace("2026-11-20T", "2026-12-20T"), "utf-8")
    assert {one["answer"] for one in json.loads(bench.run("feeds", "check", "--json").stdout)} == {"stale"}


def test_a_feed_is_found_by_the_link_of_its_site_with_the_news_sitemap_beside_it(bench: Bench) -> None:
    site = bench.world.site
    site.put(
        "/",
        Answer(b"""<html><head><title>x</title><meta property="og:site_name" content="The Delta">
        <link rel="alternate" type="application/rss+xml" href="/delta.xml">
        <link rel="alternate" type="application/rss+xml" title="comments" href="/comments.xml">"""),
    )
    for path in ("/delta.xml", "/comments.xml"):
        site.put(path, Answer(feed_of(site.url(""), [("/a/1", VISIT)]), "application/rss+xml"))
    site.put("/robots.txt", Answer(f"User-agent: *\nSitemap: {site.url('/maps.xml')}".encode(), "text/plain"))
    site.put("/maps.xml", sitemap_of(site.url(""), ("/a/2", PROTEST)))
    assert bench.run("feeds", "add", site.url("/")).exit_code == 0
    assert bench.own() == [("/delta.xml", FeedKind.FEED), ("/maps.xml", FeedKind.SITEMAP)]
    assert len(read_feeds(read_place(bench.settings))) == 4


def test_a_feed_that_no_page_names_is_found_at_a_usual_place(bench: Bench) -> None:
    site = bench.world.site
    site.put("/", Answer(b"<html><head><title>x</title></head><body>x</body></html>"))
    site.put("/rss.xml", Answer(feed_of(site.url(""), [("/a/1", VISIT)]), "application/rss+xml"))
    bench.run("feeds", "add", site.url("/"), "--name", "Delta", "--zone", "Asia/Baghdad")
    (feed,) = read_own_feeds(read_place(bench.settings))
    assert (feed.url, feed.outlet.name, feed.zone) == (site.url("/rss.xml"), "Delta", "Asia/Baghdad")


@pytest.mark.parametrize("path", ["/river.xml", "/maps.xml"])
def test_the_address_of_a_feed_or_sitemap_is_taken_as_it_is_and_once(bench: Bench, path: str) -> None:
    site = bench.world.site
    site.put("/maps.xml", sitemap_of(site.url(""), ("/b/2", DRONES), ("/a/3", FOOTBALL)))
    for _ in range(2):
        assert bench.run("feeds", "add", site.url(path)).exit_code == 0
    assert bench.own() == ([] if path == "/river.xml" else [("/maps.xml", FeedKind.SITEMAP)])


def test_a_feed_is_taken_up_once_however_its_address_is_spelt(bench: Bench) -> None:
    site, path = bench.world.site, "/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1.xml"  # news
    site.put(path, Answer(feed_of(site.url(""), [("/a/1", VISIT)]), "application/rss+xml"))
    plain = f"HTTP://user:secret@{site.url('/./أخبار.xml').partition('//')[2]}#top"
    for url in (plain, site.url(path)):
        assert bench.run("feeds", "add", url).exit_code == 0
        assert bench.own() == [(path, FeedKind.FEED)]
    (checked,) = json.loads(bench.run("feeds", "check", plain, "--json").stdout)
    assert checked["url"] == site.url(path)


def test_a_feed_that_two_lists_spell_in_two_ways_is_one(bench: Bench) -> None:
    file, river = bench.settings.parent / "data" / "seeds" / "feeds.toml", bench.world.site.url("/./river.xml#own")
    file.parent.mkdir(parents=True)
    file.write_text(f'[[outlet]]\nid = "x"\nname = "x"\n[[feed]]\nurl = "{river}"\noutlet = "x"\n', "utf-8")
    assert river not in {feed.url for feed in read_feeds(read_place(bench.settings))}


def test_what_is_listed_nowhere_is_not_checked(bench: Bench) -> None:
    for url in ("nonsense", "https://example.org/river.xml"):
        assert "is no feed of yours" in str(bench.run("feeds", "check", url).exception)


def test_a_site_without_feeds_is_told_in_one_sentence(bench: Bench) -> None:
    bench.world.site.put("/", Answer(b"<html><body>nothing here</body></html>"))
    said = bench.run("feeds", "add", bench.world.site.url("/"))
    assert isinstance(said.exception, BadInput)
    assert bench.own() == []


def test_what_is_exported_is_imported_as_it_was(bench: Bench, tmp_path: Path) -> None:
    exported = bench.run("feeds", "export").stdout_bytes
    (tmp_path / "list.opml").write_bytes(exported)
    before = read_feeds(read_place(bench.settings))
    (bench.settings.parent / "topic" / "feeds.toml").write_text("", "utf-8")
    assert bench.run("feeds", "import", str(tmp_path / "list.opml")).output.startswith("2 feeds added")
    assert read_feeds(read_place(bench.settings)) == before
    assert bench.run("feeds", "import", str(tmp_path / "list.opml")).output.startswith("0 feeds added, 2 known")


def test_the_packaged_feeds_survive_export_and_import(tmp_path: Path) -> None:
    settings = tmp_path / "marsad.toml"
    settings.write_text(f'data = "{tmp_path}"\n', "utf-8")
    run = CliRunner().invoke
    exported = run(marsad, ["feeds", "export", "--settings", str(settings)], standalone_mode=False).stdout_bytes
    (tmp_path / "list.opml").write_bytes(exported)
    packaged = read_feeds(read_place(settings))
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "feeds.toml").write_text("", "utf-8")
    settings.write_text(f'data = "{tmp_path}"\ntopic = "{tmp_path / "empty"}"\n', "utf-8")
    run(marsad, ["feeds", "import", str(tmp_path / "list.opml"), "--settings", str(settings)], standalone_mode=False)
    assert read_own_feeds(read_place(settings)) == packaged


FOREIGN = """<?xml version="1.0"?><opml version="1.0"><body><outline text="أخبار"><outline
 text="جريدة &lt;b&gt;الوادي"
 xmlUrl="https://www.valley.example/feed"/><outline text="x" xmlurl="feed:nowhere"/><outline text="الوادي رياضة"
 xmlUrl="https://valley.example/sport/feed" type="rss"/></outline><outline text="بحث"
 xmlUrl="https://news.google.com/rss/search?q=x&amp;hl=ar"/><outline text="a folder"/></body></opml>"""


def test_a_list_of_another_reader_is_understood(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "foreign.opml").write_text(FOREIGN, "utf-8")
    said = bench.run("feeds", "import", str(tmp_path / "foreign.opml"))
    assert "3 feeds added" in said.output
    assert "feed:nowhere" in said.output
    feeds = read_own_feeds(read_place(bench.settings))
    assert [(feed.outlet.id, feed.outlet.name, feed.kind) for feed in feeds[:2]] == [
        ("valley-example", "جريدة الوادي", FeedKind.FEED)
    ] * 2
    assert feeds[2].kind is FeedKind.SEARCH


BOMB = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><opml><body><outline xmlUrl="https://example.org/&b;"/></body></opml>'


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<opml><body></body></opml>", id="no feeds"),
        pytest.param(b"<rss><channel/></rss>", id="a feed"),
        pytest.param(b"<html><body>no</body></html>", id="a page"),
        pytest.param(bytes(range(256)), id="bytes"),
        pytest.param(BOMB.encode(), id="entities"),
    ],
)
def test_what_is_no_opml_is_one_sentence_and_changes_nothing(bench: Bench, tmp_path: Path, body: bytes) -> None:
    (tmp_path / "bad.opml").write_bytes(body)
    assert isinstance(bench.run("feeds", "import", str(tmp_path / "bad.opml")).exception, BadInput)
    assert bench.own() == []


def test_a_damaged_list_of_ones_own_is_named(bench: Bench) -> None:
    file = bench.settings.parent / "data" / "seeds" / "feeds.toml"
    file.parent.mkdir(parents=True)
    file.write_text("[[feed]\n", "utf-8")
    said = bench.run("feeds", "list")
    assert isinstance(said.exception, SettingsError)
    assert str(file) in str(said.exception)
