"""Owns who speaks, and who spoke so far in a text."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from marsad.articles import EntityType
from marsad.names import Name

_REMEMBERED_COUNT = 32  #: speakers; nobody looks further back


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, and where the text says so."""

    label: str  #: canonical name, or the words of the text
    entity_id: str | None
    start: int
    end: int
    stop: int  #: first word behind
    country: str = ""
    head: str = ""  #: folded first word where it is a description, for "the experts" later on
    is_person: bool = False
    is_echo: bool = False  #: found by looking back, not in this place


@dataclass(slots=True)
class Memory:
    """Who spoke so far, the latest last; grows while a text is read."""

    speakers: deque[Speaker] = field(default_factory=lambda: deque(maxlen=_REMEMBERED_COUNT))
    is_punished: bool = False  #: a penalty was told of
    parties: tuple[tuple[str, str | None, str], ...] = ()  #: label, id, country of the topic's sides

    def last(self) -> Speaker | None:
        """Return who spoke last, None at the beginning."""
        return self.speakers[-1] if self.speakers else None


def of_name(name: Name) -> Speaker:
    """Return the named as speaker."""
    mention = name.mention
    is_person = mention.type is EntityType.PER
    return Speaker(
        name.label, mention.entity_id, mention.start, mention.end, name.stop, name.country, is_person=is_person
    )
