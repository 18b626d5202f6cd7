"""Owns interviews: which paragraphs are questions and which are answers, so that an unnamed answer finds its speaker.

A text is one if it says so, or marks its questions with a letter, and at least two questions are each followed by an
answer. Subheads of an article that asks and explains are questions too; without the outlet's word they stay its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marsad.articles import EntityType
from marsad.memory import Memory, Speaker, of_name
from marsad.scene import Clause, Scene

_FEWEST_ANSWERS = 2
_LEAD_PARAGRAPHS = 5  #: headline, byline, introduction
_ASKS = ("؟", "?")


@dataclass(frozen=True, slots=True)
class Interview:
    """The paragraphs of an interview by their number; none where the text is no interview."""

    questions: frozenset[int] = frozenset()
    answers: frozenset[int] = frozenset()
    named: Speaker | None = None  #: the first person of the text


def find_interview(scene: Scene) -> Interview:
    """Return the questions and answers of a text; an answer may run over paragraphs."""
    paragraphs = _paragraphs(scene.clauses)
    marked = {line for line, clauses in paragraphs.items() if _is_marked(scene, clauses[0])}
    asked = marked | {line for line, clauses in paragraphs.items() if _asks(scene, clauses[-1])}
    pairs = [one for one, other in itertools.pairwise(paragraphs) if one in asked and other not in asked]
    if len(pairs) < _FEWEST_ANSWERS or not (len(marked) >= _FEWEST_ANSWERS or _says_so(scene, paragraphs)):
        return Interview()
    answers = frozenset(line for line in paragraphs if line > pairs[0] and line not in asked)
    named = next((of_name(name) for name in scene.names if name.mention.type is EntityType.PER), None)
    return Interview(frozenset(asked), answers, named)


def interviewee_of(interview: Interview, memory: Memory) -> Speaker | None:
    """Return who answers: the first person remembered as speaker, else the first whom the text names."""
    return next((speaker for speaker in memory.speakers if speaker.is_person), interview.named)


def _paragraphs(clauses: Sequence[Clause]) -> Mapping[int, tuple[Clause, ...]]:
    held = (clause for clause in clauses if clause.first < clause.stop)
    return {line: tuple(group) for line, group in itertools.groupby(held, key=lambda clause: clause.sentence.line)}


def _asks(scene: Scene, clause: Clause) -> bool:
    sentence = clause.sentence
    return scene.words.source[sentence.end - 1 : sentence.end] in _ASKS


def _is_marked(scene: Scene, clause: Clause) -> bool:
    """Say whether the paragraph begins with the letter of a question and a colon."""
    return scene.cues.questions.holds(scene.text(clause.first)) and ":" in scene.words.gap(clause.first + 1)


def _says_so(scene: Scene, paragraphs: Mapping[int, tuple[Clause, ...]]) -> bool:
    """Say whether headline, byline or introduction call the text an interview."""
    lead = itertools.islice(paragraphs.values(), _LEAD_PARAGRAPHS)
    clauses = itertools.chain.from_iterable(lead)
    found = (scene.cues.interviews.find(scene.words, clause.first, clause.stop) for clause in clauses)
    return any(True for hits in found for _ in hits)
