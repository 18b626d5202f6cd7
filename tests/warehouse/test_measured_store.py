"""The store that the benches measure is one that Marsad could have written."""

from __future__ import annotations

from pathlib import Path

from bench._store import entity_of, make_store
from warehouse.publishing import PUBLIC_TABLES
from warehouse.reader import Reader

UNFILLED = {"feed", "feed_state", "discovery", "revision", "relation", "superseded", "drop", "correction", "alert"}


def test_the_store_of_the_benches_fits_the_tables_and_answers(tmp_path: Path) -> None:
    make_store(tmp_path, 40).publish()
    reader = Reader(tmp_path)
    counts = {table: reader.query(f"select count(*) from core.{table}").rows[0][0] for table in PUBLIC_TABLES}
    assert {table for table, count in counts.items() if not count} == UNFILLED
    assert counts["article"] == 40
    assert reader.query("from search(?)", [entity_of(0).name_ar]).rows
