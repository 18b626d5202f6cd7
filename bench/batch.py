"""Measures one batch of 500 articles, compared and stored in one transaction, against stores of two sizes.

.venv/bin/python bench/batch.py                                   10,000 and 50,000 articles, under a minute
.venv/bin/python bench/batch.py --articles 100000 1000000         some 10 minutes and 3 GB of disk
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
from _store import ARTICLES_A_DAY, make_store

from marsad.articles import Article, BodyKind, EntityType, Label, Mention, MentionKind, Relevance, Tagging
from marsad.identity import key_of
from marsad.records import ArticleBatch, Draft, Record
from marsad.relations import Novelty, NoveltyKind
from marsad.sketches import fingerprint_of, sketch_of
from marsad.sources import Outlet
from warehouse.core import Core

BATCH_ARTICLES, REPEATS, WIRE_GAP = 500, 5, 50
_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


def main() -> None:
    """Print seconds by step for each size, best of some, and the ratio of the largest to the smallest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 50_000])
    parser.add_argument("--folder", type=Path, help="where to build; a temporary folder by default")
    options = parser.parse_args()
    totals = []
    for count in options.articles:
        with tempfile.TemporaryDirectory(dir=options.folder) as name:
            core = make_store(Path(name), count)
            now = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=count // ARTICLES_A_DAY)
            size = sketch_bytes(core) / count
            runs = [store_batch(core, number, now) for number in range(REPEATS)]
        best = {step: min(run[step] for run in runs) for step in runs[0]}
        totals.append(best["total"])
        print(
            f"{count:>9,} articles: "
            + ", ".join(f"{step} {seconds * 1000:.0f} ms" for step, seconds in best.items())
            + f"; {size:.0f} bytes an article for sketches, postings and terms"
        )
    print(f"largest to smallest: {totals[-1] / totals[0]:.2f}")


def store_batch(core: Core, number: int, now: datetime) -> dict[str, float]:
    """Compare and store 500 articles; return seconds by step, opening and closing in the total."""
    drafts = list(make_drafts(number, now))
    prints = {draft.article.id: draft.fingerprint for draft in drafts}
    sketches = [sketch_of(draft.article.id, draft.fingerprint, terms_of(draft.article.id)) for draft in drafts]
    marks = [time.perf_counter()]
    with core.writing() as transaction:
        marks.append(time.perf_counter())
        transaction.append_sketches(sketches, now.date())
        marks.append(time.perf_counter())
        transaction.neighbourhoods(sketches, now.date(), prints)
        marks.append(time.perf_counter())
        records = tuple(Record(draft, Novelty(NoveltyKind.NEW), draft.article.id) for draft in drafts)
        transaction.append_articles(ArticleBatch(f"new/{number}", "bench", now, records))
        marks.append(time.perf_counter())
    marks.append(time.perf_counter())
    steps = ("open", "sketches", "neighbours", "articles", "close")
    seconds = {step: after - before for step, (before, after) in zip(steps, pairwise(marks), strict=True)}
    return seconds | {"total": marks[-1] - marks[0]}


def terms_of(article_id: int) -> tuple[int, ...]:
    """Return what a lead says: four terms that one article in 400 shares, and twelve of its own."""
    shared = ((article_id * 7 + j) % 400 for j in range(4))
    return (*shared, *(key_of(f"{article_id} {j}") >> 31 for j in range(12)))


def sketch_bytes(core: Core) -> int:
    """Return what the tables that texts are found by take in a file of their own."""
    file = core.file.with_name("sketches.duckdb")
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"attach '{core.file}' as source (read_only)")
        for table in ("sketch", "posting", "term"):
            connection.execute(f"create table {table} as from source.core.{table}")
        connection.execute("checkpoint")
    return file.stat().st_size


def make_drafts(number: int, now: datetime) -> Iterator[Draft]:
    """Yield 500 articles of 350 random words; every tenth repeats the one before it, every fiftieth a wire story.

    The wire story is the same in all batches, so that its shingles are held by 10, 20, ... 50 articles.
    """
    chance = random.Random(number)
    words, wire = _words_of(chance), " ".join(_words_of(random.Random("wire"))[:330])
    body = ""
    for index in range(BATCH_ARTICLES):
        if index % WIRE_GAP == 1:
            body = f"{wire} {' '.join(chance.choices(words, k=20))}"
        elif index % 10:
            body = " ".join(chance.choices(words, k=350))
        key = (1 << 40) + number * BATCH_ARTICLES + index
        article = Article(key, f"https://example.org/new/{key}", "عنوان", body, BodyKind.FULL)  # a title
        mentions = [
            Mention(at * 9, at * 9 + 5, "موسكو", EntityType.GPE, MentionKind.NAME, "moscow")
            for at in range(10)  # Moscow
        ]
        tagging = Tagging(Relevance(Label.ON, 0.9, ()), tuple(mentions), method="rules/1")
        yield Draft(article, tagging, fingerprint_of(article.text), "feed", Outlet("o", "Outlet"), now)


def _words_of(chance: random.Random) -> list[str]:
    return ["".join(chance.choices(_LETTERS, k=chance.randint(2, 7))) for _ in range(3000)]


if __name__ == "__main__":
    main()
