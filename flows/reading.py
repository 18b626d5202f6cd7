"""Owns the second half of a cycle: pending entries become pages, pages become records or drops."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from extractors.languages import language_of
from extractors.links import find_amp_url
from extractors.pool import Job
from flows.desk import Desk
from flows.earlier import changes_of, told_apart
from flows.learning import without_furniture
from marsad.articles import Article, BodyKind, Drop, Label
from marsad.dates import Precision
from marsad.errors import (
    AddressRefused,
    Disallowed,
    EndlessRedirect,
    FetchError,
    Gone,
    MarsadError,
    SlowDown,
    TooLarge,
)
from marsad.judging import Judge
from marsad.records import ArchivePointer, ArticleBatch, Attempt, Draft, PendingEntry, Record, counted_from
from marsad.relations import Neighbourhood, NoveltyKind
from marsad.retrying import STATUSES_REFUSED, next_attempt
from marsad.sketches import fingerprint_of
from marsad.sources import Page
from marsad.summaries import CLOSED, article_told
from marsad.tagging import tag_text
from marsad.topic import Topic
from transport.fetch import Fetcher, Request
from warehouse.transaction import Transaction

Extract = Callable[[Sequence[Job]], Iterable[Article | Drop]]  #: takes pages apart, in their order
_log = logging.getLogger(__name__)

_REASONS: dict[type[MarsadError], str] = {
    AddressRefused: "address_refused",
    Disallowed: "robots",
    EndlessRedirect: "endless_redirect",
    FetchError: "unreachable",
    Gone: "gone",
    TooLarge: "too_large",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one pending entry: a page, a drop, an attempt to be repeated, or nothing where it was not asked."""

    pending: PendingEntry
    page: Page | None = None
    drop: Drop | None = None
    attempt: Attempt | None = None

    @property
    def is_settled(self) -> bool:
        """Whether it need not be asked again."""
        return self.page is not None or self.drop is not None

    @property
    def is_heard(self) -> bool:
        """Whether there is anything to be stored of it."""
        return self.is_settled or self.attempt is not None

    @property
    def byte_count(self) -> int:
        """How much memory its page takes."""
        return len(self.page.body) if self.page is not None else 0


async def fetch_page(desk: Desk, fetcher: Fetcher, pending: PendingEntry, now: datetime) -> Fetched:
    """Return the entry's page, or why there is none, for good or for now."""
    limits = desk.place.settings.fetch
    try:
        return Fetched(pending, page=await fetcher.get_allowed(_request_for(desk, pending)))
    except SlowDown:  # the host, not the page: it was perhaps not even asked
        return Fetched(pending)
    except MarsadError as error:
        attempt = next_attempt(pending, error, now, limits.poll_gap_seconds)
        if attempt is not None:
            return Fetched(pending, attempt=attempt)
        is_closed = isinstance(error, Gone) and error.status in STATUSES_REFUSED
        reason = "refused" if is_closed else _REASONS.get(type(error), "refused")
        return Fetched(pending, drop=_drop(pending, "fetch", reason, error.reason))


async def fetch_page_offline(desk: Desk, fetcher: Fetcher, pending: PendingEntry, now: datetime) -> Fetched:
    """Return the same where no feed answered: what cannot be reached then is no failure of the page, and stays."""
    fetched = await fetch_page(desk, fetcher, pending, now)
    is_unreachable = fetched.drop is not None and fetched.drop.reason == _REASONS[FetchError]
    return Fetched(pending) if is_unreachable or fetched.attempt is not None else fetched


def _request_for(desk: Desk, pending: PendingEntry) -> Request:
    limits = desk.place.settings.fetch
    return Request(
        pending.entry.url, limit_bytes=limits.page_limit_bytes, deadline_seconds=limits.page_deadline_seconds
    )


def _drop(pending: PendingEntry, stage: str, reason: str, detail: str = "") -> Drop:
    return Drop(stage=stage, reason=reason, url=pending.entry.url, detail=detail, feed_url=pending.entry.feed_url)


@dataclass(frozen=True, slots=True)
class Extracted:
    """A page that is archived and taken apart: its article, or why it holds none."""

    pending: PendingEntry
    pointer: ArchivePointer
    outcome: Article | Drop
    amp_url: str = ""  #: of another version on the same site, where this one holds little or no text
    further: tuple[ArchivePointer, ...] = ()  #: versions that the text was not taken from

    @property
    def is_thin(self) -> bool:
        """Whether another version of the page may say more: it has no text, or a teaser."""
        if isinstance(self.outcome, Drop):
            return self.outcome.reason in ("no_text", "not_an_article")
        return self.outcome.kind in (BodyKind.SUMMARY, BodyKind.NONE)


@dataclass(frozen=True, slots=True)
class Read:
    """A chunk of pages, read: drafts to be judged, drops, and where every page is archived."""

    drafts: tuple[Draft, ...]
    drops: tuple[Drop, ...]
    pages: tuple[ArchivePointer, ...]
    attempts: tuple[Attempt, ...]


def extract_pages(desk: Desk, extract: Extract, fetched: Iterable[Fetched]) -> list[Extracted]:
    """Archive each page before it is parsed, then take its text out in a process that can be killed."""
    zones = {feed.url: feed.zone for feed in desk.feeds}
    arrived = [(one.pending, one.page) for one in fetched if one.page is not None]
    pointers = desk.archive.append_all([page for _, page in arrived])
    jobs = [
        Job(page, zone=zones.get(pending.entry.feed_url, "UTC"), outlet=pending.outlet.name)
        for pending, page in arrived
    ]
    found = [
        (Extracted(pending, pointer, outcome), page)
        for (pending, page), pointer, outcome in zip(arrived, pointers, extract(jobs), strict=True)
    ]
    return [replace(one, amp_url=find_amp_url(page)) if one.is_thin else one for one, page in found]


def learn_furniture(desk: Desk, extracted: Sequence[Extracted], now: datetime) -> list[Extracted]:
    """Take out of each article what stands on several articles of its host."""
    found = [one.outcome for one in extracted if isinstance(one.outcome, Article)]
    articles = iter(without_furniture(desk, found, now))
    return [replace(one, outcome=next(articles)) if isinstance(one.outcome, Article) else one for one in extracted]


def read_of(
    desk: Desk, fetched: Sequence[Fetched], extracted: Sequence[Extracted], drafts: Iterable[Draft | Drop]
) -> Read:
    """Return what came of a chunk, with what each of its articles says; what is closed as its feed tells it."""
    drafted = list(zip(extracted, drafts, strict=True))
    drops = [one.drop for one in fetched if one.drop is not None]
    closed = [one.pending for one in fetched if one.drop is not None and one.drop.reason in CLOSED]
    closed += [one.pending for one, drop in drafted if isinstance(drop, Drop) and drop.reason in CLOSED]
    told = [draft for pending in closed if (draft := _told(desk.topic, pending)) is not None]
    return Read(
        drafts=(*(draft for _, draft in drafted if isinstance(draft, Draft)), *told),
        drops=(*drops, *(drop for _, drop in drafted if isinstance(drop, Drop))),
        pages=tuple(pointer for one, _ in drafted for pointer in (one.pointer, *one.further)),
        attempts=tuple(one.attempt for one in fetched if one.attempt is not None),
    )


def draft_of(topic: Topic, extracted: Extracted, now: datetime) -> Draft | Drop:
    """Say of an article whether it is on the topic, who is named and who stands where; or why it is not kept."""
    pending, article = extracted.pending, extracted.outcome
    if isinstance(article, Drop):
        return _drop(pending, article.stage, article.reason, article.detail)
    first_seen_at = counted_from(pending.told_at, article.published, now)
    return _tagged(topic, pending, article, first_seen_at, extracted.pointer)


def _told(topic: Topic, pending: PendingEntry) -> Draft | None:
    """Return what the feed itself says of an article whose page is closed, None where that is too little."""
    article = article_told(pending.entry, pending.outlet.name)
    if article is None:
        return None
    article = replace(article, lang=language_of(article.text))
    draft = _tagged(topic, pending, article, pending.told_at or pending.seen_at)
    return draft if isinstance(draft, Draft) else None


def _tagged(
    topic: Topic, pending: PendingEntry, article: Article, first_seen_at: datetime, page: ArchivePointer | None = None
) -> Draft | Drop:
    try:
        tagging = tag_text(article.text, topic, article.title)
    except Exception as bug:  # noqa: BLE001  settle the page, or it would come back and stop every cycle
        _log.exception("tagging %s failed", article.url)
        return _drop(pending, "topic", "bug", repr(bug))
    if tagging.relevance.label is Label.OFF:
        return _drop(pending, "topic", "off_topic", "; ".join(tagging.relevance.reasons))
    return Draft(
        article=article,
        tagging=tagging,
        fingerprint=fingerprint_of(article.text),
        feed_url=pending.entry.feed_url,
        outlet=pending.outlet,
        first_seen_at=first_seen_at,
        page=page,
    )


def store_pages(desk: Desk, batch_id: str, run_id: str, read: Read, now: datetime) -> ArticleBatch:
    """Judge the drafts against everything kept and append them; return what was stored.

    All of it in one transaction: the texts that an address shows besides another one of this chunk are a batch behind.
    Where either batch was stored before, nothing is.
    """
    drafts, again, twice = _in_rounds(sorted(read.drafts, key=_told_at))
    first = ArticleBatch(batch_id, run_id, now, (), read.pages, (*read.drops, *twice), attempts=read.attempts)
    with desk.core.writing() as transaction:
        stored = _store(desk, transaction, first, drafts)
        if not again:
            return stored
        later = _store(desk, transaction.following(), ArticleBatch(f"{batch_id}/again", run_id, now), again)
    if transaction.fate.is_void:
        return ArticleBatch(batch_id, run_id, now)
    return replace(stored, records=(*stored.records, *later.records), drops=(*stored.drops, *later.drops))


def _store(desk: Desk, transaction: Transaction, batch: ArticleBatch, drafts: Sequence[Draft]) -> ArticleBatch:
    """Append the drafts, judged, with all that the batch holds besides; an empty batch where it was stored before."""
    on = batch.at.date()
    judge = Judge(desk.knowledge, desk.corpus)
    placed, earlier = told_apart(desk, transaction, _unread(transaction, drafts))
    prints = {draft.article.id: draft.fingerprint for draft in placed}
    sketches = [judge.sketch(draft.article.id, draft.article.text, draft.fingerprint) for draft in placed]
    transaction.append_sketches(sketches, on)
    hoods = transaction.neighbourhoods(sketches, on, prints)
    judge.stories |= transaction.story_ids(hoods)
    records = tuple(_record(desk, judge, draft, hoods[draft.article.id], earlier) for draft in placed)
    stored = transaction.append_articles(replace(batch, records=records))
    return stored or ArticleBatch(batch.batch_id, batch.run_id, batch.at)


def _unread(transaction: Transaction, drafts: Sequence[Draft]) -> list[Draft]:
    """Return the drafts without what only feeds tell of articles whose page was read before."""
    told = {draft.article.url for draft in drafts if draft.page is None}
    kept = transaction.texts_at(told) if told else {}
    return [draft for draft in drafts if draft.page is not None or not kept.get(draft.article.url)]


def _told_at(draft: Draft) -> tuple[bool, datetime, int]:
    """Order a chunk as it was published, so that a wire story is judged before its copies; the undated come last."""
    published = draft.article.published
    is_known = published.at is not None and published.precision is Precision.INSTANT and not published.is_implausible
    return (not is_known, published.at if is_known and published.at else draft.first_seen_at, draft.article.id)


def _in_rounds(drafts: Iterable[Draft]) -> tuple[list[Draft], list[Draft], list[Drop]]:
    """Return one draft an address, the last other text of those that show several, and all besides as drops."""
    by_id: dict[int, list[Draft]] = {}
    for draft in drafts:
        by_id.setdefault(draft.article.id, []).append(draft)
    first, again, twice = [], [], []
    for shown in by_id.values():
        first.append(shown[0])
        others = [draft for draft in shown[1:] if draft.fingerprint.text_key != shown[0].fingerprint.text_key]
        again += others[-1:]
        twice += [draft for draft in shown[1:] if draft not in others[-1:]]
    return first, again, [Drop("store", "same_url", draft.article.url, feed_url=draft.feed_url) for draft in twice]


def _record(desk: Desk, judge: Judge, draft: Draft, hood: Neighbourhood, earlier: Mapping[int, str]) -> Record:
    article_id = draft.article.id
    judged = judge.judge(article_id, draft.fingerprint, hood)
    is_revision = judged.novelty.kind is NoveltyKind.REVISION and article_id in earlier
    changes = changes_of(desk, earlier[article_id], draft) if is_revision else None
    return Record(draft, judged.novelty, judged.story_id, changes)


def is_news(record: Record) -> bool:
    """Whether the record counts as new: neither a copy of another article nor of a seed text."""
    return record.novelty.kind is NoveltyKind.NEW and not record.novelty.repeats_seed
