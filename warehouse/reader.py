"""Owns reading what was published: any SQL, in a connection that reaches nothing but that file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from marsad.articles import Label, Stance
from marsad.corrections import Correction, CorrectionKind, Doubt
from marsad.digests import (
    CalendarEnd,
    DayCount,
    EntityCount,
    FeedHealth,
    FilterAudit,
    OutletCount,
    Piece,
    Quote,
    SpeakerStance,
    Spike,
    Tally,
)
from marsad.errors import BadInput, WarehouseUnusable
from marsad.trends import Rise, TrendDay
from warehouse.engine import DAMAGED, disk_errors, engine_errors, quoted, reading_from
from warehouse.questioning import Table, answer, blaming_the_query, lock_down, must_be_asked, only_query
from warehouse.scripts import statement
from warehouse.switching import Slots, held_by_reader

_EVER = datetime.min.replace(tzinfo=UTC)
_UNLISTED = re.compile(r'name: nothing listed is called ("[^"]*")(.*); the view entities holds all names')
NOTHING_PUBLISHED = "nothing has been published yet; marsad run makes a first cycle"


@dataclass(frozen=True, slots=True)
class FaceName:
    """A name an analyst may write: a view, a macro, a column of a view."""

    kind: str  #: view, macro, column
    name: str
    of: str  #: the view of a column, else empty
    signature: str  #: with its parameters
    comment: str


@dataclass(frozen=True, slots=True)
class Reader:
    """The readers' warehouse in a data folder; holds nothing open unless `held`, so it always sees the newest cycle.

    Every method raises WarehouseUnusable where nothing is published yet or the file cannot be read.
    """

    folder: Path  #: the data folder
    reach: tuple[Path, ...] = ()  #: folders whose files queries may read and write; none unless a person asks for it
    _held: duckdb.DuckDBPyConnection | None = None

    @property
    def file(self) -> Path:
        """The published DuckDB file; open it read-only with any DuckDB tool."""
        return Slots(self.folder).current

    @property
    def is_published(self) -> bool:
        """Whether a cycle has been published: where not, there is nothing to read yet; else what fails is damage."""
        with _published_errors(self.file):
            try:
                self.file.stat()
            except FileNotFoundError:
                return False
            except NotADirectoryError:
                if self.folder.is_dir():
                    raise
                return False
        return True

    @contextmanager
    def held(self) -> Iterator[Reader]:
        """Give a reader that opens the file once, and answers all but `query` from what is published now."""
        opened = self._open()
        connection = opened.__enter__()
        try:
            yield replace(self, _held=connection)
        finally:
            opened.__exit__(None, None, None)  # what went wrong meanwhile is not the file's doing

    def query(self, sql: str, parameters: Sequence[object] = (), *, limit: int | None = None) -> Table:
        """Run SQL and return the last statement's answer, of at most `limit` rows; it can neither write nor reach out.

        Raises:
            BadInput: DuckDB does not accept the query.
        """
        must_be_asked(sql)
        with self._open() as connection, blaming_the_query():
            lock_down(connection, directories=self.reach)
            return answer(connection, sql, parameters, limit)

    def face(self) -> tuple[FaceName, ...]:
        """Return all that an analyst may ask for by name."""
        return tuple(FaceName(*row) for row in self._rows("face"))

    def export_parquet(self, sql: str, path: Path) -> None:
        """Write the answer of one query to a Parquet file; the query itself reaches no other file.

        Raises:
            BadInput: DuckDB does not accept the query, or the file cannot be written.
        """
        must_be_asked(sql)
        with self._open() as connection, blaming_the_query():
            target = path.absolute()
            lock_down(connection, directories=self.reach, paths=(target,))
            query = only_query(connection, sql)
            try:
                # Within a from clause DESCRIBE, SUMMARIZE and SHOW are tables as well.
                connection.execute(
                    f"copy (from ({query}\n)) to {quoted(target)}"
                    " (format parquet, compression zstd, use_tmp_file false)"  # no other file may be written
                )
            except duckdb.ParserException as error:  # it was parsed alone: PRAGMA, EXPLAIN, CALL
                raise BadInput("sql", "this answer cannot be written to Parquet; ask for .csv or .json") from error

    def coverage(self, since: datetime, until: datetime) -> tuple[DayCount, ...]:
        """Return every UTC day from `since` to `until` that the warehouse has lived through, oldest first."""
        return tuple(DayCount(*row) for row in self._rows("coverage", since=since, until=until))

    def calendar_end(self) -> CalendarEnd | None:
        """Return the last day that is counted beside that of the newest batch; None before the first."""
        return next((CalendarEnd(*row) for row in self._rows("calendar_end")), None)

    def topic_days(self, days: int, zone: str) -> tuple[TrendDay, ...]:
        """Return the last `days` days of a time zone that were counted, oldest first, and which stand out.

        Raises:
            BadInput: the engine knows no such zone.
        """
        with blaming_the_query():
            return tuple(TrendDay(*row) for row in reversed(self._rows("topic_days", days=days, zone=zone)))

    def name_days(self, name: str, days: int, zone: str) -> tuple[TrendDay, ...]:
        """Return the same of a listed name, in any spelling.

        Raises:
            BadInput: the engine knows no such zone, or nothing listed is called so; then it tells the nearest names.
        """
        try:
            with blaming_the_query():
                rows = self._rows("name_days", told=name, days=days, zone=zone)
        except BadInput as error:
            raise _of_a_name(error) from error
        return tuple(TrendDay(*row) for row in reversed(rows))

    def rises(self) -> tuple[Rise, ...]:
        """Return the listed names of the last 7 days against the 7 before, what rises most first."""
        return tuple(Rise(*row) for row in self._rows("rises"))

    def speaker_stances(self, since: datetime, until: datetime) -> tuple[SpeakerStance, ...]:
        """Return how often each speaker was quoted by stance, the most quoted first."""
        return tuple(SpeakerStance(*row) for row in self._rows("speaker_stances", since=since, until=until))

    def entity_counts(self, since: datetime, until: datetime) -> tuple[EntityCount, ...]:
        """Return in how many articles each listed entity is named, the most named first."""
        return tuple(EntityCount(*row) for row in self._rows("entity_counts", since=since, until=until))

    def outlet_counts(self, since: datetime, until: datetime) -> tuple[OutletCount, ...]:
        """Return what each outlet brought, the most first."""
        return tuple(OutletCount(*row) for row in self._rows("outlet_counts", since=since, until=until))

    def pieces(self, since: datetime, until: datetime) -> tuple[Piece, ...]:
        """Return the articles first seen from `since` until before `until` with their quotes, oldest first."""
        quotes: dict[int, list[Quote]] = defaultdict(list)
        for article_id, speaker, speaker_ar, stance, *where in self._rows("quotes", since=since, until=until):
            quotes[article_id].append(Quote(speaker, speaker_ar, Stance(stance), *where))
        rows = self._rows("pieces", since=since, until=until)
        return tuple(
            replace(
                Piece(*row[:7]),
                quotes=tuple(quotes[row[0]]),
                outlet_id=row[7],
                country=row[8],
                entity_ids=tuple(row[9]),
                outlet_ar=row[10],
                relevance=Label(row[11]),
            )
            for row in rows
        )

    def tallies(self, since: datetime, until: datetime) -> tuple[Tally, ...]:
        """Return what is counted of the articles first seen from `since` until before `until`, newest first."""
        rows = self._rows("tallies", since=since, until=until)
        return tuple(replace(Tally(*row[:7]), stances=tuple(map(Stance, row[7]))) for row in rows)

    def spikes(self, since: datetime, until: datetime) -> tuple[Spike, ...]:
        """Return the days from `since` to `until` on which the topic, a name or a voice stood out, oldest first."""
        rows = self._rows("spikes", since=since, until=until)
        return tuple(replace(Spike(*row[:9]), stance=Stance(row[9]) if row[9] else None) for row in rows)

    def feed_health(self, now: datetime) -> tuple[FeedHealth, ...]:
        """Return how each feed does; silent means it answers and brings nothing new."""
        return tuple(FeedHealth(*row) for row in self._rows("feed_health", now=now))

    def audit_counts(self, since: datetime, until: datetime) -> tuple[int, int]:
        """Return how many off-topic entries were fetched at random, and how many were on or near the topic."""
        audited, missed = self._rows("audit", since=since, until=until)[0]
        return audited, missed

    def filter_audit(self, now: datetime) -> FilterAudit:
        """Return what is known of the filter on title and summary, from all entries until `now`."""
        found, left = self._rows("filter_counts")[0]
        return FilterAudit(found, left, *self.audit_counts(_EVER, now))

    def doubts(self, count: int) -> tuple[Doubt, ...]:
        """Return up to `count` unlisted names, the most frequent first, and as many of the least sure statements."""
        names = self._rows("unlisted_names", count=count)
        statements = self._rows("unsure_statements", count=count)
        return (
            *(Doubt(CorrectionKind.ALIAS, *row) for row in names),
            *(Doubt(CorrectionKind.STANCE, row[0], 1, *row[1:]) for row in statements),
        )

    def has_statement(self, correction: Correction) -> bool:
        """Say whether the statement that the correction speaks of is there, by its speaker as found or as corrected."""
        found = self._rows(
            "corrected_statement",
            article_id=correction.article_id,
            start_char=correction.start_char,
            speaker=correction.subject,
        )
        return bool(found[0][0])

    def told_until(self) -> datetime | None:
        """Return the start of the newest finished cycle, None before the first; a window that ends there is whole."""
        found = self._rows("told_until")
        return found[0][0] if found else None

    def _rows(self, name: str, **parameters: object) -> list[tuple[Any, ...]]:
        return self.rows("reader", name, **parameters)

    def rows(self, file: str, name: str, **parameters: object) -> list[tuple[Any, ...]]:
        """Return the answer to a statement of this package, by its file and name."""
        with self._asking() as connection:
            try:
                return connection.execute(statement(file, name), parameters).fetchall()
            except (duckdb.CatalogException, duckdb.BinderException) as error:
                reason = "it was published by another version; marsad run publishes anew"
                raise WarehouseUnusable(str(self.file), reason) from error

    @contextmanager
    def _asking(self) -> Iterator[duckdb.DuckDBPyConnection]:
        if self._held is None:
            with self._open() as connection:
                yield connection
        else:
            with _published_errors(self.file), engine_errors(self.file):
                yield self._held

    @contextmanager
    def _open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        if not self.is_published:
            raise WarehouseUnusable(str(self.folder), NOTHING_PUBLISHED)
        with _published_errors(self.file):
            while True:
                with held_by_reader(self.file) as is_held, reading_from(self.file, "marsad") as connection:
                    if is_held():
                        yield connection
                        return


def _of_a_name(error: BadInput) -> BadInput:
    """Return what a macro says of a name that is not listed, as who asked for no SQL is told it; else the error."""
    said = _UNLISTED.fullmatch(error.reason)
    if said is None:
        return error
    told, near = said.groups()
    return BadInput(told, f'nothing listed is called so{near}; marsad sql "from entities" lists all names')


@contextmanager
def _published_errors(file: Path) -> Iterator[None]:
    try:
        yield
    except WarehouseUnusable as error:
        if error.reason != DAMAGED:
            raise
        # What a query read besides may be damaged as well: the next publishing looks which it is.
        is_noted = Slots(file.parent.parent).suspect()
        reason = f"the readers' file is damaged; {'' if is_noted else 'delete it, and '}marsad run makes it anew"
        raise WarehouseUnusable(str(file), reason) from error
    except FileNotFoundError as error:
        raise WarehouseUnusable(str(file), "the readers' file is gone; marsad run makes it anew") from error
    except NotADirectoryError:
        with disk_errors(file.parent.parent):
            raise
    except OSError as error:
        reason = f"the readers' file cannot be read ({error.strerror}); check whose it is, or name another with --data"
        raise WarehouseUnusable(str(file), reason) from error
