"""Runs a command from a small process, and prints its exit code, the seconds of processor and the peak MB of its tree.

    python bench/_alone.py COMMAND...

Linux counts as a program's peak what the process held that started it (its mark is kept over exec), so that a bench
which has just built a store would measure itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys


def main() -> None:
    """Run it, without what it prints on standard output."""
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    print(json.dumps([process.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss >> 10]))


if __name__ == "__main__":
    main()
