"""Owns the balance of voices: how many speakers take each side, with what is known of it from so few.

Every speaker has one voice, whatever number of sentences were printed, or one person quoted everywhere would be a
public.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from marsad.digests import SpeakerStance

_Z = 1.96  #: of an interval of 95 %


@dataclass(frozen=True, slots=True)
class Balance:
    """Speakers by the side that most of their statements take."""

    supportive_count: int = 0
    opposed_count: int = 0
    neutral_count: int = 0  #: also those who say both as often

    @property
    def speaker_count(self) -> int:
        """All speakers."""
        return self.supportive_count + self.opposed_count + self.neutral_count

    @property
    def share(self) -> float:
        """(supportive - opposed) / speakers, from -1 to 1; 0 without speakers."""
        return (self.supportive_count - self.opposed_count) / self.speaker_count if self.speaker_count else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share may lie, with 95 %; Agresti and Min (2005) add half a voice to each side."""
        whole = self.speaker_count + 2
        supportive, opposed = (self.supportive_count + 0.5) / whole, (self.opposed_count + 0.5) / whole
        middle = supportive - opposed
        half = _Z * sqrt(max(0.0, supportive + opposed - middle**2) / whole)
        return max(-1.0, middle - half), min(1.0, middle + half)


def balance_of(speakers: Iterable[SpeakerStance]) -> Balance:
    """Return the balance of `speakers`."""
    sides = [
        (one.supportive_count > one.opposed_count) - (one.supportive_count < one.opposed_count) for one in speakers
    ]
    return Balance(sides.count(1), sides.count(-1), sides.count(0))
