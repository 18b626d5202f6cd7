"""Owns the exit codes of the command line."""

from __future__ import annotations

FINE = 0
SOME_FAILED = 1  #: finished, but some feeds, pages or mails failed
USAGE = 2  #: usage, settings or input
NO_WAREHOUSE = 3  #: the warehouse cannot be used, or somebody else is at it
BUG = 70  #: an error nobody foresaw, with its traceback (sysexits.h, EX_SOFTWARE)
STOPPED = 130  #: Ctrl-C, as shells say it
TERMINATED = 143  #: SIGTERM, as they say that


class Terminated(KeyboardInterrupt):
    """SIGTERM was heard, which is a Ctrl-C from a program."""


def code_of_stop(stop: BaseException | None) -> int:
    """Return the exit code of a command that `stop` has ended."""
    return TERMINATED if isinstance(stop, Terminated) else STOPPED
