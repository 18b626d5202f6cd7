"""Owns the decision how two texts stand to each other, and what an article therefore is.

Texts are compared by the share of the smaller one's *rare* shingles that the larger one holds. Plain similarity fails
twice: different events told in one formula share up to four fifths of their shingles, and a shortened or embedded
copy shares less than half (decisions/0003). What a formula exchanges are names, one word at a time all over the text,
so names lost that way forbid what containment alone would allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from marsad.background import Background
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

METHOD: Final = "containment/1"  #: name and version of the decision; raise it with any constant below

DUPLICATE_CONTAINMENT: Final = 0.65  #: decisions/0003: F1 .984 on the labelled pairs
STORY_CONTAINMENT: Final = 0.25  #: the seed texts share at most .05; only two labelled pairs speak to it
NEAR_SIZE: Final = 0.6  #: a copy below this share of the other's size is its excerpt

MIN_RARE: Final = 8  #: fewer rare shingles say too little; then all shingles are weighed, and more is asked
SHORT_CONTAINMENT: Final = 0.8  #: asked where there are fewer; cables of one formula reach .75

NAME_TEXTS: Final = 20  #: a word in at most so many background texts is taken for a name
NAMES_LOST_SHARE: Final = 0.04  #: decisions/0003: of a text's words; copies lose fewer names than that
SCATTER: Final = 2.2  #: decisions/0003: shingles lost per word lost; 3 where single words differ, 1 in passages

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
    rare = whole.shingles[background.count_of(whole.shingles) == 0]
    return _Sifted(whole, np.setdiff1d(rare, common, assume_unique=True) if len(common) else rare)


def _judged(a: _Sifted, b: _Sifted, background: Background) -> tuple[RelationKind, float]:
    if a.whole.text_key == b.whole.text_key:
        return (RelationKind.EXACT, 1.0) if a.whole.token_count else (RelationKind.NONE, 0.0)
    if min(len(a.rare), len(b.rare)) < MIN_RARE:
        score = _containment(a.whole.shingles, b.whole.shingles)
        is_copy, is_story = score >= SHORT_CONTAINMENT, False
    else:
        score = _containment(a.rare, b.rare)
        is_copy, is_story = score >= DUPLICATE_CONTAINMENT, score >= STORY_CONTAINMENT
    if not (is_copy or is_story):
        return RelationKind.NONE, score
    small, large = sorted((a.whole, b.whole), key=lambda whole: len(whole.shingles))
    has_names = _keeps_names(small, large, background)
    if is_copy and (has_names or not _is_scattered(small, large)):
        return _copy_kind(a.whole, b.whole), score
    return (RelationKind.SAME_STORY if is_story and has_names else RelationKind.NONE), score


def _copy_kind(a: Fingerprint, b: Fingerprint) -> RelationKind:
    one, other = len(a.shingles), len(b.shingles)
    if min(one, other) >= NEAR_SIZE * max(one, other):
        return RelationKind.NEAR_DUP
    if min(one, other) < MIN_RARE:  # a phrase occurs in many articles and is an excerpt of none
        return RelationKind.NONE
    return RelationKind.EXCERPT_OF if one < other else RelationKind.CONTAINS


def _containment(one: Hashes, other: Hashes) -> float:
    """The share of the smaller set found in the larger, 0.0 where either is empty."""
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
