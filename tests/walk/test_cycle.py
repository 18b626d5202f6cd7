"""One datum's whole way, from feed bytes to published rows, over a news world of our own on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flows.command import marsad
from tests.newsworld import DRONES, NewsWorld, settings_for

MARSAD = Path(sys.executable).with_name("marsad")


@dataclass(frozen=True, slots=True)
class Desk:
    """A news world and the settings that reach it."""

    world: NewsWorld
    settings: Path

    def marsad(self, *words: str, code: int = 0) -> str:
        done = subprocess.run(
            [MARSAD, *words, "--settings", self.settings], capture_output=True, text=True, env=os.environ, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def ask(self, query: str) -> list[dict[str, Any]]:
        words = ["sql", "--json", query, "--settings", str(self.settings)]
        answer: list[dict[str, Any]] = json.loads(CliRunner().invoke(marsad, words, catch_exceptions=False).stdout)
        return answer


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A world after its first cycle."""
    with NewsWorld() as world:
        desk = Desk(world, settings_for(world, tmp_path_factory.mktemp("walk")))
        desk.marsad("run")
        yield desk


def test_articles_on_and_near_the_topic_are_kept_and_football_is_not_even_fetched(desk: Desk) -> None:
    kept = {row["url"].rpartition("/")[0][-2:] + row["url"][-2:] for row in desk.ask("select url from articles")}
    assert kept == {"/a/1", "/a/2", "/b/1", "/b/2"}
    assert all(request.path != "/a/3" for request in desk.world.site.requests)


def test_a_respelt_copy_is_a_near_duplicate_and_shares_its_story(desk: Desk) -> None:
    rows = desk.ask("select count(*) as articles, count(distinct story_id) as stories from articles")
    assert rows == [{"articles": 4, "stories": 3}]


def test_every_entry_is_a_row_so_that_shares_have_a_denominator(desk: Desk) -> None:
    assert desk.ask("select sum(entry_count)::int as n from feeds") == [{"n": 5}]


def test_a_statement_leads_to_its_evidence_in_the_stored_text(desk: Desk) -> None:
    rows = desk.ask("select evidence, body, title from statements join articles using (article_id)")
    assert rows
    assert all(row["evidence"] in f"{row['title']}\n\n{row['body']}" for row in rows)


def test_the_body_is_the_article_without_its_furniture(desk: Desk) -> None:
    (row,) = desk.ask("select body from articles where url like '%/b/2'")
    assert row["body"].split("\n") == list(DRONES[1:])


def test_a_date_is_kept_as_claimed_in_utc(desk: Desk) -> None:
    rows = desk.ask("select distinct published_at::varchar as at, published_precision as precision from articles")
    assert [(row["at"][:19], row["precision"]) for row in rows] == [("2026-11-19 06:30:00", "instant")]


def test_a_second_cycle_finds_nothing_new(desk: Desk) -> None:
    before = desk.ask("select count(*) as n from articles")
    desk.marsad("run")
    assert desk.ask("select count(*) as n from articles") == before


def test_search_finds_both_spellings(desk: Desk) -> None:
    rows = desk.ask("select count(*) as n from search('بيونج يانج')")
    assert rows[0]["n"] >= 2


def test_what_was_read_can_be_told(desk: Desk, tmp_path: Path) -> None:
    desk.marsad("digest", "--preview", str(tmp_path))
    desk.marsad("report", "--out", str(tmp_path / "report.html"))
    assert 'dir="rtl"' in (tmp_path / "report.html").read_text("utf-8")
    assert DRONES[0] in (tmp_path / "digest-1.html").read_text("utf-8")
    assert json.loads(desk.marsad("trends", "--json"))[-1]["article_count"] == 4


def test_the_feeds_are_ok(desk: Desk) -> None:
    assert {feed["state"] for feed in json.loads(desk.marsad("feeds", "list", "--json"))} <= {"ok", "not_modified"}
    assert "fail" not in {finding["state"] for finding in json.loads(desk.marsad("doctor", "--json"))}
