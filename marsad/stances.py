"""Owns the weighing of words for and against.

A verb that praises or condemns, words that take sides, and who speaks: a party that speaks of its own cooperation carries
it out, and what it warns of is somebody else. Denials and refusals to judge take no side.
"""

from __future__ import annotations

from dataclasses import dataclass

from marsad.articles import Stance
from marsad.cues import Cues, Manner
from marsad.scene import Scene

_VERB_WEIGHTS = {Manner.PRAISE: 1.5, Manner.CONDEMN: -1.5, Manner.WARN: -1.5, Manner.ACT: 1.5, Manner.PUNISH: -1.5}
_PARTY_WEIGHT = 0.8  #: a party that merely states is taken to stand by what it does
_PARTY_OPPOSED_SHARE = 0.2  #: a party's harsh words are aimed at others
_SIDE = 0.5  #: from here on it takes a side
_NEGATION_WORDS = 2  #: between "not" and what it negates


@dataclass(frozen=True, slots=True)
class Weight:
    """The sum of what speaks for (above 0) and against (below), and the words that decided."""

    score: float = 0.0
    cues: tuple[str, ...] = ()
    is_settled: bool = False  #: a denial or refusal: neutral whatever else is said

    @property
    def stance(self) -> Stance:
        """The side taken."""
        if self.is_settled or abs(self.score) < _SIDE:
            return Stance.NEUTRAL
        return Stance.SUPPORTIVE if self.score > 0 else Stance.OPPOSED


def weigh(scene: Scene, first: int, stop: int, manner: Manner, *, is_party: bool) -> Weight:
    """Return the weight of the half-open range of words, said in the given manner."""
    pro, contra, settled, cues = _sides(scene, first, stop)
    if is_party:
        contra *= _PARTY_OPPOSED_SHARE
    score = pro - contra + _verb_weight(manner, pro, is_party=is_party)
    is_settled = manner is Manner.DENY or (settled and abs(pro - contra) < 1)
    if is_party and not is_settled:
        score += _PARTY_WEIGHT
    return Weight(score, tuple(cues), is_settled)


def _verb_weight(manner: Manner, pro: float, *, is_party: bool) -> float:
    weight = _VERB_WEIGHTS.get(manner, 0.0)
    if is_party and weight < 0:
        return 0.0
    if manner in (Manner.ACT, Manner.PRAISE, Manner.CONDEMN, Manner.WARN, Manner.PUNISH):
        return weight - (min(pro, 1.0) if weight < 0 else 0.0) * 0.0
    return weight


def _sides(scene: Scene, first: int, stop: int) -> tuple[float, float, bool, list[str]]:
    """Return the counts for and against, whether a phrase settles it as neutral, and the words found."""
    pro = contra = 0.0
    is_settled, found = False, []
    index = first
    while index < stop:
        hit, kind = _match(scene, scene.cues, index, stop)
        if hit is None:
            index += 1
            continue
        is_negated = _is_negated(scene, index, first) and len(hit.phrase.split()) == 1
        if kind == "neutral":
            is_settled = True
        elif kind == "opposed":
            contra += 0 if is_negated else 1
        else:
            pro += 0 if is_negated else 1
            contra += 1 if is_negated else 0
        found.append(hit.phrase)
        index = hit.stop
    return pro, contra, is_settled, found


def _match(scene: Scene, cues: Cues, index: int, stop: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
    if index in scene.at:
        return None, ""
    hits = [
        (lexicon.match(scene.words, index, stop), kind)
        for lexicon, kind in ((cues.neutral, "neutral"), (cues.opposed, "opposed"), (cues.supportive, "supportive"))
    ]
    return max(((hit, kind) for hit, kind in hits if hit), key=lambda pair: pair[0].stop, default=(None, ""))


def _is_negated(scene: Scene, index: int, first: int) -> bool:
    return any(
        scene.text(place).lstrip("وف") in scene.cues.negation or scene.text(place) in scene.cues.negation
        for place in range(max(first, index - _NEGATION_WORDS), index)
    )
