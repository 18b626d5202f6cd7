"""The packaged feeds: enough of them, described, and the lines of the region side by side."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
LISTED: dict[str, list[dict[str, Any]]] = tomllib.loads((ROOT / "seeds" / "feeds.toml").read_text("utf-8"))
OUTLETS = {outlet["id"]: outlet for outlet in LISTED["outlet"]}
FEEDS = [feed for feed in LISTED["feed"] if feed.get("kind", "feed") == "feed"]
SEARCHES = [feed for feed in LISTED["feed"] if feed.get("kind") == "search"]


def test_there_are_enough_feeds() -> None:
    assert len({feed["url"] for feed in FEEDS}) >= 28


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed["outlet"])
def test_a_feed_says_whose_it_is_and_on_what_evidence(feed: dict[str, Any]) -> None:
    outlet = OUTLETS[feed["outlet"]]
    assert all(outlet.get(key) for key in ("name", "name_ar", "country", "line"))
    assert all(feed.get(key) for key in ("zone", "evidence"))


def test_no_line_of_the_region_drowns_the_others() -> None:
    counts = Counter(OUTLETS[feed["outlet"]]["line"] for feed in FEEDS)
    assert max(counts.values()) <= len(FEEDS) / 6
    lines = {
        "russian-state",
        "iran-aligned",
        "qatar",
        "saudi",
        "uae",
        "egypt",
        "turkiye",
        "iraq",
        "west-public",
        "un",
        "south-korea",
        "china",
    }
    assert lines <= counts.keys()


@pytest.mark.parametrize("search", SEARCHES, ids=lambda search: search["note"])
def test_a_search_asks_for_fresh_news_only(search: dict[str, Any]) -> None:
    (query,) = parse_qs(urlsplit(search["url"]).query)["q"]
    assert " when:" in query


def test_searches_ask_for_both_spellings_in_several_editions() -> None:
    queries = [parse_qs(urlsplit(search["url"]).query) for search in SEARCHES]
    assert len({query["gl"][0] for query in queries}) >= 3
    assert any("بيونغ" in query["q"][0] and "بيونج" in query["q"][0] for query in queries)


def test_the_arabic_service_of_yonhap_is_listed() -> None:
    assert "ar.yna.co.kr" in {urlsplit(feed["url"]).hostname for feed in FEEDS}
