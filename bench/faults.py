"""Kills and readers, many of them: what is lost, doubled, torn or refused; nothing, it should be.

`PYTHONPATH=. python bench/faults.py [SHARE] [SEED]`: a share of 1 (the default) kills 100 cycles (fetch, store,
publish), 50 replays, 60 writers and 200 senders of mail, and lets 50 readers ask through 100 publishes: three quarters
of an hour. It borrows the harness of the tests.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.kills import Damage, kill_cycles
from tests.faults.readers import read_through
from tests.faults.replays import kill_replays
from tests.faults.writers import kill_writers
from tests.walk.test_kills_while_sending import kill_senders
from warehouse.core import Core

KILLS: dict[str, tuple[Callable[[Path, int, int], Damage], int]] = {
    "cycles": (kill_cycles, 100),
    "replays": (kill_replays, 50),
    "writers": (kill_writers, 60),
    "senders": (kill_senders, 200),
}
READERS, PUBLISHES = 50, 100


def main() -> None:
    """Print a line a kind, and what was found wrong."""
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    total, faults = 0, 0
    for name, (kill, count) in KILLS.items():
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            damage = kill(Path(folder), max(1, round(share * count)), seed)
        struck = ", ".join(f"{number} {moment}" for moment, number in damage.struck.most_common())
        seconds = time.monotonic() - started
        print(
            f"{damage.struck.total()} {name} killed in {seconds:.0f} s ({struck}): {len(damage.found)} faults",
            flush=True,
        )
        print("".join(f"  {line}\n" for line in damage.found), end="")
        total, faults = total + damage.struck.total(), faults + len(damage.found)
    print(f"{total} kills, {faults} faults", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        core = Core(Path(folder))
        core.create_or_migrate()
        count = max(1, round(share * PUBLISHES))
        seen = read_through(core, READERS, count)
    print(f"{READERS} readers, {count} publishes: {seen.answer_count} answers, {len(seen.wrong)} wrong")
    print("".join(f"  {line}\n" for line in seen.wrong[:20]), end="")


if __name__ == "__main__":
    main()
