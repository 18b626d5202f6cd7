"""Owns the journal: what happens, one JSON object a line, in logs/ of the data folder, where files rotate.

A line names its event and the run it belongs to; people read tables, mails and the terminal, programs read this.
"""

from __future__ import annotations

import logging
import os
import secrets
from contextlib import suppress
from datetime import datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import FilteringBoundLogger

from flows.configuration import Place
from warehouse.engine import disk_errors

_LOG_BYTES = 10_000_000  #: of one file; with its backups a program's logs take 60 MB at most
_LOG_BACKUPS = 5
LOGS = "logs"  #: folder
Journal = FilteringBoundLogger


class _Rotating(RotatingFileHandler):
    """One that a full disk costs lines and nothing else."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's own name
        """Let the line go: logging would print a traceback for each."""

    def close(self) -> None:
        """Close the file, and lose what it does not take any more."""
        with suppress(OSError):
            super().close()

    def _open(self) -> TextIOWrapper:
        """Open the file, behind a line of its own where the last one was written in part."""
        stream = super()._open()
        if _is_torn(Path(self.baseFilename)):
            stream.write("\n")
        return stream


def _is_torn(file: Path) -> bool:
    with file.open("rb") as stream:
        if not stream.seek(0, os.SEEK_END):
            return False
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) != b"\n"


def rotating(file: Path) -> RotatingFileHandler:
    """Return a handler that writes messages as they are to `file`, and begins another when it is full.

    Raises:
        WarehouseUnusable: the file cannot be written.
    """
    with disk_errors(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = _Rotating(file, maxBytes=_LOG_BYTES, backupCount=_LOG_BACKUPS, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(message)s"))
    return handler


def write_line(handler: RotatingFileHandler, text: str) -> None:
    """Write one line; a full disk loses the line and nothing else."""
    handler.handle(logging.LogRecord("marsad", logging.INFO, "", 0, text, None, None))


def journal_of(place: Place, name: str) -> Journal:
    """Return the journal `name` of a data folder; `bind` what all further lines are to say, such as the run.

    Raises:
        WarehouseUnusable: the folder cannot be written.
    """
    return _journal(_Lines(rotating(journal_file(place, name))))


def journal_file(place: Place, name: str) -> Path:
    """Return the file of that journal into which lines are written."""
    return place.data / LOGS / f"{name}.jsonl"


def run_id_of(now: datetime) -> str:
    """Return a name for what begins `now`, which its lines bear; never the same twice."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def silent_journal() -> Journal:
    """Return a journal that nobody reads."""
    return _journal(_Nobody())


class _Lines:
    """Where structlog's lines go: into a file that rotates."""

    def __init__(self, handler: RotatingFileHandler) -> None:
        self._handler = handler

    def msg(self, message: str) -> None:
        """Write a line, whatever its level: the level stands in it. Between two lines no file is open."""
        write_line(self._handler, message)
        self._handler.close()

    debug = info = warning = error = critical = msg


class _Nobody:
    """Where lines go that nobody reads."""

    def msg(self, message: str) -> None:
        """Let it pass."""

    debug = info = warning = error = critical = msg


def _journal(lines: _Lines | _Nobody) -> Journal:
    journal: Any = structlog.wrap_logger(
        lines,
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),  # it escapes control characters all the same
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    found: Journal = journal.bind()
    return found
