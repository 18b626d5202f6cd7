"""Owns the first moments of the command `marsad`: a Ctrl-C or SIGTERM while it is being loaded ends in a sentence."""

from __future__ import annotations

import signal
import sys
from typing import NoReturn

from flows.exits import Terminated, code_of_stop


def main() -> NoReturn:
    """Load the command line and run it."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        from flows.command import main as run  # noqa: PLC0415  loading is what may be stopped
    except KeyboardInterrupt as stop:
        sys.stderr.write("\nmarsad: stopped before anything was done\n")
        sys.exit(code_of_stop(stop))
    run()


def _terminate(*_: object) -> NoReturn:
    raise Terminated
