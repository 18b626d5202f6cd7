"""Owns whom one word for two means: the two capitals, the two sides."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from marsad.articles import EntityType
from marsad.memory import Memory, Speaker, of_name
from marsad.names import Name
from marsad.scene import Scene


def joint_speakers(scene: Scene, index: int, memory: Memory) -> tuple[Speaker, ...]:
    """Return the two that the word means: two states joined by "and" before it, else the topic's sides."""
    start, end = scene.span(index, index + 1)
    pair = _pair_before(scene, index)
    if pair:
        return tuple(replace(of_name(name), start=start, end=end, stop=index + 1, is_echo=True) for name in pair)
    return tuple(
        Speaker(label, id_, start, end, index + 1, country, is_echo=True) for label, id_, country in memory.parties
    )


def _pair_before(scene: Scene, index: int) -> tuple[Name, ...]:
    """Return two states joined by "and" earlier in the sentence."""
    clause = scene.clauses[bisect_right(scene.clauses, index, key=lambda clause: clause.first) - 1]
    for place in range(index - 1, clause.first, -1):
        second, first = scene.proper(place), scene.proper(place - 1)
        if (
            second is None
            or first is None
            or second is first
            or {second.mention.type, first.mention.type} != {EntityType.GPE}
        ):
            continue
        if second.mention.start > scene.words.items[second.first].start and scene.text(second.first)[0] == "و":
            return (first, second)
    return ()
