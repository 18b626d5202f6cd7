"""Owns the outlet's own voice and the balance of the voices it lets speak.

An outlet is neutral unless sentences that nobody is made to say evaluate the target in plain words: more than one, and
clearly more on one side, because a single strong word is also how news reports news.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from marsad.aims import touch
from marsad.articles import OutletVoice, Stance, Statement
from marsad.cues import Manner
from marsad.scene import Clause, Scene
from marsad.stances import Weight, weigh
from marsad.topic import Topic

_SENTENCES = 3  #: that must evaluate before the outlet does
_MARGIN = 2.0  #: by which one side must outweigh the other


def judge_voice(scene: Scene, topic: Topic, unattributed: Sequence[Clause]) -> OutletVoice:
    """Return what the outlet itself says of the target, neutral where it only reports."""
    weighed = [(clause, weight) for clause in unattributed if (weight := _weight(scene, topic, clause)) is not None]
    for stance, sign in ((Stance.OPPOSED, -1), (Stance.SUPPORTIVE, 1)):
        taken = [(clause, weight) for clause, weight in weighed if weight.stance is stance]
        total = sum(weight.score for _, weight in weighed) * sign
        if len(taken) >= _SENTENCES and total >= _MARGIN:
            clause, _ = max(taken, key=lambda pair: abs(pair[1].score))
            return OutletVoice(stance, clause.sentence.start, clause.sentence.end)
    return OutletVoice()


def _weight(scene: Scene, topic: Topic, clause: Clause) -> Weight | None:
    if not any(touch(scene, aim, clause.first, clause.stop).is_about_in_context for aim in topic.aims):
        return None
    return weigh(scene, clause.first, clause.stop, Manner.SAY, is_party=False)


def balance_of(statements: Iterable[Statement]) -> float | None:
    """Return (supportive - opposed speakers) / speakers, each by what prevails with them; None without speakers."""
    votes: dict[str, int] = defaultdict(int)
    for statement in statements:
        votes[statement.speaker] += (statement.stance is Stance.SUPPORTIVE) - (statement.stance is Stance.OPPOSED)
    if not votes:
        return None
    sides = [(vote > 0) - (vote < 0) for vote in votes.values()]
    return round(sum(sides) / len(sides), 4)
