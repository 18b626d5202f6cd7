"""Owns what becomes of a mail after a try: taken, put off, or dead."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from marsad.digests import Delivery

#: Pauses after a mail server's 4xx; 44.6 hours in all, then the mail is dead. RFC 5321, 4.5.4.1, asks relays for four
#: to five days; a digest is old news after two.
RETRY_MINUTES = (1, 5, 30, 120, 360, 720, 720, 720)
MAILS_KEPT = timedelta(days=90)  #: what mails said, after they were sent or died; who asks where one is asks sooner
REVIVED = timedelta(days=7)  #: how long back dead mails are told of, and tried again where that is asked for


def taken(delivery: Delivery, answer: str) -> Delivery:
    """Return the mail after the mail server took it."""
    return replace(delivery, state="sent", answer=answer, attempt_count=delivery.attempt_count + 1, next_try_at=None)


def refused(delivery: Delivery, answer: str) -> Delivery:
    """Return the mail after it was refused for good."""
    return replace(taken(delivery, answer), state="dead")


def put_off(delivery: Delivery, answer: str, now: datetime) -> Delivery:
    """Return the mail after a try that failed for once: to be tried later at each time, dead after the last."""
    tries = delivery.attempt_count
    if tries >= len(RETRY_MINUTES):
        return refused(delivery, answer)
    next_try_at = now + timedelta(minutes=RETRY_MINUTES[tries])
    return replace(taken(delivery, answer), state="pending", next_try_at=next_try_at)


def revived(delivery: Delivery, now: datetime) -> Delivery:
    """Return a dead mail as one to be tried at `now`, with all its tries before it."""
    return replace(delivery, state="pending", attempt_count=0, next_try_at=now)
