"""A cycle learns what every page of a host repeats, and stores its articles without it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flows.command import marsad
from tests.newsworld import DRONES, PROTEST, VISIT, NewsWorld, feed_of, page_of, respelt, settings_for
from transport.site import Answer

LABEL = "عزيزي القارئ 1204"  # dear reader, no. 1204; no rule knows it
REPORTS = (VISIT, PROTEST, DRONES)
#: One text under three headlines: a host's answer to whoever it does not like.
WALL = tuple((report[0], *respelt(VISIT)[2:4]) for report in REPORTS)


def labelled(report: tuple[str, ...], number: int) -> tuple[str, ...]:
    return (*report[:2], LABEL.replace("4", str(number)), *report[2:])


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What one cycle stores of three pages with the label and of three that are the same wall."""
    folder: Path = tmp_path_factory.mktemp("learning")
    pages = {f"/c/{number}": labelled(report, number) for number, report in enumerate(REPORTS)}
    walls = {f"/w/{number}": text for number, text in enumerate(WALL)}
    with NewsWorld() as world:
        for path, told in pages.items():
            world.site.put(path, Answer(page_of(told)))
        for path, told in walls.items():
            world.site.put(path, Answer(page_of(told)))
        feed = feed_of(world.site.url(""), [*pages.items(), *walls.items()])
        world.site.put("/river.xml", Answer(feed, "application/rss+xml"))
        settings = str(settings_for(world, folder))
        assert CliRunner().invoke(marsad, ["run", "--settings", settings]).exit_code == 0
        query = "select url, body, kind from articles"
        answer = CliRunner().invoke(marsad, ["sql", "--json", "--settings", settings, query])
    rows: list[dict[str, Any]] = json.loads(answer.stdout)
    return rows


def test_line_on_three_articles_of_a_host_is_in_none_of_them(stored: list[dict[str, Any]]) -> None:
    bodies = [row["body"] for row in stored if "/c/" in row["url"]]
    assert len(bodies) == len(REPORTS)
    assert not any("عزيزي" in body for body in bodies)
    assert all(report[-1] in "\n".join(bodies) for report in REPORTS)
    assert {row["kind"] for row in stored if "/c/" in row["url"]} == {"full"}


def test_text_that_a_host_gives_at_three_addresses_is_blocked(stored: list[dict[str, Any]]) -> None:
    assert [row["kind"] for row in stored if "/w/" in row["url"]] == ["blocked"] * len(WALL)
