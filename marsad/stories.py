"""Owns which story an article belongs to.

A story is named by the id of its earliest article and never merged with another: joining stories through their
members turned 30,000 articles into clusters of 50 to 170 that had nothing in common (decisions/0003).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from marsad.events import Likeness, compare_leads
from marsad.exchanges import find_exchanges
from marsad.leads import Knowledge, Lead
from marsad.novelty import containment
from marsad.relations import Fingerprint, Novelty, Origin, Relation, RelationKind, Teller
from marsad.wording import Wording

STORY_METHOD: Final = "leads/2"  #: name and version of the decision; raise it with any constant of marsad.events
STORY_DAYS: Final = 3  #: back to which an article's lead is compared: 72 hours (decisions/0011)
DECAY: Final = 0.05  #: more of the lead is asked for each day between the two
TITLE_SHARE: Final = 0.4  #: of the title and .33 of the whole lead, together 1.0: decisions/0011
WHOLE_SHARE: Final = 0.33
BOTH_SHARES: Final = 1.0
HEADLINE_WORDS: Final = 20  #: so short a text differs from another in one word, and in one word only
FORMULA_CONTAINMENT: Final = 0.2  #: of shingles; labelled pairs of one formula whose leads are alike share from .26 on
WORDS_EXCHANGED: Final = 2  #: in texts of like wording: formulas that exchange two words tell two events


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """A text as stories are judged by it."""

    lead: Lead
    fingerprint: Fingerprint


def judge_telling(a: Telling, b: Telling, knowledge: Knowledge, age_days: int = 0) -> Likeness | None:
    """Return how far two texts tell one event in words of their own, None where they do not.

    The order of the two makes no difference. What exchanges names or numbers in a common formula tells two events.
    """
    likeness = _likeness(a.lead, b.lead, knowledge.wording, DECAY * age_days)
    if likeness is None:
        return None
    if containment(a.fingerprint.shingles, b.fingerprint.shingles) < FORMULA_CONTAINMENT:
        return likeness
    found = find_exchanges(a.fingerprint, b.fingerprint, knowledge.background)
    return None if found.name_count or found.word_count >= WORDS_EXCHANGED else likeness


def _likeness(a: Lead, b: Lead, wording: Wording, decay: float) -> Likeness | None:
    """How far titles and leads say the same; both have to, where both texts have more than a title."""
    if not (a.goes_on and b.goes_on):
        whole = compare_leads(a, b, wording)
        return whole if whole.share >= min(1.0, whole.wanted_share + decay) and whole.is_one_event else None
    title = compare_leads(a.title, b.title, wording)
    if title.share < TITLE_SHARE or title.veto:  # of most pairs the titles alone decide
        return None
    whole = compare_leads(a, b, wording)
    is_both = whole.share >= WHOLE_SHARE and title.share + whole.share >= BOTH_SHARES + decay
    return whole if is_both and not whole.veto else None


def is_vetoed(a: Telling, b: Telling, knowledge: Knowledge) -> bool:
    """Return whether two texts that are no more than headlines tell two events, whatever words they share."""
    is_headline = max(a.fingerprint.token_count, b.fingerprint.token_count) <= HEADLINE_WORDS
    return is_headline and bool(compare_leads(a.lead, b.lead, knowledge.wording).veto)


def with_stories(
    article_id: int,
    telling: Telling,
    novelty: Novelty,
    tellers: Iterable[tuple[Teller, Telling]],
    knowledge: Knowledge,
) -> Novelty:
    """Return the novelty with a further relation to each teller that tells the same event in other words."""
    related = {relation.other_id for relation in novelty.relations if relation.origin is Origin.ARTICLE} | {article_id}
    told = []
    for other, words in tellers:
        if other.id in related:
            continue
        likeness = judge_telling(telling, words, knowledge, abs(other.age_days))
        if likeness is not None:
            kind, score = RelationKind.SAME_STORY, likeness.share
            told.append(Relation(article_id, other.id, Origin.ARTICLE, kind, score, STORY_METHOD))
    told.sort(key=lambda relation: (-relation.score, relation.other_id))
    return replace(novelty, relations=(*novelty.relations, *told))


def story_of(article_id: int, novelty: Novelty, story_ids: Mapping[int, int]) -> int:
    """Return the story the article is in, else that of the article most strongly related, else its own id.

    Its own id begins a story; an article whose text changed stays in the story it is in.

    Args:
        article_id: the article.
        novelty: its verdict, strongest relation first.
        story_ids: story per article id, for the article itself where it is kept already, and for those its relations
            point to; what is missing is passed over.
    """
    if article_id in story_ids:
        return story_ids[article_id]
    others = (r.other_id for r in novelty.relations if r.origin is Origin.ARTICLE)
    return next((story_ids[other] for other in others if other in story_ids), article_id)
