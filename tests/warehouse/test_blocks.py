"""A file that is cut, flipped or of other blocks is not called whole."""

from __future__ import annotations

import io
import os
from pathlib import Path

import duckdb
import pytest

from marsad.errors import WarehouseUnusable
from warehouse.blocks import BLOCK_BYTES, HEADER_BYTES, Looked, fill_up, holds_whole_blocks, is_whole, must_be_whole
from warehouse.engine import STORAGE_VERSION

TOTAL = "select total_blocks from pragma_database_size()"


def file_of(folder: Path, *tables: str) -> Path:
    """Return a file of these tables, one behind the other, of which "gone" is dropped, so that its blocks are free."""
    made = folder / "made.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{made}' as made (storage_version '{STORAGE_VERSION}')")
        for table in tables:
            connection.execute(f"create table made.{table} as select hash(i) as word from range(200_000) as t (i)")
            connection.execute("checkpoint made")
        connection.execute("drop table made.gone")
        connection.execute("checkpoint made")
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return file_of(tmp_path, "gone", "kept")


def free_count(file: Path) -> int:
    with duckdb.connect(file, read_only=True) as connection:
        (count,) = connection.execute("select free_blocks from pragma_database_size()").fetchall()[0]
        return int(count)


def test_blocks_cut_off_are_missed_though_as_many_are_free(file: Path) -> None:
    assert must_be_whole(file) is Looked.BLOCKS
    os.truncate(file, file.stat().st_size - BLOCK_BYTES)
    assert free_count(file) > 1
    assert not is_whole(file)
    with pytest.raises(WarehouseUnusable, match="the file is damaged"):
        must_be_whole(file)


def test_a_file_filled_up_is_as_long_as_its_blocks_and_goes_on(tmp_path: Path) -> None:
    file = file_of(tmp_path, "kept", "gone")
    fill_up(file)
    with duckdb.connect(file) as connection:
        (total,) = connection.execute(TOTAL).fetchall()[0]
    assert file.stat().st_size == HEADER_BYTES + total * BLOCK_BYTES
    assert is_whole(file)
    with duckdb.connect(file) as connection:
        connection.execute("create table more as select hash(i) as word from range(900_000) as t (i)")
    with duckdb.connect(file, read_only=True) as connection:
        assert connection.execute("select count(*) from more").fetchall() == [(900_000,)]
    fill_up(file)
    assert is_whole(file)


def test_free_blocks_at_the_end_need_not_be_there(tmp_path: Path) -> None:
    file = file_of(tmp_path, "kept", "gone")
    with duckdb.connect(file, read_only=True) as connection:
        (total,) = connection.execute(TOTAL).fetchall()[0]
    assert HEADER_BYTES + total * BLOCK_BYTES > file.stat().st_size
    assert is_whole(file)
    os.truncate(file, file.stat().st_size - BLOCK_BYTES)
    assert not is_whole(file)


def test_a_file_of_other_blocks_is_read_row_by_row(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path / 'small.duckdb'}' as small (block_size 16384)")
        connection.execute("create table small.t as select hash(i) as word from range(100_000) as t (i)")
    assert not is_whole(tmp_path / "small.duckdb")
    assert must_be_whole(tmp_path / "small.duckdb") is Looked.ROWS


@pytest.mark.parametrize("missing", [1, BLOCK_BYTES], ids=["a byte", "a block"])
def test_a_copy_that_ends_early_is_not_whole(file: Path, missing: int) -> None:
    content = file.read_bytes()
    assert holds_whole_blocks(io.BytesIO(content), len(content))
    assert not holds_whole_blocks(io.BytesIO(content[:-missing]), len(content))
    assert len(content) > HEADER_BYTES + BLOCK_BYTES
