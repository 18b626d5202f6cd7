"""Builders of the warehouse's tests: short Arabic articles of our own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from marsad.articles import (
    Article,
    Attribution,
    BodyKind,
    EntityType,
    Label,
    Mention,
    MentionKind,
    OutletVoice,
    Relevance,
    Stance,
    Statement,
    Tagging,
)
from marsad.dates import Dated, Precision
from marsad.identity import key_of
from marsad.records import ArchivePointer, ArticleBatch, Draft, PollBatch, Record, Sighting
from marsad.relations import Novelty, NoveltyKind
from marsad.sketches import fingerprint_of
from marsad.sources import Entry, FeedState, Outlet, Verdict
from warehouse.core import Core

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
FEED = "https://example.org/feed.xml"
OUTLET = Outlet("mirqab", "Mirqab", "المرقاب", "QA", "state", "mirqab")
BODY = (
    "قال المتحدث باسم الكرملين إن موسكو ستواصل تعزيز تعاونها مع بيونغ يانغ في كل المجالات.\n"  # Kremlin: will go on
    "وأضاف أن الاتفاق الموقع بين البلدين لا يستهدف أي طرف ثالث وأنه دفاعي محض."  # aimed at no third party
)


def url_of(number: int) -> str:
    return f"https://example.org/news/{number}"


def entry_of(number: int, title: str = "موسكو وبيونغ يانغ") -> Entry:  # Moscow and Pyongyang
    published = Dated(NOW, Precision.INSTANT, "feed", "Tue, 10 Mar 2026 09:30:00 GMT")
    return Entry(FEED, f"guid-{number}", url_of(number), title, "ملخص", published)  # summary


def polls_of(*numbers: int, batch_id: str = "polls-1", verdict: Verdict = Verdict.FETCH) -> PollBatch:
    sightings = tuple(Sighting(entry_of(n), Label.ON, verdict, NOW + timedelta(seconds=n)) for n in numbers)
    state = FeedState(FEED, etag='W/"a"', polled_at=NOW, succeeded_at=NOW, next_poll_at=NOW + timedelta(hours=1))
    return PollBatch(batch_id, "run-1", NOW, states=(state,), outlets=((FEED, OUTLET),), sightings=sightings)


def article_of(number: int, title: str = "الكرملين والتعاون مع بيونغ يانغ", body: str = BODY) -> Article:
    return Article(key_of(url_of(number)), url_of(number), title, body, BodyKind.FULL, lang="ar", tags=("روسيا",))


def tagging_of(article: Article) -> Tagging:
    text = article.text
    start = text.find("الكرملين")
    mention = Mention(start, start + 8, "الكرملين", EntityType.ORG, MentionKind.NAME, "kremlin", "Kremlin")
    said = text.find("قال")
    end = text.find("\n", said)
    statement = Statement(
        "Kremlin", "kremlin", start, start + 8, "cooperation", Stance.SUPPORTIVE, said, end, "تعزيز",
        Attribution.INDIRECT, 0.8,
    )  # fmt: skip
    relevance = Relevance(Label.ON, 0.9, ("title",))
    return Tagging(relevance, (mention,), (statement,), OutletVoice(), 1.0, "rules/1")


def draft_of(article: Article, at: datetime = NOW) -> Draft:
    page = ArchivePointer(article.url, "2026-03-10.warc.gz", 0, at)
    return Draft(article, tagging_of(article), fingerprint_of(article.text), FEED, OUTLET, at, page)


def record_of(article: Article, kind: NoveltyKind = NoveltyKind.NEW, at: datetime = NOW) -> Record:
    return Record(draft_of(article, at), Novelty(kind), article.id)


def batch_of(*records: Record, batch_id: str = "articles-1", at: datetime = NOW) -> ArticleBatch:
    return ArticleBatch(batch_id, "run-1", at, records=records)


def store(core: Core, batch: ArticleBatch) -> ArticleBatch | None:
    with core.writing() as transaction:
        return transaction.append_articles(batch)


def kept_ids(core: Core) -> set[int]:
    """Return the ids of the articles kept."""
    with core.reading() as connection:
        return {key for (key,) in connection.execute("select id from core.article").fetchall()}


@pytest.fixture
def core(tmp_path: Path) -> Core:
    made = Core(tmp_path / "data")
    made.create_or_migrate()
    return made
