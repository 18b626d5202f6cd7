"""Owns how nouns become rows: one tuple a row, in the order of the table's columns, the batch first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from marsad.articles import Drop, Entity
from marsad.claims import claim_of
from marsad.corrections import Correction
from marsad.dates import Dated
from marsad.digests import Delivery
from marsad.errors import BadInput
from marsad.identity import key_of
from marsad.records import (
    ArchivePointer,
    Attempt,
    Cause,
    Discovery,
    Record,
    RunSummary,
    Sighting,
    Standing,
    TextReading,
)
from marsad.relations import NoveltyKind, Relation
from marsad.sources import Entry, FeedState, HostPause, Outlet, Polled, Rhythm, Timetable
from marsad.urls import canonical_url
from warehouse.scripts import statement_on

Row = tuple[Any, ...]

_ARROW = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "UBIGINT": pa.uint64(),
    "VARCHAR": pa.string(),
    "VARCHAR[]": pa.list_(pa.string()),
    "INTEGER[]": pa.list_(pa.int32()),
    "JSON": pa.string(),
    "TIMESTAMP WITH TIME ZONE": pa.timestamp("us", "UTC"),
    "BOOLEAN": pa.bool_(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "BLOB": pa.binary(),
}


def append_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> int:
    """Append `rows` to core.TABLE and return how many; Arrow takes 8-21 k rows/s, row by row 0.2 k."""
    if rows:
        stage_rows(connection, table, rows)
        connection.execute(statement_on("tables", "append_staged", table=table))
        connection.unregister("staged")
    return len(rows)


def stage_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    """Register `rows`, typed like core.TABLE, as the relation `staged`."""
    description = connection.execute(f"describe core.{table}").fetchall()
    columns = list(zip(*rows, strict=True)) or [()] * len(description)
    arrays = [pa.array(map(clean, column), _ARROW[kind[1]]) for column, kind in zip(columns, description, strict=True)]
    connection.register("staged", pa.table(arrays, names=[name for name, *_ in description]))


def clean(value: Any) -> Any:  # noqa: ANN401  a cell is any of the types above
    """Return a value as a cell holds it: without lone surrogates, a tuple as a list."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, tuple):
        return [clean(part) for part in value]
    return value


def feed_row(batch: int, feed_url: str, outlet: Outlet) -> Row:
    """Return the row of core.feed."""
    return (batch, feed_url, outlet.id, outlet.name, outlet.name_ar, outlet.country, outlet.line, outlet.family)


def state_row(batch: int, state: FeedState) -> Row:
    """Return the row of core.feed_state."""
    instants = (state.polled_at, state.succeeded_at, state.next_poll_at)
    found = (state.failure_count, state.reason, state.outcome, state.failing_since, state.moved_to)
    rhythm = state.rhythm
    return (batch, state.feed_url, *instants, *found, rhythm.new_count, rhythm.watched_seconds, rhythm.usual_seconds)


def validator_row(batch: int, state: FeedState) -> Row:
    """Return the row of core.validator."""
    marks = (state.etag, state.last_modified, state.body_hash)
    doubts = (state.whole_at, state.not_modified_count, state.is_misled)
    wishes = (state.timetable.gap_seconds, state.timetable.closed_hours, state.timetable.closed_days)
    return (batch, state.feed_url, *marks, *doubts, *wishes)


def parse_state(row: Row) -> FeedState:
    """Return the state of a row of statement core/feed_states."""
    *plain, outcome, new_count, watched, usual, gap, hours, days = row
    state = FeedState(*plain)
    return replace(
        state,
        outcome=Polled(outcome) if outcome else None,
        timetable=Timetable(gap or 0.0, tuple(hours or ()), tuple(days or ())),
        rhythm=Rhythm(new_count or 0.0, watched or 0.0, usual),
    )


def pause_row(batch: int, pause: HostPause) -> Row:
    """Return the row of core.host_pause."""
    return (batch, pause.host, pause.retry_at)


def attempt_row(batch: int, attempt: Attempt) -> Row:
    """Return the row of core.attempt."""
    times = (attempt.tried_at, attempt.try_count, attempt.next_try_at)
    return (batch, url_id(attempt.url), *times, attempt.reason)


def entry_row(batch: int, sighting: Sighting) -> Row:
    """Return the row of core.entry."""
    entry = sighting.entry
    head = (batch, entry_id(entry), url_id(entry.url), entry.feed_url, entry.guid, entry.url)
    times = (sighting.seen_at, sighting.counted_at)
    tail = (entry.updated, sighting.label, sighting.verdict, *times)
    return (*head, entry.title, entry.summary, sighting.headline_key, *_dated(entry.published), *tail)


def claim_row(batch: int, sighting: Sighting) -> Row:
    """Return the row of core.claim."""
    entry, claim = sighting.entry, claim_of(sighting.entry)
    key = (batch, entry_id(entry), url_id(entry.url))
    return (*key, claim.title, claim.dated, sighting.verdict, sighting.seen_at)


def discovery_row(batch: int, found: Discovery, at: datetime) -> Row:
    """Return the row of core.discovery."""
    said = (found.headline, found.headline_key, found.publisher, found.publisher_url)
    return (batch, found.entry_id, *said, found.outcome, found.own_entry_id, at)


def url_id(url: str) -> int:
    """Return the 63-bit identity of an address: that of the article there, whatever trackers the address carries."""
    try:
        return key_of(canonical_url(url))
    except BadInput:  # not http: a drop may be about anything
        return key_of(url)


def entry_id(entry: Entry) -> int:
    """Return the 63-bit identity of an entry: its feed, its guid and its page.

    Guids are unique in their feed at best. A guid that comes again with another page is another entry: some feeds
    count from 1 each day, and what was taken for known would never be read.
    """
    return key_of(f"{entry.feed_url}\n{entry.guid}\n{url_id(entry.url)}")


def page_row(batch: int, page: ArchivePointer) -> Row:
    """Return the row of core.page."""
    return (batch, url_id(page.url), page.url, page.file, page.offset, page.fetched_at)


def article_row(batch: int, record: Record) -> Row:
    """Return the row of core.article."""
    draft, article, outlet = record.draft, record.draft.article, record.draft.outlet
    text = (article.id, article.url, article.title, article.body, article.kind)
    dates = (*_dated(article.published), article.modified.at)
    source = (article.authors, outlet.id, outlet.name or article.outlet, outlet.country, outlet.family)
    tail = (article.lang, article.tags, draft.feed_url, draft.first_seen_at, article.method)
    return (batch, *text, *dates, *source, *tail)


def revision_row(batch: int, record: Record, number: int, cause: Cause) -> Row:
    """Return the row of core.revision."""
    article = record.draft.article
    text = (article.title, article.body, article.kind, article.modified.at)
    return (batch, article.id, number, *text, record.draft.first_seen_at, cause, article.method, _changes(record))


def _changes(record: Record) -> str | None:
    return json.dumps(asdict(record.changes), ensure_ascii=False) if record.changes is not None else None


def story_row(batch: int, standing: Standing) -> Row:
    """Return the row of core.story: what the text is beside other articles, also where it is a later one."""
    novelty = standing.novelty
    kind = novelty.standing if novelty.kind is NoveltyKind.REVISION else novelty.kind
    return (batch, standing.article_id, standing.story_id, kind, novelty.repeats_seed)


def relation_row(batch: int, relation: Relation) -> Row:
    """Return the row of core.relation."""
    return (
        batch,
        relation.article_id,
        relation.other_id,
        relation.origin,
        relation.kind,
        relation.score,
        relation.method,
    )


def tagging_row(batch: int, reading: TextReading) -> Row:
    """Return the row of core.tagging."""
    text, tagging, voice = reading.text, reading.tagging, reading.tagging.voice
    relevance = (tagging.relevance.label, tagging.relevance.score, tagging.relevance.reasons)
    found = (voice.stance, voice.start, voice.end, tagging.balance, tagging.method, tagging.agency or None)
    return (batch, text.article_id, text.revision, *relevance, *found)


def mention_rows(batch: int, reading: TextReading) -> Iterator[Row]:
    """Yield the rows of core.mention."""
    text, tagging = reading.text, reading.tagging
    for found in tagging.mentions:
        span = (found.start, found.end, found.surface, found.type, found.kind, found.entity_id)
        yield (batch, text.article_id, text.first_seen_at, *span, tagging.method_of(found))


def statement_rows(batch: int, reading: TextReading) -> Iterator[Row]:
    """Yield the rows of core.statement, each with the words of its evidence."""
    text, method = reading.text, reading.tagging.method
    for said in reading.tagging.statements:
        speaker = (said.speaker, said.speaker_id, said.speaker_start, said.speaker_end, said.target, said.stance)
        words = text.text[said.start : said.end]
        evidence = (said.start, said.end, words, said.cue, said.attribution, said.confidence)
        yield (batch, text.article_id, text.first_seen_at, *speaker, *evidence, method)


def correction_row(batch: int, correction: Correction, at: datetime) -> Row:
    """Return the row of core.correction."""
    place = (correction.article_id, correction.start_char)
    return (batch, at, str(correction.kind), *place, correction.subject, correction.says)


def entity_row(batch: int, entity: Entity) -> Row:
    """Return the row of core.entity."""
    return (batch, entity.id, entity.name, entity.name_ar, entity.type, entity.qid, entity.aliases)


def drop_row(batch: int, drop: Drop, at: datetime) -> Row:
    """Return the row of core.drop; `at` counts where the drop has no instant of its own."""
    where = (url_id(drop.url), drop.url, drop.stage, drop.reason, drop.detail, drop.feed_url)
    return (batch, *where, drop.at or at)


def run_row(batch: int, summary: RunSummary, at: datetime) -> Row:
    """Return the row of core.run that ends a cycle."""
    counts = asdict(summary) | {"started_at": summary.started_at.isoformat()}
    return (batch, summary.run_id, at, "finished", json.dumps(counts, ensure_ascii=False))


def outbox_row(batch: int, delivery: Delivery, at: datetime) -> Row:
    """Return the row of core.outbox."""
    composed_at = delivery.composed_at or at
    return (batch, delivery.message_id, delivery.recipient, delivery.subject, delivery.payload, composed_at)


def _dated(date: Dated) -> Row:
    return (date.at, date.precision, date.source, date.raw, date.is_implausible)
