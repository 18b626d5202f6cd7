"""Everything readers see is described, in the database and in the document written from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.core import Core
from warehouse.dictionary import dictionary_of
from warehouse.reader import Reader

VIEWS = {
    "articles", "revisions", "stories", "mentions", "statements", "entities", "feeds", "discoveries", "drops", "alerts",
    "daily_coverage", "daily_entities", "daily_stance", "spikes",
}  # fmt: skip
MACROS = {
    "ar_fold", "wilson_low", "wilson_high", "search", "feeds_at", "daily_coverage_in", "daily_entities_in",
    "daily_stance_in", "spikes_in", "trend", "rising", "share_of_voice", "cooccurrence", "stance_of",
}  # fmt: skip


@pytest.fixture
def reader(core: Core) -> Reader:
    core.publish()
    return Reader(core.folder)


def names(reader: Reader, sql: str) -> set[str]:
    return {name for (name,) in reader.query(sql).rows}


def test_the_public_face_is_what_was_promised(reader: Reader) -> None:
    assert names(reader, "select view_name from duckdb_views() where not internal and schema_name = 'main'") == VIEWS
    macros = "select function_name from duckdb_functions() where not internal and schema_name = 'main'"
    assert names(reader, macros) == MACROS


@pytest.mark.parametrize(
    "undescribed",
    [
        "select table_name from duckdb_tables() where comment is null",
        "select view_name from duckdb_views() where not internal and comment is null",
        "select table_name || '.' || column_name from duckdb_columns() where not internal and comment is null",
        "select function_name from duckdb_functions() where not internal and comment is null",
    ],
    ids=["tables", "views", "columns", "macros"],
)
def test_everything_is_described(reader: Reader, undescribed: str) -> None:
    assert names(reader, undescribed) == set()


def test_the_document_is_what_the_database_says(reader: Reader, root: Path) -> None:
    """`make docs` writes it anew."""
    assert (root / "docs" / "data-dictionary.md").read_text(encoding="utf-8") == dictionary_of(reader)


def test_what_is_private_is_not_published(reader: Reader) -> None:
    published = names(reader, "select table_name from duckdb_tables()")
    assert not published & {"validator", "sketch", "posting", "outbox", "sending"}
