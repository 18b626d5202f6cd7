"""A synthetic store: articles of 350 random Arabic words, ten mentions, one or two statements and five entries each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.core import Core
from warehouse.engine import writing_to

ARTICLES_A_DAY = 1000
_CHUNK = 50_000

_ROWS = {
    "article": """
        select {batch}, id, 'https://example.org/' || id, 'عنوان ' || id, array_to_string(list_transform(range(350),
            lambda j: words[(hash(id, j) % 3000 + 1)::int]), ' '), 'full', seen_at, 'instant', 'meta', '', false, null,
            ['كاتب'], 'o' || id % 200, 'Outlet ' || id % 200, 'QA', 'f' || id % 50, 'ar', [], 'feed', seen_at
        from ids, vocabulary""",
    "story": "select {batch}, id, id - id % 3, if(id % 3 = 0, 'new', 'duplicate'), false from ids",
    "tagging": "select {batch}, id, 0, 'on', 0.9, ['title'], 'neutral', null, null, 0.5, 'rules/1' from ids",
    "mention": """
        select {batch}, id, seen_at, j * 40, j * 40 + 7, 'موسكو', 'GPE', 'name', 'e' || hash(id, j) % 400, 'rules/1'
        from ids, range(10) as r(j)""",
    "statement": """
        select {batch}, id, seen_at, 'S' || id % 90, 'e' || id % 90, 3, 9, 'cooperation',
            ['supportive', 'opposed', 'neutral'][id % 3 + 1], 10, 90, 'قال إن التعاون مستمر', 'قال', 'indirect',
            0.7, 'rules/1'
        from ids, range(2) as r(j) where (id + j) % 3 > 0""",
    "entry": """
        select {batch}, id * 5 + j, id * 5 + j, 'feed' || id % 300, 'g' || id * 5 + j,
            'https://example.org/' || id * 5 + j, 'عنوان ' || id * 5 + j, '', seen_at, 'instant', 'feed', '', false,
            if(j = 0, 'on', 'off'), if(j = 0, 'fetch', 'skip'), seen_at
        from ids, range(5) as r(j)""",
    "sketch": "select {batch}, id, (hash(id) >> 1)::bigint, 350, 1, seen_at::date from ids",
    "posting": "select {batch}, hash(id, j), id, 1, seen_at::date from ids, range(80) as r(j)",
    "page": "select {batch}, id, 'https://example.org/' || id, 'day.warc.gz', id, seen_at from ids",
    "ledger": "select {batch}, 'bench/{batch}', 'bench', max(seen_at), count(*) from ids",
}


def make_store(folder: Path, article_count: int) -> Core:
    """Return a warehouse of so many articles."""
    core = Core(folder)
    core.create_or_migrate()
    core.start_run("bench", datetime(2024, 1, 1, tzinfo=UTC))  # from here on days are counted
    first = 0
    while first < article_count:
        add_articles(core, first, min(_CHUNK, article_count - first))
        first += _CHUNK
    return core


def add_articles(core: Core, first: int, count: int) -> None:
    """Append `count` articles from id `first` on, as one batch, with all that belongs to them."""
    with _open(core) as connection:
        connection.begin()
        (batch,) = connection.execute("select coalesce(max(batch), 0) + 1 from core.ledger").fetchall()[0]
        connection.execute(
            "create or replace temp table ids as select i as id, timestamptz '2024-01-01' + to_minutes("
            f"(i * 1440 // {ARTICLES_A_DAY})::int) as seen_at from range({first}, {first + count}) as t(i)"
        )
        for table, rows in _ROWS.items():
            connection.execute(f"insert into core.{table} {rows.format(batch=batch)}")
        connection.commit()


@contextmanager
def _open(core: Core) -> Iterator[duckdb.DuckDBPyConnection]:
    with writing_to(core.file) as connection:
        connection.execute(
            "create temp table vocabulary as select list(w) as words from (select chr((1575 + i % 30)::int) || chr("
            "(1576 + i // 30 % 30)::int) || 'ا' || chr((1587 + i % 13)::int) || repeat('ن', (i % 4)::int) as w "
            "from range(3000) as t(i))"
        )
        yield connection
