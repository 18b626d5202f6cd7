"""Owns the worker processes that read pages and feeds, and the limits that end them.

Markup can keep libxml2 busy for minutes in C, where no exception reaches; only a process can be ended from outside. So
pages are handed to processes of our own, one at a time, each with a limit of wall time (kept here), of CPU time and of
memory (kept by the kernel). A page that breaks one becomes a Drop; its worker is replaced, and while a slow page still
has its chance the replacement is already warming up. The processes are plain programs on a pipe, not forks: a fork of
a program with threads may inherit a held lock.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Pipe  # not through the package, which imports at each call, in a thread
from queue import Empty, SimpleQueue
from subprocess import DEVNULL, Popen
from tempfile import TemporaryFile
from threading import Lock
from types import TracebackType
from typing import Self

from marsad.articles import Article, Drop
from marsad.errors import MarsadError, NotAFeed
from marsad.settings import ExtractSettings
from marsad.sources import Feed, Page, Reading

READ_AHEAD_COUNT = 8  #: pages per worker in work or done before the next result is taken: bounds memory
PAGES_PER_WORKER = 1_000  #: then it is replaced: the caches of trafilatura and lxml only grow
MEMORY_EXIT = 77  #: exit code of a worker that ran out of memory and could still say so
START_SECONDS = 60.0  #: a worker imports for half a second; on a machine where it takes this long nothing works
_DETAIL_CHARS = 300
_ENDS = {-signal.SIGXCPU: "cpu", MEMORY_EXIT: "memory"}
#: Last words of libraries that end the process themselves.
_OUT_OF_MEMORY = re.compile("MemoryError|memory allocation|out of memory|bad_alloc", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Job:
    """A page to be extracted, and what its feed knows about it."""

    page: Page
    zone: str = "UTC"  #: IANA zone of dates that name none
    outlet: str = ""  #: name of the publisher


@dataclass(frozen=True, slots=True)
class FeedJob:
    """The answer of a feed or sitemap, to be read."""

    page: Page
    feed: Feed  #: its kind says how
    entry_limit_count: int
    unpacked_limit_bytes: int  #: of a document that is a packed file
    since: datetime  #: entries of a sitemap that are dated before are left out


Ending = Article | Drop | Reading | MarsadError  #: what a worker makes of a job, or its end of it


class ExtractorPool:
    """Reads pages and feeds in processes that can be ended; for a `with` block. Nothing starts before the first job."""

    def __init__(self, settings: ExtractSettings) -> None:
        self._settings = settings
        self._count = settings.worker_count or os.cpu_count() or 1
        self._threads = ThreadPoolExecutor(self._count, thread_name_prefix="extract")
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._alive: set[_Worker] = set()
        self._lock = Lock()
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._lock:
            self._is_closed = True
            for worker in self._alive:
                worker.kill()
        self._threads.shutdown(cancel_futures=True)
        while self._alive:
            self._alive.pop().close()

    def extract(self, jobs: Iterable[Job]) -> Iterator[Article | Drop]:
        """Yield an Article or a Drop for every one of `jobs`, in their order, while later ones are in work.

        A Drop's reason is not_an_article, no_text, blocked, parked or bad_input for what the page is, timeout, cpu,
        memory or crash for what it did to its worker.
        """
        ahead: deque[Future[Article | Drop]] = deque()
        for job in jobs:
            ahead.append(self.begin(job))
            if len(ahead) >= self.most_ahead:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()

    @property
    def most_ahead(self) -> int:
        """How many jobs may be begun and not yet taken."""
        return READ_AHEAD_COUNT * self._count

    def begin(self, job: Job) -> Future[Article | Drop]:
        """Start on `job` when a worker is free, and return its outcome to be; see `extract` for all of many."""
        return self._threads.submit(self._extract, job)

    def _extract(self, job: Job) -> Article | Drop:
        ending = self._serve(job)
        assert isinstance(ending, Article | Drop)
        return ending

    async def read_feed(self, job: FeedJob) -> Reading:
        """Return what a feed or sitemap says.

        Raises:
            NotAFeed: also where the document kept its worker busy beyond the limits.
            MarsadError: as `parse_feed` and `parse_sitemap` do.
        """
        ending = await asyncio.wrap_future(self._threads.submit(self._serve, job))
        if isinstance(ending, MarsadError):
            raise ending
        if isinstance(ending, Drop):
            raise NotAFeed(job.page.url, f"cannot be parsed ({ending.reason}: {ending.detail})")
        assert isinstance(ending, Reading)
        return ending

    def _serve(self, job: Job | FeedJob) -> Ending:
        worker = self._take()
        answer = worker.ask(job, self._settings.wall_seconds, self._warm_up)
        if worker.is_spent:
            with self._lock:
                self._alive.discard(worker)
            worker.close()
        else:
            self._idle.put(worker)
        return answer

    def _take(self) -> _Worker:
        try:
            return self._idle.get_nowait()
        except Empty:
            return self._start()

    def _warm_up(self) -> None:
        if self._idle.empty() and not self._is_closed:
            self._idle.put(self._start())

    def _start(self) -> _Worker:
        with self._lock:
            if self._is_closed:
                raise RuntimeError("the pool is closed")
            worker = _Worker(self._settings)
            self._alive.add(worker)
        return worker


class _Worker:
    """One process of `extractors.worker`."""

    def __init__(self, settings: ExtractSettings) -> None:
        self._pipe, theirs = Pipe()
        self._stderr = TemporaryFile()  # noqa: SIM115 - lives as long as the process
        # numpy would reserve memory for a thread per core, under a limit on address space.
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        limits = [str(limit) for limit in (theirs.fileno(), settings.cpu_seconds, settings.memory_bytes)]
        self._process = Popen(  # noqa: S603 - our own module; -P: not one that lies in the working directory
            [sys.executable, "-P", "-m", "extractors.worker", *limits],
            pass_fds=(theirs.fileno(),),
            env=environment,
            process_group=0,  # Ctrl-C and timeout(1) tell the whole group, and a page in work is still to be read
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=self._stderr,
        )
        theirs.close()
        self._is_ready = False
        self._is_lost = False
        self._served_count = 0

    @property
    def is_spent(self) -> bool:
        """Whether the process is gone or has served long enough."""
        return self._is_lost or self._served_count >= PAGES_PER_WORKER

    def ask(self, job: Job | FeedJob, wall_seconds: float, when_slow: Callable[[], None]) -> Ending:
        """Return what the process makes of `job`; `when_slow` is called when half of `wall_seconds` is over."""
        self._served_count += 1
        url = job.page.final_url
        try:
            self._await_start()
            self._pipe.send(job)
            if self._pipe.poll(wall_seconds / 2):
                return self._receive()
            when_slow()
            if self._pipe.poll(wall_seconds / 2):
                return self._receive()
        except (EOFError, OSError):
            return self._bury(url)
        self.kill()
        self._process.wait()
        return Drop("extract", "timeout", url, f"more than {wall_seconds:g} s")

    def _await_start(self) -> None:
        if self._is_ready:
            return
        if not self._pipe.poll(START_SECONDS):
            raise RuntimeError(f"an extraction worker did not start in {START_SECONDS:g} s")
        self._pipe.recv()
        self._is_ready = True

    def _receive(self) -> Ending:
        answer: Ending = self._pipe.recv()
        return answer

    def _bury(self, url: str) -> Drop:
        """Return why the process is gone."""
        self._is_lost = True
        code = self._process.wait()
        self._stderr.seek(0)
        last_words = self._stderr.read().decode("utf-8", "replace").strip()
        detail = last_words.rpartition("\n")[2][:_DETAIL_CHARS] or f"exit code {code}"
        if not self._is_ready:
            raise RuntimeError(f"an extraction worker cannot start: {detail}")
        reason = "memory" if _OUT_OF_MEMORY.search(detail) else "crash"
        return Drop("extract", _ENDS.get(code, reason), url, detail)

    def kill(self) -> None:
        """End the process, in the middle of a page if need be."""
        self._is_lost = True
        self._process.kill()

    def close(self) -> None:
        """End the process and wait until it is gone."""
        self.kill()
        self._process.wait()
        self._pipe.close()
        self._stderr.close()
