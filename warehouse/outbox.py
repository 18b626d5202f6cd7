"""Owns the outbox: mails frozen before they are sent, and what became of each.

A mail is sent at least once: its bytes and Message-ID never change, so a second copy after a crash is recognised by
the reader's mail program.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from marsad.digests import Delivery
from warehouse.core import Core
from warehouse.rows import outbox_row
from warehouse.scripts import statement

#: Pauses after a mail server's 4xx; 48 hours in all, then the mail is dead. RFC 5321, 4.5.4.1, asks relays for four to
#: five days; a digest is old news after two.
RETRY_MINUTES = (1, 5, 30, 120, 360, 720, 720, 720)


@dataclass(frozen=True, slots=True)
class Outbox:
    """The mails of a warehouse."""

    core: Core

    def queue(self, deliveries: Sequence[Delivery], now: datetime) -> int:
        """Keep the deliveries whose Message-ID is not kept yet; return how many those were."""
        rows_of = {delivery.message_id: delivery for delivery in deliveries}
        with self.core.writing() as transaction:
            rows = [outbox_row(transaction.batch, delivery, now) for delivery in rows_of.values()]
            return transaction.append_missing("outbox", rows, "outbox", "new_mails", now)

    def due(self, now: datetime) -> list[Delivery]:
        """Return the mails to try now, in the order they were composed."""
        with self.core.reading() as connection:
            found = connection.execute(statement("outbox", "due"), [now]).fetchall()
        return [Delivery(*row) for row in found]

    def mark_sent(self, delivery: Delivery, answer: str, now: datetime) -> None:
        """Note that the mail server took it."""
        self._mark(delivery, "sent", answer, now, None)

    def mark_delayed(self, delivery: Delivery, answer: str, now: datetime) -> None:
        """Note that it is to be tried again, later at each time; dead when 48 hours have passed."""
        tries = delivery.attempt_count
        if tries >= len(RETRY_MINUTES):
            self._mark(delivery, "dead", answer, now, None)
        else:
            self._mark(delivery, "pending", answer, now, now + timedelta(minutes=RETRY_MINUTES[tries]))

    def mark_dead(self, delivery: Delivery, answer: str, now: datetime) -> None:
        """Note that it was refused for good."""
        self._mark(delivery, "dead", answer, now, None)

    def _mark(self, delivery: Delivery, state: str, answer: str, now: datetime, next_try_at: datetime | None) -> None:
        with self.core.writing() as transaction:
            count = delivery.attempt_count + 1
            row = (transaction.batch, delivery.message_id, now, state, count, next_try_at, answer)
            transaction.append_table("sending", [row], now)
