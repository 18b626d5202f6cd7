"""How long a thousand digests take, and what 200 kills of the sender lose.

`PYTHONPATH=. python bench/sending.py [DIGESTS] [KILLS] [SEED]`; 0 leaves digests or kills out.
A real SMTP server on loopback, a real warehouse in a temporary folder.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from flows.digesting import queue_digests, send_digests
from marsad.settings import Subscriber
from tests.mailbox import Box, serving
from tests.walk.test_kills_while_sending import READERS, killed_and_finished, place_of, prepared
from warehouse.core import Core
from warehouse.outbox import Outbox

ARTICLES = 100  #: that each digest tells


def thousand(folder: Path, port: int, count: int) -> None:
    """Print how long composing and sending so many digests takes."""
    place = place_of(prepared(folder, ARTICLES), port)
    readers = tuple(Subscriber(address=f"reader-{n}@example.org", frequency="weekly") for n in range(count))
    place = replace(place, settings=replace(place.settings, subscribers=readers))
    began, worked = time.perf_counter(), time.process_time()
    queue_digests(place, Outbox(Core(folder)))
    print(f"{count} digests composed and queued in {_since(began, worked)}")
    began, worked = time.perf_counter(), time.process_time()
    outcome = send_digests(place)
    print(f"{outcome.sent_count} sent and taken by the server in this process in {_since(began, worked)}")


def _since(began: float, worked: float) -> str:
    return f"{time.perf_counter() - began:.1f} s, {time.process_time() - worked:.1f} s of processor"


def kill(folder: Path, box: Box, port: int, count: int, seed: int) -> None:
    """Print what so many kills of the sender lose, and what they send twice."""
    folder.mkdir()
    arrived = killed_and_finished(box, port, folder, count, seed)
    copies = sum(len(mails) - 1 for mails in arrived.values())
    differing = sum(len(set(mails)) > 1 for mails in arrived.values())
    lost = READERS * (count + 1) - len(arrived)
    print(
        f"{count} kills (seed {seed}): {lost} mails lost, {copies} second copies, {differing} of them with other bytes"
    )


def main() -> None:
    """Run both."""
    given = [int(word) for word in sys.argv[1:]]
    digests, kills, seed = given + [1_000, 200, 1][len(given) :]
    with serving() as (box, port), tempfile.TemporaryDirectory() as folder:
        if digests:
            thousand(Path(folder) / "thousand", port, digests)
        box.mails.clear()
        if kills:
            kill(Path(folder) / "kills", box, port, kills, seed)


if __name__ == "__main__":
    main()
