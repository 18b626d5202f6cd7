"""Owns the file of Prefect's own database between two servers: it can be read, and holds little that is free.

One that cannot be read keeps the server from ever starting. What Prefect deletes of old runs leaves free pages, which
it fills again; but a file that a flood of runs has blown up stays as big for ever.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

_LOGS = ("-wal", "-shm")  #: what SQLite keeps beside a file
_FREE_SHARE = 0.5  #: of a file, from which on it is written anew; day by day a third comes and goes at most
_FREE_BYTES = 10 << 20  #: less is not worth the writing
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


def give_back_free_pages(file: Path) -> int:
    """Write a file anew that is free for the greater part; return the bytes given back, 0 where there was no need.

    One that another program has open is left as it is; 100 MB take a second.
    """
    if not file.exists():
        return 0
    try:
        with closing(sqlite3.connect(file, timeout=0)) as connection:
            page_bytes, page_count, free_count = (
                int(connection.execute(f"pragma {name}").fetchone()[0])
                for name in ("page_size", "page_count", "freelist_count")
            )
            if free_count < _FREE_SHARE * page_count or free_count * page_bytes < _FREE_BYTES:
                return 0
            connection.execute("vacuum")
            connection.execute("pragma wal_checkpoint(truncate)")
    except sqlite3.DatabaseError:  # busy, or the disk is full: it goes on as it is
        return 0
    return free_count * page_bytes
