"""Owns what a text is compared with: everything kept that shares rare shingles, the exact words, or the url.

Postings are appended in the order of days, so a window of 30 days is read without an index and costs the same
at a hundred thousand articles as at a million.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from marsad.novelty import STORE_COMMON_TEXTS
from marsad.relations import Fingerprint, Neighbour, Neighbourhood, Origin, Sketch, Teller
from marsad.sketches import SKETCH_VERSION, fingerprint_of
from marsad.stories import STORY_DAYS
from warehouse.scripts import statement, statement_on

WINDOW_DAYS = 30  #: of postings searched (decisions/0003, candidates); the same words are found in all of history
SHARED_FLOOR_COUNT = 2  #: hashes; 780 of 781 labelled copies and containments share so many (decisions/0003)
COMMON_TERM_TEXTS = 300  #: of the days a story is looked for in: a term of more leads is a topic, no event
CANDIDATE_LIMIT_COUNT = 8  #: of one text, those that share what is rarest; each costs a fingerprint of ~0.1 ms


@dataclass(slots=True)
class Neighbours:
    """The comparisons of one transaction; texts read once are not read again."""

    connection: duckdb.DuckDBPyConnection
    batch: int
    fingerprints: dict[int, Fingerprint] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    _asked: list[Sketch] | None = None  #: what is staged

    def append(self, sketches: Sequence[Sketch], on: date) -> None:
        """Append what is not kept yet of `sketches`, as of the day `on`."""
        self._ask(sketches)
        values = {"batch": self.batch, "version": SKETCH_VERSION, "day": on}
        self.connection.execute(statement("neighbours", "append_postings"), values)
        self.connection.execute(statement("neighbours", "append_terms"), values)
        self.connection.execute(statement("neighbours", "append_sketches"), values)

    def around(self, sketches: Sequence[Sketch], on: date) -> dict[int, Neighbourhood]:
        """Return the neighbourhood of each sketch by its article id, within the window of days that ends with `on`."""
        self._ask(sketches)
        window = {"first": on - timedelta(days=WINDOW_DAYS), "last": on, "version": SKETCH_VERSION}
        self.connection.execute(statement("neighbours", "open_window"), window)
        self.connection.execute(statement("neighbours", "count_window"))
        found = self._candidates()
        told = self._told(on)
        counts = self._store_counts()
        self._read_texts({other for others in (*found.values(), *told.values()) for other in others})
        return {key: self._hood(found[key], told[key], counts.get(key, {})) for key in (s.article_id for s in sketches)}

    def forget_texts(self) -> None:
        """Let go of what was read: a long transaction would hold all of it."""
        self.fingerprints.clear()
        self.texts.clear()

    def _ask(self, sketches: Sequence[Sketch]) -> None:
        if self._asked == list(sketches):
            return
        if strange := [s.version for s in sketches if s.version != SKETCH_VERSION]:
            raise ValueError(f"sketches of version {strange[0]} cannot be compared with version {SKETCH_VERSION}")
        ids = np.array([s.article_id for s in sketches], np.int64)
        keys = np.array([s.text_key for s in sketches], np.int64)
        tokens = np.array([s.token_count for s in sketches], np.int32)
        order = np.arange(len(sketches), dtype=np.int32)
        lengths = [len(s.hashes) for s in sketches]
        hashes = np.concatenate([s.hashes for s in sketches]) if sketches else np.empty(0, np.uint64)
        asked: dict[str, NDArray[Any]] = {"article_id": ids, "text_key": keys, "token_count": tokens, "position": order}
        probe = {name: np.repeat(column, lengths) for name, column in asked.items()} | {"hash": hashes}
        widths = [len(s.terms) for s in sketches]
        terms = np.array([term for s in sketches for term in s.terms], np.uint32)
        head = {name: np.repeat(asked[name], widths) for name in ("article_id", "text_key", "position")}
        for name, columns in (("asked", asked), ("probe", probe), ("head", head | {"term": terms})):
            # Copied, since DuckDB 1.5 pushes the join's bounds into an Arrow scan as signed numbers and overflows.
            self.connection.register("staged", pa.table(columns))
            self.connection.execute(statement_on("tables", "keep_staged", table=name))
        self._asked = list(sketches)

    def _candidates(self) -> dict[int, list[int]]:
        limits = {
            "common_limit": STORE_COMMON_TEXTS,
            "shared_floor": SHARED_FLOOR_COUNT,
            "candidate_limit": CANDIDATE_LIMIT_COUNT,
            "version": SKETCH_VERSION,
        }
        found: dict[int, list[int]] = defaultdict(list)
        rows = self.connection.execute(statement("neighbours", "candidates"), limits).fetchall()
        for asking_id, found_id in rows:
            found[asking_id].append(found_id)
        return found

    def _told(self, on: date) -> dict[int, dict[int, int]]:
        """Days between each text and those whose lead says the same, by id."""
        limits = {
            "first": on - timedelta(days=STORY_DAYS),
            "last": on,
            "common_limit": COMMON_TERM_TEXTS,
            "shared_floor": SHARED_FLOOR_COUNT,
            "candidate_limit": CANDIDATE_LIMIT_COUNT,
        }
        found: dict[int, dict[int, int]] = defaultdict(dict)
        for asking_id, found_id, day in self.connection.execute(statement("neighbours", "told"), limits).fetchall():
            found[asking_id][found_id] = (on - day).days
        return found

    def _store_counts(self) -> dict[int, Mapping[int, int]]:
        rows = self.connection.execute(statement("neighbours", "store_counts")).fetchall()
        return {article_id: dict(zip(hashes, counts, strict=True)) for article_id, hashes, counts in rows}

    def _read_texts(self, ids: Iterable[int]) -> None:
        missing = [key for key in ids if key not in self.fingerprints and key not in self.texts]
        stage_keys(self.connection, missing)
        for key, title, body in self.connection.execute(statement("neighbours", "newest_texts")).fetchall():
            self.texts[key] = f"{title}\n\n{body}"

    def _hood(self, found: Iterable[int], told: Mapping[int, int], counts: Mapping[int, int]) -> Neighbourhood:
        near = ((key, self._fingerprint(key)) for key in found)
        return Neighbourhood(
            tuple(Neighbour(key, Origin.ARTICLE, fingerprint) for key, fingerprint in near if fingerprint is not None),
            tuple(
                Teller(key, self.texts.get(key, ""), days)
                for key, days in told.items()
                if key in self.texts or key in self.fingerprints
            ),
            counts,
        )

    def _fingerprint(self, key: int) -> Fingerprint | None:
        """Of a text of the batch as handed over, of one that is kept when it is first asked for."""
        if key not in self.fingerprints and key in self.texts:
            self.fingerprints[key] = fingerprint_of(self.texts[key])
        return self.fingerprints.get(key)


def stage_keys(connection: duckdb.DuckDBPyConnection, keys: Iterable[int]) -> None:
    """Register `keys` as the relation `staged(key)`."""
    connection.register("staged", pa.table({"key": pa.array(keys, pa.int64())}))
