"""Measures several writers on DuckLake with a Postgres catalog, beside one writer on a DuckDB file.

`PYTHONPATH=. python bench/lake.py [BATCHES]`: batches of 500 articles for each writer, four by default; needs Debian's
PostgreSQL; two minutes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from batch import BATCH_ARTICLES, store_batch

from tests.postgres import MISSING, postgres, programs
from warehouse.core import Core
from warehouse.lake import Lake

NOW = datetime(2024, 1, 1, tzinfo=UTC)
WRITERS = (1, 2, 4)


def main() -> None:
    """Print articles a second for each number of writers, what a publishing costs, and what the lake weighs."""
    if programs() is None:
        print(f"skipped: {MISSING}")
        return
    batches = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    with tempfile.TemporaryDirectory() as name, postgres() as server:
        alone = Core(Path(name) / "alone")
        alone.create_or_migrate()
        measure("DuckDB file, 1 writer", alone, 1, batches)
        for writers in WRITERS:
            folder = Path(name) / f"lake-{writers}"
            lake = Lake(server.database(f"lake{writers}"), str(folder / "files"), wait_seconds=600)
            core = Core(folder, lake=lake)
            core.create_or_migrate()
            measure(f"lake, {writers} writers", core, writers, batches)


def measure(way: str, core: Core, writers: int, batches: int) -> None:
    """Store batches by so many processes at once and publish; print what that took."""
    start = time.perf_counter()
    work = [
        subprocess.Popen(
            [sys.executable, __file__, "--write", str(core.folder), *_lake_of(core), str(number), str(batches)]
        )
        for number in range(writers)
    ]
    assert [one.wait() for one in work] == [0] * writers
    seconds = time.perf_counter() - start
    with core.reading() as connection:
        ((count, different),) = connection.execute("select count(*), count(distinct id) from core.article").fetchall()
    assert count == different == writers * batches * BATCH_ARTICLES
    start = time.perf_counter()
    core.publish()
    first = time.perf_counter() - start
    store_batch(core, 1000, NOW)
    start = time.perf_counter()
    core.publish()
    size = sum(
        file.stat().st_size for file in core.folder.rglob("*") if file.is_file() and "published" not in file.parts
    )
    print(
        f"{way:22} {count:6} articles in {seconds:5.1f} s, start included: {count / seconds:4.0f}/s; "
        f"publishing {first:.1f} s, {time.perf_counter() - start:.2f} s after 500 more; {size >> 10} kB",
        flush=True,
    )


def _lake_of(core: Core) -> tuple[str, str]:
    return (core.lake.postgres, core.lake.files) if core.lake else ("", "")


def write(folder: str, catalog: str, files: str, number: str, batches: str) -> None:
    """Store so many batches, of other articles than other writers."""
    lake = Lake(catalog, files, wait_seconds=600) if catalog else None
    core = Core(Path(folder), lake=lake)
    spent = [store_batch(core, int(number) * 100 + batch, NOW)["total"] for batch in range(int(batches))]
    print(
        f"  writer {number}: {', '.join(f'{seconds:.2f}' for seconds in spent)} s a batch, waiting included", flush=True
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write(*sys.argv[2:])
    else:
        main()
