"""Owns the weighing of words for and against.

A verb that praises or condemns, words that take sides, and who speaks: a party that speaks of its own cooperation
carries it out, and what it warns of is somebody else. Denials and refusals to judge take no side.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum

from marsad.articles import Stance
from marsad.cues import Manner
from marsad.lexicon import Hit
from marsad.scene import Scene
from marsad.words import fronts

_VERB_WEIGHTS = {
    Manner.PRAISE: 1.5,
    Manner.ACT: 1.5,
    Manner.COMMIT: 1.0,
    Manner.CONDEMN: -1.5,
    Manner.WARN: -1.5,
    Manner.PUNISH: -1.5,
}
_PARTY_WEIGHT = 0.8  #: a party that merely states is taken to stand by what it does
_PARTY_OPPOSED_SHARE = 0.2  #: a party's harsh words are aimed at others
_SIDE = 0.5  #: from here on it takes a side
_NEGATION_WORDS = 2  #: between "not" and what it negates
_PAUSE = re.compile(r"[،,؛;:!؟?.\n«»\"“”…]")
_ENDED_WORDS = 4  #: an end to all forms of the military cooperation


class Side(Enum):
    """Where a phrase stands."""

    FOR = 1
    AGAINST = 2
    NONE = 3


@dataclass(slots=True)
class _Sides:
    """Counts of phrases, while a range of words is read."""

    pro: float = 0.0
    contra: float = 0.0
    is_settled: bool = False
    cues: list[str] = field(default_factory=list)

    def add(self, side: Side, phrase: str, *, is_negated: bool) -> None:
        """Count the phrase; "no threat" is no praise, but "no solidarity" is blame."""
        self.cues.append(phrase)
        if side is Side.NONE:
            self.is_settled = True
        elif side is Side.AGAINST:
            self.contra += not is_negated
        elif is_negated:
            self.contra += 1
        else:
            self.pro += 1


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
    sides = _sides(scene, first, stop)
    is_blaming = _VERB_WEIGHTS.get(manner, 0.0) < 0
    contra = sides.contra * ((0.0 if is_blaming else _PARTY_OPPOSED_SHARE) if is_party else 1.0)
    score = sides.pro - contra + _verb_weight(manner, contra, is_party=is_party)
    is_settled = manner is Manner.DENY or (sides.is_settled and abs(sides.pro - contra) < 1)
    if is_party and not is_settled:
        score += _PARTY_WEIGHT
    return Weight(score, tuple(sides.cues), is_settled)


def weigh_own(scene: Scene, first: int, stop: int) -> Weight:
    """Return the weight of words that nobody is made to say: quotations and feelings told of others do not count."""
    told = {index for hit in scene.cues.feelings.find(scene.words, first, stop) for index in range(hit.first, hit.stop)}
    sides = _sides(scene, first, stop, scene.quoted | told)
    return Weight(sides.pro - sides.contra, tuple(sides.cues))


def _verb_weight(manner: Manner, contra: float, *, is_party: bool) -> float:
    weight = _VERB_WEIGHTS.get(manner, 0.0)
    if (is_party and weight < 0) or (
        manner is Manner.COMMIT and contra > 0
    ):  # a pledge to answer it is no pledge to it
        return 0.0
    return weight


def _sides(scene: Scene, first: int, stop: int, skipped: Collection[int] = ()) -> _Sides:
    sides, index = _Sides(), first
    while index < stop:
        match = _match(scene, index, stop) if index not in skipped else None
        if match is None:
            index += 1
            continue
        hit, side = match
        is_negated = hit.stop - hit.first == 1 and _is_negated(scene, index, first)
        sides.add(side, scene.surface(hit.first, hit.stop), is_negated=is_negated)
        index = hit.stop
    return sides


def _match(scene: Scene, index: int, stop: int) -> tuple[Hit, Side] | None:
    """Return the longest phrase that begins with the word, on whichever side it stands; names hold no cue."""
    cues = scene.cues
    if index in scene.at or not cues.sense(scene.text(index)).may_take_side:
        return None
    lexicons = ((cues.neutral, Side.NONE), (cues.opposed, Side.AGAINST), (cues.supportive, Side.FOR))
    hits = [(hit, side) for lexicon, side in lexicons if (hit := lexicon.match(scene.words, index, stop))]
    if (ended := _ended(scene, index, stop)) is not None:
        hits.append((ended, Side.AGAINST))
    return max(hits, key=lambda pair: pair[0].stop, default=None)


def match_ending(scene: Scene, index: int, stop: int) -> Hit | None:
    """Return the word for an end that begins with the word; folded, "ending" is also "that she"."""
    ending = scene.cues.endings.match(scene.words, index, stop)
    is_that = ending is not None and ending.phrase == "انها" and "ء" not in scene.surface(index, index + 1)
    return None if is_that else ending


def _ended(scene: Scene, index: int, stop: int) -> Hit | None:
    """Return a word for an end together with the dealings it is the end of: a halt to all forms of cooperation."""
    ending = match_ending(scene, index, stop)
    if ending is None:
        return None
    for place in range(ending.stop, min(stop, ending.stop + _ENDED_WORDS)):
        if place in scene.at or _PAUSE.search(scene.words.gap(place)):
            return None
        dealing = scene.cues.dealings.match(scene.words, place, stop)
        if dealing is not None:
            return Hit(index, dealing.stop, f"{ending.phrase} {dealing.phrase}")
    return None


def _is_negated(scene: Scene, index: int, first: int) -> bool:
    before = range(max(first, index - _NEGATION_WORDS), index)
    return any(reading in scene.cues.negation for place in before for reading in fronts(scene.text(place)))
