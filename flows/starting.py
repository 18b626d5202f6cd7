"""Owns the first moments of the command `marsad`: a Ctrl-C while it is still being loaded ends in a sentence too."""

from __future__ import annotations

import sys
from typing import NoReturn

from flows.exits import STOPPED


def main() -> NoReturn:
    """Load the command line and run it."""
    try:
        from flows.command import main as run  # noqa: PLC0415  loading is what may be stopped
    except KeyboardInterrupt:
        sys.stderr.write("\nmarsad: stopped before anything was done\n")
        sys.exit(STOPPED)
    run()
