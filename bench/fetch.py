"""Measure one sweep over 500 feeds on hosts of their own: time, memory, and what a hostile tenth does to the others.

The hosts are loopback addresses (127.x.y.z), each answers after 300 ms. A sweep is a whole cycle: poll, parse, store,
publish; its entries are off the topic, so no page is fetched. Sweeps in which one in ten hangs or bombs stand between
sweeps of sound ones. `PYTHONPATH=. python bench/fetch.py [FEEDS]`.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self, TypeVar

from flows.configuration import Place, packaged_topic
from flows.cycle import run_cycle
from flows.desk import Desk, Silence, read_desk
from marsad.settings import FetchSettings, Settings
from marsad.sources import Feed, Outlet
from tests.newsworld import FOOTBALL, feed_of

T = TypeVar("T")
LATENCY_SECONDS = 0.3
ITEM_COUNT = 40  #: a feed of 46 kB, as the real ones
BOMB = gzip.compress(bytes(64 << 20))
_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n"


def host_of(number: int) -> str:
    """Return the address of a feed's host."""
    return f"127.{10 + number // 60_000}.{number // 250 % 240 + 1}.{number % 250 + 1}"


async def serve(count: int, port: int, trouble: str) -> None:
    """Answer as `count` hosts; the trouble of every tenth is hang, bomb or none."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        *_, y, z = map(int, writer.get_extra_info("sockname")[0].split("."))
        number = (y - 1) * 250 + z - 1
        try:
            await reader.readuntil(b"\r\n\r\n")
            if is_troubled(number) and trouble == "hang":
                await reader.read()
            await asyncio.sleep(LATENCY_SECONDS)
            is_bomb = is_troubled(number) and trouble == "bomb"
            body = BOMB if is_bomb else feed_of(f"http://{host_of(number)}", items(number))
            packed = "Content-Encoding: gzip\r\n" if is_bomb else ""
            writer.write(f"{_HEAD}{packed}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, [host_of(number) for number in range(count)], port, backlog=8)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


def items(number: int) -> list[tuple[str, tuple[str, ...]]]:
    """Return the items of a feed: football, each with a text of its own."""
    return [(f"/{n}", (f"{FOOTBALL[0]} {number} {n}", FOOTBALL[1] * 2)) for n in range(ITEM_COUNT)]


@dataclass(slots=True)
class Watch:
    """Runs a cycle's steps and notes when each poll ended."""

    ended: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)

    async def __call__(self, name: str, step: Callable[..., Awaitable[T]], *arguments: Any) -> T:  # noqa: ANN401
        """Run the step."""
        result = await step(*arguments)
        self.ended[name] = time.monotonic() - self.started
        return result


class Memory:
    """Looks every quarter of a second what this process and its workers hold, for a `with` block.

    Pages that they share count once: it is the proportional set size that is summed.
    """

    def __init__(self, but: int) -> None:
        self.peak_mb = self.own_mb = 0.0
        self._but = but  #: process that is not ours
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(0.25):
            tasks = Path("/proc/self/task").iterdir()
            children = {int(child) for task in tasks for child in (task / "children").read_text().split()}
            own, others = _held_mb(os.getpid()), sum(map(_held_mb, children - {self._but}))
            if own + others > self.peak_mb:
                self.peak_mb, self.own_mb = own + others, own


def _held_mb(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:  # it has ended
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def sweep(count: int, port: int, trouble: str) -> float:
    """Run one cycle, print what it did, and return the seconds until the last sound feed was read."""
    command = [sys.executable, __file__, "serve", str(count), str(port), trouble]
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        server.stdout.readline()
        try:
            with Memory(server.pid) as memory:
                desk, watch = desk_for(Path(folder), count, port), Watch()
                summary = asyncio.run(run_cycle(desk, watch, Silence()))
            whole = time.monotonic() - watch.started
        finally:
            server.kill()
    sound = [f"poll {host_of(number)}" for number in range(count) if not is_troubled(number)]
    last = max(watch.ended[name] for name in sound)
    print(
        f"{trouble:>5}: {summary.feed_count} feeds, {len(summary.failed_feeds)} failed, {summary.entry_count} entries;"
        f" the sound ones read after {last:.1f} s ({last / len(sound) * 1000:.1f} ms each), cycle {whole:.1f} s,"
        f" at most {memory.peak_mb:.0f} MB, of which the workers {memory.peak_mb - memory.own_mb:.0f} MB",
        flush=True,
    )
    return last


def is_troubled(number: int) -> bool:
    """Whether a host is one of the tenth."""
    return number % 10 == 7


def desk_for(folder: Path, count: int, port: int) -> Desk:
    """Return a desk with `count` feeds."""
    addresses = tuple(f"{host_of(number)}:{port}" for number in range(count))
    settings = Settings(fetch=FetchSettings(allow_addresses=addresses, audit_share=0))
    desk = read_desk(Place(settings, None, folder, packaged_topic()))
    feeds = tuple(Feed(f"http://{address}/feed", Outlet(address, address)) for address in addresses)
    return replace(desk, feeds=feeds)


def main() -> None:
    """Print a line a sweep, the ratios and the peaks of memory."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    print(f"{count} feeds of {len(feed_of('http://127.1.1.1', items(1))) / 1000:.0f} kB, 50 connections")
    before = sweep(count, 18_101, "none")
    for number, trouble in enumerate(("hang", "bomb")):
        others = sweep(count, 18_102 + 2 * number, trouble)
        after = sweep(count, 18_103 + 2 * number, "none")
        ratio = 2 * others / (before + after)  # other work on the machine comes and goes
        print(f"a tenth that does {trouble}: the others take {ratio:.2f} of their time in the sweeps before and after")
        before = after


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
    else:
        main()
