"""The demo's world, told by what the warehouse holds after it: facts of its articles, not of today's rules."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from flows.demo_folder import FIRST_LINE
from flows.demo_site import read_outlets
from marsad.arabic import fold
from marsad.holdings import HOLDINGS
from marsad.records import PollBatch
from marsad.sources import Outlet
from warehouse.core import Core
from warehouse.reader import Reader

ROOT = Path(__file__).resolve().parents[2]
MARSAD = Path(sys.executable).with_name("marsad")
WIRE, REPRINT, EXCERPT = "/article/1101", "/news.asp?nid=5501", "/news/a-880"
ONE_NIGHT, ANOTHER_NIGHT = "/article/1103", "/75312"
CHANGED = "/article/1102"
NOW = datetime.now(UTC)
FIRST, SECOND = NOW - timedelta(hours=3), NOW  #: the last two cycles
STORED = {
    "/article/1101", "/article/1102", "/article/1103", "/article/1104", "/article/1105", "/article/1108",
    "/75310", "/75311", "/75312", "/75317",
    "/news.asp?nid=5501", "/news.asp?nid=5502", "/news.asp?nid=5503", "/news.asp?nid=5504", "/news.asp?nid=5507",
    "/news/a-880", "/news/a-881", "/news/a-882", "/news/a-886", "/news/a-887",
}  # fmt: skip
DROPPED = {
    ("poll", "feed_failed", "/feed"),
    ("fetch", "robots", "/archive/75001?utm_source=rss"),
    ("extract", "blocked", "/75316?utm_source=rss"),
    ("topic", "off_topic", "/75315?utm_source=rss"),
    ("topic", "off_topic", "/news/a-884"),
}


def marsad(*words: str | Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [MARSAD, *words]
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith("MARSAD_")}
    return subprocess.run(
        command, cwd=folder, env=surroundings | environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder where the demo ran as the README has it, over what another left, on the plainest terminal."""
    folder = tmp_path_factory.mktemp("demo")
    data = folder / "marsad-demo"
    (data / "archive").mkdir(parents=True)
    (data / "marsad.toml").write_text(FIRST_LINE)
    (data / "archive" / "old").touch()
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "NO_COLOR": "1", "COLUMNS": "80"}
    make = ["make", "demo", f"ARGS={data}", "--old-file", ".venv/ready"]
    done = subprocess.run(make, cwd=ROOT, env=os.environ | plain, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (data / "archive" / "old").exists()
    (folder / "said").write_text(done.stdout, "utf-8")
    return folder


@pytest.fixture(scope="module")
def said(folder: Path) -> str:
    return (folder / "said").read_text("utf-8")


def ask(folder: Path, query: str) -> list[dict[str, Any]]:
    table = Reader(folder / "marsad-demo").query(query)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def told(folder: Path, columns: str) -> dict[str, Any]:
    """Return a column of articles by the path of their urls."""
    rows = ask(folder, f"select regexp_replace(url, '^http://[^/]+', '') as path, {columns} as told from articles")
    return {row["path"]: row["told"] for row in rows}


def printed(at: datetime) -> dict[str, tuple[str, list[str]]]:
    """Return title and paragraphs of all that the outlets have printed by `at`, by path."""
    return {
        one.paths["path"].replace("$id", article.id): (article.title, article.text.strip().split("\n\n"))
        for one in read_outlets()
        for article in one.articles(NOW, at)
    }


def test_it_explains_itself_step_by_step(said: str) -> None:
    heads = [line for line in said.splitlines() if " of 8: " in line]
    assert [head[0] for head in heads] == list("12345678")
    assert heads[-1].startswith("8 of 8: Done")


def test_a_terminal_of_80_columns_without_utf_8_is_shown_every_step(said: str) -> None:
    assert said.isascii()
    commands = {line for block in shown(said) for line in block.splitlines()}
    assert max(len(line) for line in said.splitlines() if line not in commands and "/marsad-demo/" not in line) <= 80
    assert said.count("a letter this terminal cannot show") == 1


def shown(said: str) -> list[str]:
    """Return the commands that the demo shows, as they would be copied."""
    return [
        block.partition("\n\n")[0].removeprefix("$ ")
        for block in re.findall(r"^\$ .*?(?=^\$ |\Z)", said, re.MULTILINE | re.DOTALL)
    ]


def test_what_it_shows_works_when_it_is_pasted(said: str) -> None:
    commands = [_whole(block) for block in shown(said)]
    assert len(commands) == 9
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MARSAD_")}
    for command in commands:
        if command.endswith("marsad run"):
            continue  # over the feeds of the web
        done = subprocess.run(
            command, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert (done.returncode, bool(done.stdout)) == (0, True), (command, done.stderr)


def _whole(block: str) -> str:
    """Return the command at the start of `block`: up to where its quote is closed, else its lines that go on."""
    lines = block.splitlines()
    for end in range(1, len(lines) + 1):
        command = "\n".join(lines[:end])
        if command.count('"') % 2 == 0 and not command.endswith("\\"):
            return command
    return block


def test_doctor_takes_the_fault_of_its_feed_for_none(folder: Path) -> None:
    done = marsad("doctor", "--data", "marsad-demo", "--json", folder=folder)
    (feeds,) = (finding for finding in json.loads(done.stdout) if finding["name"] == "feeds")
    assert (feeds["state"], "fails on purpose" in feeds["said"]) == ("ok", True)


def test_feeds_list_shows_its_own_outlets_alone(folder: Path) -> None:
    done = marsad("feeds", "list", "--data", "marsad-demo", "--json", folder=folder)
    assert {row["outlet"] for row in json.loads(done.stdout)} == {one.outlet.name for one in read_outlets()}


def test_its_news_lies_on_a_week_of_days(folder: Path) -> None:
    rows = ask(folder, "select article_count from daily_coverage order by day_on desc limit 7")
    assert len(rows) == 7
    assert sum(row["article_count"] > 0 for row in rows) >= 6


def test_the_second_cycle_finds_nothing_but_the_change(folder: Path) -> None:
    rows = ask(folder, "select seen_at from revisions order by seen_at desc limit 2")
    newest, before = (row["seen_at"] for row in rows)
    assert newest - before >= timedelta(hours=3)
    (row,) = ask(folder, "select max(first_seen_at) as last from articles")
    assert row["last"] <= before


def test_all_in_its_folder_is_in_a_backup_or_can_be_made_again(folder: Path) -> None:
    again = {"core.lock", "cycle.lock", "logs", "mail", "marsad.toml", "published", "reports"}
    assert {file.name for file in (folder / "marsad-demo").iterdir()} <= {"core.duckdb", *HOLDINGS, *again}


def test_its_data_can_be_asked_afterwards(folder: Path) -> None:
    done = marsad("sql", "--data", "marsad-demo", "--json", "select count(*) as n from articles", folder=folder)
    assert json.loads(done.stdout) == [{"n": len(STORED)}]


def test_what_is_on_or_near_the_topic_is_stored_and_nothing_else(folder: Path) -> None:
    assert told(folder, "kind").keys() == STORED


def test_every_entry_is_counted(folder: Path) -> None:
    (row,) = ask(folder, "select sum(entry_count)::int as entries from daily_coverage")
    assert row["entries"] == sum(len(one.rows) for one in read_outlets())


def test_titles_are_legible_whatever_encoding_a_feed_or_page_is_in(folder: Path) -> None:
    titles = {path: title for path, (title, _) in printed(SECOND).items() if path in STORED}
    assert told(folder, "title") == titles


@pytest.mark.parametrize("path", sorted(STORED))
def test_the_whole_text_of_an_article_is_kept(path: str, folder: Path) -> None:
    body = told(folder, "body")[path]
    _, paragraphs = printed(SECOND)[path]
    assert [part for part in paragraphs if " ".join(part.split()) not in " ".join(body.split())] == []


@pytest.mark.parametrize(
    "furniture",
    [
        pytest.param("واتساب", id="share bar"),
        pytest.param("الوسوم", id="tags"),
        pytest.param("النشرة البريدية", id="newsletter"),
        pytest.param("اقرأ أيضا", id="related news"),
        pytest.param("الأكثر قراءة", id="most read"),
        pytest.param("حقوق إعادة النشر", id="rights"),
        pytest.param("ملفات تعريف الارتباط", id="cookie banner"),
        pytest.param("تطبيق الأفق", id="app banner"),
        pytest.param("التعليقات", id="comment counter"),
        pytest.param("مواضيع متعلقة", id="related topics"),
        pytest.param("أرسل لصديق", id="send to a friend"),
        pytest.param("استطلاع الرأي", id="menu"),
        pytest.param("02:14", id="length of a video"),
    ],
)
def test_furniture_is_no_text(furniture: str, folder: Path) -> None:
    assert [path for path, body in told(folder, "body").items() if furniture in body] == []


def test_every_article_is_dated_to_the_instant(folder: Path) -> None:
    assert set(told(folder, "published_precision").values()) == {"instant"}


@pytest.mark.parametrize("hour", range(24))
def test_outlets_of_all_zones_print_a_story_with_one_day(hour: int) -> None:
    now = datetime(2026, 11, 22, hour, 30, tzinfo=UTC)
    days = {fold(day) for day in ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")}  # of a week
    told = {
        one.id: days.intersection(re.findall(r"\w+", fold(one.text)))
        for outlet in read_outlets()
        for one in outlet.articles(now, now)
        if one.id in {"1101", "5501", "a-880"}
    }
    assert len(told) == 3
    assert told["1101"]
    assert told["a-880"] == told["1101"] <= told["5501"]  # which has a line of its own


def test_wire_reprint_and_excerpt_are_one_story(folder: Path) -> None:
    stories = told(folder, "story_id")
    assert stories[WIRE] == stories[REPRINT] == stories[EXCERPT]
    assert list(stories.values()).count(stories[WIRE]) == 3


def test_the_wire_is_the_original_of_its_reprint_and_its_excerpt(folder: Path) -> None:
    kinds = {path: kind for path, kind in told(folder, "novelty").items() if kind != "new"}
    assert kinds == {REPRINT: "duplicate", EXCERPT: "excerpt"}


def test_two_nights_told_in_one_formula_are_two_stories(folder: Path) -> None:
    stories = told(folder, "story_id")
    assert stories[ONE_NIGHT] != stories[ANOTHER_NIGHT]


def test_the_changed_article_alone_has_a_revision_and_keeps_both_texts(folder: Path) -> None:
    counts = told(folder, "revision_count")
    assert {path for path, count in counts.items() if count} == {CHANGED}
    changed = "select article_id from revisions where number > 0"
    kept = ask(folder, f"select title from revisions where article_id in ({changed}) order by number")
    assert [row["title"] for row in kept] == [printed(at)[CHANGED][0] for at in (FIRST, SECOND)]


def test_what_was_dropped_says_why(folder: Path) -> None:
    rows = ask(folder, "select distinct stage, reason, regexp_replace(url, '^http://[^/]+', '') as path from drops")
    assert {(row["stage"], row["reason"], row["path"]) for row in rows} == DROPPED


def test_the_feed_that_answers_with_a_page_is_named_as_such(folder: Path) -> None:
    rows = ask(folder, "select distinct detail from drops where reason = 'feed_failed'")
    assert ["a web page" in row["detail"] for row in rows] == [True]


def test_the_mail_has_a_text_and_a_page_from_right_to_left(folder: Path) -> None:
    mail = message_from_bytes((folder / "marsad-demo/mail/digest-1.eml").read_bytes(), policy=policy.default)
    assert {"text/plain", "text/html"} <= {part.get_content_type() for part in mail.walk()}
    assert 'dir="rtl"' in (folder / "marsad-demo/mail/digest-1.html").read_text("utf-8")


def test_mail_and_report_tell_the_story_of_three_outlets(folder: Path) -> None:
    for name in ("mail/digest-1.html", "reports/report.html"):
        page = (folder / "marsad-demo" / name).read_text("utf-8")
        assert any(printed(FIRST)[path][0] in page for path in (WIRE, REPRINT, EXCERPT)), name


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one.txt").write_text("dear")
    done = marsad("demo", "letters", folder=tmp_path)
    assert (done.returncode, "not empty and not a demo's" in done.stderr) == (2, True)
    assert [file.name for file in (tmp_path / "letters").iterdir()] == ["one.txt"]


def test_a_demo_folder_with_news_of_real_feeds_is_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "marsad-demo"
    core = Core(data)
    core.create_or_migrate()
    (data / "marsad.toml").write_text("# Written by marsad demo, which empties this folder each time it runs.\n")
    poll = PollBatch("one", "run", datetime.now(UTC), outlets=(("https://example.org/rss", Outlet("x", "X")),))
    core.append_polls(poll)
    core.publish()
    done = marsad("demo", folder=tmp_path)
    assert (done.returncode, "holds news beside the demo's" in done.stderr) == (2, True), done.stderr
    assert core.file.exists()
