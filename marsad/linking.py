"""Owns the choice of whom an ambiguous spelling means, by what else the text names.

A short name is the most salient of those the text names in full: the latest sentence first, in it the first named.
A bare adjective of several countries (كوري, Korean) is that of the country the text speaks of most.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

from marsad.aliases import Candidate, Kind, Listed, NameTable
from marsad.articles import EntityType

_PARTNER_SHARE = 0.5  #: "the Korean soldiers" in a text on Russia are those of its partner, unless Seoul prevails
_Salience = tuple[int, int]  #: sentence, and minus the place of the first mention in it: the greater, the more present


def link(
    chosen: Iterable[Candidate], roles: Iterable[Candidate], table: NameTable, breaks: Sequence[int]
) -> list[tuple[Candidate, Listed]]:
    """Return each candidate with its entity, in order; a short name of nobody in the text is left out.

    Args:
        chosen: without overlap.
        roles: offices that name their holder as well as a name does.
        table: the names.
        breaks: where sentences begin in the folded text.
    """
    candidates = sorted([*chosen, *roles], key=lambda c: c.start)
    weights = Counter(o.country for c in candidates if len(c.spelling.owners) == 1 for o in c.spelling.owners)
    known = frozenset(kin for country in weights for kin in table.kin.get(country, (country,)))
    firsts = _first_places(candidates)
    present: dict[str, _Salience] = {}
    linked = []
    for c in candidates:
        owners, kind = c.spelling.owners, c.spelling.kind
        if kind in (Kind.NAME, Kind.ROLE):
            _recall(present, owners, bisect_right(breaks, c.start), c.start)
        if kind is Kind.SHORT:
            at_home = [o for o in owners if o.entity.type is not EntityType.GPE or _is_spoken_of(o, weights, table)]
            owner = _owner_of_short(at_home, present, firsts, known) or _alone(c, weights, table)
        else:
            owner = max(owners, key=lambda o: _likelihood(o.country, weights, table))
        if owner is not None and kind is not Kind.ROLE and _is_at_home(owner, weights, table):
            linked.append((c, owner))
    return linked


def _alone(c: Candidate, weights: Counter[str], table: NameTable) -> Listed | None:
    """Return whom the text means that never names him in full: Kim, in a text on his country and not on its kin."""
    person = next((o for o in c.spelling.owners if o.entity.type is EntityType.PER), None)
    if person is None or not c.is_alone:
        return None
    kin = table.kin.get(person.country, frozenset()) - {person.country}
    own = _likelihood(person.country, weights, table)
    return person if own > 0 and all(own >= weights[state] for state in kin) else None


def _first_places(candidates: Iterable[Candidate]) -> dict[str, int]:
    places: dict[str, int] = {}
    for c in candidates:
        if c.spelling.kind in (Kind.NAME, Kind.ROLE):
            for owner in c.spelling.owners:
                places.setdefault(owner.entity.id, c.start)
    return places


def _recall(present: dict[str, _Salience], owners: Iterable[Listed], sentence: int, at: int) -> None:
    for owner in owners:
        if present.get(owner.entity.id, (-1, 0))[0] != sentence:
            present[owner.entity.id] = (sentence, -at)


def _is_at_home(owner: Listed, weights: Counter[str], table: NameTable) -> bool:
    """Say whether a treaty of the topic may be meant: the text names one of its sides, or it has none."""
    sides = table.bound.get(owner.entity.id)
    return sides is None or any(weights[side] for side in sides)


def _is_spoken_of(owner: Listed, weights: Counter[str], table: NameTable) -> bool:
    """Say whether "the North" may be that country: no state outside its kin and partners is named twice as often."""
    kin = table.kin.get(owner.country, frozenset((owner.country,)))
    others = (count for state, count in weights.items() if state and state not in kin | _allies(kin, table))
    return _PARTNER_SHARE * max(others, default=0) <= sum(weights[state] for state in kin)


def _allies(kin: frozenset[str], table: NameTable) -> frozenset[str]:
    return frozenset(partner for state in kin for partner in table.partners.get(state, ()))


def _likelihood(country: str, weights: Counter[str], table: NameTable) -> float:
    """Return how much the text speaks of the country; names of a side's partner count for it, by half."""
    return weights[country] + _PARTNER_SHARE * sum(weights[partner] for partner in table.partners.get(country, ()))


def _owner_of_short(
    owners: Sequence[Listed], present: dict[str, _Salience], firsts: dict[str, int], known: frozenset[str]
) -> Listed | None:
    """Return whom the text has named in full, else whom it will name first, else the state whose kin it names."""
    before = [o for o in owners if o.entity.id in present]
    if before:
        return max(before, key=lambda o: present[o.entity.id])
    after = [o for o in owners if o.entity.id in firsts]
    if after:
        return min(after, key=lambda o: firsts[o.entity.id])
    return next((o for o in owners if o.entity.type is EntityType.GPE and o.country in known), None)
