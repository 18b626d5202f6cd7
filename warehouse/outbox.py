"""Owns the outbox: mails frozen before they are sent, what became of each, and what each subscription was told.

A mail is sent at least once: its bytes and Message-ID never change, so a second copy after a crash is recognised by
the reader's mail program. A digest and the memory of what it told are written in one transaction, so that neither is
there without the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb

from marsad.composing import Told
from marsad.digests import Delivery, Unsent
from marsad.errors import WarehouseBusy
from marsad.windows import Memory, Window
from warehouse.core import Core
from warehouse.rows import outbox_row
from warehouse.scripts import statement, statement_on

_CLOCK_SLACK = timedelta(days=1)  #: a window that ended later than that was told by a clock that ran wild
_REMEMBERED = timedelta(days=8)  #: how long back the instants of mails are asked for; a sign of life is due after seven

#: How long a story stays told; one that goes on for longer is told anew once.
_TOLD_REMEMBERED = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class Telling:
    """What came of one subscription's window: a mail and what it tells, or neither."""

    subscription: str  #: Subscriber.key
    window: Window | None = None  #: None for a mail beside the digests
    delivery: Delivery | None = None
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Outbox:
    """The mails of a warehouse."""

    core: Core

    @contextmanager
    def only_sender(self) -> Iterator[None]:
        """Hold the lock without which nobody composes or sends; a killed sender holds nothing.

        Raises:
            WarehouseBusy: another process is sending.
        """
        self.core.must_exist()
        with ExitStack() as held:
            try:
                held.enter_context(self.core.catalog.alone("outbox"))
            except WarehouseBusy as error:
                raise WarehouseBusy(str(self.core.folder), "mails are being sent; wait for its end") from error
            yield

    def memories(self, now: datetime) -> dict[str, Memory]:
        """Return what is known of every subscription that was ever told something."""
        span = [now - _REMEMBERED, now + _CLOCK_SLACK]
        with self.core.reading() as connection:
            found = connection.execute(statement("outbox", "memories"), span).fetchall()
        return {key: Memory(ended_at, began_at, tuple(mailed_at)) for key, ended_at, began_at, mailed_at in found}

    def told(self, now: datetime) -> dict[str, dict[int, Told]]:
        """Return what each subscription was told of stories lately, by story id."""
        with self.core.reading() as connection:
            found = connection.execute(statement("outbox", "told"), [now - _TOLD_REMEMBERED]).fetchall()
        told: dict[str, dict[int, Told]] = defaultdict(dict)
        for subscription, story_id, count, voices in found:
            told[subscription][story_id] = Told(story_id, count, frozenset(voices or ()))
        return told

    def keep(self, tellings: Sequence[Telling], now: datetime) -> int:
        """Keep mails and memory of `tellings` in one transaction; return how many mails those were.

        A mail whose Message-ID is kept already is passed over with all that belongs to it.
        """
        with self.core.writing() as transaction:
            known = self._known(transaction.connection, [one.delivery.message_id for one in tellings if one.delivery])
            fresh = [one for one in tellings if one.delivery is None or one.delivery.message_id not in known]
            mails = {one.delivery.message_id: one.delivery for one in fresh if one.delivery is not None}
            batch = transaction.batch
            found = {
                "outbox": [outbox_row(batch, delivery, now) for delivery in mails.values()],
                "digest": [row for one in fresh for row in _window_rows(batch, one)],
                "told": [_told_row(batch, one.subscription, told) for one in fresh for told in one.told],
            }
            transaction.append_tables(found, now)
        return len(mails)

    def queue(self, deliveries: Sequence[Delivery], now: datetime) -> int:
        """Keep mails that tell no window; return how many were not kept yet."""
        return self.keep([Telling(one.recipient, delivery=one) for one in deliveries], now)

    def fresh(self, deliveries: Sequence[Delivery]) -> list[Delivery]:
        """Return those of `deliveries` that are not kept yet."""
        with self.core.reading() as connection:
            known = self._known(connection, [one.message_id for one in deliveries])
        return [one for one in deliveries if one.message_id not in known]

    def due(self, now: datetime) -> list[Delivery]:
        """Return the mails to try now, those tried least often first, else in the order they were composed."""
        with self.core.reading() as connection:
            found = connection.execute(_of_newest("due"), [now]).fetchall()
        return [Delivery(*row) for row in found]

    def refused(self, since: datetime) -> list[Delivery]:
        """Return the mails that died since, in the order they were composed."""
        with self.core.reading() as connection:
            found = connection.execute(_of_newest("refused"), [since]).fetchall()
        return [Delivery(*row) for row in found]

    def unsent(self, since: datetime) -> tuple[Unsent, ...]:
        """Return the mails that were tried in vain and wait, and those that died since, by reason."""
        with self.core.reading() as connection:
            found = connection.execute(_of_newest("unsent"), [since]).fetchall()
        return tuple(Unsent(*row) for row in found)

    def forget(self, before: datetime, now: datetime) -> int:
        """Empty the mails that were sent or died before `before`; return how many.

        Message-ID and subject stay: by them a mail is never composed twice.
        """
        with self.core.writing() as transaction:
            found = transaction.connection.execute(statement("outbox", "forget"), [before]).fetchone()
            transaction.append_tables({"outbox": []}, now)
        return int(found[0]) if found else 0

    def mark(self, tried: Sequence[Delivery], now: datetime) -> None:
        """Keep what became of mails after a try (marsad.deliveries), in one transaction."""
        with self.core.writing() as transaction:
            transaction.append_tables({"sending": [_sending_row(transaction.batch, one, now) for one in tried]}, now)

    @staticmethod
    def _known(connection: duckdb.DuckDBPyConnection, message_ids: Sequence[str]) -> set[str]:
        found = connection.execute(statement("outbox", "known_mails"), [list(message_ids)]).fetchall()
        return {message_id for (message_id,) in found}


def _of_newest(name: str) -> str:
    """Return a statement that asks of the newest sending of each mail."""
    return statement_on("outbox", name, newest=statement("outbox", "newest"))


def _window_rows(batch: int, telling: Telling) -> list[tuple[object, ...]]:
    if telling.window is None:
        return []
    message_id = telling.delivery.message_id if telling.delivery else None
    return [(batch, telling.subscription, telling.window.since, telling.window.until, message_id)]


def _told_row(batch: int, subscription: str, told: Told) -> tuple[object, ...]:
    return (batch, subscription, told.story_id, told.own_count, sorted(told.voices))


def _sending_row(batch: int, tried: Delivery, now: datetime) -> tuple[object, ...]:
    return (batch, tried.message_id, now, tried.state, tried.attempt_count, tried.next_try_at, tried.answer)
