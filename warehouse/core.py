"""Owns the core tables: in which transaction they are written, and what a cycle asks of them.

Nothing stays open between calls. Each call waits for its turn, opens the tables, does its work in one transaction and
closes, so that a turn lasts for seconds and a killed process leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb

from marsad.articles import Entity
from marsad.claims import Claim
from marsad.corrections import Correction
from marsad.dates import Dated, Precision
from marsad.errors import WarehouseUnusable
from marsad.hostlines import HostLine
from marsad.records import Candidate, Discovered, Discovery, PendingEntry, PollBatch, RunNote, RunSummary
from marsad.sources import Entry, FeedState, HostPause, Outlet
from warehouse.blocks import Looked, is_whole
from warehouse.catalog import CORE_FILE, LOCK_FILE, Catalog, LocalCatalog
from warehouse.engine import LOCK_WAIT_SECONDS, NO_WAREHOUSE, connect_in_utc, locked
from warehouse.histories import begin_history, must_hold_what_was_published
from warehouse.lake import NAME, Lake
from warehouse.migrating import migrate
from warehouse.neighbours import stage_keys
from warehouse.publishing import publish_core
from warehouse.rows import correction_row, entry_id, parse_state, run_row, url_id
from warehouse.scripts import statement
from warehouse.switching import Slots
from warehouse.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Core:
    """The writer's warehouse of a data folder; holds nothing open.

    Every method raises WarehouseBusy (another process writes) or WarehouseUnusable (missing, damaged, newer,
    read-only, full).
    """

    folder: Path  #: the data folder
    wait_seconds: float = LOCK_WAIT_SECONDS  #: for the writer's lock, before WarehouseBusy
    lake: Lake | None = None  #: where the tables stand beyond one machine; None: in a file of the data folder

    @property
    def file(self) -> Path:
        """The writer's DuckDB file where there is no lake; only this package opens it."""
        return self.folder / CORE_FILE

    @property
    def catalog(self) -> Catalog:
        """Where the tables stand."""
        return self.lake or LocalCatalog(self.folder, self.wait_seconds)

    def create_or_migrate(self) -> None:
        """Make data folder and tables where they are missing, and bring the schema up to this version's.

        Tables that lack what readers were given already are refused before anything is written into them.
        """
        _import_pandas()
        LocalCatalog(self.folder, self.wait_seconds).prepare()
        with self.catalog.writing() as connection:
            must_hold_what_was_published(connection, "core", self.folder)
            migrate(connection, NAME if self.lake else str(self.file))

    def must_be_free(self) -> None:
        """Raise what `create_or_migrate` would where there are no tables and something speaks of some; make none."""
        try:
            self.must_exist()
        except WarehouseUnusable as error:
            if error.reason != NO_WAREHOUSE:
                raise
        with connect_in_utc() as connection:
            must_hold_what_was_published(connection, "core", self.folder)

    def begin_history(self) -> None:
        """Note that these tables were brought back from a backup: what follows is not what readers were given."""
        with self.catalog.writing() as connection:
            begin_history(connection)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Give one transaction, committed at the end of the block, rolled back where it raises."""
        self.must_exist()
        with self.catalog.writing() as connection, ExitStack() as undo:
            connection.begin()
            undo.callback(_roll_back, connection)
            (batch,) = connection.execute(statement("core", "next_batch")).fetchall()[0]
            transaction = Transaction(connection, batch)
            yield transaction
            if not transaction.fate.is_void:
                connection.commit()
                undo.pop_all()

    def append_polls(self, batch: PollBatch) -> bool:
        """Append a chunk of polls in one transaction; False where its batch id is in the ledger already."""
        with self.writing() as transaction:
            return transaction.append_polls(batch)

    def feed_states(self) -> dict[str, FeedState]:
        """Return what is remembered of every feed polled before, by feed url."""
        with self.reading() as connection:
            found = connection.execute(statement("core", "feed_states")).fetchall()
        return {row[0]: parse_state(row) for row in found}

    def host_pauses(self, now: datetime) -> tuple[HostPause, ...]:
        """Return the hosts that are to be left alone beyond `now`."""
        with self.reading() as connection:
            found = connection.execute(statement("core", "host_pauses"), [now]).fetchall()
        return tuple(HostPause(*row) for row in found)

    def learn_lines(self, lines: Sequence[HostLine], at: datetime) -> dict[tuple[str, int], int]:
        """Keep on which articles of a host its lines stand; return how many that are, by host and line."""
        with self.writing() as transaction:
            return transaction.learn_lines(lines, at)

    def keep_pauses(self, pauses: Sequence[HostPause], at: datetime) -> None:
        """Replace what was kept of these hosts."""
        with self.writing() as transaction:
            transaction.keep_pauses(pauses, at)

    def unseen(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return the entries not yet sighted in their feed, each once, in the order given."""
        by_id: dict[int, Entry] = {}
        for entry in entries:
            by_id.setdefault(entry_id(entry), entry)
        seen = self._known("known_entry_ids", by_id)
        return [entry for key, entry in by_id.items() if key not in seen]

    def known_claims(self, entries: Iterable[Entry]) -> dict[Entry, Claim]:
        """Return what was last noted of those of `entries` that were sighted before, each once."""
        by_id: dict[int, Entry] = {}
        for entry in entries:
            by_id.setdefault(entry_id(entry), entry)
        with self.reading() as connection:
            stage_keys(connection, by_id)
            found = connection.execute(statement("core", "known_claims")).fetchall()
        return {by_id[key]: Claim(title, dated) for key, title, dated in found}

    def pending_entries(self, now: datetime, limit: int) -> list[PendingEntry]:
        """Return up to `limit` entries to fetch at `now` that nothing has settled or put off, a url once.

        Those of the last hour come first, the newest of them before the others; behind them the older ones, in an
        order that changes with `now`.
        """
        with self.reading() as connection:
            found = connection.execute(statement("core", "pending_entries"), {"now": now, "limit": limit}).fetchall()
        return [_pending(row) for row in found]

    def unseen_urls(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return the entries whose address no feed has shown yet, each address once, in the order given."""
        by_id: dict[int, Entry] = {}
        for entry in entries:
            by_id.setdefault(url_id(entry.url), entry)
        seen = self._known("known_url_ids", by_id)
        return [entry for key, entry in by_id.items() if key not in seen]

    def read_documents(self, since_on: date, now: datetime) -> frozenset[str]:
        """Return the documents that a backfill from that day or an earlier one has read in the last week."""
        with self.reading() as connection:
            values = {"since_on": since_on, "now": now}
            found = connection.execute(statement("core", "read_documents"), values).fetchall()
        return frozenset(url for (url,) in found)

    def open_discoveries(self, since: datetime) -> list[Candidate]:
        """Return what searches found since then without a match, a row for each entry of the same headline."""
        with self.reading() as connection:
            found = connection.execute(statement("core", "open_discoveries"), {"since": since}).fetchall()
        return [_candidate(row) for row in found]

    def append_entities(self, entities: Sequence[Entity], at: datetime) -> None:
        """Append the entities that are new or changed, so that readers see their names."""
        with self.writing() as transaction:
            transaction.append_entities(entities, at)

    def append_correction(self, correction: Correction, at: datetime) -> None:
        """Append an analyst's correction, so that readers see it instead of what the rules found."""
        with self.writing() as transaction:
            transaction.append_tables({"correction": [correction_row(transaction.batch, correction, at)]}, at)

    def start_run(self, run_id: str, at: datetime) -> None:
        """Note that a cycle starts."""
        with self.writing() as transaction:
            transaction.append_run((transaction.batch, run_id, at, "started", None), f"{run_id}/start")

    def finish_run(self, summary: RunSummary, at: datetime) -> None:
        """Keep what a cycle did."""
        with self.writing() as transaction:
            transaction.append_run(run_row(transaction.batch, summary, at), f"{summary.run_id}/end")

    def last_run(self) -> RunNote | None:
        """Return what was noted last of a cycle, None before the first."""
        with self.reading() as connection:
            found = connection.execute(statement("core", "last_run")).fetchone()
        return RunNote(*found) if found else None

    def publish(self) -> None:
        """Make all that is committed visible to readers of this data folder, at once."""
        self.must_exist()
        with locked(self.folder / LOCK_FILE, self.wait_seconds):
            publish_core(self.catalog, self.folder)

    def tend(self) -> None:
        """Do what is needed now and then: look for damage before it is met, merge a lake's small files.

        Raises:
            WarehouseUnusable: the tables are damaged; the readers' files are looked at by the next publishing.
        """
        Slots(self.folder).suspect()
        if self.lake is None:
            self.verify()
        else:
            self.lake.tend()

    def verify(self) -> Looked:
        """Raise WarehouseUnusable where something that the tables hold cannot be read; say what was looked at."""
        self.must_exist()
        return Looked.NOTHING if self.lake else LocalCatalog(self.folder, self.wait_seconds).verify()

    def unread_logs(self) -> list[Path]:
        """Return the logs that killed writers left and that were put aside, as they could not be read."""
        return LocalCatalog(self.folder, self.wait_seconds).unread_logs()

    def damaged_readers_files(self) -> list[Path]:
        """Return which of the files in published/ are damaged; where one is, the next publishing makes them anew."""
        slots = Slots(self.folder)
        with locked(self.folder / LOCK_FILE, self.wait_seconds):
            damaged = [file for file in (slots.current, slots.standby) if file.is_file() and not is_whole(file)]
        if damaged:
            slots.suspect()
        return damaged

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give the warehouse of this package a read-only connection to the tables."""
        self.must_exist()
        with self.catalog.reading() as connection:
            yield connection

    def exists(self) -> bool:
        """Say whether a cycle has made the tables."""
        return self.catalog.exists()

    def must_exist(self) -> None:
        """Raise WarehouseUnusable with what to do where no cycle has run yet."""
        self.catalog.must_exist()

    def _known(self, name: str, keys: Iterable[int]) -> set[int]:
        with self.reading() as connection:
            stage_keys(connection, keys)
            return {key for (key,) in connection.execute(statement("core", name)).fetchall()}


def _roll_back(connection: duckdb.DuckDBPyConnection) -> None:
    # After a full disk DuckDB has rolled back already, and says so by raising; the first error is the one to tell.
    with suppress(duckdb.Error):
        connection.rollback()


def _pending(row: tuple[Any, ...]) -> PendingEntry:
    feed_url, guid, url, title, summary, at, precision, source, raw, is_implausible, *rest = row
    seen_at, tries, told_at, *outlet = rest
    date = Dated(at, Precision(precision) if precision else None, source, raw, is_implausible)
    entry = Entry(feed_url=feed_url, guid=guid, url=url, title=title, summary=summary, published=date)
    return PendingEntry(entry, Outlet(*(value or "" for value in outlet)), seen_at, tries, told_at)


def _candidate(row: tuple[Any, ...]) -> Candidate:
    entry_id, headline, key, publisher, publisher_url, outcome, own_entry_id, own_url, *outlet = row
    discovery = Discovery(entry_id, headline, key, publisher, publisher_url, Discovered(outcome))
    return Candidate(discovery, own_entry_id, own_url, Outlet(*(value or "" for value in outlet)))


def _import_pandas() -> None:
    """Import what DuckDB imports as it first writes: there a Ctrl-C is swallowed and the import stays locked."""
    with suppress(ImportError):
        import_module("pandas")
