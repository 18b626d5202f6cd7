"""The list of feeds as a user writes it."""

from __future__ import annotations

from importlib.resources import files

import pytest

from marsad.catalogue import OutletTable, parse_feed_list, parse_lines, parse_outlet_table
from marsad.errors import SettingsError
from marsad.sources import FeedKind, Line

OUTLET = '[[outlet]]\nid = "nile"\nname = "The Nile"\n'
FEED = '[[feed]]\nurl = "https://example.org/rss"\noutlet = "nile"\n'


def test_a_feed_carries_its_outlet_and_zone() -> None:
    (feed,) = parse_feed_list(OUTLET + FEED + 'zone = "Africa/Cairo"\n', "feeds.toml")
    assert (feed.outlet.name, feed.zone, feed.kind) == ("The Nile", "Africa/Cairo", FeedKind.FEED)


def test_a_feed_listed_twice_is_polled_once() -> None:
    assert len(parse_feed_list(OUTLET + FEED + FEED, "feeds.toml")) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("feed = [", "not valid TOML", id="no TOML"),
        pytest.param(FEED, "no [[outlet]] has the id 'nile'", id="an outlet nobody described"),
        pytest.param(OUTLET + FEED + 'zone = "Mars"', "'Mars' is no time zone", id="a zone that does not exist"),
        pytest.param(OUTLET + FEED + 'colour = "red"', "unknown key 'colour'", id="a key nobody knows"),
        pytest.param("[[feeds]]", "unknown table 'feeds'; known are outlet, feed, line", id="a table nobody knows"),
        pytest.param(OUTLET + FEED + "zone = 3", "every value is a text in quotes", id="a number for a text"),
        pytest.param(OUTLET + FEED + 'kind = "podcast"', "kind is one of", id="a kind that does not exist"),
        pytest.param(OUTLET + FEED.replace("https", "file"), "starts with http", id="a file for a url"),
        pytest.param('[[outlet]]\nname = "x"', "'id' is missing", id="an outlet without id"),
        pytest.param('feed = "x"', "[[feed]] tables", id="a text for a table"),
    ],
)
def test_a_wrong_list_is_named_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_feed_list(text, "feeds.toml")
    assert sentence in str(caught.value)


def test_the_shipped_list_is_readable_and_no_line_of_the_region_drowns_the_others() -> None:
    feeds = parse_feed_list((files("seeds") / "feeds.toml").read_text("utf-8"), "feeds.toml")
    lines = [feed.outlet.line for feed in feeds]
    assert len(feeds) >= 28
    assert {"russian-state", "iran-aligned", "saudi", "qatar", "egypt", "west-public", "south-korea"} <= set(lines)
    assert max(lines.count(line) for line in set(lines)) <= len(lines) // 4


def test_every_search_is_bounded_in_time() -> None:
    feeds = parse_feed_list((files("seeds") / "feeds.toml").read_text("utf-8"), "feeds.toml")
    searches = [feed.url for feed in feeds if feed.kind is FeedKind.SEARCH]
    assert searches
    assert all("when%3A" in url for url in searches)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        pytest.param("https://www.aljazeera.net/politics/2025/6/8/x", "Al Jazeera", id="under www"),
        pytest.param("https://mubasher.aljazeera.net/x", "Al Jazeera", id="under a further host"),
        pytest.param("https://www.bbc.com/arabic/articles/c1", "BBC Arabic", id="a folder of a host"),
        pytest.param("https://www.bbc.com/news/articles/c1", "", id="another folder of it"),
        pytest.param("https://notaljazeera.net/x", "", id="a host that ends alike"),
        pytest.param("https://news.example.org/x", "", id="unknown"),
    ],
)
def test_outlet_is_told_by_the_address(url: str, name: str) -> None:
    assert _shipped_outlets().name_at(url) == name


def test_every_outlet_of_the_shipped_feeds_is_in_the_table_under_its_own_name() -> None:
    feeds = parse_feed_list((files("seeds") / "feeds.toml").read_text("utf-8"), "feeds.toml")
    polled = {feed.outlet.name for feed in feeds if feed.kind is not FeedKind.SEARCH}
    assert polled <= set(_shipped_outlets().names.values())


@pytest.mark.parametrize("text", ["[outlet", "[outlet]\n'a.example.org' = 5", "outlet = 'x'"])
def test_a_wrong_table_of_outlets_is_named(text: str) -> None:
    with pytest.raises(SettingsError, match=r"outlets\.toml"):
        parse_outlet_table(text, "outlets.toml")


def _shipped_outlets() -> OutletTable:
    return parse_outlet_table((files("seeds") / "outlets.toml").read_text("utf-8"), "outlets.toml")


def test_lines_bear_names_of_both_languages() -> None:
    text = '[[line]]\nid = "state"\nname = "State"\nname_ar = "رسمية"\n'  # of the state
    assert parse_lines(text + OUTLET, "feeds.toml") == (Line("state", "State", "رسمية"),)
    with pytest.raises(SettingsError, match="'name' is missing"):
        parse_lines('[[line]]\nid = "state"\n', "feeds.toml")
