"""Owns what readers get: a file of their own, made from an allow-list of tables and switched in one step."""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.engine import STORAGE_VERSION, connect_in_utc, disk_errors, engine_errors, quoted
from warehouse.scripts import comments_of, read_script, split_script

PUBLISHED_FOLDER, PUBLISHED_FILE = "published", "marsad.duckdb"

#: Tables readers get. Whatever is not named stays private: validators, sketches, postings, mails.
PUBLIC_TABLES = (
    "schema_version",
    "ledger",
    "run",
    "feed",
    "feed_state",
    "entry",
    "article",
    "revision",
    "relation",
    "story",
    "tagging",
    "mention",
    "statement",
    "superseded",
    "entity",
    "drop",
    "correction",
    "alert",
)
PUBLIC_SCRIPTS = ("macros.sql", "views.sql")


def publish_core(file: Path, folder: Path) -> None:
    """Make the readers' file anew from the writer's, and put it in the old one's place."""
    target = folder / PUBLISHED_FOLDER / PUBLISHED_FILE
    fresh = target.with_suffix(".new")
    with disk_errors(folder):
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
    with engine_errors(file):
        _copy(file, fresh)
    with disk_errors(folder):
        fresh.replace(target)


def _copy(file: Path, fresh: Path) -> None:
    connection = connect_in_utc()
    try:
        connection.execute(f"attach {quoted(file)} as source (read_only)")
        connection.execute(f"attach {quoted(fresh)} as target (storage_version '{STORAGE_VERSION}')")
        connection.execute("use target")
        connection.execute("create schema core")
        for table in PUBLIC_TABLES:
            connection.execute(f"create table core.{table} as from source.core.{table}")
        create_public_face(connection)
        connection.execute("use memory")
        connection.execute("detach target")
    finally:
        connection.close()


def create_public_face(connection: duckdb.DuckDBPyConnection) -> None:
    """Create views and macros, with their comments, over the schema core of the current database."""
    for name in PUBLIC_SCRIPTS:
        text = read_script("warehouse.public", name)
        for part in (*split_script(text), *comments_of(text)):
            connection.execute(part)
