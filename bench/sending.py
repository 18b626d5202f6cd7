"""How long a thousand digests take: `PYTHONPATH=. python bench/sending.py [DIGESTS]`.

A real SMTP server on loopback, in the same process; a real warehouse in a temporary folder.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from flows.digesting import queue_digests, send_digests
from flows.journal import silent_journal
from marsad.settings import Subscriber
from tests.mailbox import serving
from tests.walk.test_kills_while_sending import place_of, prepared
from warehouse.core import Core
from warehouse.outbox import Outbox

ARTICLES = 100  #: that each digest tells


def thousand(folder: Path, port: int, count: int) -> None:
    """Print how long composing and sending so many digests takes."""
    place = place_of(prepared(folder, ARTICLES), port)
    readers = tuple(Subscriber(address=f"reader-{n}@example.org", frequency="weekly") for n in range(count))
    place = replace(place, settings=replace(place.settings, subscribers=readers))
    began, worked = time.perf_counter(), time.process_time()
    queue_digests(place, Outbox(Core(folder)), silent_journal())
    print(f"{count} digests composed and queued in {_since(began, worked)}")
    began, worked = time.perf_counter(), time.process_time()
    outcome = send_digests(place)
    print(f"{outcome.sent_count} sent and taken by the server in this process in {_since(began, worked)}")


def _since(began: float, worked: float) -> str:
    return f"{time.perf_counter() - began:.1f} s, {time.process_time() - worked:.1f} s of processor"


def main() -> None:
    """Time as many as were asked for."""
    with serving() as (_, port), tempfile.TemporaryDirectory() as folder:
        thousand(Path(folder), port, int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)


if __name__ == "__main__":
    main()
