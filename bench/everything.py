"""Runs the benches and writes docs/benchmarks.md of what they print: small sizes, or those that figures are given for.

    PYTHONPATH=. python bench/everything.py [--only end_to_end batch]       all of them: tens of minutes
    PYTHONPATH=. python bench/everything.py --full [--only growth faults]   1,000,000 articles, 410 kills: hours, 25 GB

What a bench printed is kept in build/bench/; the page is made of all that stands there, so that one bench can be run
again alone. A bench whose material is not here is said to be left out. Two gates are held: a batch or a cycle at the
largest store costs at most 1.3 times what it costs at the smallest, and nothing is lost, doubled or wrong after kills.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "build" / "bench"
PAGE = ROOT / "docs" / "benchmarks.md"
PEERS = Path("build/peers/bin/python")  #: made as bench/end_to_end.py says, where there is a network
BESIDE_PEERS = ("--peers", str(PEERS)) if PEERS.exists() else ()
DEADLINE_SECONDS, FULL_DEADLINE_SECONDS = 600, 4 * 3600
LAST_LINES_SECONDS = 10.0  #: after its end; whom it started may hold its output open for ever
GROWTH_RATIO = 1.3  #: of the largest store to the smallest


@dataclass(frozen=True, slots=True)
class Bench:
    """What a bench tells, and its arguments."""

    told: str
    small: tuple[str, ...] = ()
    full: tuple[str, ...] = ()  #: where they differ from the small ones


BENCHES = {
    "end_to_end": Bench(
        "Bytes to stored article, beside bare trafilatura (aim: .7 of its pages) and others, in the same run",
        ("--rounds", "3", *BESIDE_PEERS),
    ),
    "growth": Bench(
        "How a whole cycle grows with the store (aim: at most 1.3 times)",
        full=("--articles", "10000", "100000", "1000000"),
    ),
    "batch": Bench(
        "How a batch of 500 articles, compared and stored, grows with the store",
        ("--articles", "10000", "100000"),
        ("--articles", "100000", "1000000"),
    ),
    "extract": Bench("Text of articles: quality and speed beside other tools", ("--rounds", "1")),
    "tagging": Bench("Names, statements and stance"),
    "dedup": Bench("Copies and excerpts on labelled pairs"),
    "spikes": Bench("Spikes: false ones where nothing happened, and those found", ("4", "1", "10")),
    "fetch": Bench("Fetching from 100 hosts, one in ten of them hostile", ("100",), ("500",)),
    "publish": Bench("Giving readers the data after a cycle, in three ways", full=("--articles", "1000000")),
    "reading": Bench("Questions in SQL", full=("--articles", "10000", "100000", "1000000")),
    "lake": Bench("The same tables in a lake", ("2",), ("6",)),
    "faults": Bench("Cycles, replays, writers and senders killed at random moments", ("0.05",), ("1",)),
    "soak": Bench("News under marsad up, with kills", ("--steps", "5", "--kill-every", "2"), ("--steps", "60")),
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
    parser.add_argument("--full", action="store_true", help="the sizes that figures are given for")
    options = parser.parse_args()
    chosen = list(BENCHES) if options.only is None else options.only
    KEPT.mkdir(parents=True, exist_ok=True)
    deadline_seconds = FULL_DEADLINE_SECONDS if options.full else DEADLINE_SECONDS
    arguments = {name: (options.full and bench.full) or bench.small for name, bench in BENCHES.items()}
    print(f"Programs: {len(chosen)}, each of at most {deadline_seconds // 60} minutes: {', '.join(chosen)}", flush=True)
    failed = []
    for number, name in enumerate(chosen, 1):
        print(f"== {number} of {len(chosen)}: bench/{name}.py, {BENCHES[name].told}", flush=True)
        if not run(name, arguments[name], deadline_seconds):
            failed.append(name)
    PAGE.write_text(_HEAD + "".join(map(section, BENCHES)), "utf-8")
    sys.exit(f"not as it should be: {', '.join(failed)}" if failed else 0)


def run(name: str, arguments: tuple[str, ...], deadline_seconds: int) -> bool:
    """Run a bench, show what it prints as it comes, and keep it; return whether it came to its end within the gates."""
    shown = " ".join((f"bench/{name}.py", *arguments))
    command = [sys.executable, str(ROOT / "bench" / f"{name}.py"), *arguments]
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    began, printed = time.monotonic(), list[str]()
    bench = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    reader = Thread(target=_pour, args=(bench.stdout, printed), daemon=True)
    reader.start()
    try:
        bench.wait(deadline_seconds)
    except subprocess.TimeoutExpired:
        bench.kill()
        bench.wait()
    reader.join(LAST_LINES_SECONDS)
    spent = f"{(time.monotonic() - began) / 60:.1f} minutes"
    if bench.returncode:
        print(
            f"{name}.py ended with {bench.returncode} after {spent}; it may take {deadline_seconds} s", file=sys.stderr
        )
        return False
    print(f"({spent})", flush=True)
    text = "".join(printed)
    (KEPT / f"{name}.txt").write_text(f"`python {shown}`, {datetime.now(UTC):%Y-%m-%d}\n{text}", "utf-8")
    return is_within_gates(text)


def _pour(lines: Iterable[str], printed: list[str]) -> None:
    for line in lines:
        print(line, end="", flush=True)
        printed.append(line)


def is_within_gates(printed: str) -> bool:
    """Return whether nothing grew too much with the store, and no fault was found."""
    ratios = [float(found) for found in re.findall(r"largest to smallest: ([\d.]+)", printed)]
    faults = [int(found) for found in re.findall(r"(\d+) (?:faults|wrong)$", printed, re.MULTILINE)]
    return all(ratio <= GROWTH_RATIO for ratio in ratios) and not any(faults)


def section(name: str) -> str:
    """Return the part of the page on one bench."""
    file, told = KEPT / f"{name}.txt", BENCHES[name].told
    if not file.exists():
        return f"\n## {told}\n\n`bench/{name}.py`: left out of this run.\n"
    shown, _, text = file.read_text("utf-8").partition("\n")
    return f"\n## {told}\n\n{shown}:\n\n```text\n{text.strip()}\n```\n"


if __name__ == "__main__":
    main()
