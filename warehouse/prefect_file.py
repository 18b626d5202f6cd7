"""Owns whether the file of Prefect's own database can be read; one that cannot keeps its server from ever starting."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

_LOGS = ("-wal", "-shm")  #: what SQLite keeps beside a file
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def put_aside_if_damaged(file: Path, now: datetime) -> Path | None:
    """Rename a damaged file, with its logs, so that another is begun; return its name since, None where it is sound."""
    if not file.exists() or _is_sound(file):
        return None
    aside = file.with_name(f"{file.name}.damaged-{now:%Y%m%dT%H%M%SZ}")
    for end in ("", *_LOGS):
        if (part := file.with_name(f"{file.name}{end}")).exists():
            part.rename(aside.with_name(f"{aside.name}{end}"))
    return aside


def _is_sound(file: Path) -> bool:
    """Have SQLite walk through the file, 0.2 s for 97 MB; one that another program has open counts as sound."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            (said,) = connection.execute("pragma quick_check(1)").fetchone()
            return bool(said == "ok")
    except sqlite3.DatabaseError as error:
        return getattr(error, "sqlite_errorcode", None) not in _DAMAGED
