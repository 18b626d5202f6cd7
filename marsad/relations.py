"""Owns the nouns of comparison: sketches, neighbours, relations, novelty.

A text is compared through hashes of its folded three-word shingles; relations are kept as rows and nothing is
ever deleted or merged because of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]  #: sorted, distinct


class RelationKind(StrEnum):
    """Read from left to right: a is an excerpt of b, a contains b."""

    EXACT = "exact"  #: equal after folding
    NEAR_DUP = "near_dup"
    EXCERPT_OF = "excerpt_of"
    CONTAINS = "contains"
    SAME_STORY = "same_story"
    NONE = "none"


class NoveltyKind(StrEnum):
    """What an article is to what was kept before it."""

    NEW = "new"
    REVISION = "revision"  #: same canonical url, other text
    EXCERPT = "excerpt"
    DUPLICATE = "duplicate"


class Origin(StrEnum):
    """Where the other side of a relation is kept."""

    ARTICLE = "article"
    SEED = "seed"


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """The words of a text, each with the two words it follows or precedes: where two texts exchange one for another.

    Three arrays of one length, in any order; a word of the middle stands there twice.
    """

    contexts: Hashes  #: of the two words, and of the side they stand on; neither sorted nor distinct
    words: Hashes
    letters: Hashes  #: of the word, a bit a letter: what tells another spelling from another word


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """The single words of a text: what two texts that share shingles are told apart by."""

    tokens: Hashes  #: of all folded words
    slots: Slots


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """All that comparison needs of one text.

    Few texts have a neighbour to be told apart from, so the wording is taken when it is first asked for.
    """

    text_key: int  #: 63 bits of the folded token string; equal keys are `exact`
    shingles: Hashes  #: of all three-word shingles
    token_count: int  #: words, with repetitions
    take_wording: Callable[[], Wording]

    @cached_property
    def wording(self) -> Wording:
        """The words of the text, each with its surroundings."""
        return self.take_wording()

    @property
    def tokens(self) -> Hashes:
        """Hashes of all folded words."""
        return self.wording.tokens

    @property
    def slots(self) -> Slots:
        """The words, each with the two it follows or precedes."""
        return self.wording.slots


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """The sample of a fingerprint's shingles that is stored and searched by."""

    article_id: int
    text_key: int
    hashes: Hashes
    token_count: int
    version: int  #: of fold, shingle and sample together; sketches of two versions are never compared
    terms: tuple[int, ...] = ()  #: what its lead is found by, 32 bits each


@dataclass(frozen=True, slots=True, eq=False)
class Neighbour:
    """Something kept that shares shingles with a text."""

    id: int
    origin: Origin
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Teller:
    """An article kept, whose lead says some of what a text says."""

    id: int
    text: str  #: as last read; empty where it is of the same batch
    age_days: int  #: of its lead against the text's


@dataclass(frozen=True, slots=True, eq=False)
class Neighbourhood:
    """What the store offers for one text to be judged by."""

    neighbours: tuple[Neighbour, ...] = ()
    tellers: tuple[Teller, ...] = ()
    store_counts: Mapping[int, int] | None = None  #: documents of the window per sampled shingle; None = no store

    def without(self, article_id: int) -> Neighbourhood:
        """Return it without one article: a text judged again does not meet itself."""
        others = tuple(n for n in self.neighbours if n.id != article_id or n.origin is Origin.SEED)
        return replace(self, neighbours=others)


@dataclass(frozen=True, slots=True)
class Relation:
    """One text's standing to another; `article_id` is the later one."""

    article_id: int
    other_id: int
    origin: Origin  #: of the other
    kind: RelationKind
    score: float  #: 0..1
    method: str  #: name and version of the decision


@dataclass(frozen=True, slots=True)
class Novelty:
    """The verdict on one article, with the relations that led to it."""

    kind: NoveltyKind
    relations: tuple[Relation, ...] = ()

    @property
    def standing(self) -> NoveltyKind:
        """What the text is beside other articles and seeds, whatever stood at its own address before."""
        kinds = {r.kind for r in self.relations if r.other_id != r.article_id or r.origin is Origin.SEED}
        if kinds & {RelationKind.EXACT, RelationKind.NEAR_DUP}:
            return NoveltyKind.DUPLICATE
        return NoveltyKind.EXCERPT if RelationKind.EXCERPT_OF in kinds else NoveltyKind.NEW

    @property
    def repeats_seed(self) -> bool:
        """Whether it repeats a text of the seed corpus and so is not counted as news."""
        return any(r.origin is Origin.SEED and r.kind is not RelationKind.SAME_STORY for r in self.relations)
