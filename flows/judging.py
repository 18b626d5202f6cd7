"""Owns how one text is judged against what was kept before it, in a cycle and in a replay alike."""

from __future__ import annotations

from dataclasses import dataclass

from flows.desk import Desk
from marsad.leads import Lead, lead_of
from marsad.novelty import judge_novelty
from marsad.records import Standing
from marsad.relations import Fingerprint, Neighbour, Neighbourhood
from marsad.stories import Telling, story_of, with_stories


@dataclass(frozen=True, slots=True)
class Judge:
    """What texts of one transaction are judged by; it learns their stories and leads as it goes."""

    desk: Desk
    stories: dict[int, int]  #: story by article id, of what is kept and of what was judged
    leads: dict[int, Lead]  #: by article id, of the texts to be judged and of neighbours met

    def standing(self, article_id: int, fingerprint: Fingerprint, hood: Neighbourhood) -> Standing:
        """Judge one text; those after it can join its story."""
        reading = self.desk.reading
        everywhere = Neighbourhood((*hood.neighbours, *self.desk.corpus), hood.store_counts)
        novelty = judge_novelty(article_id, fingerprint, everywhere, reading.background)
        telling = Telling(self.leads[article_id], fingerprint)
        novelty = with_stories(article_id, telling, novelty, hood.neighbours, self._lead, reading)
        self.stories[article_id] = story_of(article_id, novelty, self.stories)
        return Standing(article_id, novelty, self.stories[article_id])

    def _lead(self, neighbour: Neighbour) -> Lead:
        if neighbour.id not in self.leads:
            self.leads[neighbour.id] = lead_of(neighbour.head, self.desk.reading)
        return self.leads[neighbour.id]
