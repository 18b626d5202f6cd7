"""Owns the second half of a cycle: pending entries become pages, pages become records or drops."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from extractors.pool import ExtractorPool, Job
from flows.desk import Desk
from flows.judging import Judge
from marsad.articles import Article, Drop, Label
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
from marsad.leads import lead_of, terms_of
from marsad.records import ArchivePointer, ArticleBatch, Attempt, Draft, PendingEntry, Record
from marsad.relations import Neighbourhood, NoveltyKind
from marsad.retrying import next_attempt
from marsad.sketches import fingerprint_of, sketch_of
from marsad.sources import Page
from marsad.tagging import tag_text
from transport.fetch import Fetcher, Request

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
        return Fetched(pending, drop=_drop(pending, "fetch", _REASONS.get(type(error), "refused"), error.reason))


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


@dataclass(frozen=True, slots=True)
class Read:
    """A chunk of pages, read: drafts to be judged, drops, and where every page is archived."""

    drafts: tuple[Draft, ...]
    drops: tuple[Drop, ...]
    pages: tuple[ArchivePointer, ...]
    attempts: tuple[Attempt, ...]


def extract_pages(desk: Desk, pool: ExtractorPool, fetched: Iterable[Fetched]) -> list[Extracted]:
    """Archive each page before it is parsed, then take its text out in a process that can be killed."""
    zones = {feed.url: feed.zone for feed in desk.feeds}
    arrived = [(one.pending, one.page) for one in fetched if one.page is not None]
    pointers = desk.archive.append_all([page for _, page in arrived])
    jobs = [
        Job(page, zone=zones.get(pending.entry.feed_url, "UTC"), outlet=pending.outlet.name)
        for pending, page in arrived
    ]
    return [
        Extracted(pending, pointer, outcome)
        for (pending, _), pointer, outcome in zip(arrived, pointers, pool.extract(jobs), strict=True)
    ]


def tag_articles(desk: Desk, fetched: Iterable[Fetched], extracted: Iterable[Extracted], now: datetime) -> Read:
    """Say of each article whether it is on the topic, who is named and who stands where."""
    drafted = [(one, _draft(desk, one, now)) for one in extracted]
    drops = [one.drop for one in fetched if one.drop is not None]
    return Read(
        drafts=tuple(draft for _, draft in drafted if isinstance(draft, Draft)),
        drops=(*drops, *(drop for _, drop in drafted if isinstance(drop, Drop))),
        pages=tuple(one.pointer for one, _ in drafted),
        attempts=tuple(one.attempt for one in fetched if one.attempt is not None),
    )


def _draft(desk: Desk, extracted: Extracted, now: datetime) -> Draft | Drop:
    pending, article = extracted.pending, extracted.outcome
    if isinstance(article, Drop):
        return _drop(pending, article.stage, article.reason, article.detail)
    try:
        tagging = tag_text(article.text, desk.topic, article.title)
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
        first_seen_at=now,
        page=extracted.pointer,
    )


def store_pages(desk: Desk, batch_id: str, run_id: str, read: Read, now: datetime) -> ArticleBatch:
    """Judge the drafts against everything kept and append them, in one transaction; return what was stored."""
    drafts, twice = _each_once(sorted(read.drafts, key=_told_at))
    prints = {draft.article.id: draft.fingerprint for draft in drafts}
    leads = {draft.article.id: lead_of(draft.article.text, desk.reading) for draft in drafts}
    sketches = [sketch_of(key, prints[key], terms_of(lead)) for key, lead in leads.items()]
    with desk.core.writing() as transaction:
        transaction.append_sketches(sketches, now.date())
        hoods = transaction.neighbourhoods(sketches, now.date(), prints)
        judge = Judge(desk, transaction.story_ids(hoods), leads)
        records = [_record(judge, draft, hoods[draft.article.id]) for draft in drafts]
        batch = ArticleBatch(
            batch_id, run_id, now, tuple(records), read.pages, (*read.drops, *twice), attempts=read.attempts
        )
        return transaction.append_articles(batch) or ArticleBatch(batch_id, run_id, now)


def _told_at(draft: Draft) -> tuple[bool, datetime, int]:
    """Order a chunk as it was published, so that a wire story is judged before its copies; the undated come last."""
    published = draft.article.published
    is_known = published.at is not None and published.precision is Precision.INSTANT and not published.is_implausible
    return (not is_known, published.at if is_known and published.at else draft.first_seen_at, draft.article.id)


def _each_once(drafts: Iterable[Draft]) -> tuple[list[Draft], list[Drop]]:
    """Part the drafts from those whose canonical url stands in this chunk already."""
    fresh: dict[int, Draft] = {}
    drops: list[Drop] = []
    for draft in drafts:
        if draft.article.id in fresh:
            drops.append(Drop("store", "same_url", draft.article.url, feed_url=draft.feed_url))
        else:
            fresh[draft.article.id] = draft
    return list(fresh.values()), drops


def _record(judge: Judge, draft: Draft, hood: Neighbourhood) -> Record:
    standing = judge.standing(draft.article.id, draft.fingerprint, hood)
    return Record(draft, standing.novelty, standing.story_id)


def is_news(record: Record) -> bool:
    """Whether the record counts as new: neither a copy of another article nor of a seed text."""
    return record.novelty.kind is NoveltyKind.NEW and not record.novelty.repeats_seed
