"""Owns judging all that is kept anew, with the rules as they are: relations and stories, in the order of publishing."""

from __future__ import annotations

from collections import deque

from flows.desk import Desk, Progress
from marsad.judging import Judge
from marsad.records import Standing
from marsad.sketches import fingerprint_of
from marsad.stories import STORY_DAYS
from warehouse.reconciling import apart_of, forget_sketches, texts_of
from warehouse.replaying import Batch, append_standings


def reconcile(desk: Desk, progress: Progress, batch: Batch) -> list[int]:
    """Judge every article anew and return those that stand otherwise than before, in relations or story.

    The result depends on what is kept alone, not on the order in which it came, and a second time changes nothing.
    All of it is one transaction: stopped half way, nothing has changed.

    Raises:
        WarehouseBusy: another process held the warehouse for too long.
        WarehouseUnusable: it cannot be written.
    """
    judged: list[Standing] = []
    with desk.core.writing() as transaction:
        judge = Judge(desk.knowledge, desk.corpus, apart_of(transaction))
        days = forget_sketches(transaction)
        recent: deque[set[int]] = deque(maxlen=STORY_DAYS)
        progress.begin("relate", len(days))
        for day in days:
            texts = texts_of(transaction, day)
            prints = {kept.article_id: fingerprint_of(kept.text) for kept in texts}
            sketches = [judge.sketch(kept.article_id, kept.text, prints[kept.article_id]) for kept in texts]
            transaction.append_sketches(sketches, day)
            hoods = transaction.neighbourhoods(sketches, day)
            judged += [judge.judge(key, prints[key], hoods[key].without(key)) for key in prints]
            recent.append(set(prints))
            judge.forget_tellings(set().union(*recent))
            progress.advance("relate")
        return append_standings(transaction, batch, judged)
