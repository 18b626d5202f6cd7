"""Owns which stories and alarms a subscriber asked for.

Rules are written with the words people use (a spelling of a name, an outlet's name), and compared folded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from marsad.alerts import SPIKES, Alert, AlertKind
from marsad.arabic import fold
from marsad.articles import Entity, Stance
from marsad.digests import Piece, Quote
from marsad.errors import SettingsError
from marsad.settings import Interest, Part
from marsad.sources import Outlet

_OUTLETS = frozenset({AlertKind.OUTLET_TURNED, AlertKind.CHANGED_STORY})  #: alarms about an outlet


@dataclass(frozen=True, slots=True)
class Choice:
    """An interest with its words looked up; what is empty asks for nothing."""

    entity_ids: frozenset[str] = frozenset()
    speakers: frozenset[str] = frozenset()  #: entity ids, and folded words
    stances: frozenset[Stance] = frozenset()
    outlets: frozenset[str] = frozenset()  #: folded ids and names
    countries: frozenset[str] = frozenset()  #: upper case
    relevance: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class EntityIndex:
    """The topic's entities by the words people write for them."""

    ids: Mapping[str, str]  #: by folded id, name or spelling

    def id_of(self, word: str) -> str | None:
        """Return whom `word` names, None where it is nobody the topic lists."""
        return self.ids.get(fold(word))


def listed(entities: Iterable[Entity]) -> EntityIndex:
    """Return `entities` by all their spellings; 2,400 of them take 0.1 s, so it is done once for all subscribers."""
    return EntityIndex({fold(word): entity.id for entity in entities for word in _spellings(entity)})


def choose(interest: Interest, names: EntityIndex) -> Choice:
    """Return the interest with its names looked up among the topic's.

    Raises:
        SettingsError: an entity the topic does not list, which would never be found.
    """
    ids = [(word, names.id_of(word)) for word in interest.entities]
    for word, entity_id in ids:
        if entity_id is None:
            reason = f"{word!r} is no entity of the topic; write an id or a name of entities.csv"
            raise SettingsError("subscribers.interest.entities", reason)
    return Choice(
        entity_ids=frozenset(entity_id for _, entity_id in ids if entity_id is not None),
        speakers=frozenset(names.id_of(word) or fold(word) for word in interest.speakers),
        stances=frozenset(interest.stances),
        outlets=frozenset(map(fold, interest.outlets)),
        countries=frozenset(country.upper() for country in interest.countries),
        relevance=frozenset(interest.relevance),
    )


def unknown_words(interest: Interest, names: EntityIndex, outlets: Collection[Outlet]) -> tuple[str, ...]:
    """Return the words of an interest that name no listed entity, outlet or country of the feeds: often a misspelling.

    A speaker may be unlisted on purpose, known by the words of the text alone; those are returned too.
    """
    known = {fold(word) for outlet in outlets for word in (outlet.id, outlet.name, outlet.name_ar)}
    told = {outlet.country.upper() for outlet in outlets}
    persons = (word for word in (*interest.entities, *interest.speakers) if names.id_of(word) is None)
    countries = (word for word in interest.countries if word.upper() not in told)
    return (*persons, *(word for word in interest.outlets if fold(word) not in known), *countries)


def is_chosen(choice: Choice, pieces: Sequence[Piece]) -> bool:
    """Return whether the story made of `pieces` answers every rule of `choice`."""
    named = {entity_id for piece in pieces for entity_id in piece.entity_ids}
    return (
        _meets(choice.entity_ids, named)
        and (not choice.outlets or _meets(choice.outlets, _outlets(pieces)))
        and _meets(choice.countries, {piece.country.upper() for piece in pieces})
        and _meets(choice.relevance, {piece.relevance for piece in pieces})
        and (
            not (choice.speakers or choice.stances)
            or any(is_asked_for(choice, quote) for piece in pieces for quote in piece.quotes)
        )
    )


def is_wanted(alert: Alert, parts: Collection[Part], choice: Choice) -> bool:
    """Return whether an alarm is of a part that was asked for, and what it is about answers every rule.

    An alarm about a name or a speaker answers no rule about outlets, nor one about an outlet a rule about names; one
    that tells no stance answers no rule about stances. A feed gone silent is told to all who ask for alarms: whose
    stories are missing, nobody knows. All of them are of the topic, so relevance leaves none out.
    """
    if ("spikes" if alert.kind in SPIKES else "alerts") not in parts:
        return False
    if alert.kind is AlertKind.SILENT_FEED:
        return True
    is_outlets = alert.kind in _OUTLETS
    outlets = {fold(word) for word in (alert.subject, alert.name, alert.name_ar) if word and is_outlets}
    return (
        _meets(choice.entity_ids | choice.speakers, set() if is_outlets else {alert.about})
        and _meets(choice.stances, {alert.became})
        and _meets(choice.outlets, outlets)
        and _meets(choice.countries, {alert.country.upper()})
    )


def is_asked_for(choice: Choice, quote: Quote) -> bool:
    """Return whether a quote answers the rules about speakers and stances, which is so where there are none."""
    spoken = {quote.speaker_id or fold(quote.speaker), fold(quote.speaker), fold(quote.speaker_ar)}
    return _meets(choice.speakers, spoken) and (not choice.stances or quote.stance in choice.stances)


def _spellings(entity: Entity) -> tuple[str, ...]:
    return (entity.id, entity.name, entity.name_ar, *entity.aliases)


def _outlets(pieces: Iterable[Piece]) -> set[str]:
    words = {word for piece in pieces for word in (piece.outlet_id, piece.outlet, piece.outlet_ar)}
    return {fold(word) for word in words if word}


def _meets(wanted: frozenset[str], found: AbstractSet[str]) -> bool:
    return not wanted or not wanted.isdisjoint(found)
