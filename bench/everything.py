"""Runs the benches in sizes that take a quarter of an hour together, and writes docs/benchmarks.md of what they print.

    PYTHONPATH=. python bench/everything.py [--only end_to_end batch]

What a bench printed is kept in build/bench/; the page is made of all that stands there, so that one bench can be run
again alone. A bench whose material is not here is said to be left out.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "build" / "bench"
PAGE = ROOT / "docs" / "benchmarks.md"
PEERS = Path("build/peers/bin/python")  #: made as bench/end_to_end.py says, where there is a network
DEADLINE_SECONDS = 600

#: bench -> (its arguments, what it tells)
BENCHES = {
    "end_to_end": (
        ("--rounds", "2", *(("--peers", str(PEERS)) if PEERS.exists() else ())),
        "Bytes to stored article, beside bare trafilatura and other tools on the same pages in the same run",
    ),
    "growth": ((), "How a whole cycle grows with the store"),
    "batch": (
        ("--articles", "10000", "100000"),
        "How a batch of 500 articles, compared and stored, grows with the store",
    ),
    "extract": (("--rounds", "1"), "Text of articles: quality and speed beside other tools"),
    "tagging": ((), "Names, statements and stance"),
    "dedup": ((), "Copies and excerpts on labelled pairs"),
    "fetch": (("100",), "Fetching from 100 hosts, one in ten of them hostile"),
    "reading": ((), "Questions in SQL"),
    "faults": (("0.05",), "Cycles, replays and writers killed at random moments"),
    "soak": (("--steps", "5", "--kill-every", "2"), "News under marsad up, with kills"),
}
_HEAD = """\
# Benchmarks

Written by `make bench` (`bench/everything.py`) from what the programs print. Ratios are of one run on one machine and
carry over; seconds are of a machine with two cores that other work shared, and do not. Larger sizes stand in the
programs' first lines and in [decisions/](decisions/); longer kills and soaks in [proof.md](proof.md).
"""


def main() -> None:
    """Run what is asked for, then write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--only", nargs="*", choices=sorted(BENCHES), help="else all; without a name none, the page alone"
    )
    options = parser.parse_args()
    chosen = list(BENCHES) if options.only is None else options.only
    KEPT.mkdir(parents=True, exist_ok=True)
    failed = [name for name in chosen if not run(name)]
    PAGE.write_text(_HEAD + "".join(map(section, BENCHES)), "utf-8")
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


def run(name: str) -> bool:
    """Run a bench and keep what it prints; return whether it came to its end."""
    print(f"== {name}", flush=True)
    command = [sys.executable, str(ROOT / "bench" / f"{name}.py"), *BENCHES[name][0]]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=DEADLINE_SECONDS
        )
    except subprocess.TimeoutExpired:
        print(f"not done within {DEADLINE_SECONDS} s", file=sys.stderr)
        return False
    print(done.stdout, end="")
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
        return False
    (KEPT / f"{name}.txt").write_text(f"{datetime.now(UTC):%Y-%m-%d}\n{done.stdout}", "utf-8")
    return True


def section(name: str) -> str:
    """Return the part of the page on one bench."""
    words, told = BENCHES[name]
    shown = " ".join(("python", f"bench/{name}.py", *words))
    file = KEPT / f"{name}.txt"
    if not file.exists():
        return f"\n## {told}\n\n`{shown}`: left out of this run.\n"
    day, _, text = file.read_text("utf-8").partition("\n")
    return f"\n## {told}\n\n`{shown}`, {day}:\n\n```text\n{text.strip()}\n```\n"


if __name__ == "__main__":
    main()
