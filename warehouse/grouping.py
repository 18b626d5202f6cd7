"""Owns taking articles apart: an analyst's word that two of them are not one story, kept for good."""

from __future__ import annotations

from datetime import datetime

from marsad.corrections import Correction, CorrectionKind
from marsad.errors import BadInput
from warehouse import rows
from warehouse.scripts import statement
from warehouse.transaction import Transaction

APART = "apart"  #: what the correction of a grouping says


def take_apart(transaction: Transaction, one: str, other: str, at: datetime) -> bool:
    """Keep that two articles do not belong together, and return whether they stood in one story until then.

    Args:
        transaction: what it becomes a part of.
        one: an article's address or id.
        other: another's.
        at: instant of the word (UTC).

    Raises:
        BadInput: there is no such article, or both are one.
    """
    first, second = (_article_id(transaction, named) for named in (one, other))
    if first == second:
        raise BadInput(other, "is the same article; name two")
    places = _places(transaction, first, second)
    is_together = places[first] == places[second]
    moved, stays = (first, second) if first != places[first] else (second, first)
    batch = transaction.batch
    correction = Correction(CorrectionKind.GROUPING, str(second), APART, first)
    tables: dict[str, list[rows.Row]] = {"correction": [rows.correction_row(batch, correction, at)]}
    kept = {key: _relations_but(transaction, key, strange) for key, strange in ((first, second), (second, first))}
    tables["superseded"] = [(batch, key, "story") for key in kept]
    tables["relation"] = [(batch, key, *row) for key, found in kept.items() for row in found]
    closed = places[stays] if is_together else 0
    tables["story"] = [(batch, *row) for row in _held(transaction, stays)]
    tables["story"] += [
        (batch, *row)
        for row in (_moved(transaction, moved, stays, closed) if is_together else _held(transaction, moved))
    ]
    transaction.append_tables(tables, at)
    return is_together


def _article_id(transaction: Transaction, named: str) -> int:
    wanted = int(named) if named.isdigit() and len(named) < 20 else rows.url_id(named)  # noqa: PLR2004  63 bits
    found = transaction.connection.execute(statement("grouping", "knows"), {"id": wanted}).fetchall()
    if not found:
        raise BadInput(named, "is no article kept here; name its address, or its article_id in the view articles")
    return wanted


def _places(transaction: Transaction, *ids: int) -> dict[int, int]:
    found = transaction.connection.execute(statement("grouping", "places"), {"ids": list(ids)}).fetchall()
    return {key: key for key in ids} | dict(found)


def _relations_but(transaction: Transaction, key: int, strange: int) -> list[rows.Row]:
    values = {"id": key, "strange": strange}
    return transaction.connection.execute(statement("grouping", "relations_but"), values).fetchall()


def _held(transaction: Transaction, key: int) -> list[rows.Row]:
    return transaction.connection.execute(statement("grouping", "held"), {"id": key}).fetchall()


def _moved(transaction: Transaction, moved: int, stays: int, closed: int) -> list[rows.Row]:
    """The row of the article that leaves: in the story of what else it is related to, or in one of its own."""
    values = {"id": moved, "strange": stays, "closed": closed}
    return transaction.connection.execute(statement("grouping", "moved"), values).fetchall()
