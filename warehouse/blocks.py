"""Owns looking whether a DuckDB file still is what was written, block by block and without reading a row.

Behind three headers a file is blocks of one size, each behind a checksum of its words, which DuckDB compares as it
reads. Comparing them here costs a twentieth of reading all rows, in a few megabytes (decisions/0019). Where this finds
no damage, every block in use is there and bears the checksum it was written with. Where it finds some, that may be in a
block that nothing uses, half written by a killed writer: where that matters, the engine is asked to read all rows.
"""

from __future__ import annotations

from enum import Enum
from io import SEEK_CUR
from pathlib import Path
from typing import BinaryIO

import duckdb
import numpy as np

from marsad.errors import WarehouseBusy, WarehouseUnusable
from warehouse.engine import DAMAGED, disk_errors, reading_from
from warehouse.scripts import statement, statement_on

HEADER_BYTES = 3 * 4096  #: before the first block; DuckDB's documentation, "Storage Versions and Format"
BLOCK_BYTES = 262_144  #: DuckDB's default, which all our files have; one of other blocks does not count as whole
PART_BLOCKS = 256  #: that are looked at together: 64 MB; 2.3 GB of each file in a day of cycles every 20 minutes
_STEP_BYTES = 16 * BLOCK_BYTES  #: read at once
_FACTOR, _START = np.uint64(0xBF58476D1CE4E5B9), np.uint64(5381)  #: of the checksum; DuckDB, src/common/checksum.cpp

_EMPTY = _START.tobytes() + bytes(BLOCK_BYTES - 8)  #: a block that holds nothing, behind the checksum of that


def fill_up(file: Path) -> None:
    """Write the blocks at the end that are free and were never written; nobody may have the file open.

    Then its length tells whether something is cut off. Else where each column lies has to be looked at: 5 s of
    processor and 1 GB at a million articles.
    """
    with reading_from(file) as connection:
        ((total, _, _),) = connection.execute(statement("tables", "blocks")).fetchall()
    with disk_errors(file.parent), file.open("ab") as stream:
        for _ in range(_block_count(file), total):
            stream.write(_EMPTY)


def is_whole(file: Path) -> bool:
    """Say whether the file opens, is as long as it should be, and every block of it is what was written."""
    if not opens_at_full_length(file):
        return False
    with disk_errors(file.parent), file.open("rb") as stream:
        return _has_whole_blocks(stream, 0, _block_count(file))


def is_partly_whole(connection: duckdb.DuckDBPyConnection, file: Path, stream: BinaryIO, turn: int) -> bool:
    """Say the same of a part of the blocks that comes round as `turn` grows; of all where they are few.

    Args:
        connection: has the file open as its current database.
        file: see there.
        stream: the file, opened before and closed after `connection` has it: closing any descriptor of a file takes
            away the lock (fcntl) that DuckDB holds on it in this process.
        turn: counts how often the file was looked at so.
    """
    count = _block_count(file)
    first = turn % max(1, -(-count // PART_BLOCKS)) * PART_BLOCKS
    return _is_long_enough(connection, file) and _has_whole_blocks(stream, first, min(first + PART_BLOCKS, count))


def opens_at_full_length(file: Path) -> bool:
    """Say whether the file opens and nothing that it needs is cut off."""
    try:
        with reading_from(file) as connection:
            return _is_long_enough(connection, file)
    except WarehouseBusy:  # what another program writes into it is none of ours
        return False
    except WarehouseUnusable as error:
        if error.reason != DAMAGED:
            raise
        return False


def holds_whole_blocks(stream: BinaryIO, length: int) -> bool:
    """Say whether a copy of a file, so many bytes from where the stream stands, consists of whole blocks."""
    stream.seek(HEADER_BYTES, SEEK_CUR)
    return length > HEADER_BYTES and _are_whole(stream, length - HEADER_BYTES)


class Looked(Enum):
    """What of the tables was looked at for damage, and none found."""

    BLOCKS = "every block as it was written"
    ROWS = "every row can be read, though a block that nothing uses is not as it was written"
    NOTHING = "its files are the lake's to look after"


def must_be_whole(file: Path) -> Looked:
    """Raise WarehouseUnusable where something that the file holds cannot be read; nobody may write it meanwhile."""
    if is_whole(file):
        return Looked.BLOCKS
    with reading_from(file) as connection:
        read_whole(connection)
    return Looked.ROWS


def read_whole(connection: duckdb.DuckDBPyConnection) -> None:
    """Read every row of every table, as the engine checks the blocks that it reads and no others."""
    for (table,) in connection.execute(statement("tables", "own_tables")).fetchall():
        connection.execute(statement_on("tables", "read_whole", table=table)).fetchone()


def _is_long_enough(connection: duckdb.DuckDBPyConnection, file: Path) -> bool:
    total, used, block_bytes = connection.execute(statement("tables", "blocks")).fetchall()[0]
    there = _block_count(file)
    is_of_blocks = (file.stat().st_size - HEADER_BYTES) % BLOCK_BYTES == 0 and block_bytes == BLOCK_BYTES
    return is_of_blocks and (there >= total or _is_used_below(connection, there, used))


def _is_used_below(connection: duckdb.DuckDBPyConnection, there: int, count: int) -> bool:
    """Say whether all blocks in use, so many, are among the first `there`: free ones at the end need not be written.

    This reads where each column lies, so that it is asked where some are missing only: never of a file filled up.
    """
    used = {block for (block,) in connection.execute(statement("tables", "metadata_blocks")).fetchall()}
    for (table,) in connection.execute(statement("tables", "own_tables")).fetchall():
        used |= {block for (block,) in connection.execute(statement("tables", "data_blocks"), [table]).fetchall()}
    return len(used) == count and max(used, default=0) < there


def _block_count(file: Path) -> int:
    return (file.stat().st_size - HEADER_BYTES) // BLOCK_BYTES


def _has_whole_blocks(stream: BinaryIO, first: int, last: int) -> bool:
    stream.seek(HEADER_BYTES + first * BLOCK_BYTES)
    return _are_whole(stream, (last - first) * BLOCK_BYTES)


def _are_whole(stream: BinaryIO, length: int) -> bool:
    steps = (min(_STEP_BYTES, length - start) for start in range(0, length, _STEP_BYTES))
    return length % BLOCK_BYTES == 0 and all(_match_checksums(stream.read(step), step) for step in steps)


def _match_checksums(blocks: bytes, length: int) -> bool:
    if len(blocks) != length:  # it became shorter meanwhile
        return False
    words = np.frombuffer(blocks, np.uint64).reshape(-1, BLOCK_BYTES // 8)
    return bool((np.bitwise_xor.reduce(words[:, 1:] * _FACTOR, axis=1) ^ _START == words[:, 0]).all())
