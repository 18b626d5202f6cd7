"""A synthetic store: articles of 350 words, ten mentions, one or two statements and five entries each.

A hundred thousand texts are made; articles beyond repeat them under other ids, by SQL alone: two thirds of the time.
Shingles and leads are those of other texts all the same.

Words and names follow Zipf's law over 170,000 words (as many as 10,000 real articles hold) and 400 names: a query for
the first name finds most articles, one for a late word a handful, as in a warehouse of one topic.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from marsad.articles import Entity, EntityType
from warehouse.core import Core
from warehouse.engine import writing_to

ARTICLES_A_DAY = 1000
FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
ENTITY_COUNT, WORD_COUNT = 400, 170_000
_CHUNK = 10_000
TEXT_COUNT = 100_000  #: different ones; a multiple of _CHUNK
_LETTERS = np.array(list("نميرهعتسدحقجشطخزصضغظثذفكلوبا"))
_MENTIONS, _WORDS_BETWEEN = 10, 34

_ROWS = {
    "article": """
        select {batch}, id, 'https://example.org/' || id, title, body, 'full', seen_at, 'instant', 'meta', '', false,
            null, ['كاتب'], 'o' || id % 200, 'Outlet ' || id % 200, 'QA', 'f' || id % 50, 'ar', [], 'feed', seen_at,
            'rules/1'
        from ids join texts using (id)""",
    "story": "select {batch}, id, id - id % 3, if(id % 3 = 0, 'new', 'duplicate'), false from ids",
    "tagging": "select {batch}, id, 0, 'on', 0.9, ['title'], 'neutral', null, null, 0.5, 'rules/1', null from ids",
    "mention": """
        select {batch}, id, seen_at, j * 200, j * 200 + 7, 'موسكو', 'GPE', 'name', 'e' || named[j + 1], 'rules/1'
        from ids join texts using (id), range(10) as r(j)""",
    "statement": """
        select {batch}, id, seen_at, 'S' || id % 90, 'e' || id % 90, 3, 9, 'cooperation',
            ['supportive', 'opposed', 'neutral'][id % 3 + 1], 10, 90, 'قال إن التعاون مستمر', 'قال', 'indirect',
            0.7, 'rules/1'
        from ids, range(2) as r(j) where (id + j) % 3 > 0""",
    "entry": """
        select {batch}, id * 5 + j, if(j = 0, id, 1::bigint << 40 | id * 5 + j) as url_id, 'feed' || id % 300,
            'g' || id * 5 + j, 'https://example.org/' || url_id, 'عنوان ' || id * 5 + j, '', null, seen_at, 'instant',
            'feed', '', false, '', if(j = 0, 'on', 'off'), if(j = 0, 'fetch', 'skip'), seen_at, seen_at
        from ids, range(5) as r(j)""",
    "sketch": "select {batch}, id, (hash(id) >> 1)::bigint, 350, 1, seen_at::date from ids",
    "posting": "select {batch}, hash(id, j) >> 18, id, 1, seen_at::date from ids, range(80) as r(j)",
    "term": """
        select {batch}, if(j < 4, (id * 7 + j) % 400, hash(id, j) >> 32)::uinteger, id, seen_at::date
        from ids, range(16) as r(j)""",
    "page": "select {batch}, id, 'https://example.org/' || id, 'day.warc.gz', id, seen_at from ids",
    "ledger": "select {batch}, 'bench/{batch}', 'bench', max(seen_at), count(*) from ids",
}


_TEXTS_AGAIN = """
    create or replace temp table texts as
    with again as (select i as id, i % $texts as first_id from range($first, $first + $count) as t(i))
    select again.id, title, body, named
    from again
    join core.article as article on article.id = again.first_id
    join (
        select article_id, list(substr(entity_id, 2)::integer order by start_char) as named
        from core.mention
        where article_id < $texts and article_id in (select first_id from again)
        group by article_id
    ) as mention on mention.article_id = again.first_id
    where article.id < $texts"""


def word_of(rank: int) -> str:
    """Return the word of a rank, 0 the most frequent; frequent words are short."""
    word, rest = "ي" if rank % 3 else "ال", rank
    while rest >= 0:
        word += _LETTERS[rest % len(_LETTERS)]
        rest = rest // len(_LETTERS) - 1
    return word


def entity_of(number: int) -> Entity:
    """Return a listed name of two words with two further spellings, 0 the most frequent."""
    one, other = word_of(900 + number), word_of(2400 + number)
    spellings = (f"{one}ج {other}", f"{one}غ {other}", f"{one}ن")
    return Entity(f"e{number}", f"Name {number}", spellings[0], EntityType.GPE, aliases=spellings[1:])


def make_store(
    folder: Path, article_count: int, since: datetime = FIRST_DAY, articles_a_day: int = ARTICLES_A_DAY
) -> Core:
    """Return a warehouse of so many articles, so many of them seen on each day from `since` on."""
    core = Core(folder)
    core.create_or_migrate()
    core.start_run("bench", since)  # from here on days are counted
    core.append_entities([entity_of(number) for number in range(ENTITY_COUNT)], since)
    first = 0
    while first < article_count:
        count = min(_CHUNK if first < TEXT_COUNT else TEXT_COUNT, article_count - first)
        add_articles(core, first, count, since, articles_a_day)
        first += count
    return core


def add_articles(
    core: Core, first: int, count: int, since: datetime = FIRST_DAY, articles_a_day: int = ARTICLES_A_DAY
) -> None:
    """Append `count` articles from id `first` on, as one batch, with all that belongs to them."""
    with _open(core) as connection:
        if first < TEXT_COUNT:
            connection.register("texts", _texts(first, count))
        else:
            connection.execute(_TEXTS_AGAIN, {"first": first, "count": count, "texts": TEXT_COUNT})
        connection.begin()
        (batch,) = connection.execute("select coalesce(max(batch), 0) + 1 from core.ledger").fetchall()[0]
        connection.execute(
            f"create or replace temp table ids as select i as id, timestamptz '{since}' + to_minutes("
            f"(i * 1440 // {articles_a_day})::int) as seen_at from range({first}, {first + count}) as t(i)"
        )
        for table, rows in _ROWS.items():
            connection.execute(f"insert into core.{table} {rows.format(batch=batch)}")
        connection.commit()


def _texts(first: int, count: int) -> pa.Table:
    chance = np.random.default_rng(first)
    words = _VOCABULARY[_zipf(chance, WORD_COUNT, (count, _MENTIONS, _WORDS_BETWEEN))]
    named = _zipf(chance, ENTITY_COUNT, (count, _MENTIONS))
    spelt = _SPELLINGS[named, chance.integers(0, 3, named.shape)]
    body = np.concatenate([words, spelt[:, :, None]], axis=2).reshape(count, -1)
    texts = {
        "id": np.arange(first, first + count),
        "title": [" ".join(row[-9:]) for row in body],
        "body": [" ".join(row) for row in body],
        "named": list(named),
    }
    return pa.table(texts)


def _zipf(chance: np.random.Generator, size: int, shape: tuple[int, ...]) -> np.ndarray:
    return (float(size) ** chance.random(shape)).astype(np.int64) - 1


@contextmanager
def _open(core: Core) -> Iterator[duckdb.DuckDBPyConnection]:
    with writing_to(core.file) as connection:
        yield connection


_VOCABULARY = np.array([word_of(rank) for rank in range(WORD_COUNT)], dtype=object)
_SPELLINGS = np.array([[entity_of(n).name_ar, *entity_of(n).aliases] for n in range(ENTITY_COUNT)], dtype=object)
