"""Real pages and feeds, served on loopback: each ends as an article or as a drop with its reason."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from flows.command import marsad
from tests.newsworld import NewsWorld, feed_of, settings_for
from transport.site import Answer

MARSAD = Path(sys.executable).with_name("marsad")


class SharedWorld(NewsWorld):
    """The shared pages behind one feed of ours, and the shared feeds with their links led back to this site."""

    def __init__(self, shared: Path) -> None:
        super().__init__()
        self.pages = sorted((shared / "data" / "html").glob("*.html"))
        self.feeds = sorted((shared / "data" / "feeds").glob("*.xml"))

    def __enter__(self) -> Self:
        self.site.__enter__()
        base = self.site.url("")
        for page in self.pages:
            self.site.put(f"/{quote(page.name)}", Answer(page.read_bytes(), "text/html"))
        items = [(f"/{quote(page.name)}", (page.stem, "")) for page in self.pages]
        self.site.put("/pages.xml", Answer(feed_of(base, items), "application/rss+xml"))
        for feed in self.feeds:
            local = re.sub(rb"https?://[A-Za-z0-9.-]+", base.rstrip("/").encode(), feed.read_bytes())
            self.site.put(f"/{feed.name}", Answer(local, "application/xml"))
        return self

    def feeds_toml(self) -> str:
        names = ["pages.xml", *(feed.name for feed in self.feeds)]
        outlet = '[[outlet]]\nid = "shared"\nname = "Shared"\n'
        return outlet + "".join(f'[[feed]]\nurl = "{self.site.url(f"/{n}")}"\noutlet = "shared"\n' for n in names)


@pytest.fixture(scope="module")
def settings(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The settings of a world of shared pages after one cycle; every off-topic entry is fetched as a check."""
    with SharedWorld(shared) as world:
        file = settings_for(world, tmp_path_factory.mktemp("shared"))
        file.write_text(file.read_text("utf-8").replace("audit_share = 0", "audit_share = 1"), "utf-8")
        said(file, "run")
        yield file


def said(settings: Path, *words: str) -> str:
    done = CliRunner().invoke(marsad, [*words, "--settings", str(settings)], standalone_mode=False)
    assert (done.exception, done.return_value in {None, 0, 1}) == (None, True), done.output
    return done.stdout


def ask(settings: Path, query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(said(settings, "sql", "--json", query))
    return rows


@pytest.mark.timeout(300)
def test_every_page_ends_as_an_article_or_a_drop_with_a_reason(settings: Path, shared: Path) -> None:
    pages = {quote(page.name) for page in (shared / "data" / "html").glob("*.html")}
    ended = ask(settings, "select url, 'article' as reason from articles union all select url, reason from drops")
    fate = {row["url"].rpartition("/")[2]: row["reason"] for row in ended}
    assert pages - fate.keys() == set()
    assert all(fate[page] for page in pages)


@pytest.mark.timeout(300)
def test_a_second_cycle_finds_nothing_new(settings: Path) -> None:
    counts = "select (select count(*) from articles) as articles, (select count(*) from drops) as drops"
    before = ask(settings, counts)
    said(settings, "run")
    assert ask(settings, counts) == before
