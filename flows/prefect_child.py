"""Owns one program of Prefect's as a child of `marsad up`: `python -m flows.prefect_child PARENT WORDS...`.

It ends with its parent, and it hears Ctrl-C: started in the background of a shell it would ignore SIGINT for ever.
"""

from __future__ import annotations

import signal
import sys

from flows.lifeline import end_with_parent


def main() -> None:
    """Run `prefect WORDS...` in this process."""
    # Not SIGTERM, which may take as long as it likes: the server's database is SQLite's, which takes a kill.
    end_with_parent(int(sys.argv[1]), signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["prefect", *sys.argv[2:]]
    from prefect.cli import app  # noqa: PLC0415  a second of imports, in which the parent may die

    app()


if __name__ == "__main__":
    main()
