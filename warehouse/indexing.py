"""Owns the index that search asks: which folded word stands where, appended at each publishing by what it brings.

A row holds the places of one word in a run of texts, so that 500 articles are some 20,000 rows to append, and no text
is read to answer a query (decisions/0013). Places, not only articles: a name of two words is found where they stand
side by side. Runs grow as in a log-structured merge tree: the short ones at the end become one of a thousand texts,
ten of those one of ten thousand.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from marsad.arabic import fold
from warehouse.scripts import statement

WHOLE_RUNS = (1_000, 10_000)  #: texts; a million texts are then some 120 rows for a frequent word
CHUNK_TEXTS = WHOLE_RUNS[-1]  #: indexed at once, in some 200 MB
PLACES_A_TEXT = 65_536  #: what stands behind is not found; the longest body kept has 200,000 characters

Text = tuple[int, int, str, str]  #: article, number of the revision, title, body


def index_newer(connection: duckdb.DuckDBPyConnection) -> None:
    """Append to the index of the current database what `source` holds beyond the current publication."""
    for run in _runs(connection.execute(statement("index", "unindexed")).fetchall()):
        texts = connection.execute(statement("index", "texts"), run).fetchall()
        (known,) = connection.execute(statement("index", "last_text")).fetchall()[0]
        _append_texts(connection, texts, known + 1)
        for whole in WHOLE_RUNS:
            _merge_runs(connection, whole)
    if connection.execute(statement("index", "has_newer_entities")).fetchall() == [(True,)]:
        _replace_spellings(connection)
    _append_speakers(connection)


def _merge_runs(connection: duckdb.DuckDBPyConnection, whole: int) -> None:
    """Make one run of the short ones at the end, once they hold as many texts as a whole one."""
    runs = connection.execute(statement("index", "short_runs"), {"whole": whole}).fetchall()
    if len(runs) < 2 or sum(texts for _, texts in runs) < whole:  # noqa: PLR2004  one has nothing to merge with
        return
    first = {"first": runs[0][0]}
    for merge, remove, append in (
        ("merge_places", "remove_places", "append_merged"),
        ("merge_runs", "remove_runs", "append_merged_run"),
    ):
        connection.execute(statement("index", merge), first)
        connection.execute(statement("index", remove), first)
        connection.execute(statement("index", append))
    connection.execute(statement("index", "drop_merged"))


def _runs(counts: Iterable[tuple[int, int]]) -> Iterator[dict[str, int]]:
    """Yield the batches of each run of up to CHUNK_TEXTS texts; a larger batch is parted.

    Each part sorts that batch again, its bodies with it: no cycle writes one of so many texts.
    """
    batches: list[int] = []
    total = 0
    for batch, texts in counts:
        if batches and total + texts > CHUNK_TEXTS:
            yield from _parted(batches, total)
            batches, total = [], 0
        batches.append(batch)
        total += texts
    if batches:
        yield from _parted(batches, total)


def _parted(batches: list[int], total: int) -> Iterator[dict[str, int]]:
    for start in range(0, total, CHUNK_TEXTS):
        yield {"first": batches[0], "last": batches[-1], "start": start, "count": CHUNK_TEXTS}


def _append_texts(connection: duckdb.DuckDBPyConnection, texts: list[Text], first_id: int) -> None:
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    read, title_counts, lengths = array("i"), [], []
    for _, _, title, body in texts:
        head = fold(title).split()
        words = [*head, "", *fold(body).split()][:PLACES_A_TEXT]
        title_counts.append(len(head))
        lengths.append(len(words))
        read.extend(map(numbers.__getitem__, words))
    ids, versions, *_ = zip(*texts, strict=True)
    text_ids = range(first_id, first_id + len(texts))
    told = pa.table({"text_id": text_ids, "article_id": ids, "number": versions, "title_count": title_counts})
    placed = _placed(list(numbers), np.frombuffer(read, np.int32), _places(text_ids, lengths))
    _run(connection, ("append_texts", "append_run", "append_words", "append_places"), read=told, placed=placed)


def _replace_spellings(connection: duckdb.DuckDBPyConnection) -> None:
    ids, names = zip(*connection.execute(statement("index", "spellings")).fetchall(), strict=True)
    spelt = pa.table({"entity_id": ids, "words": list(map(fold, names))})
    _run(connection, ("remove_spellings", "append_spellings"), spelt=spelt)


def _append_speakers(connection: duckdb.DuckDBPyConnection) -> None:
    found = [speaker for (speaker,) in connection.execute(statement("index", "newer_speakers")).fetchall()]
    if found:
        spelt = pa.table({"surface": found, "words": list(map(fold, found))})
        _run(connection, ("append_speakers",), spelt=spelt)


def _run(connection: duckdb.DuckDBPyConnection, steps: Iterable[str], **staged: pa.Table) -> None:
    for name, table in staged.items():
        connection.register(name, table)
    for step in steps:
        connection.execute(statement("index", step))
    for name in staged:
        connection.unregister(name)


def _places(text_ids: range, lengths: list[int]) -> NDArray[np.int64]:
    """Return the place of each word of each text, one text behind the other."""
    starts = np.asarray(text_ids, np.int64) * PLACES_A_TEXT - np.cumsum([0, *lengths[:-1]])
    return np.repeat(starts, lengths) + np.arange(sum(lengths))


def _placed(words: list[str], read: NDArray[np.int32], places: NDArray[np.int64]) -> pa.Table:
    """Return the places of each word but the empty one, which is the gap behind a title."""
    counts = np.bincount(read, minlength=len(words))
    ends = np.cumsum([0, *counts], dtype=np.int32)
    lists = pa.ListArray.from_arrays(pa.array(ends), pa.array(places[np.argsort(read, kind="stable")]))
    table = pa.table({"word": pa.array(words, pa.string()), "places": lists})
    return table.filter(pa.array([word != "" for word in words]))
