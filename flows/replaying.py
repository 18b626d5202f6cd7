"""Owns replaying: any stage again over what is kept, by the code and the topic as they are.

    extract   pages of the archive, the newest first -> texts that differ become revisions, new articles are added
    tag       articles -> readings that differ take the place of those that count
    relate    all articles, in the order of publishing -> relations and stories that differ; one transaction

A stage is followed by those after it. Each chunk is one transaction; what a killed replay has stored stays, and the
next one finds it equal and adds nothing to it.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import TypeVar

from extractors.pool import ExtractorPool, Job
from flows.desk import Desk, Progress
from flows.learning import without_furniture
from flows.reconciling import reconcile
from marsad.articles import Article, Label, Tagging
from marsad.records import ArchivedPage, ArticleBatch, Cause, Draft, KeptText, Record, TextReading, counted_from
from marsad.relations import Novelty, NoveltyKind
from marsad.sketches import fingerprint_of
from marsad.tagging import tag_text
from marsad.words import read_words
from warehouse.replaying import Batch, Replaying, append_readings

_CHUNK_COUNT = 200  #: pages or articles of one transaction
_log = logging.getLogger(__name__)
T = TypeVar("T")


class Stage(StrEnum):
    """From where a replay begins."""

    EXTRACT = "extract"
    TAG = "tag"
    RELATE = "relate"


@dataclass(slots=True)
class ReplaySummary:
    """What a replay did; counted while it goes."""

    page_count: int = 0  #: taken out of the archive and read again
    missing_count: int = 0  #: pages whose file is no longer kept, or that were taken out
    new_count: int = 0  #: articles that no earlier rules found
    text_count: int = 0  #: articles whose text reads otherwise
    reading_count: int = 0  #: articles of which names, statements or topic are told otherwise
    standing_count: int = 0  #: articles that stand otherwise to the others
    bug_urls: list[str] = field(default_factory=list)  #: texts that the rules could not be run over


@dataclass(frozen=True, slots=True)
class _Replay:
    """One replay: what it works with, and its name in the ledger."""

    desk: Desk
    kept: Replaying
    progress: Progress
    summary: ReplaySummary
    run_id: str

    def batch(self, stage: str, number: int) -> Batch:
        """Return the name of a chunk in the ledger."""
        return Batch(f"{self.run_id}/{stage}/{number}", self.run_id, self.desk.place.now())


def replay(desk: Desk, since: datetime, first: Stage, progress: Progress) -> ReplaySummary:
    """Run the stages from `first` on over what was fetched or first read since then, publish, and say what changed.

    Raises:
        WarehouseBusy: another process held the warehouse for too long; what was stored before stays.
        WarehouseUnusable: warehouse or archive cannot be read or written.
    """
    now = desk.place.now()
    run_id = f"replay-{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    work = _Replay(desk, Replaying(desk.core), progress, ReplaySummary(), run_id)
    try:
        for stage in list(Stage)[list(Stage).index(first) :]:
            _STAGES[stage](work, since)
    finally:
        desk.core.publish()
    return work.summary


def _extract(work: _Replay, since: datetime) -> None:
    pages = work.kept.archived_pages(since)
    work.progress.begin("extract", len(pages))
    told: set[int] = set()
    with ExtractorPool(work.desk.place.settings.extract) as pool:
        for number, chunk in enumerate(_chunks(pages)):
            found = [one for one in _extracted(work, pool, chunk) if one[1].id not in told]
            first = {article.id: (one, article) for one, article in reversed(found)}
            told |= first.keys()
            _store_texts(work, work.batch("extract", number), list(first.values()))
            work.progress.advance("extract", len(chunk))


def _extracted(
    work: _Replay, pool: ExtractorPool, chunk: Sequence[ArchivedPage]
) -> Iterator[tuple[ArchivedPage, Article]]:
    zones = {feed.url: feed.zone for feed in work.desk.feeds}
    kept = [(one, work.desk.archive.find(one.pointer)) for one in chunk]
    held = [(one, page) for one, page in kept if page is not None]
    work.summary.page_count += len(held)
    work.summary.missing_count += len(chunk) - len(held)
    jobs = [Job(page, zone=zones.get(one.feed_url, "UTC"), outlet=one.outlet.name) for one, page in held]
    found = [
        (one, outcome)
        for (one, _), outcome in zip(held, pool.extract(jobs), strict=True)
        if isinstance(outcome, Article)
    ]
    articles = without_furniture(work.desk, [article for _, article in found], work.desk.place.now())
    yield from zip((one for one, _ in found), articles, strict=True)


def _store_texts(work: _Replay, name: Batch, found: Sequence[tuple[ArchivedPage, Article]]) -> None:
    known = {text.article_id: text for text in work.kept.kept_texts(article.id for _, article in found)}
    records = [record for one, article in found if (record := _retold(work, one, article, known.get(article.id)))]
    if not records:
        return
    batch = ArticleBatch(name.batch_id, name.run_id, name.at, tuple(records), cause=Cause.REPLAY)
    with work.desk.core.writing() as transaction:
        transaction.append_articles(batch)
    new = sum(record.draft.article.id not in known for record in records)
    work.summary.new_count += new
    work.summary.text_count += len(records) - new


def _retold(work: _Replay, one: ArchivedPage, article: Article, known: KeptText | None) -> Record | None:
    """Return the record of a text that is not kept so; None where it is, or where it is off the topic and not kept."""
    if known is not None and (known.title, known.body, known.kind) == (article.title, article.body, article.kind):
        return None
    tagging = _tagged(work, article)
    if tagging is None or (known is None and tagging.relevance.label is Label.OFF):
        return None
    draft = Draft(
        article=article,
        tagging=tagging,
        fingerprint=fingerprint_of(article.text),
        feed_url=one.feed_url,
        outlet=one.outlet,
        first_seen_at=counted_from(one.told_at, article.published, one.pointer.fetched_at),
    )
    kind = NoveltyKind.NEW if known is None else NoveltyKind.REVISION
    return Record(draft, Novelty(kind), article.id)  # where it stands is told by the stage `relate`, which follows


def _tag(work: _Replay, since: datetime) -> None:
    days = work.kept.article_days(since)
    ids = [key for _, keys in days for key in keys]
    work.progress.begin("tag", len(ids))
    for number, chunk in enumerate(_chunks(ids)):
        texts = work.kept.kept_texts(chunk)
        seen = work.kept.seen_people(chunk)
        people = [_ranges(text.text, seen.get(text.article_id, [])) for text in texts]
        tagged = [(text, _tagged(work, text, ranges)) for text, ranges in zip(texts, people, strict=True)]
        readings = [TextReading(text, tagging) for text, tagging in tagged if tagging is not None]
        with work.desk.core.writing() as transaction:
            work.summary.reading_count += len(append_readings(transaction, work.batch("tag", number), readings))
        work.progress.advance("tag", len(chunk))


def _ranges(text: str, people: Iterable[tuple[int, int, str]]) -> list[range]:
    """Return the words of those people whose names still stand where the recognizer saw them."""
    held = [(start, end) for start, end, surface in people if text[start:end] == surface]
    words = read_words(text) if held else None
    return [range(*words.between(start, end)) for start, end in held] if words else []


def _tagged(work: _Replay, text: Article | KeptText, people: Sequence[range] = ()) -> Tagging | None:
    try:
        return tag_text(text.text, work.desk.topic, text.title, people)
    except Exception:  # noqa: BLE001  one text that the rules cannot be run over ends no replay
        _log.exception("tagging %s failed", text.url)
        work.summary.bug_urls.append(text.url)
        return None


def _relate(work: _Replay, since: datetime) -> None:  # noqa: ARG001  what an article is depends on all that is kept
    standings = reconcile(work.desk, work.progress, work.batch("relate", 0))
    work.summary.standing_count += len(standings)


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    waiting = iter(items)
    while chunk := list(islice(waiting, _CHUNK_COUNT)):
        yield chunk


_STAGES = {Stage.EXTRACT: _extract, Stage.TAG: _tag, Stage.RELATE: _relate}
