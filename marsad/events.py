"""Owns the decision whether two leads tell one event: what they share, and what forbids it (decisions/0011).

Near wording is no evidence: who was killed, how many, where, and who did it to whom are what a headline exchanges when
it tells another event in the words of the last. So each of these is a veto, and shared words only count without one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

from marsad.leads import Lead, Term, TermKind
from marsad.wording import Wording

EVENT_SHARE: Final = 0.5  #: of what the shorter lead says (decisions/0011)
LONG_TERMS: Final = 15  #: said by both: a whole first sentence, of which the other's needs less
LONG_SHARED: Final = 6  #: terms, then
LONG_SHARE: Final = 0.42  #: 990 pairs of articles on one topic, each of another event, share at most .40 without a veto
FEW_SHARED: Final = 2  #: terms: a name and a deed are a topic, unless they are nearly all that is said
FEW_SHARE: Final = 0.65  #: asked where no more are shared
NEAR_WORDING: Final = 3  #: terms left over on either side, at most, where any exchange is another event
NEARLY_ALL: Final = 3  #: terms left over on both sides together, where one deed for another is another event too


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two leads, with the place in the other of each term that is matched."""

    a: Sequence[Term]
    b: Sequence[Term]
    there: dict[int, int]  #: place in a -> place in b
    wording: Wording

    def left(self) -> tuple[list[int], list[int]]:
        found = set(self.there.values())
        return [i for i in range(len(self.a)) if i not in self.there], [j for j in range(len(self.b)) if j not in found]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How far two leads say the same, and what forbids to take them for one event."""

    share: float  #: 0..1, of what the shorter one says
    shared_count: int
    is_long: bool  #: both say as much as a whole sentence
    pair: _Pair

    @property
    def veto(self) -> str:
        """A short stable word for what forbids it, empty where nothing does; most pairs share too little to ask."""
        return next((name for name, forbids in _VETOES if forbids(self.pair)), "")

    @property
    def is_one_event(self) -> bool:
        """Whether both tell the same event."""
        return self.shared_count >= FEW_SHARED and self.share >= self.wanted_share and not self.veto

    @property
    def wanted_share(self) -> float:
        """The share asked for: of two sentences less than of two headlines."""
        if self.is_long and self.shared_count >= LONG_SHARED:
            return LONG_SHARE
        return EVENT_SHARE if self.shared_count > FEW_SHARED else FEW_SHARE


def compare_leads(a: Lead, b: Lead, wording: Wording) -> Likeness:
    """Return how far two leads tell the same event; the order of the two makes no difference."""
    pair = _Pair(a.terms, b.terms, _matches(a.terms, b.terms), wording)
    is_long = min(len(a.terms), len(b.terms)) >= LONG_TERMS
    return Likeness(_share(a, b, pair.there), len(pair.there), is_long, pair)


def _share(a: Lead, b: Lead, there: Mapping[int, int]) -> float:
    weight = sum(min(a.terms[i].weight, b.terms[j].weight) for i, j in there.items())
    lesser = min(a.weight, b.weight)
    return min(1.0, weight / lesser) if lesser else 0.0


def _matches(a: Sequence[Term], b: Sequence[Term]) -> dict[int, int]:
    """Each term of `a` with one of `b` that says the same: the very same first, then what stands for it."""
    there: dict[int, int] = {}
    free = dict(enumerate(b))
    for are_matched in (_equals, _that_say):
        for i, term in enumerate(a):
            if i not in there and free and (j := next(are_matched(term, free), None)) is not None:
                there[i] = j
                del free[j]
    return there


def _equals(one: Term, others: Mapping[int, Term]) -> Iterator[int]:
    kind, is_other = one.kind, one.readings.isdisjoint  # looked up once: leads are compared by the thousand
    return (place for place, other in others.items() if other.kind is kind and not is_other(other.readings))


def _that_say(one: Term, others: Mapping[int, Term]) -> Iterator[int]:
    return (place for place, other in others.items() if one.says(other))


def _other_numbers(pair: _Pair) -> bool:
    """100 killed and 1,000 killed: both count, and no count is shared."""
    (left, right), numbers = pair.left(), TermKind.NUMBER
    is_shared = any(pair.a[i].kind is numbers for i in pair.there)
    return not is_shared and _has(pair.a, left, numbers) and _has(pair.b, right, numbers)


def _has(terms: Sequence[Term], places: Sequence[int], kind: TermKind) -> bool:
    return any(terms[place].kind is kind for place in places)


def _other_names(pair: _Pair) -> bool:
    """Each names a person, a place, or a body of another state, that the other does not."""
    left, right = pair.left()
    here = [pair.a[i] for i in left if pair.a[i].kind is TermKind.NAME]
    there = [pair.b[j] for j in right if pair.b[j].kind is TermKind.NAME]
    return any(
        one.sort == other.sort and (one.sort in _PLAIN_NAMES or _is_of_another_state(one, other))
        for one in here
        for other in there
    )


def _is_of_another_state(one: Term, other: Term) -> bool:
    return bool(one.home and other.home) and one.home != other.home


_PLAIN_NAMES: Final = frozenset({"PER", "GPE", "LOC"})  #: one each; bodies of one state are often named by turns


def _opposites(pair: _Pair) -> bool:
    """One rises, the other falls."""
    left, right = pair.left()
    here, there = (
        {reading for place in places for reading in terms[place].readings if terms[place].kind is TermKind.IDEA}
        for terms, places in ((pair.a, left), (pair.b, right))
    )
    return any(pair.wording.opposites.get(idea, frozenset()) & there for idea in here) or _opposites_turned(pair)


def _opposites_turned(pair: _Pair) -> bool:
    """Oil rises after a cut, oil falls after a rise: both say both, the other way round."""
    ideas = sorted(i for i in pair.there if pair.a[i].kind is TermKind.IDEA)
    against = pair.wording.opposites
    turned = [(i, j) for i, j in combinations(ideas, 2) if pair.there[i] > pair.there[j]]
    return any(against.get(idea, frozenset()) & pair.a[j].readings for i, j in turned for idea in pair.a[i].readings)


def _turned(pair: _Pair) -> bool:
    """A visits B, B visits A: one deed, or all else alike, and the two names the other way round."""
    deeds = [i for i in pair.there if pair.a[i].readings & pair.wording.from_to or _is_verb(pair.a[i])]
    names = sorted(i for i in pair.there if pair.a[i].kind is TermKind.NAME or _is_beside(pair, i, deeds))
    if not deeds and max(map(len, pair.left())) > 1:
        return False
    return any(
        pair.there[first] > pair.there[second] and not (pair.a[second].is_joined or pair.b[pair.there[first]].is_joined)
        for first, second in pairwise(names)
        if not pair.a[first].home or pair.a[first].home != pair.a[second].home  # a state and its capital take turns
    )


def _is_beside(pair: _Pair, i: int, deeds: Sequence[int]) -> bool:
    """Whether a word stands next to the deed in both leads: a short name is one that no table knows."""
    here, there = (min((abs(deed - at) for deed in places), default=0) for at, places in (
        (i, deeds), (pair.there[i], [pair.there[deed] for deed in deeds])))  # fmt: skip
    return pair.a[i].kind is TermKind.WORD and here == there == 1


def _is_verb(term: Term) -> bool:
    """A word in the form of what is being done: يسلم, تسلم (delivers)."""
    return term.kind is TermKind.WORD and all(reading[0] in "يت" for reading in term.readings)


_THINGS: Final = frozenset({TermKind.NAME, TermKind.WORD})


def _exchanged(pair: _Pair) -> bool:
    """All else being said alike, a name or thing stands in the place of another."""
    left, right = pair.left()
    if not left or not right or max(len(left), len(right)) > min(NEAR_WORDING, len(pair.there)):
        return False
    things = _THINGS | {TermKind.IDEA} if len(left) + len(right) <= NEARLY_ALL else _THINGS
    return any(
        _faces(pair, here, there) and _is_other([pair.a[i] for i in here], [pair.b[j] for j in there], things)
        for here in _runs(left)
        for there in _runs(right)
    )


def _runs(places: Sequence[int]) -> list[list[int]]:
    """Places that follow each other, together."""
    runs: list[list[int]] = []
    for place in places:
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _faces(pair: _Pair, here: Sequence[int], there: Sequence[int]) -> bool:
    """Whether two runs stand between the same terms."""
    before = pair.there.get(here[0] - 1, -1) == there[0] - 1
    behind = pair.there.get(here[-1] + 1, len(pair.b)) == there[-1] + 1
    return before and behind


def _is_other(one: Sequence[Term], other: Sequence[Term], things: frozenset[TermKind]) -> bool:
    if any(term.kind not in things for term in (one[0], other[0])):
        return False
    return not (one[0].home and one[0].home == other[0].home and "PER" not in (one[0].sort, other[0].sort))


#: In the order asked; the first that holds is told.
_VETOES: Final[tuple[tuple[str, Callable[[_Pair], bool]], ...]] = (
    ("numbers", _other_numbers),
    ("names", _other_names),
    ("opposites", _opposites),
    ("turned", _turned),
    ("exchanged", _exchanged),
)
