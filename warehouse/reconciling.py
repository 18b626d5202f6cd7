"""Owns judging anew what is kept: sketches made again in the order of days, and judgements that came out otherwise.

A cycle judges what it finds when it finds it; judged again day by day, in the order things were published, relations
and stories are the same whatever came in first. What a text is compared with is counted per day, over all texts of the
30 days that end with it, so that a judgement can be repeated.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from warehouse.scripts import statement
from warehouse.transaction import Transaction


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as last read."""

    article_id: int
    text: str  #: title, empty line, body


def forget_sketches(transaction: Transaction) -> list[date]:
    """Remove what texts are found by, and return the days on which articles were published, in order.

    An article without an instant of its own, or with one that cannot be, counts for the day we first read it.
    """
    for name in ("forget_posting", "forget_term", "forget_sketch", "order_articles"):
        transaction.connection.execute(statement("reconciling", name))
    return [day for (day,) in transaction.connection.execute(statement("reconciling", "days")).fetchall()]


def texts_of(transaction: Transaction, day: date) -> list[StoredArticle]:
    """Return the articles of a day, earliest first."""
    found = transaction.connection.execute(statement("reconciling", "texts_of_day"), {"day": day}).fetchall()
    transaction.neighbours.forget_texts()
    return [StoredArticle(key, f"{title}\n\n{body}") for key, title, body in found]


def apart_of(transaction: Transaction) -> dict[int, frozenset[int]]:
    """Return for each article those that an analyst took apart from it."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in transaction.connection.execute(statement("reconciling", "apart")).fetchall():
        found[one].add(other)
        found[other].add(one)
    return {key: frozenset(others) for key, others in found.items()}
