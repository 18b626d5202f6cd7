"""Owns comparing two texts by hand: how one stands to the other, in the words of the JSON contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marsad.leads import Knowledge, lead_of
from marsad.novelty import judge_pair
from marsad.relations import RelationKind
from marsad.sketches import fingerprint_of
from marsad.stories import Telling, is_vetoed, judge_telling


def relate_with(knowledge: Knowledge) -> Callable[[str, str], dict[str, Any]]:
    """Return what says of two texts, A and B, how A stands to B and by what share."""

    def relate(a: str, b: str) -> dict[str, Any]:
        if a == b and a.strip():  # also where no letter of it is compared
            return {"relation": RelationKind.EXACT, "score": 1.0}
        prints = fingerprint_of(a), fingerprint_of(b)
        kind, score = judge_pair(*prints, knowledge.background)
        if kind is RelationKind.EXACT:
            return {"relation": kind, "score": score}
        one, other = (Telling(lead_of(text, knowledge), found) for text, found in zip((a, b), prints, strict=True))
        if kind is not RelationKind.NONE and not is_vetoed(one, other, knowledge):
            return {"relation": kind, "score": score}
        likeness = judge_telling(one, other, knowledge)
        if likeness is None:
            return {"relation": RelationKind.NONE, "score": score}
        return {"relation": RelationKind.SAME_STORY, "score": likeness.share}

    return relate
