"""Owns the outlet's own voice and the balance of the voices it lets speak.

An outlet is neutral unless sentences that nobody is made to say evaluate the target in its own words: more than one,
clearly on one side, and a fair part of all it says itself, because a single strong word is also how news reports.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from marsad.aims import touch
from marsad.articles import OutletVoice, Stance, Statement
from marsad.scene import Clause, Scene
from marsad.stances import weigh_own
from marsad.topic import Topic

#: Chosen on the 57 articles of the development sets, 7 of whose outlets evaluate; long texts evaluate in few sentences.
_SENTENCE_COUNT, _MARGIN, _SHARE = 2, 2.0, 0.1

_VOCATIVES = frozenset({"ايها", "ايتها", "يا"})  #: o comrades


def judge_voice(scene: Scene, topic: Topic, unattributed: Sequence[Clause]) -> OutletVoice:
    """Return what the outlet itself says of the target, neutral where it only reports."""
    weighed = list(_evaluations(scene, topic, unattributed).values())
    net = sum(score for _, score in weighed)
    taken = [(clause, score) for clause, score in weighed if score * net > 0]
    if len(taken) < max(_SENTENCE_COUNT, _SHARE * len(unattributed)) or abs(net) < _MARGIN:
        return OutletVoice()
    clause, _ = max(taken, key=lambda pair: abs(pair[1]))
    stance = Stance.SUPPORTIVE if net > 0 else Stance.OPPOSED
    return OutletVoice(stance, clause.sentence.start, clause.sentence.end)


def _evaluations(scene: Scene, topic: Topic, clauses: Sequence[Clause]) -> dict[tuple[str, ...], tuple[Clause, float]]:
    """Return sentences that take a side and its weight, by their words: a headline repeated counts once."""
    found = {}
    for clause in clauses:
        if scene.text(clause.first) in _VOCATIVES:
            continue  # a speech, printed as it was held
        if any(touch(scene, aim, clause.first, clause.stop).is_about_in_context for aim in topic.aims):
            score = weigh_own(scene, clause.first, clause.stop).score
            if score:
                found[tuple(word.text for word in scene.words.items[clause.first : clause.stop])] = (clause, score)
    return found


def balance_of(statements: Iterable[Statement]) -> float | None:
    """Return (supportive - opposed speakers) / speakers, each by what prevails with them; None without speakers."""
    votes: dict[str, int] = defaultdict(int)
    for statement in statements:
        votes[statement.speaker] += (statement.stance is Stance.SUPPORTIVE) - (statement.stance is Stance.OPPOSED)
    if not votes:
        return None
    sides = [(vote > 0) - (vote < 0) for vote in votes.values()]
    return round(sum(sides) / len(sides), 4)
