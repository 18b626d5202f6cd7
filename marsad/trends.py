"""Owns the nouns of what grows and falls, as a person is shown it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrendDay:
    """One day of the topic, or of a name."""

    day: str  #: ISO date, by our first reading
    article_count: int
    story_count: int | None  #: None where only a name is counted
    mean_count: float  #: articles a day in the 7 days that end with it
    week_change: float | None  #: those 7 days against the 7 before; None where there were none
    level: str = ""  #: watch or alert where the day stands out


@dataclass(frozen=True, slots=True)
class Rise:
    """A name, this week against the week before."""

    entity_id: str
    name: str
    name_ar: str
    article_count: int
    before_count: int
    share: float  #: of all articles of the week
    share_low: float  #: lower end of its 95 % interval
    share_high: float  #: upper end of its 95 % interval
    is_clear: bool  #: the intervals of the two weeks do not meet
