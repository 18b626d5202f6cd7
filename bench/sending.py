"""How long a thousand digests take, and what 200 kills of the sender lose: python bench/sending.py [DIGESTS] [KILLS].

A real SMTP server on loopback, a real warehouse in a temporary folder.
"""

from __future__ import annotations

import socket
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from aiosmtpd.controller import Controller

from flows.digesting import queue_digests, send_digests
from marsad.settings import Subscriber
from tests.walk.test_digest_sending import Box
from tests.walk.test_kills_while_sending import READERS, killed_and_finished, place_of, prepared
from warehouse.core import Core
from warehouse.outbox import Outbox

ARTICLES = 100  #: that each digest tells


def thousand(folder: Path, port: int, count: int) -> None:
    """Print how long composing and sending so many digests takes."""
    place = place_of(prepared(folder, ARTICLES), port)
    readers = tuple(Subscriber(address=f"reader-{n}@example.org", frequency="weekly") for n in range(count))
    place = replace(place, settings=replace(place.settings, subscribers=readers))
    start = time.perf_counter()
    queue_digests(place, Outbox(Core(folder)))
    composed = time.perf_counter()
    outcome = send_digests(place)
    sent = time.perf_counter()
    print(f"{count} digests composed and queued in {composed - start:.1f} s")
    print(f"{outcome.sent_count} sent in {sent - composed:.1f} s")


def main() -> None:
    """Run both."""
    count, kills = (int(sys.argv[n]) if len(sys.argv) > n else usual for n, usual in ((1, 1_000), (2, 200)))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Box()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            thousand(Path(folder) / "thousand", port, count)
            box.mails.clear()
            (Path(folder) / "kills").mkdir()
            arrived = killed_and_finished(box, port, Path(folder) / "kills", kills, seed=1)
    finally:
        controller.stop()
    copies = sum(len(mails) - 1 for mails in arrived.values())
    differing = sum(len(set(mails)) > 1 for mails in arrived.values())
    lost = READERS * (kills + 1) - len(arrived)
    print(f"{kills} kills: {lost} mails lost, {copies} second copies, {differing} of them with other bytes")


if __name__ == "__main__":
    main()
