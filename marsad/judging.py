"""Owns judging texts one after the other: each against what was kept before it, with the stories found on the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from marsad.leads import Knowledge, lead_of, terms_of
from marsad.novelty import judge_novelty
from marsad.records import Standing
from marsad.relations import Fingerprint, Neighbour, Neighbourhood, Sketch, Teller
from marsad.sketches import fingerprint_of, sketch_of
from marsad.stories import Telling, story_of, with_stories


@dataclass(slots=True)
class Judge:
    """Judges texts in the order they are handed to it; a lead is read once."""

    knowledge: Knowledge
    corpus: tuple[Neighbour, ...]  #: seed texts
    apart: Mapping[int, frozenset[int]] = field(default_factory=dict)  #: articles an analyst took apart, both ways
    stories: dict[int, int] = field(default_factory=dict)  #: story of each article judged or told of
    tellings: dict[int, Telling] = field(default_factory=dict)

    def sketch(self, article_id: int, text: str, fingerprint: Fingerprint) -> Sketch:
        """Return what of the text is stored and searched by."""
        telling = self.tellings[article_id] = Telling(lead_of(text, self.knowledge), fingerprint)
        return sketch_of(article_id, fingerprint, terms_of(telling.lead))

    def judge(self, article_id: int, fingerprint: Fingerprint, hood: Neighbourhood) -> Standing:
        """Return what a text that was sketched is, and its story, which those after it can join."""
        strangers = self.apart.get(article_id, frozenset())
        near = tuple(n for n in hood.neighbours if n.id not in strangers)
        everywhere = replace(hood, neighbours=(*near, *self.corpus))
        novelty = judge_novelty(article_id, fingerprint, everywhere, self.knowledge.background)
        tellers = [(t, self._telling(t)) for t in hood.tellers if t.id != article_id and t.id not in strangers]
        novelty = with_stories(article_id, self.tellings[article_id], novelty, tellers, self.knowledge)
        self.stories[article_id] = story_of(article_id, novelty, self._open_to(strangers))
        return Standing(article_id, novelty, self.stories[article_id])

    def forget_tellings(self, kept: Collection[int]) -> None:
        """Let go of all leads but those of the articles `kept`: what is days old is compared with nothing any more."""
        self.tellings = {key: telling for key, telling in self.tellings.items() if key in kept}

    def _open_to(self, strangers: frozenset[int]) -> Mapping[int, int]:
        """The stories in which no article stands that was taken apart from this one."""
        closed = {self.stories[other] for other in strangers if other in self.stories}
        return {key: story for key, story in self.stories.items() if story not in closed} if closed else self.stories

    def _telling(self, teller: Teller) -> Telling:
        if teller.id not in self.tellings:
            text = teller.text
            self.tellings[teller.id] = Telling(lead_of(text, self.knowledge), fingerprint_of(text))
        return self.tellings[teller.id]
