"""Owns which story an article belongs to.

A story is named by the id of its earliest article and never merged with another: joining stories through their
members turned 30,000 articles into clusters of 50 to 170 that had nothing in common (decisions/0003).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from marsad.events import Likeness, compare_leads
from marsad.exchanges import find_exchanges
from marsad.leads import Lead, Reading
from marsad.relations import Fingerprint, Neighbour, Novelty, Origin, Relation, RelationKind

STORY_METHOD: Final = "leads/1"  #: name and version of the decision; raise it with any constant of marsad.events
STORY_DAYS: Final = 3  #: back to which an article's lead is compared: 72 hours (decisions/0011)
DECAY: Final = 0.05  #: more of the lead is asked for each day between the two
HEADLINE_WORDS: Final = 20  #: so short a text differs from another in one word, and in one word only
WORDS_EXCHANGED: Final = 2  #: in texts of like wording: formulas that exchange two words tell two events


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """A text as stories are judged by it."""

    lead: Lead
    fingerprint: Fingerprint


def judge_telling(a: Telling, b: Telling, reading: Reading, age_days: int = 0) -> Likeness | None:
    """Return how far two texts tell one event in words of their own, None where they do not.

    The order of the two makes no difference. What exchanges names or numbers in a common formula tells two events.
    """
    likeness = compare_leads(a.lead, b.lead, reading.wording)
    if not likeness.is_one_event or likeness.share < min(1.0, likeness.wanted_share + DECAY * age_days):
        return None
    found = find_exchanges(a.fingerprint, b.fingerprint, reading.background)
    return None if found.name_count or found.word_count >= WORDS_EXCHANGED else likeness


def is_vetoed(a: Telling, b: Telling, reading: Reading) -> bool:
    """Return whether two texts that are no more than headlines tell two events, whatever words they share."""
    is_headline = max(a.fingerprint.token_count, b.fingerprint.token_count) <= HEADLINE_WORDS
    return is_headline and bool(compare_leads(a.lead, b.lead, reading.wording).veto)


def with_stories(
    article_id: int,
    telling: Telling,
    novelty: Novelty,
    neighbours: Iterable[Neighbour],
    lead_of_neighbour: Callable[[Neighbour], Lead],
    reading: Reading,
) -> Novelty:
    """Return the novelty with a further relation to each neighbour that tells the same event in other words."""
    related = {relation.other_id for relation in novelty.relations if relation.origin is Origin.ARTICLE} | {article_id}
    told = []
    for other in neighbours:
        if other.age_days is None or other.id in related:
            continue
        likeness = judge_telling(
            telling, Telling(lead_of_neighbour(other), other.fingerprint), reading, abs(other.age_days)
        )
        if likeness is not None:
            told.append(
                Relation(article_id, other.id, other.origin, RelationKind.SAME_STORY, likeness.share, STORY_METHOD)
            )
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
