"""Owns what a replay asks of the warehouse and adds to it: judgements anew, where they differ from those that count.

A row of today's rules is appended only where it says something else than the rows that count, together with the mark
that makes those history, in the transaction of its chunk. So a replay that is killed leaves whole chunks, and one that
runs twice adds nothing the second time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from marsad.articles import SEEN, Drop, Label
from marsad.records import ArchivedPage, ArchivePointer, KeptText, Standing, TextReading
from marsad.sources import Outlet
from warehouse import rows
from warehouse.core import Core
from warehouse.neighbours import stage_keys
from warehouse.rows import Row, append_rows
from warehouse.scripts import statement, statement_on
from warehouse.transaction import Transaction

_ARTICLE_COLUMN = 1  #: of article_id, behind the batch, in every table of judgements


@dataclass(frozen=True, slots=True)
class Batch:
    """The name of a chunk in the ledger."""

    batch_id: str
    run_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Replaying:
    """The warehouse as a replay sees it."""

    core: Core

    def archived_pages(self, since: datetime) -> list[ArchivedPage]:
        """Return every page fetched since then with the feed that led to it, the newest first."""
        with self.core.reading() as connection:
            found = connection.execute(statement("replaying", "archived_pages"), {"since": since}).fetchall()
        return [_archived(row) for row in found]

    def article_days(self, since: datetime) -> list[tuple[date, list[int]]]:
        """Return the articles first read since then by day (UTC), the oldest day first."""
        with self.core.reading() as connection:
            return connection.execute(statement("replaying", "article_days"), {"since": since}).fetchall()

    def kept_texts(self, ids: Iterable[int]) -> list[KeptText]:
        """Return the newest texts of the articles that are kept, in the order in which they are judged."""
        with self.core.reading() as connection:
            stage_keys(connection, ids)
            found = connection.execute(statement("replaying", "kept_texts")).fetchall()
        return [KeptText(*row) for row in found]

    def seen_people(self, ids: Iterable[int]) -> dict[int, list[tuple[int, int, str]]]:
        """Return by article whom only the recognizer saw in the reading that counts: start, end, words."""
        with self.core.reading() as connection:
            stage_keys(connection, ids)
            found = connection.execute(statement("replaying", "seen_people"), {"method": f"%{SEEN}"}).fetchall()
        people: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        for article_id, *person in found:
            people[article_id].append((person[0], person[1], person[2]))
        return people


def append_readings(transaction: Transaction, batch: Batch, readings: Sequence[TextReading]) -> list[int]:
    """Append the readings that differ from those that count; return the ids of their articles."""
    found: dict[str, list[Row]] = {
        "tagging": [rows.tagging_row(transaction.batch, reading) for reading in readings],
        "mention": [row for reading in readings for row in rows.mention_rows(transaction.batch, reading)],
        "statement": [row for reading in readings for row in rows.statement_rows(transaction.batch, reading)],
    }
    ids = _append_changed(transaction, batch, "reading", {r.text.article_id for r in readings}, found)
    off = [r for r in readings if r.text.article_id in ids and r.tagging.relevance.label is Label.OFF]
    append_rows(
        transaction.connection, "drop", [rows.drop_row(transaction.batch, _off_topic(one), batch.at) for one in off]
    )
    return sorted(ids)


def append_standings(transaction: Transaction, batch: Batch, standings: Sequence[Standing]) -> list[int]:
    """Append the standings among the others that differ from those that count; return the ids of their articles."""
    found: dict[str, list[Row]] = {
        "story": [rows.story_row(transaction.batch, standing) for standing in standings],
        "relation": [rows.relation_row(transaction.batch, r) for one in standings for r in one.novelty.relations],
    }
    return sorted(_append_changed(transaction, batch, "story", {one.article_id for one in standings}, found))


def _append_changed(
    transaction: Transaction, batch: Batch, part: str, ids: set[int], found: Mapping[str, list[Row]]
) -> set[int]:
    stage_keys(transaction.connection, ids)
    changed: set[int] = set()
    for table, fresh in found.items():
        sql = statement_on("replaying", "current_rows", table=table, part=part)
        kept = _by_article(transaction.connection.execute(sql).fetchall())
        asked = _by_article(fresh)
        changed |= {key for key in ids if kept[key] != asked[key]}
    if not changed:
        return changed
    count = append_rows(transaction.connection, "superseded", [(transaction.batch, key, part) for key in changed])
    for table, fresh in found.items():
        wanted = [row for row in fresh if row[_ARTICLE_COLUMN] in changed]
        count += append_rows(transaction.connection, table, wanted)
    transaction.note(batch.batch_id, batch.run_id, batch.at, count)
    return changed


def _off_topic(reading: TextReading) -> Drop:
    text = reading.text
    return Drop("topic", "off_topic", text.url, "; ".join(reading.tagging.relevance.reasons), text.feed_url)


def _by_article(found: Sequence[Row]) -> defaultdict[int, list[Any]]:
    by_article: defaultdict[int, list[Any]] = defaultdict(list)
    for row in found:
        by_article[row[_ARTICLE_COLUMN]].append(tuple(map(_comparable, row[_ARTICLE_COLUMN:])))
    for these in by_article.values():
        these.sort(key=repr)
    return by_article


def _comparable(value: object) -> object:
    cleaned = rows.clean(value)
    return tuple(cleaned) if isinstance(cleaned, list | tuple) else cleaned


def _archived(row: tuple[Any, ...]) -> ArchivedPage:
    url, file, offset, fetched_at, feed_url, told_at, *outlet = row
    pointer = ArchivePointer(url, file, offset, fetched_at)
    return ArchivedPage(pointer, feed_url, Outlet(*(value or "" for value in outlet)), told_at)
