"""Measure the recall-first filter: what of the annotated articles it would fetch, and what of general news.

Needs the shared material (MARSAD_SHARED, default ../shared). Prints two tables.
"""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from flows.configuration import read_place, read_topic
from marsad.relevance import judge_entry
from marsad.sources import Entry
from marsad.topic import Topic

SHARED = Path(os.environ.get("MARSAD_SHARED", Path(__file__).resolve().parents[2] / "shared"))
SUMMARY_CHARS = 300  #: what feeds usually give


def entry_of(title: str, summary: str) -> Entry:
    """Return the entry a feed would carry."""
    return Entry("https://example.org/feed", "", "https://example.org/", title, summary)


def annotated() -> Iterator[tuple[str, Entry, Entry]]:
    """Yield label, entry with a title only, and entry with title and summary."""
    for line in (SHARED / "gold" / "articles.jsonl").open(encoding="utf-8"):
        gold = json.loads(line)
        title, *rest = [part for part in gold["text"].split("\n") if part.strip()]
        yield gold["relevance"], entry_of(title, ""), entry_of(title, rest[0][:SUMMARY_CHARS])


def label_of(entry: Entry, topic: Topic) -> str:
    """Return the filter's label."""
    return judge_entry(entry, topic, 0.0)[0].value


def main() -> None:
    """Print both tables."""
    topic = read_topic(read_place())
    alone, both = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for label, with_title, with_summary in annotated():
        alone[label, label_of(with_title, topic)] += 1
        both[label, label_of(with_summary, topic)] += 1
    print("annotated -> filter, title alone:  ", dict(alone))
    print("annotated -> filter, with summary: ", dict(both))
    with gzip.open(SHARED / "data" / "news" / "saudinewsnet-10k.jsonl.gz", "rt", encoding="utf-8") as lines:
        news = [json.loads(line) for line in lines]
    labels = Counter(label_of(entry_of(row["title"], row["content"][:SUMMARY_CHARS]), topic) for row in news)
    print(f"general news, {len(news)} articles: ", dict(labels))


if __name__ == "__main__":
    main()
