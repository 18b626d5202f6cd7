"""The seed texts, printed by a site on loopback: each is known by its fingerprint and not counted as news."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest
from click.testing import CliRunner

from flows.command import marsad
from tests.newsworld import NewsWorld, feed_of, page_of, respelt, settings_for
from transport.site import Answer


def said(settings: Path, *words: str) -> str:
    return CliRunner().invoke(marsad, [*words, "--settings", str(settings)], catch_exceptions=False).stdout


def from_headline(lines: list[str]) -> tuple[str, ...]:
    """Return the lines from the first that is long enough for a headline: a feed's title is no "logo"."""
    first = next(number for number, line in enumerate(lines) if len(line.split()) >= 5)
    return tuple(lines[first:])


class SeedWorld(NewsWorld):
    """Each seed text twice: as it is, and in the other spelling."""

    def __init__(self, shared: Path) -> None:
        super().__init__()
        texts = [file.read_text("utf-8") for file in sorted((shared / "seeds").glob("*.txt"))]
        parts = [from_headline([line.strip() for line in text.split("\n") if line.strip()]) for text in texts]
        self.articles = {f"/{number}": article for number, article in enumerate(parts)}
        self.articles |= {f"/{number}-respelt": respelt(article) for number, article in enumerate(parts)}

    def __enter__(self) -> Self:
        self.site.__enter__()
        for path, article in self.articles.items():
            self.site.put(path, Answer(page_of(article)))
        items = list(self.articles.items())
        for name in ("/river.xml", "/hill.xml"):
            self.site.put(name, Answer(feed_of(self.site.url(""), items), "application/rss+xml"))
        return self


@pytest.fixture(scope="module")
def settings(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with SeedWorld(shared) as world:
        file = settings_for(world, tmp_path_factory.mktemp("seeds"))
        said(file, "run")
        yield file


def test_all_ten_are_stored_and_none_counts_as_news(settings: Path) -> None:
    query = "select count(*) as n, count(*) filter (where repeats_seed) as seeds from articles"
    assert json.loads(said(settings, "sql", "--json", query)) == [{"n": 10, "seeds": 10}]
