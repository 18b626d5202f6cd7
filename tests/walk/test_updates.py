"""An article that its outlet changes where it stands is read again, from the feed that tells of it to the revision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flows.command import marsad
from tests.newsworld import DRONES, PROTEST, NewsWorld, feed_of, page_of, settings_for
from transport.site import Answer
from warehouse.reader import Reader

FIRST_DATE, LATER_DATE = b"06:30:00 GMT", b"09:45:00 GMT"
LONGER = (*DRONES, "وأعلن الحاكم لاحقا مقتل شخص وإصابة ثلاثة آخرين جراء الهجوم.")  # later: one dead, three hurt


@dataclass(frozen=True, slots=True)
class Desk:
    """A world of two articles, and the settings that reach it."""

    world: NewsWorld
    settings: Path

    def show(self, *items: tuple[str, tuple[str, ...]], dated: bytes = FIRST_DATE) -> None:
        for path, article in items:
            self.world.site.put(path, Answer(page_of(article)))
        feed = feed_of(self.world.site.url(""), list(items)).replace(FIRST_DATE, dated, 1)
        self.world.site.put("/river.xml", Answer(feed, "application/rss+xml"))

    def run(self) -> None:
        done = CliRunner().invoke(marsad, ["run", "--settings", str(self.settings)], standalone_mode=False)
        assert done.exception is None, done.output

    def asked(self, path: str) -> int:
        return sum(request.path == path for request in self.world.site.requests)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return list(Reader(self.settings.parent / "data").query(query).rows)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with NewsWorld() as world:
        world.site.put("/hill.xml", Answer(feed_of(world.site.url(""), []), "application/rss+xml"))
        desk = Desk(world, settings_for(world, tmp_path, more="clock = 2026-11-20T06:00:00Z"))
        desk.show(("/1", DRONES), ("/2", PROTEST))
        desk.run()
        yield desk


RETOLD = {
    "another title": ((f"{LONGER[0]} ومقتل شخص", *LONGER[1:]), FIRST_DATE),  # and one dead
    "another date": (LONGER, LATER_DATE),
}


@pytest.mark.parametrize(("article", "dated"), RETOLD.values(), ids=RETOLD)
def test_an_article_that_changes_under_its_address_becomes_a_revision(
    desk: Desk, article: tuple[str, ...], dated: bytes
) -> None:
    desk.show(("/1", article), ("/2", PROTEST), dated=dated)
    for _ in range(2):
        desk.run()
    assert (desk.asked("/1"), desk.asked("/2")) == (2, 1)
    assert desk.ask("select revision_count::int from articles where url like '%/1'") == [(1,)]
    assert desk.ask("select count(*) from articles where body like '%ثلاثة آخرين%'") == [(1,)]  # three others
    assert desk.ask("select sum(entry_count)::int from feeds") == [(2,)]


def test_a_page_that_is_the_same_after_all_is_read_once_more_and_changes_nothing(desk: Desk) -> None:
    desk.show(("/1", DRONES), ("/2", PROTEST), dated=LATER_DATE)
    for _ in range(2):
        desk.run()
    assert desk.asked("/1") == 2
    assert desk.ask("select sum(revision_count)::int from articles") == [(0,)]


def test_an_entry_that_was_off_the_topic_is_read_when_its_title_no_longer_is(desk: Desk) -> None:
    idle = ("أخبار متفرقة من الملاعب", "فاز الفريق الأزرق.")  # mixed news from the stadiums: the blue team won
    desk.show(("/1", DRONES), ("/2", PROTEST), ("/3", idle))
    desk.run()
    assert desk.asked("/3") == 0
    desk.show(("/1", DRONES), ("/2", PROTEST), ("/3", RETOLD["another title"][0]))
    desk.run()
    assert desk.asked("/3") == 1
