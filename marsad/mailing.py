"""Owns what one mail tells: a digest of one window, or the alarms of one instant, for one subscriber.

They stand apart from the nouns they are made of, since alarms and changes are made of those too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from marsad.alerts import Alert
from marsad.balance import Balance
from marsad.changes import Change
from marsad.digests import DayCount, EntityCount, FeedHealth, Story
from marsad.settings import Subscriber


@dataclass(frozen=True, slots=True)
class Alarm:
    """What one subscriber is told at once."""

    subscriber: Subscriber
    raised_at: datetime
    alerts: tuple[Alert, ...]  #: at least one
    topic_name: str = ""
    topic_name_ar: str = ""
    left_count: int = 1  #: mails of alarms that the day still allows after this one


@dataclass(frozen=True, slots=True)
class Digest:
    """What one subscriber is told about one window of time."""

    subscriber: Subscriber
    since: datetime
    until: datetime
    stories: tuple[Story, ...]
    coverage: tuple[DayCount, ...] = ()
    feeds: tuple[FeedHealth, ...] = ()
    topic_name: str = ""
    topic_name_ar: str = ""
    changes: tuple[Change, ...] = ()  #: of articles that were told or not, in their order
    alerts: tuple[Alert, ...] = ()  #: raised in the window
    held_count: int = 0  #: of those, not told at once, since the day's mails of alarms were used up
    entities: tuple[EntityCount, ...] = ()  #: most often named in the window, the most named first
    balances: tuple[Balance, Balance] = (Balance(), Balance())  #: of the last seven days, and of the seven before

    @property
    def is_quiet(self) -> bool:
        """Whether it has nothing to tell: no story, no change, no alarm, and to whom wants feeds alone, none ill."""
        reader = self.subscriber
        wants_feeds_alone = set(reader.parts) == {"feeds"} and reader.frequency != "immediate"
        is_ill = wants_feeds_alone and any(feed.is_ill for feed in self.feeds)
        return not (self.stories or self.changes or self.alerts or is_ill)
