"""Streams the dated news articles one day after another and all at once, judges both anew, and says where they differ.

    .venv/bin/python bench/streaming.py [--shared ../shared] [--sample links.jsonl]

With --sample, 100 of the links are drawn by a fixed seed and written with both texts, to be read and judged.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from flows.configuration import Place, packaged_topic
from flows.desk import Desk, Silence, read_desk
from flows.reading import Read, store_pages
from flows.reconciling import reconcile
from marsad.articles import Article, BodyKind, Label, Relevance, Tagging
from marsad.dates import Dated, Precision
from marsad.identity import key_of
from marsad.records import Draft
from marsad.settings import Settings
from marsad.sketches import fingerprint_of
from marsad.sources import Outlet
from warehouse.replaying import Batch

ROOT = Path(__file__).resolve().parent.parent
CHUNK, SAMPLED, SEED = 500, 100, 6

Relations = set[tuple[object, ...]]


def main() -> None:
    """Print seconds, relations by kind, and the number in which the two orders differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--limit", type=int, default=10_000, help="articles taken")
    parser.add_argument("--sample", type=Path, help="where to write the links to be read")
    options = parser.parse_args()
    drafts = list(read_drafts(options.shared / "data/news/saudinewsnet-10k.jsonl.gz"))[: options.limit]
    days = [list(group) for _, group in groupby(sorted(drafts, key=_told_on), key=_told_on)]
    with tempfile.TemporaryDirectory() as folder:
        by_day = held(Path(folder) / "days", days)
        at_once = held(Path(folder) / "once", [drafts[::-1]])
    print(f"relations by day: {dict(Counter(str(row[2]) for row in by_day))}")
    print(f"relations in one order and not in the other: {len(by_day ^ at_once)}")
    if options.sample:
        write_sample(options.sample, drafts, by_day)


def read_drafts(file: Path) -> Iterator[Draft]:
    """Yield the articles as drafts, tagged as if all were on the topic; a url once."""
    seen: set[int] = set()
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            key = key_of(row["url"])
            if key in seen or not row["content"].strip():
                continue
            seen.add(key)
            at = datetime.fromisoformat(row["date_extracted"]).replace(tzinfo=UTC)
            published = Dated(at, Precision.INSTANT, "meta", row["date_extracted"])
            article = Article(key, row["url"], row["title"] or "", row["content"], BodyKind.FULL, published=published)
            tagging = Tagging(Relevance(Label.ON, 1.0, ()), method="none")
            yield Draft(
                article, tagging, fingerprint_of(article.text), "feed", Outlet(row["source"], row["source"]), at
            )


def held(folder: Path, groups: Sequence[Sequence[Draft]]) -> Relations:
    """Return the relations that hold after the groups were stored one after the other and judged anew."""
    desk = read_desk(Place(Settings(), None, folder, packaged_topic()))
    began = time.perf_counter()
    for number, group in enumerate(groups):
        at = max(draft.first_seen_at for draft in group) + timedelta(hours=1)
        for first in range(0, len(group), CHUNK):
            read = Read(tuple(group[first : first + CHUNK]), (), (), ())
            store_pages(desk, f"{number}/{first}", "bench", read, at)
    stored = time.perf_counter()
    changed = len(reconcile(desk, Silence(), Batch("reconcile", "bench", desk.place.now())))
    print(f"stored in {stored - began:.0f} s, judged anew in {time.perf_counter() - stored:.0f} s: {changed} differ")
    return relations_of(desk)


def relations_of(desk: Desk) -> Relations:
    """Return the relations that hold."""
    query = """
        select article_id, other_id, kind, round(score, 6) from core.relation left join (
            select article_id, max(batch) as since from core.superseded where part = 'story' group by article_id
        ) as old using (article_id) where since is null or batch >= since"""
    with desk.core.reading() as connection:
        return set(connection.execute(query).fetchall())


def write_sample(file: Path, drafts: Sequence[Draft], relations: Relations) -> None:
    """Write the links that the seed draws, with titles and texts."""
    texts = {draft.article.id: draft.article for draft in drafts}
    drawn = random.Random(SEED).sample(sorted(relations, key=str), min(SAMPLED, len(relations)))
    with file.open("w", encoding="utf-8") as lines:
        for one, other, kind, score in drawn:
            a, b = texts[int(str(one))], texts[int(str(other))]
            row = {"a": a.id, "b": b.id, "kind": kind, "score": score, "text_a": a.text, "text_b": b.text}
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


def _told_on(draft: Draft) -> str:
    return str(draft.first_seen_at.date())


if __name__ == "__main__":
    main()
