"""Owns the finding of listed names: longest first, full before short, traps left alone.

One pass of the automaton gives candidates; what overlaps is decided by length, what is ambiguous by what else the text
names. كيم alone is whoever of that name was named last in full; bare "Korean" is the Korea the text speaks of most.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from marsad.aliases import Candidate, Kind, Listed, NameTable
from marsad.articles import EntityType, Mention, MentionKind
from marsad.linking import link
from marsad.sentences import Sentence
from marsad.words import Words

_CUT = re.compile(r"[\n،,؛;:!؟?()\[\]«»\"“”]|\.\s")
#: The leader, between, from, with, soldiers of: no given names.
_LEADING = frozenset(
    "الزعيم زعيم بين وبين من مع الي علي عن ان لدي قبل نظام عهد جنود جيش قوات صواريخ رجال بلاد سلاح".split()  # noqa: SIM905
)
_GIVEN_COUNT, _SYLLABLE_CHARS = 2, 5  #: a Korean given name has two short parts
_HYPHENS = "-‐‑–"


@dataclass(frozen=True, slots=True)
class Name:
    """A mention, and what the rules for speakers need to know of it."""

    mention: Mention
    label: str  #: canonical name, or the full words of the text
    country: str = ""  #: canonical name of the state it belongs to
    first: int = 0  #: range of words it stands in
    stop: int = 0


@dataclass(frozen=True, slots=True)
class Role:
    """An office that stands for a person: the Russian president."""

    owner: Listed
    first: int
    stop: int


@dataclass(frozen=True, slots=True)
class Found:
    """Names in order and without overlap; roles may overlap them."""

    names: tuple[Name, ...] = ()
    roles: tuple[Role, ...] = ()


def find_names(words: Words, table: NameTable, sentences: Sequence[Sentence]) -> Found:
    """Return listed names and roles; `sentences` are those of the same text."""
    candidates = [_seen(words, c) for c in table.find(words) if _is_one_name(words, c)]
    roles = [c for c in candidates if c.spelling.kind is Kind.ROLE]
    chosen = _longest([c for c in candidates if c.spelling.kind is not Kind.ROLE], len(words.folded))
    chosen = _merged_bodies(words, [c for c in chosen if c.spelling.kind is not Kind.TRAP])
    linked = link(chosen, roles, table, tuple(words.folded_at(s.start) for s in sentences))
    names = [_named(words, c, owner) for c, owner in linked]
    return Found(tuple(names), tuple(_role(words, c) for c in _longest(roles, len(words.folded))))


def _longest(candidates: Iterable[Candidate], size: int) -> list[Candidate]:
    """Return candidates without overlap, a longer one before a shorter, an earlier kind before a later."""
    taken, chosen = bytearray(size), []
    for c in sorted(candidates, key=_rank):
        if taken.find(1, c.start, c.end) < 0:
            taken[c.start : c.end] = b"\1" * c.length
            chosen.append(c)
    return sorted(chosen, key=lambda c: c.start)


def _rank(c: Candidate) -> tuple[bool, int, int, int]:
    return (c.spelling.kind is not Kind.TRAP, -c.length, c.spelling.kind.value, c.start)


def _is_one_name(words: Words, c: Candidate) -> bool:
    """Say whether no punctuation but hyphens and points cuts the name, and no hyphen glues a short one to another."""
    first, stop = _word_range(words, c)
    if any(_CUT.search(words.gap(index)) for index in range(first + 1, stop)):
        return False
    return c.spelling.kind is not Kind.SHORT or not (_is_glue(words.gap(first)) or _is_glue(words.gap(stop)))


def _seen(words: Words, c: Candidate) -> Candidate:
    """Return the candidate, marked where a short name may be the family name of somebody else: Kim Min Jae, Soo Kim."""
    if c.spelling.kind is not Kind.SHORT:
        return c
    first, stop = _word_range(words, c)
    behind = words.items[stop : stop + _GIVEN_COUNT]
    is_named = len(behind) == _GIVEN_COUNT and all(len(word.text) <= _SYLLABLE_CHARS for word in behind)
    is_named = is_named and not any(_CUT.search(words.gap(stop + n)) for n in range(_GIVEN_COUNT))
    is_led = not first or c.start > words.items[first].at or _CUT.search(words.gap(first)) is not None
    return replace(c, is_alone=not is_named and (is_led or words.items[first - 1].text in _LEADING))


def _is_glue(gap: str) -> bool:
    return gap in _HYPHENS and gap != ""


def _merged_bodies(words: Words, chosen: list[Candidate]) -> list[Candidate]:
    """Return candidates with a state's body and the nisba behind it as one name; a body alone is none."""
    merged: list[Candidate] = []
    body: Candidate | None = None
    for c in chosen:
        if c.spelling.kind is Kind.BODY:
            body = c
            continue
        if body and c.spelling.kind is Kind.NISBA and _agree(words, body, c):
            merged.append(
                Candidate(body.start, c.end, replace(c.spelling, kind=Kind.BODY, english=body.spelling.english))
            )
        else:
            merged.append(c)
        body = None
    return merged


def _agree(words: Words, body: Candidate, nisba: Candidate) -> bool:
    """Say whether the nisba follows at once and in the body's gender: the minister's nisba is not his ministry's."""
    if nisba.start != body.end + 1 or words.gap(_word_range(words, nisba)[0]).strip():
        return False
    head, adjective = (words.folded[c.start : c.end].split()[0] for c in (body, nisba))
    return head.endswith(("ه", "ات")) == adjective.endswith("ه")


def _named(words: Words, c: Candidate, owner: Listed) -> Name:
    first, stop = _word_range(words, c)
    start, end = _span(words, c, first, stop)
    entity, kind, label = owner.entity, c.spelling.kind, owner.entity.name
    mention = Mention(
        start, end, words.source[start:end], entity.type, MentionKind.NAME, entity.id, entity.name, entity.qid or None
    )
    if kind is Kind.NISBA:
        mention = replace(mention, kind=MentionKind.NISBA)
    if kind is Kind.BODY:
        label = f"{owner.adjective} {c.spelling.english}"
        slug = label.casefold().replace(" ", "-")
        mention = replace(mention, type=EntityType.ORG, entity_id=slug, name=label, qid=None)
    return Name(mention, label, owner.country, first, stop)


def _role(words: Words, c: Candidate) -> Role:
    return Role(c.spelling.owners[0], *_word_range(words, c))


def _word_range(words: Words, c: Candidate) -> tuple[int, int]:
    return bisect_right(words.places, c.start) - 1, bisect_right(words.places, c.end - 1)


def _span(words: Words, c: Candidate, first: int, stop: int) -> tuple[int, int]:
    """Return the span in the text, without the clitics before the name in its first word."""
    skipped = c.start - words.items[first].at
    start = words.items[first].start
    if skipped:
        start = words.letter(c.start)
    return start, words.items[stop - 1].end
