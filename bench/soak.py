"""Lets days pass in a news world while `marsad up` watches it and its server, worker and cycles are killed.

    PYTHONPATH=. python bench/soak.py [--steps 60] [--seed 1] [--kill-every 4]

Beside it a second warehouse watches the same world undisturbed. In the end both are to hold the same, and to have told
the same by mail; where they do not, it exits with 1. What the programs weigh, and how long a cycle takes beside a start
of Python, is told of the first and the last third; what the disk holds beside what was published, too.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from tests.faults.operating import Up, answers, children, ended, free_port, going_up, made_run, pause_all, wait_for
from tests.faults.soaking import READERS, SoakWorld, cycles_of, differences, kept
from tests.mailbox import serving
from tests.newsworld import settings_for

KINDS = ("flow", "worker", "server", "up", "stop")  #: what is killed; `stop` is SIGTERM to all, as a reboot does
SETTLE_DAYS = (1, 2)  #: behind the last step: what was put off is done
POST_HOURS = (8, 14)  #: steps at which digests are due, an hour behind the end of their day


@dataclass(slots=True)
class Measured:
    """What a soak run saw."""

    killed: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)  #: of cycles that nobody disturbed, as Prefect counts them
    yardstick: list[float] = field(default_factory=list)  #: seconds that starting Python took behind each of them
    resident: list[dict[str, int]] = field(default_factory=list)  #: program -> MB
    disk: list[dict[str, int]] = field(default_factory=list)  #: folder -> kB


class Watched:
    """`marsad up` at the instants of the world."""

    def __init__(self, settings: Path, seed: int) -> None:
        self.settings, self.port = settings, free_port()
        self._text = settings.read_text("utf-8")
        self._chance = random.Random(seed)
        self._stack = ExitStack()
        self._up: Up | None = None
        self.endings: Counter[str] = Counter()  #: the last words in the journal of cycles that were stopped

    @property
    def up(self) -> Up:
        """The one at work, started where none is."""
        if self._up is None:
            self._up = self._stack.enter_context(going_up(self.settings, self.port))
            pause_all(self._up)
        return self._up

    def close(self) -> None:
        """End it."""
        self._stack.close()
        self._up, self._stack = None, ExitStack()

    def cycle(self, now: datetime) -> float:
        """Run cycles until one completes, and return the seconds that it took."""
        self.settings.write_text(f"clock = {now.isoformat()}\n{self._text}", "utf-8")
        return self._complete("monitor")

    def send(self) -> None:
        """Have the digests sent that are due at the instant of the last cycle."""
        self._complete("digest")

    def _complete(self, name: str) -> float:
        while (found := self._run(name))["state_name"] != "Completed":
            print(f"  a run of {name} ended as {found['state_name']}", flush=True)
        return float(found["total_run_time"])

    def _run(self, name: str) -> dict[str, Any]:
        wait_for("the server answers", lambda: answers(self.up))
        run = made_run(self.up, {"type": "SCHEDULED"}, name)
        wait_for("the run ends", lambda: ended(self.up, [run]), 600)
        return ended(self.up, [run])[0]

    def killed_cycle(self, now: datetime, kind: str) -> None:
        """Begin a cycle and kill what `kind` says while it runs, sooner or later."""
        self.settings.write_text(f"clock = {now.isoformat()}\n{self._text}", "utf-8")
        wait_for("the server answers", lambda: answers(self.up))
        told = len(self._journal())
        made_run(self.up, {"type": "SCHEDULED"})
        wait_for("a flow runs", lambda: list(flows_of(self.up)))
        time.sleep(self._chance.uniform(0, 6))
        programs = children(self.up.process.pid)
        match kind:
            case "flow":
                for pid in flows_of(self.up):
                    os.kill(pid, signal.SIGKILL)
            case "worker" | "server":
                os.kill(programs[kind], signal.SIGKILL)
                wait_for(
                    f"the {kind} is back", lambda: children(self.up.process.pid).get(kind) not in {None, programs[kind]}
                )
            case "up":
                self.up.process.kill()
                self.up.process.wait()
                wait_for(
                    "its programs have ended",
                    lambda: not any(Path(f"/proc/{pid}").exists() for pid in programs.values()),
                )
                self.close()
            case _:
                for pid in (self.up.process.pid, *programs.values(), *flows_of(self.up)):
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGTERM)
                self.close()
                self.endings[self._last_words(told)] += 1
        wait_for("the server answers", lambda: answers(self.up))

    def _journal(self) -> list[str]:
        file = self.settings.parent / "data/logs/cycle.jsonl"
        return file.read_text("utf-8").splitlines() if file.exists() else []

    def _last_words(self, told: int) -> str:
        """Return what the journal says last of a cycle behind its first `told` lines."""
        lines = self._journal()[told:]
        return str(json.loads(lines[-1])["event"]) if lines else "before it began"


def flows_of(up: Up) -> Iterator[int]:
    """Yield the processes of runs: children of the worker."""
    worker = children(up.process.pid).get("worker")
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == worker:
            yield int(entry.name)


def yardstick() -> float:
    """Return the seconds of one start of Python with what a cycle imports: a shared machine's pace changes."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import flows.monitor"], check=True)
    return time.perf_counter() - began


def weigh(up: Up) -> dict[str, int]:
    """Return the resident memory of each program, in MB."""
    pids = children(up.process.pid) | {"up": up.process.pid}
    return {name: int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 >> 20 for name, pid in pids.items()}


def sizes(data: Path) -> dict[str, int]:
    """Return what each folder of the data folder takes, in kB."""
    names = ("archive", "core.duckdb", "published", "prefect", "logs", "reports")
    return {name: sum(f.stat().st_size for f in files_of(data / name)) >> 10 for name in names}


def files_of(place: Path) -> list[Path]:
    """Return a file, or all files of a folder."""
    return [place] if place.is_file() else [file for file in place.rglob("*") if file.is_file()]


def soak(steps: int, seed: int, kill_every: int, folder: Path) -> bool:
    """Let `steps` times two hours pass, and say whether both warehouses hold the same."""
    measured = Measured()
    with SoakWorld(seed) as world, serving() as (box, port), ExitStack() as held:
        settings = settings_for(world, folder, more=READERS.format(port=port))
        calm = held.enter_context(cycles_of(settings, folder / "calm"))
        watched = Watched(settings, seed)
        try:
            for number in range(steps):
                world.advance()
                assert calm.run(world.now) == 0
                later = timedelta()
                if number % kill_every == kill_every - 1:
                    kind = KINDS[number // kill_every % len(KINDS)]
                    watched.killed_cycle(world.now, kind)
                    measured.killed[kind] += 1
                    later = timedelta(minutes=5)
                measured.seconds.append(watched.cycle(world.now + later))
                if world.now.hour in POST_HOURS:
                    assert calm.send(world.now) == 0
                    watched.send()
                measured.yardstick.append(yardstick())
                measured.resident.append(weigh(watched.up))
                measured.disk.append(sizes(folder / "data"))
                print(f"  {number + 1}: {measured.seconds[-1]:.1f} s {measured.resident[-1]}", flush=True)
            for days in SETTLE_DAYS:
                assert calm.run(world.now + timedelta(days=days)) == 0
                watched.cycle(world.now + timedelta(days=days))
                assert calm.send(world.now + timedelta(days=days)) == 0
                watched.send()
        finally:
            watched.close()
        print(f"mails received of both: {len(box.mails)}")
        print(f"how cycles that were stopped ended, in their journal: {dict(watched.endings)}")
        return tell(measured, world, folder)


def tell(measured: Measured, world: SoakWorld, folder: Path) -> bool:
    """Print the figures, and return whether both warehouses hold the same."""
    third = max(1, len(measured.seconds) // 3)
    print(f"{world.step} steps, {world.step * 2 / 24:.1f} days; killed: {dict(measured.killed)}")
    ratios = [took / base for took, base in zip(measured.seconds, measured.yardstick, strict=True)]
    first, last = median(ratios[:third]), median(ratios[-third:])
    print(f"a cycle, in starts of Python: {first:.1f} in the first third, {last:.1f} in the last ({last / first:.2f})")
    for name in ("up", "server", "worker"):
        early, late = (
            median(row.get(name, 0) for row in rows) for rows in (measured.resident[:third], measured.resident[-third:])
        )
        print(f"MB of the {name}: {early} in the first third, {late} in the last")
    print(f"published pages: {world.bytes_published >> 10} kB; on disk: {measured.disk[-1]} kB")
    print(f"  a third of the way, on disk: {measured.disk[third - 1]} kB")
    one, other = kept(folder / "data"), kept(folder / "calm")
    print(f"held: { {kind: len(rows) for kind, rows in one.items()} }")
    found = differences(one, other)
    print(f"differences to the undisturbed one: {found or 'none'}")
    return not found


def main() -> None:
    """Run it in a folder of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kill-every", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if not soak(options.steps, options.seed, options.kill_every, Path(folder)):
            sys.exit("the watch under kills holds something else than the undisturbed one")


if __name__ == "__main__":
    main()
