"""A replay over what is kept: what it changes, what it leaves, and what a kill leaves of it."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from extractors.recognizer import Guess
from flows.command import marsad
from flows.configuration import read_place
from flows.desk import Silence, read_desk
from flows.naming import name_articles
from marsad.articles import EntityType
from marsad.errors import BadInput
from tests.newsworld import NewsWorld, settings_for
from warehouse.engine import reading_from, writing_to
from warehouse.reader import Reader

MARSAD = Path(sys.executable).with_name("marsad")
KILLS = 2  #: a sample: each costs two seconds
SINCE = "2026-11-19"
TABLES = ("article", "revision", "tagging", "mention", "statement", "story", "relation", "superseded", "drop", "page")


@dataclass(frozen=True, slots=True)
class Kept:
    """A data folder after one cycle, whose feeds are gone."""

    settings: Path
    data: Path

    def place(self) -> list[str]:
        return ["--settings", str(self.settings), "--data", str(self.data)]

    def replay(self, stage: str) -> dict[str, Any]:
        words = ["replay", "--since", SINCE, "--from", stage, "--json", *self.place()]
        done = CliRunner().invoke(marsad, words, standalone_mode=False)
        assert done.exit_code == 0, done.output
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def run(self, *statements: str) -> None:
        """Change what is kept; what readers got of it is made anew by the replay."""
        shutil.rmtree(self.data / "published")
        with writing_to(self.data / "core.duckdb") as connection:
            for statement in statements:
                connection.execute(statement)

    def counts(self) -> dict[str, int]:
        with reading_from(self.data / "core.duckdb") as connection:
            return {name: connection.execute(f"select count(*) from core.{name}").fetchall()[0][0] for name in TABLES}

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return list(Reader(self.data).query(query).rows)

    def seen(self) -> list[list[tuple[Any, ...]]]:
        """Return all that the views tell of the articles."""
        views = (
            "articles.url, articles.title, body, kind, novelty, story_id, relevance, articles.method from articles",
            "article_id, start_char, surface, entity_id, method from mentions",
            "article_id, speaker, stance, evidence, method from statements",
        )
        return [self.ask(f"select {view} order by all") for view in views]


@pytest.fixture(scope="module")
def cooked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The settings of a world after its first cycle."""
    folder = tmp_path_factory.mktemp("replay")
    with NewsWorld() as world:
        settings = settings_for(world, folder, more="clock = 2026-11-20T06:00:00Z")
        done = CliRunner().invoke(marsad, ["run", "--settings", str(settings)], standalone_mode=False)
        assert done.exit_code == 0, done.output
    return settings


@pytest.fixture
def kept(cooked: Path, tmp_path: Path) -> Kept:
    shutil.copytree(cooked.parent / "data", tmp_path / "data")
    return Kept(cooked, tmp_path / "data")


OLD_RULES = (
    "update core.article set body = 'قديم', method = 'extract/0' where url like '%/a/1'",  # old
    "update core.tagging set method = 'rules/0', relevance_score = 0.5",
    "delete from core.mention",
    "delete from core.statement",
    "update core.story set novelty = 'new', story_id = article_id",
    "delete from core.relation",
)


@pytest.mark.parametrize("stage", ["extract", "tag", "relate"])
def test_a_replay_by_the_same_rules_adds_nothing(kept: Kept, stage: str) -> None:
    before, told = kept.counts(), kept.seen()
    summary = kept.replay(stage)
    assert kept.counts() == before
    assert kept.seen() == told
    assert summary["page_count"] == (4 if stage == "extract" else 0)


def test_what_older_rules_read_is_read_anew_once(kept: Kept) -> None:
    told = kept.seen()
    kept.run(*OLD_RULES)
    first = kept.replay("extract")
    assert (first["text_count"], first["reading_count"], first["standing_count"]) == (1, 3, 1)
    after = kept.counts()
    assert kept.seen() == told
    second = kept.replay("extract")
    assert sum(value for name, value in second.items() if name.endswith("_count") and name != "page_count") == 0
    assert kept.counts() == after


def test_a_stage_alone_leaves_those_before_it(kept: Kept) -> None:
    kept.run(*OLD_RULES[1:])
    assert kept.replay("relate")["reading_count"] == 0
    assert kept.ask("select count(*) from mentions") == [(0,)]
    assert kept.ask("select count(*) from articles where is_copy") == [(1,)]


def test_a_text_read_otherwise_is_no_change_of_the_outlets(kept: Kept) -> None:
    kept.run(*OLD_RULES)
    kept.replay("extract")
    assert kept.ask("select sum(revision_count)::int from articles") == [(0,)]
    causes = kept.ask("select cause, count(*) from revisions group by cause order by cause")
    assert causes == [("first", 4), ("replay", 1)]
    assert kept.ask("select count(*) from statements join articles using (article_id) where evidence <> ''")[0][0] > 0


def test_a_page_that_older_rules_dropped_becomes_an_article_of_the_day_it_was_fetched(kept: Kept) -> None:
    told = kept.seen()
    lost = "(select id from core.article where url like '%/a/2')"
    tables = ("tagging", "mention", "statement", "story", "relation", "sketch", "posting")
    kept.run(
        *(f"delete from core.{table} where article_id in {lost}" for table in tables),
        "insert into core.drop select 1, id, url, 'topic', 'off_topic', '', '', first_seen_at from core.article"
        " where url like '%/a/2'",
        "delete from core.article where url like '%/a/2'",
    )
    assert kept.replay("extract")["new_count"] == 1
    assert kept.seen() == told
    days = kept.ask("select distinct first_seen_at::date::varchar from articles")
    assert days == [("2026-11-20",)]


def test_an_article_that_todays_rules_find_off_topic_is_a_drop(kept: Kept) -> None:
    (kept.settings.parent / "topic" / "topic.toml").write_text(
        (kept.settings.parent / "topic" / "topic.toml").read_text("utf-8"), "utf-8"
    )
    kept.run(
        "update core.article set title = 'كرة القدم', body = 'فاز الفريق الأزرق بثلاثة أهداف.' where url like '%/b/2'"
    )
    assert kept.replay("tag")["reading_count"] == 1
    assert kept.ask("select count(*) from articles where url like '%/b/2'") == [(0,)]
    assert kept.ask("select reason from drops where url like '%/b/2'") == [("off_topic",)]
    before = kept.counts()
    kept.replay("tag")
    assert kept.counts() == before


def test_pages_that_are_no_longer_kept_are_counted_and_passed_over(kept: Kept) -> None:
    for file in (kept.data / "archive").glob("*.warc.gz"):
        file.unlink()
    told = kept.seen()
    assert kept.replay("extract")["missing_count"] == 4
    assert kept.seen() == told


def test_a_replay_of_nothing_and_one_without_a_warehouse_say_so(kept: Kept, tmp_path: Path) -> None:
    words = ["replay", "--since", "2027-01-01", "--from", "tag"]
    assert CliRunner().invoke(marsad, [*words, *kept.place()], standalone_mode=False).exit_code == 0
    nowhere = ["--settings", str(kept.settings), "--data", str(tmp_path / "none")]
    empty = CliRunner().invoke(marsad, [*words, *nowhere], standalone_mode=False)
    assert "marsad run makes one" in str(empty.exception)
    assert not (tmp_path / "none" / "core.duckdb").exists()


def test_kills_at_any_moment_tear_nothing(kept: Kept) -> None:
    told = kept.seen()
    kept.run(*OLD_RULES)
    chance = random.Random(20261120)
    command = [MARSAD, "replay", "--since", SINCE, "--from", "extract", *kept.place()]
    for _ in range(KILLS):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(timeout=chance.uniform(0.3, 3.0))
            except subprocess.TimeoutExpired:
                process.kill()
    kept.replay("extract")
    assert kept.seen() == told
    after = kept.counts()
    kept.replay("extract")
    assert kept.counts() == after


PERSON = ["مأدبة", "عشاء"]  #: two words of an article that only this recognizer takes for somebody: a dinner


class Finder:
    """Sees PERSON, and loses a word of every batch that holds a sentence with it."""

    def find_guesses(self, sentences: Sequence[Sequence[str]]) -> tuple[tuple[Guess, ...], ...]:
        found = tuple(tuple(self._people(list(tokens))) for tokens in sentences)
        if len(sentences) > 1 and any(found):
            raise BadInput("x", "the model answered for 1 of 2 tokens")
        return found

    def _people(self, tokens: list[str]) -> list[Guess]:
        starts = (at for at in range(len(tokens)) if tokens[at : at + 2] == PERSON)
        return [Guess(at, at + 2, EntityType.PER) for at in starts]


def test_people_the_recognizer_sees_are_read_once_and_the_rest_stays(kept: Kept) -> None:
    desk = read_desk(read_place(kept.settings, kept.data))
    reader = Reader(desk.place.data)
    told = "select article_id, start_char, surface from mentions where surface <> 'مأدبة عشاء' order by all"
    before = reader.query(told).rows
    first = name_articles(desk, datetime(2026, 11, 19, tzinfo=UTC), Finder(), Silence())
    seen = reader.query("select surface, kind, method like 'rules/%+camel' from mentions where surface like 'مأ%'").rows
    assert [tuple(row) for row in seen] == [("مأدبة عشاء", "unlinked", True)]
    assert (first.changed_count, first.unread_count) == (1, 0)
    assert reader.query(told).rows == before
    assert name_articles(desk, datetime(2026, 11, 19, tzinfo=UTC), Finder(), Silence()).changed_count == 0
    assert kept.replay("tag")["reading_count"] == 0
    again = Reader(desk.place.data).query("select surface from mentions where surface like 'مأ%'").rows
    assert [tuple(row) for row in again] == [("مأدبة عشاء",)]
