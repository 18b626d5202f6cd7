"""Owns which story an article belongs to.

A story is named by the id of its earliest article and never merged with another: joining stories through their
members turned 30,000 articles into clusters of 50 to 170 that had nothing in common (decisions/0003).
"""

from __future__ import annotations

from collections.abc import Mapping

from marsad.relations import Novelty, Origin


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
