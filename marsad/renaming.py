"""Owns what a subscription knows that its address was told under another name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from marsad.composing import Told
from marsad.settings import Subscriber
from marsad.windows import Memory

_EVER = datetime.min.replace(tzinfo=UTC)


def memory_of(subscriber: Subscriber, others: Iterable[Subscriber], memories: Mapping[str, Memory]) -> Memory:
    """Return the memory of `subscriber`, where he has none the newest one of his address that no other goes on from.

    Args:
        subscriber: whose memory is wanted.
        others: all subscribers of the settings; he may be among them.
        memories: by `Subscriber.key`.
    """
    if subscriber.key in memories:
        return memories[subscriber.key]
    left = (memories[key] for key in _keys(subscriber, others, memories))
    return max(left, key=lambda memory: memory.ended_at or _EVER, default=Memory())


def told_to(
    subscriber: Subscriber, others: Iterable[Subscriber], told: Mapping[str, Mapping[int, Told]]
) -> dict[int, Told]:
    """Return what `subscriber` was told of stories, by story id, also under names of his that nobody bears."""
    known: dict[int, Told] = {}
    for one in (one for key in _keys(subscriber, others, told) for one in told[key].values()):
        before = known.get(one.story_id, Told(one.story_id, 0))
        known[one.story_id] = Told(one.story_id, before.own_count + one.own_count, before.voices | one.voices)
    return known


def _keys(subscriber: Subscriber, others: Iterable[Subscriber], known: Iterable[str]) -> list[str]:
    taken = {one.key for one in others} - {subscriber.key}
    address = subscriber.key.partition(" ")[0]
    return [key for key in known if key.partition(" ")[0] == address and key not in taken]
