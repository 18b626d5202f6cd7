"""Owns which stories a subscriber asked for.

Rules are written with the words people use (a spelling of a name, an outlet's name), and compared folded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marsad.arabic import fold
from marsad.articles import Entity, Stance
from marsad.digests import Piece, Quote
from marsad.errors import SettingsError
from marsad.settings import Interest


@dataclass(frozen=True, slots=True)
class Choice:
    """An interest with its words looked up; what is empty asks for nothing."""

    entity_ids: frozenset[str] = frozenset()
    speakers: frozenset[str] = frozenset()  #: entity ids, and folded words
    stances: frozenset[Stance] = frozenset()
    outlets: frozenset[str] = frozenset()  #: folded ids and names
    countries: frozenset[str] = frozenset()  #: upper case


def choose(interest: Interest, entities: Iterable[Entity]) -> Choice:
    """Return the interest with its names looked up among the topic's `entities`.

    Raises:
        SettingsError: an entity the topic does not list, which would never be found.
    """
    ids = {fold(word): entity.id for entity in entities for word in _spellings(entity)}
    for word in interest.entities:
        if fold(word) not in ids:
            reason = f"{word!r} is no entity of the topic; write an id or a name of entities.csv"
            raise SettingsError("subscribers.interest.entities", reason)
    return Choice(
        entity_ids=frozenset(ids[fold(word)] for word in interest.entities),
        speakers=frozenset(ids.get(fold(word), fold(word)) for word in interest.speakers),
        stances=frozenset(interest.stances),
        outlets=frozenset(map(fold, interest.outlets)),
        countries=frozenset(country.upper() for country in interest.countries),
    )


def is_chosen(choice: Choice, pieces: Sequence[Piece]) -> bool:
    """Return whether the story made of `pieces` answers every rule of `choice`."""
    named = {entity_id for piece in pieces for entity_id in piece.entity_ids}
    outlets = {fold(word) for piece in pieces for word in (piece.outlet_id, piece.outlet)}
    return (
        _meets(choice.entity_ids, named)
        and _meets(choice.outlets, outlets)
        and _meets(choice.countries, {piece.country.upper() for piece in pieces})
        and (
            not (choice.speakers or choice.stances)
            or any(_is_asked_for(choice, quote) for piece in pieces for quote in piece.quotes)
        )
    )


def _spellings(entity: Entity) -> tuple[str, ...]:
    return (entity.id, entity.name, entity.name_ar, *entity.aliases)


def _meets(wanted: frozenset[str], found: set[str]) -> bool:
    return not wanted or not wanted.isdisjoint(found)


def _is_asked_for(choice: Choice, quote: Quote) -> bool:
    spoken = {quote.speaker_id or fold(quote.speaker), fold(quote.speaker), fold(quote.speaker_ar)}
    return _meets(choice.speakers, spoken) and (not choice.stances or quote.stance in choice.stances)
