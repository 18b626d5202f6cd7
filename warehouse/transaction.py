"""Owns what happens inside the one transaction of a batch: all of it becomes visible at once, or none of it.

The ledger row of a batch is part of its transaction, so a batch that comes again, from an orphaned worker or
after a kill, finds its id there and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import duckdb

from marsad.articles import Drop, Entity
from marsad.hostlines import SENTENCE_ARTICLES, HostLine
from marsad.identity import key_of
from marsad.records import ArchivePointer, ArticleBatch, Cause, KeptText, PollBatch, Record, Standing, TextReading
from marsad.relations import Fingerprint, Neighbourhood, NoveltyKind, Sketch
from marsad.sources import HostPause
from warehouse import rows
from warehouse.neighbours import Neighbours, stage_keys
from warehouse.rows import append_rows, stage_rows
from warehouse.scripts import statement, statement_on


@dataclass(slots=True)
class Fate:
    """What becomes of a transaction, whichever of its batches decides it."""

    is_void: bool = False  #: one of its batches is in the ledger already, or has nothing to say: nothing of it is kept


@dataclass(slots=True)
class Transaction:
    """One batch being written; made by Core.writing, which commits or rolls back."""

    connection: duckdb.DuckDBPyConnection
    batch: int  #: sequence that all rows of this transaction carry
    fate: Fate = field(default_factory=Fate)
    neighbours: Neighbours = field(init=False)

    def __post_init__(self) -> None:
        self.neighbours = Neighbours(self.connection, self.batch)

    def following(self) -> Transaction:
        """Return the batch behind this one, in the same transaction: both are kept, or neither."""
        return Transaction(self.connection, self.batch + 1, self.fate)

    def append_sketches(self, sketches: Sequence[Sketch], on: date) -> None:
        """Append `sketches` under the day `on` (UTC), each text once."""
        self.neighbours.append(sketches, on)

    def neighbourhoods(
        self, sketches: Sequence[Sketch], on: date, fingerprints: Mapping[int, Fingerprint] | None = None
    ) -> dict[int, Neighbourhood]:
        """Return what each sketched text is to be compared with, by its article id.

        Args:
            sketches: appended before, so that document counts include the texts themselves.
            on: last day of the window (UTC).
            fingerprints: of the batch's own texts by article id; a text of the batch is a neighbour of those after
                it. Without them, texts of one batch do not meet.

        A text whose url is kept already has that article, as last read, among its neighbours under its own id.
        """
        others = dict(fingerprints or {})
        stored = self._known_articles(others)
        self.neighbours.fingerprints |= {key: value for key, value in others.items() if key not in stored}
        return self.neighbours.around(sketches, on)

    def texts_at(self, urls: Iterable[str]) -> dict[str, dict[int, str]]:
        """Return for each canonical url the articles kept of it, as last read, by id: that of the url itself first."""
        listed = list(urls)
        stage_keys(self.connection, map(key_of, listed))
        found: dict[str, dict[int, str]] = {}
        rows_found = self.connection.execute(statement("core", "texts_at")).fetchall()
        for url, key, title, body in sorted(rows_found, key=lambda row: (row[1] != key_of(row[0]), row[1])):
            found.setdefault(url, {})[key] = f"{title}\n\n{body}"
        return found

    def story_ids(self, hoods: Mapping[int, Neighbourhood]) -> dict[int, int]:
        """Return the story of every neighbour that has one, by article id."""
        stage_keys(self.connection, {found.id for hood in hoods.values() for found in hood.neighbours})
        return dict(self.connection.execute(statement("core", "story_ids")).fetchall())

    def append_polls(self, batch: PollBatch) -> bool:
        """Append sightings not seen before and replace the feeds' states; False where the batch is in the ledger."""
        if self._is_known(batch.batch_id):
            return False
        count = self._append_feeds(batch)
        count += self._append_entries(batch)
        count += append_rows(self.connection, "claim", [rows.claim_row(self.batch, s) for s in batch.retold])
        count += self._replace("feed_state", "feed_url", [rows.state_row(self.batch, state) for state in batch.states])
        self._replace("validator", "feed_url", [rows.validator_row(self.batch, state) for state in batch.states])
        found = [rows.discovery_row(self.batch, discovery, batch.at) for discovery in batch.discoveries]
        count += append_rows(self.connection, "discovery", found)
        count += self._replace_pauses(batch.pauses)
        read = [(self.batch, url, since, batch.at) for url, since in batch.documents]
        count += append_rows(self.connection, "backfill", read)
        count += self._append_poll_drops(batch.drops, batch.at)
        self.note(batch.batch_id, batch.run_id, batch.at, count)
        return True

    def append_articles(self, batch: ArticleBatch) -> ArticleBatch | None:
        """Append all that belongs to the records and return what was stored; None where the batch is in the ledger.

        A record of a url kept already becomes a revision where its novelty says so, else a drop "unchanged"; a further
        one of the same article is a drop "same_url". What is returned holds the records that were stored, in their
        order, and all drops.
        """
        if self._is_known(batch.batch_id):
            return None
        records, twice = _once(batch.records)
        seen = self._known_articles(record.draft.article.id for record in records)
        fresh = [r for r in records if r.draft.article.id not in seen]
        known = [r for r in records if r.draft.article.id in seen]
        changed = [r for r in known if r.novelty.kind is NoveltyKind.REVISION]
        same = [r for r in known if r.novelty.kind is not NoveltyKind.REVISION]
        drops = (*batch.drops, *(_drop("unchanged", r) for r in same), *(_drop("same_url", r) for r in twice))
        stored = replace(batch, records=tuple(r for r in records if r not in same), drops=drops)
        count = self._append_new(fresh) + self._append_revisions(changed, seen, batch.cause)
        count += append_rows(self.connection, "page", [rows.page_row(self.batch, page) for page in _pages(batch)])
        count += self._append_drops(stored.drops, batch.at)
        count += self._replace("attempt", "url_id", [rows.attempt_row(self.batch, tried) for tried in batch.attempts])
        self.note(batch.batch_id, batch.run_id, batch.at, count)
        return stored

    def learn_lines(self, lines: Sequence[HostLine], at: datetime) -> dict[tuple[str, int], int]:
        """Append the lines not told of their article before; return on how many articles of its host each stands.

        A batch of its own, none where nothing is learned; lines that stand on one article are not among the counts.
        """
        staged = [(self.batch, line.host, line.key, line.article_id) for line in lines]
        stage_rows(self.connection, "host_line", staged)
        found = self.connection.execute(statement("core", "learn_lines"), {"enough": SENTENCE_ARTICLES}).fetchone()
        learned_count = int(found[0]) if found else 0
        self.fate.is_void |= learned_count == 0
        self.note(f"host_line/{self.batch}", "", at, learned_count)
        stage_rows(self.connection, "host_line", staged)
        counts = self.connection.execute(statement("core", "line_counts")).fetchall()
        return {(host, key): count for host, key, count in counts}

    def keep_pauses(self, pauses: Sequence[HostPause], at: datetime) -> None:
        """Replace what is kept of these hosts; a batch of its own."""
        count = self._replace_pauses(pauses)
        self.note(f"host_pause/{self.batch}", "", at, count)

    def append_entities(self, entities: Sequence[Entity], at: datetime) -> int:
        """Append the entities that are new or changed; return how many."""
        found = [rows.entity_row(self.batch, entity) for entity in entities]
        return self.append_missing("entity", found, "core", "new_entities", at)

    def append_missing(self, table: str, found: Sequence[rows.Row], file: str, name: str, at: datetime) -> int:
        """Append what statement FILE/NAME finds missing of the rows; return how many; a batch of its own."""
        stage_rows(self.connection, table, found)
        count = self._insert_staged(file, name)
        self.note(f"{table}/{self.batch}", "", at, count)
        return count

    def append_tables(self, found: Mapping[str, Sequence[rows.Row]], at: datetime) -> None:
        """Append rows of tables, by their name, as a batch of its own."""
        count = sum(append_rows(self.connection, table, these) for table, these in found.items())
        self.note(f"{'+'.join(found)}/{self.batch}", "", at, count)

    def append_run(self, row: rows.Row, batch_id: str) -> None:
        """Append a row of core.run; nothing where the batch is in the ledger."""
        if not self._is_known(batch_id):
            append_rows(self.connection, "run", [row])
            self.note(batch_id, str(row[1]), row[2], 1)

    def _is_known(self, batch_id: str) -> bool:
        found = self.connection.execute(statement("core", "knows_batch"), [batch_id]).fetchone()
        self.fate.is_void |= bool(found and found[0])
        return self.fate.is_void

    def note(self, batch_id: str, run_id: str, at: datetime, count: int) -> None:
        """Append the ledger row of this transaction, without which nothing of it reaches a reader."""
        append_rows(self.connection, "ledger", [(self.batch, batch_id, run_id, at, count)])

    def _known_articles(self, ids: Iterable[int]) -> dict[int, tuple[datetime, int]]:
        stage_keys(self.connection, ids)
        found = self.connection.execute(statement("core", "first_seen")).fetchall()
        return {key: (first_seen_at, number) for key, first_seen_at, number in found}

    def _append_feeds(self, batch: PollBatch) -> int:
        stage_rows(self.connection, "feed", [rows.feed_row(self.batch, url, outlet) for url, outlet in batch.outlets])
        return self._insert_staged("core", "new_feeds")

    def _append_entries(self, batch: PollBatch) -> int:
        by_id = {rows.entry_id(s.entry): s for s in reversed(batch.sightings)}
        stage_keys(self.connection, by_id)
        seen = {key for (key,) in self.connection.execute(statement("core", "known_entry_ids")).fetchall()}
        fresh = [rows.entry_row(self.batch, s) for key, s in reversed(by_id.items()) if key not in seen]
        return append_rows(self.connection, "entry", fresh)

    def _replace(self, table: str, key: str, found: Sequence[rows.Row]) -> int:
        stage_rows(self.connection, table, found)
        self.connection.execute(statement_on("tables", "remove_staged", table=table, key=key))
        return append_rows(self.connection, table, found)

    def _replace_pauses(self, pauses: Sequence[HostPause]) -> int:
        return self._replace("host_pause", "host", [rows.pause_row(self.batch, pause) for pause in pauses])

    def _insert_staged(self, file: str, name: str) -> int:
        found = self.connection.execute(statement(file, name)).fetchone()
        return int(found[0]) if found else 0

    def _append_poll_drops(self, drops: Sequence[Drop], at: datetime) -> int:
        """Append what an item of a feed lacks once, not at each poll that still shows it."""
        stage_rows(self.connection, "drop", [rows.drop_row(self.batch, drop, at) for drop in drops])
        return self._insert_staged("core", "new_poll_drops")

    def _append_drops(self, drops: Sequence[Drop], at: datetime) -> int:
        return append_rows(self.connection, "drop", [rows.drop_row(self.batch, drop, at) for drop in drops])

    def _append_new(self, records: Sequence[Record]) -> int:
        count = append_rows(self.connection, "article", [rows.article_row(self.batch, record) for record in records])
        count += append_rows(self.connection, "story", [rows.story_row(self.batch, _standing(r)) for r in records])
        return count + self._append_findings([(record, record.draft.first_seen_at, 0) for record in records])

    def _append_revisions(
        self, records: Sequence[Record], seen: Mapping[int, tuple[datetime, int]], cause: Cause
    ) -> int:
        read = [(r, seen[r.draft.article.id][0], seen[r.draft.article.id][1] + 1) for r in records]
        is_judged = cause is Cause.OUTLET  # what a replay reads otherwise is judged by its own last stage
        parts = ("reading", "story") if is_judged else ("reading",)
        replaced = [(self.batch, r.draft.article.id, part) for r in records for part in parts]
        append_rows(self.connection, "superseded", replaced)
        if is_judged:
            append_rows(self.connection, "story", [rows.story_row(self.batch, _standing(r)) for r in records])
        revisions = [rows.revision_row(self.batch, record, number, cause) for record, _, number in read]
        return append_rows(self.connection, "revision", revisions) + self._append_findings(read)

    def _append_findings(self, read: Sequence[tuple[Record, datetime, int]]) -> int:
        batch = self.batch
        readings = [_reading(record, at, number) for record, at, number in read]
        tables = {
            "relation": [
                rows.relation_row(batch, found) for record, _, _ in read for found in record.novelty.relations
            ],
            "tagging": [rows.tagging_row(batch, reading) for reading in readings],
            "mention": [row for reading in readings for row in rows.mention_rows(batch, reading)],
            "statement": [row for reading in readings for row in rows.statement_rows(batch, reading)],
        }
        return sum(append_rows(self.connection, table, found) for table, found in tables.items())


def _standing(record: Record) -> Standing:
    return Standing(record.draft.article.id, record.novelty, record.story_id)


def _reading(record: Record, first_seen_at: datetime, number: int) -> TextReading:
    draft, article = record.draft, record.draft.article
    text = (article.title, article.body, article.kind, number)
    return TextReading(KeptText(article.id, article.url, draft.feed_url, first_seen_at, *text), draft.tagging)


def _once(records: Iterable[Record]) -> tuple[list[Record], list[Record]]:
    """Return the first record of each article, in their order, and those that come again."""
    first: dict[int, Record] = {}
    twice = []
    for record in records:
        if record.draft.article.id in first:
            twice.append(record)
        first.setdefault(record.draft.article.id, record)
    return list(first.values()), twice


def _drop(reason: str, record: Record) -> Drop:
    return Drop(stage="store", reason=reason, url=record.draft.article.url, feed_url=record.draft.feed_url)


def _pages(batch: ArticleBatch) -> set[ArchivePointer]:
    drafted = {record.draft.page for record in batch.records if record.draft.page is not None}
    return drafted | set(batch.pages)
