"""Owns the decision how two texts stand to each other, and what an article therefore is.

Texts are compared by the share of the smaller one's *rare* shingles that the larger one holds. Plain similarity fails
twice: different events told in one formula share up to four fifths of their shingles, and a shortened or embedded
copy shares less than half (decisions/0003). What a formula exchanges are names and numbers, in the same surroundings
(marsad.exchanges), and that forbids what containment alone would allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from marsad.background import Background
from marsad.exchanges import NAME_TEXTS, find_exchanges
from marsad.relations import (
    Fingerprint,
    Hashes,
    Neighbourhood,
    Novelty,
    NoveltyKind,
    Origin,
    Relation,
    RelationKind,
)

METHOD: Final = "containment/3"  #: name and version of the decision; raise it with any constant below

DUPLICATE_CONTAINMENT: Final = 0.55  #: decisions/0003: chosen alike on either half of the labelled pairs
STORY_CONTAINMENT: Final = 0.25  #: the seed texts share at most .05; only two labelled pairs speak to it
NEAR_SIZE: Final = 0.6  #: a copy below this share of the other's size is its excerpt

MIN_RARE: Final = 8  #: fewer rare shingles say too little; then all shingles are weighed, and more is asked
SHORT_CONTAINMENT: Final = 0.8  #: asked where there are fewer; cables of one formula reach .75

SOME: Final = 2  #: one exchange may be a slip of the pen
NAMES_EXCHANGED_SHARE: Final = 0.01  #: of a text's words: from here on it is another event, whatever else is shared
WORDS_EXCHANGED_SHARE: Final = 0.03  #: of a text's words: decisions/0003, chosen alike on either half
NEARLY_WHOLE: Final = 0.9  #: with so much in common one changed name or number is an edit; formulas reach .86
NAMES_LOST_SHARE: Final = 0.04  #: decisions/0003: of a text's words; copies lose fewer names than that
SCATTER: Final = 2.2  #: decisions/0003: shingles lost per word lost; 3 where single words differ, 1 in passages

_REMEMBERED_COUNT: Final = 64  #: texts: the seed texts are compared with every article
STORE_COMMON_TEXTS: Final = 60  #: articles of the window with one shingle; wire stories have fewer copies


@dataclass(frozen=True, slots=True, eq=False)
class _Sifted:
    whole: Fingerprint
    rare: Hashes


def judge_pair(
    a: Fingerprint, b: Fingerprint, background: Background, store_counts: Mapping[int, int] | None = None
) -> tuple[RelationKind, float]:
    """Return how `a` stands to `b`, read from left to right, and the containment it was decided by (0..1).

    Texts without a word are related to nothing, not even to each other.

    Args:
        a: one text.
        b: the other.
        background: what news repeats anyway.
        store_counts: articles of the store per sampled shingle; None where there is no store.
    """
    common = _common_in_store(store_counts)
    return _judged(_sifted(a, background, common), _sifted(b, background, common), background)


def judge_novelty(article_id: int, fingerprint: Fingerprint, hood: Neighbourhood, background: Background) -> Novelty:
    """Return what an article is to what was kept before it, with a relation to every neighbour it is related to.

    A neighbour article of the same id is what stood at the same address before, and decides alone: the same words are
    a duplicate (nothing changed), any others a revision, whatever else they resemble. The strongest relation comes
    first.
    """
    common = _common_in_store(hood.store_counts)
    article = _sifted(fingerprint, background, common)
    relations = []
    for neighbour in hood.neighbours:
        kind, score = _judged(article, _sifted(neighbour.fingerprint, background, common), background)
        if kind is not RelationKind.NONE:
            relations.append(Relation(article_id, neighbour.id, neighbour.origin, kind, score, METHOD))
    relations.sort(key=_strength)
    earlier = [n.fingerprint for n in hood.neighbours if n.id == article_id and n.origin is Origin.ARTICLE]
    return Novelty(_novelty_kind(fingerprint, earlier, relations), tuple(relations))


def _strength(relation: Relation) -> tuple[int, float, int]:
    return list(RelationKind).index(relation.kind), -relation.score, relation.other_id


def _novelty_kind(article: Fingerprint, earlier: list[Fingerprint], relations: list[Relation]) -> NoveltyKind:
    if earlier:
        is_same = all(version.text_key == article.text_key for version in earlier)
        return NoveltyKind.DUPLICATE if is_same else NoveltyKind.REVISION
    kinds = {relation.kind for relation in relations}
    if kinds & {RelationKind.EXACT, RelationKind.NEAR_DUP}:
        return NoveltyKind.DUPLICATE
    return NoveltyKind.EXCERPT if RelationKind.EXCERPT_OF in kinds else NoveltyKind.NEW


def _common_in_store(store_counts: Mapping[int, int] | None) -> Hashes:
    counts = (store_counts or {}).items()
    return np.array([shingle for shingle, count in counts if count > STORE_COMMON_TEXTS], np.uint64)


def _sifted(whole: Fingerprint, background: Background, common: Hashes) -> _Sifted:
    rare = _rare(whole, background)
    return _Sifted(whole, np.setdiff1d(rare, common, assume_unique=True) if len(common) else rare)


@lru_cache(maxsize=_REMEMBERED_COUNT)
def _rare(whole: Fingerprint, background: Background) -> Hashes:
    rare: Hashes = whole.shingles[background.count_of(whole.shingles) == 0]
    return rare


def _judged(a: _Sifted, b: _Sifted, background: Background) -> tuple[RelationKind, float]:
    if a.whole.text_key == b.whole.text_key:
        return (RelationKind.EXACT, 1.0) if a.whole.token_count else (RelationKind.NONE, 0.0)
    is_short = min(len(a.rare), len(b.rare)) < MIN_RARE
    score = containment(a.whole.shingles, b.whole.shingles) if is_short else containment(a.rare, b.rare)
    if score < (SHORT_CONTAINMENT if is_short else STORY_CONTAINMENT):
        return RelationKind.NONE, score
    small, large = sorted((a.whole, b.whole), key=lambda whole: len(whole.shingles))
    if _is_another_event(small, large, score, background):
        return RelationKind.NONE, score
    if is_short or score >= DUPLICATE_CONTAINMENT:
        return _copy_kind(a.whole, b.whole), score
    return (RelationKind.SAME_STORY if _keeps_names(small, large, background) else RelationKind.NONE), score


def _is_another_event(small: Fingerprint, large: Fingerprint, score: float, background: Background) -> bool:
    """Whether one formula tells two events here: the words of one are exchanged for those of the other."""
    found, size = find_exchanges(small, large, background), len(small.tokens)
    if found.name_count >= max(SOME, NAMES_EXCHANGED_SHARE * size):
        return True
    if score >= NEARLY_WHOLE or not found.word_count:
        return False
    if found.name_count or found.word_count >= max(SOME, WORDS_EXCHANGED_SHARE * size):
        return True
    return not _keeps_names(small, large, background) and _is_scattered(small, large)


def _copy_kind(a: Fingerprint, b: Fingerprint) -> RelationKind:
    one, other = len(a.shingles), len(b.shingles)
    if min(one, other) >= NEAR_SIZE * max(one, other):
        return RelationKind.NEAR_DUP
    if min(one, other) < MIN_RARE:  # a phrase occurs in many articles and is an excerpt of none
        return RelationKind.NONE
    return RelationKind.EXCERPT_OF if one < other else RelationKind.CONTAINS


def containment(one: Hashes, other: Hashes) -> float:
    """Return the share of the smaller set found in the larger, 0.0 where either is empty."""
    smaller = min(len(one), len(other))
    return len(np.intersect1d(one, other, assume_unique=True)) / smaller if smaller else 0.0


def _keeps_names(small: Fingerprint, large: Fingerprint, background: Background) -> bool:
    """Whether the larger text holds nearly all rare words of the smaller one."""
    lost = np.setdiff1d(small.tokens, large.tokens, assume_unique=True)
    names = np.count_nonzero(background.word_count_of(lost) <= NAME_TEXTS)
    return bool(names < NAMES_LOST_SHARE * len(small.tokens))


def _is_scattered(small: Fingerprint, large: Fingerprint) -> bool:
    """Whether what the larger text lacks are single words rather than passages."""
    words = len(np.setdiff1d(small.tokens, large.tokens, assume_unique=True))
    shingles = len(np.setdiff1d(small.shingles, large.shingles, assume_unique=True))
    return shingles >= SCATTER * (words + 1)
