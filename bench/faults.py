"""Kill a hundred cycles at random moments and say what was lost, doubled or ahead of its data: nothing, it should.

`PYTHONPATH=. python bench/faults.py [KILLS] [SEED]`: it borrows the world of the tests.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.killing import kill_cycles


def main() -> None:
    """Print one line, and what was found wrong."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        damage = kill_cycles(Path(folder), count, seed)
    seconds = time.monotonic() - started
    print(f"{damage.struck.total()} cycles killed in {seconds:.0f} s, {len(damage.found)} faults")
    print("\n".join(f"{number} killed {moment}" for moment, number in damage.struck.most_common()))
    print("\n".join(damage.found))


if __name__ == "__main__":
    main()
