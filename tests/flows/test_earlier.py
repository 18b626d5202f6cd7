"""What a page shows where another text stood before: a revision with what it changed, the same, or another article."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.configuration import Place, packaged_topic
from flows.desk import Desk, read_desk
from flows.reading import Read, store_pages
from marsad.articles import Article
from marsad.records import ArticleBatch
from marsad.relations import NoveltyKind
from marsad.settings import Settings
from marsad.tagging import tag_text
from tests.warehouse.conftest import article_of, draft_of

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
TITLE = "الكرملين يعلق على التعاون مع بيونغ يانغ"
BODY = (
    "قال المتحدث باسم الكرملين دميتري بيسكوف إن موسكو ترحب بتعزيز التعاون العسكري مع بيونغ يانغ.\n"
    "وأضاف أن 12 مهندسا شاركوا في الدورة التدريبية التي استضافتها القاعدة خلال الأسبوع الماضي."
)
#: Another number, no name, and one more who speaks: Seoul condemns it.
CORRECTED = BODY.replace("12", "15").replace("دميتري بيسكوف", "فيما نقلته الصحف") + (
    "\nوأدانت سيول التعاون العسكري بين روسيا وكوريا الشمالية."
)
UNRELATED = article_of(
    1,
    "مهرجان البرتقال يفتتح أبوابه",  # an orange festival opens
    "توافد آلاف الزوار على ساحة القرية لتذوق عصير الحمضيات ومشاهدة سباق العربات المزينة بالأزهار طوال النهار.",
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return read_desk(Place(Settings(), None, tmp_path / "data", packaged_topic()))


def show(desk: Desk, *articles: Article, hours: int = 0) -> ArticleBatch:
    at = AT + timedelta(hours=hours)
    drafts = tuple(
        replace(draft_of(article, at), tagging=tag_text(article.text, desk.topic, article.title))
        for article in articles
    )
    return store_pages(desk, f"pages/{hours}", "run", Read(drafts, (), (), ()), at)


def kinds(batch: ArticleBatch) -> list[NoveltyKind]:
    return [record.novelty.kind for record in batch.records]


def asked(desk: Desk, query: str) -> list[tuple[Any, ...]]:
    with desk.core.reading() as connection:
        return connection.execute(query).fetchall()


def test_a_later_text_is_kept_with_what_it_changed(desk: Desk) -> None:
    show(desk, article_of(1, TITLE, BODY))
    batch = show(desk, article_of(1, f"{TITLE} مجددا", CORRECTED), hours=1)
    assert kinds(batch) == [NoveltyKind.REVISION]
    ((stored,),) = asked(desk, "select changes from core.revision")
    changes = json.loads(stored)
    assert changes["title"] == [TITLE, f"{TITLE} مجددا"]
    assert changes["numbers"] == {"gone": ["12"], "come": ["15"]}
    assert changes["names"]["gone"] == ["Dmitry Peskov"]
    assert "Seoul" in changes["names"]["come"]
    turns = {turn["speaker"]: (turn["before"], turn["after"]) for turn in changes["stances"]}
    assert turns["Seoul"] == ([], ["opposed"])


def test_the_same_text_again_has_not_changed(desk: Desk) -> None:
    show(desk, article_of(1, TITLE, BODY))
    batch = show(desk, article_of(1, TITLE, BODY.replace("إن", "ان")), hours=1)
    assert (kinds(batch), [drop.reason for drop in batch.drops]) == ([], ["unchanged"])


def test_an_address_used_anew_is_an_article_of_its_own(desk: Desk) -> None:
    first = article_of(1, TITLE, BODY)
    show(desk, first)
    assert kinds(show(desk, UNRELATED, hours=1)) == [NoveltyKind.NEW]
    assert show(desk, UNRELATED, hours=2).drops[0].reason == "unchanged"
    assert kinds(show(desk, replace(UNRELATED, body=f"{UNRELATED.body}\nوينتهي مساء غد."), hours=3)) == [
        NoveltyKind.REVISION
    ]
    assert kinds(show(desk, article_of(1, TITLE, CORRECTED), hours=4)) == [NoveltyKind.REVISION]
    assert asked(desk, "select count(distinct id), count(distinct url) from core.article") == [(2, 1)]


def test_two_texts_of_one_address_in_one_chunk_are_article_and_revision(desk: Desk) -> None:
    batch = show(desk, article_of(1, TITLE, BODY), article_of(1, TITLE, CORRECTED))
    assert kinds(batch) == [NoveltyKind.NEW, NoveltyKind.REVISION]
    again = show(desk, article_of(1, TITLE, BODY), article_of(1, TITLE, CORRECTED))
    assert (again.records, again.drops) == ((), ())


def test_one_text_shown_twice_in_a_chunk_is_told(desk: Desk) -> None:
    batch = show(desk, article_of(1, TITLE, BODY), article_of(1, TITLE, BODY))
    assert (kinds(batch), [drop.reason for drop in batch.drops]) == ([NoveltyKind.NEW], ["same_url"])


def test_a_revision_that_repeats_another_article_counts_as_a_copy(desk: Desk) -> None:
    show(desk, article_of(1, TITLE, BODY), article_of(2, "موسكو وبيونغ يانغ", f"{BODY}\n{UNRELATED.body}"))
    show(desk, article_of(2, TITLE, BODY), hours=1)
    since = "select max(batch) from core.superseded where part = 'story' and article_id = story.article_id"
    held = f"select novelty from core.story as story where batch >= ({since})"
    assert asked(desk, held) == [("duplicate",)]


def test_what_one_batch_of_a_chunk_held_before_is_told_as_nothing_stored(desk: Desk) -> None:
    shown = article_of(1, TITLE, BODY)
    show(desk, shown)
    again = show(desk, shown, replace(shown, body=CORRECTED))
    assert (again.records, again.drops) == ((), ())
    assert asked(desk, "select count(*), (select count(*) from core.revision) from core.article") == [(1, 0)]
