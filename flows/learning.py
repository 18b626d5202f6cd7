"""Owns what articles lose of their host's furniture: their lines are kept, and what stands on several of them goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from flows.desk import Desk
from marsad.articles import Article
from marsad.hostlines import host_lines, without_learned
from marsad.urls import host_of


def without_furniture(desk: Desk, articles: Sequence[Article], now: datetime) -> list[Article]:
    """Keep the lines of `articles` for their hosts; return each without those that stand on several of its host."""
    lines = [line for article in articles for line in host_lines(article)]
    counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
    if lines:
        for (host, key), count in desk.core.learn_lines(lines, now).items():
            counts[host][key] = count
    return [without_learned(article, counts[host_of(article.url)]) for article in articles]
