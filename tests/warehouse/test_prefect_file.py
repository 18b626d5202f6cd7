"""The file of Prefect's own database: what was deleted in it is given back, and nobody is disturbed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from warehouse.prefect_file import give_back_free_pages

ROWS, ROW_BYTES = 300, 100_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database of 30 MB, as Prefect keeps its own."""
    file = tmp_path / "prefect.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("create table log (id integer, message blob)")
        connection.executemany("insert into log values (?, ?)", [(n, bytes(ROW_BYTES)) for n in range(ROWS)])
        connection.commit()
    return file


def forget(file: Path, share: float) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("delete from log where id < ?", (share * ROWS,))


def size(file: Path) -> int:
    return sum(part.stat().st_size for part in file.parent.iterdir())


def test_a_file_that_is_free_for_the_greater_part_shrinks(file: Path) -> None:
    forget(file, 0.9)
    assert give_back_free_pages(file) > 0.8 * ROWS * ROW_BYTES
    assert size(file) < 0.2 * ROWS * ROW_BYTES
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("select count(*), min(id) from log").fetchone() == (ROWS // 10, 0.9 * ROWS)


def test_pages_that_will_be_filled_again_are_left(file: Path) -> None:
    forget(file, 0.3)
    before = size(file)
    assert give_back_free_pages(file) == 0
    assert size(file) == before


def test_a_file_in_use_is_left(file: Path) -> None:
    forget(file, 0.9)
    with closing(sqlite3.connect(file)) as other:
        other.execute("begin immediate")
        assert give_back_free_pages(file) == 0
        other.rollback()
    assert give_back_free_pages(file) > 0


@pytest.mark.parametrize("content", [None, b"no database" * 1000], ids=["no file", "no database"])
def test_what_is_no_database_has_nothing_to_give(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "prefect.db"
    if content:
        file.write_bytes(content)
    assert give_back_free_pages(file) == 0
    assert file.exists() is bool(content)
