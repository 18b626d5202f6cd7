"""Owns when a voice has turned: a speaker, or an outlet's own voice, that now says the opposite of what it said.

Stories are counted, not articles, so that a sentence copied by forty outlets is one. Fisher's exact test asks whether
both spans could be drawn from one urn; it is strict at small numbers, where most speakers are.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

RECENT_DAYS, PAST_DAYS = 14, 90
#: Least stories with a side taken: recent, past. Below, one reporter's choice of sentences decides.
RECENT_COUNT, PAST_COUNT = 5, 10
ALPHA = 1e-3  #: of the test; bench/alerts.py measures the false alarms of replayed noise
MAJORITY = 0.7  #: of one side before, and of the other now
CONFIDENCE = 0.6  #: least confidence of a statement that counts


@dataclass(frozen=True, slots=True)
class Voice:
    """How many stories had somebody take each side, lately and before."""

    subject: str
    name: str
    name_ar: str
    recent_supportive: int
    recent_opposed: int
    past_supportive: int
    past_opposed: int
    country: str = ""  #: of an outlet

    @property
    def recent_count(self) -> int:
        """Stories of the recent span."""
        return self.recent_supportive + self.recent_opposed

    @property
    def past_count(self) -> int:
        """Stories of the span before."""
        return self.past_supportive + self.past_opposed


def turn_of(voice: Voice) -> float | None:
    """Return the probability that so clear a turn is chance, None where the voice has not turned."""
    if voice.recent_count < RECENT_COUNT or voice.past_count < PAST_COUNT:
        return None
    recent, past = voice.recent_supportive / voice.recent_count, voice.past_supportive / voice.past_count
    if not (recent >= MAJORITY and past <= 1 - MAJORITY) and not (recent <= 1 - MAJORITY and past >= MAJORITY):
        return None
    probability = fisher_probability(
        (voice.recent_supportive, voice.recent_opposed), (voice.past_supportive, voice.past_opposed)
    )
    return probability if probability < ALPHA else None


def fisher_probability(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return the two-sided probability of Fisher's exact test of a table of two rows, 1.0 where a row is empty."""
    drawn, whole, marked = sum(one), sum(one) + sum(other), one[0] + other[0]
    least, most = max(0, drawn + marked - whole), min(drawn, marked)
    chances = [comb(marked, k) * comb(whole - marked, drawn - k) for k in range(least, most + 1)]
    observed = chances[one[0] - least]
    return sum(chance for chance in chances if chance <= observed) / sum(chances)
