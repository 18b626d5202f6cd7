"""Owns the program that a worker process runs: pages and feeds in, what they say out, under limits of the kernel.

It is started by `extractors.pool` and speaks with it over one pipe; without that pipe it ends.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import resource
import signal
import sys
from multiprocessing.connection import Connection

from extractors.articles import extract_article
from extractors.pool import MEMORY_EXIT, Ending, FeedJob, Job
from marsad.articles import Drop
from marsad.errors import BadInput, Blocked, MarsadError, NotAnArticle, NoText, Parked, Permanent
from marsad.sources import FeedKind

_STDERR_BYTES = 1 << 20  #: of the file that holds a worker's last words
_FILE_BYTES = 1 << 27  #: of any other, for a while: the model of extractors.languages is unpacked into one of 72 MB
_REASONS: dict[type[Permanent], str] = {
    NotAnArticle: "not_an_article",
    NoText: "no_text",
    Blocked: "blocked",
    Parked: "parked",
    BadInput: "bad_input",
}


def serve(pipe: Connection, cpu_seconds: int, memory_bytes: int) -> None:
    """Answer every job that comes over `pipe`, until the other end is closed."""
    _limit(memory_bytes)
    gc.freeze()
    pipe.send(None)
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            try:
                job: Job | FeedJob = pipe.recv()
                _allow_cpu(cpu_seconds)
                pipe.send(_answer(job))
            except MemoryError:
                os._exit(MEMORY_EXIT)  # what is left of the address space may not suffice to answer


def _answer(job: Job | FeedJob) -> Ending:
    return _read(job) if isinstance(job, FeedJob) else _extract(job)


def _read(job: FeedJob) -> Ending:
    from extractors.feeds import parse_feed  # noqa: PLC0415  a worker of `marsad extract` sees no feed
    from extractors.packed import unpacked  # noqa: PLC0415
    from extractors.sitemaps import parse_sitemap  # noqa: PLC0415

    try:
        page = unpacked(job.page, job.unpacked_limit_bytes)
        if job.feed.kind is FeedKind.SITEMAP:
            return parse_sitemap(page, job.feed, job.entry_limit_count, job.since)
        return parse_feed(page, job.feed, job.entry_limit_count)
    except MarsadError as error:
        return error


def _extract(job: Job) -> Ending:
    try:
        return extract_article(job.page, job.zone, job.outlet)
    except Permanent as error:
        return Drop("extract", _REASONS.get(type(error), "refused"), job.page.final_url, error.reason)


def _limit(memory_bytes: int) -> None:
    for sign in (signal.SIGINT, signal.SIGTERM):  # the pool decides when to end
        signal.signal(sign, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)  # trafilatura logs what we say as a Drop
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_STDERR_BYTES, _FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def _allow_cpu(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, hard))


if __name__ == "__main__":
    _pipe, _cpu_seconds, _memory_bytes = map(int, sys.argv[1:])
    serve(Connection(_pipe), _cpu_seconds, _memory_bytes)
