"""Owns what a later text of one address changed: title, numbers, names, and where speakers stand.

An outlet that corrects 12 dead to 15, drops a name or turns a quotation around does so without a word about it; the
change is what an analyst looks for. An address that holds a text with nothing in common is used anew: no change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from marsad.arabic import fold
from marsad.articles import Tagging
from marsad.events import compare_leads
from marsad.figures import figures_of
from marsad.leads import Knowledge
from marsad.novelty import containment
from marsad.stories import Telling

REUSED_CONTAINMENT: Final = 0.05  #: of shingles: unrelated articles share less, and no rewriting leaves so little
REUSED_SHARE: Final = 0.3  #: of what the shorter lead says: a flash and its article tell one event in other words


@dataclass(frozen=True, slots=True)
class Exchange:
    """What is not there any more, and what is there instead; sorted."""

    gone: tuple[str, ...] = ()
    come: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a speaker stands on a target: before and after; empty where nothing is said."""

    speaker: str
    target: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One text of an address, read."""

    title: str
    text: str
    tagging: Tagging


@dataclass(frozen=True, slots=True)
class Changes:
    """What one text has otherwise than the one before it."""

    title: tuple[str, str] | None  #: before and after; None where it is the same after folding
    numbers: Exchange
    names: Exchange  #: canonical, or as written where no table knows them
    stances: tuple[Turn, ...]


def find_changes(before: Version, after: Version) -> Changes:
    """Return what changed; spelling, marks and order of words do not count."""
    is_other_title = fold(before.title) != fold(after.title)
    return Changes(
        title=(before.title, after.title) if is_other_title else None,
        numbers=_exchange(figures_of(before.text), figures_of(after.text)),
        names=_exchange(_names(before), _names(after)),
        stances=_turns(_stances(before), _stances(after)),
    )


def is_reused(before: Telling, after: Telling, knowledge: Knowledge) -> bool:
    """Return whether an address holds a text that has nothing to do with the one before it."""
    if containment(before.fingerprint.shingles, after.fingerprint.shingles) >= REUSED_CONTAINMENT:
        return False
    pairs = ((before.lead, after.lead), (before.lead.title, after.lead.title))
    return all(compare_leads(one, other, knowledge.wording).share < REUSED_SHARE for one, other in pairs)


def _names(version: Version) -> frozenset[str]:
    return frozenset(mention.name or mention.surface for mention in version.tagging.mentions)


def _stances(version: Version) -> dict[tuple[str, str], tuple[str, ...]]:
    said = {(one.speaker, one.target) for one in version.tagging.statements}
    return {
        (speaker, target): tuple(
            sorted({s.stance for s in version.tagging.statements if (s.speaker, s.target) == (speaker, target)})
        )
        for speaker, target in said
    }


def _exchange(before: frozenset[str], after: frozenset[str]) -> Exchange:
    return Exchange(tuple(sorted(before - after)), tuple(sorted(after - before)))


def _turns(
    before: dict[tuple[str, str], tuple[str, ...]], after: dict[tuple[str, str], tuple[str, ...]]
) -> tuple[Turn, ...]:
    both = sorted(before.keys() | after.keys())
    turns = (
        Turn(speaker, target, before.get((speaker, target), ()), after.get((speaker, target), ()))
        for speaker, target in both
    )
    return tuple(turn for turn in turns if turn.before != turn.after)
