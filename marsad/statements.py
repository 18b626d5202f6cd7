"""Owns statements: who stands where on a target, with the sentence that shows it.

A sentence is cut at its anchors (marsad.anchors); the words between one anchor and the next of another speaker are what
that speaker is judged by, if they speak of a target at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from marsad.aims import touch
from marsad.anchors import Anchor, find_anchors
from marsad.articles import Attribution, Label, Stance, Statement
from marsad.cues import Manner
from marsad.interviews import Interview, find_interview, interviewee_of
from marsad.memory import Memory, Speaker
from marsad.scene import Clause, Scene
from marsad.stances import Weight, weigh
from marsad.subjects import is_that
from marsad.topic import Aim, Topic

_LEAST_CONFIDENCE = 0.5  #: decisions/0012: of statements below it fewer than one in three are right
_COLON_WORDS = 12  #: between a verb and the colon behind its subject


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of a sentence that belongs to one anchor's speakers."""

    anchors: tuple[Anchor, ...]
    first: int
    stop: int
    is_open: bool = False  #: a colon handed over words without quotation marks: they may go on

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """Who speaks in it."""
        return self.anchors[0].speakers


@dataclass(frozen=True, slots=True)
class Voices:
    """The statements of a text, and which of its sentences are nobody's."""

    statements: tuple[Statement, ...]
    unattributed: tuple[Clause, ...]


def find_statements(scene: Scene, topic: Topic, label: Label) -> Voices:
    """Return the statements of a text whose relevance is known; a text off the topic has none."""
    memory = Memory(parties=topic.aims[0].parties)
    found: list[Statement] = []
    unattributed = []
    before: Sequence[Turn] = ()
    line, interview = 0, find_interview(scene)
    for clause in scene.clauses:
        turns = _turns(clause, find_anchors(scene, clause, memory))
        turns = turns or _going_on(scene, clause, before, is_new=clause.sentence.line != line)
        turns = turns or _answering(clause, interview, memory)
        before, line = turns, clause.sentence.line
        if not turns and line not in interview.questions:
            unattributed.append(clause)
        if label is not Label.OFF:
            found += [s for turn in turns for s in _judge(scene, topic, clause, turn, label)]
    return Voices(tuple(found), tuple(unattributed))


def _turns(clause: Clause, anchors: Sequence[Anchor]) -> list[Turn]:
    """Return the sentence cut where the speaker changes; its beginning belongs to the first."""
    turns: list[Turn] = []
    for anchor in anchors:
        if turns and _labels(turns[-1].speakers) == _labels(anchor.speakers):
            turns[-1] = Turn((*turns[-1].anchors, anchor), turns[-1].first, clause.stop)
            continue
        if turns:
            turns[-1] = Turn(turns[-1].anchors, turns[-1].first, anchor.at)
        turns.append(Turn((anchor,), anchor.at if turns else clause.first, clause.stop))
    return turns


def _going_on(scene: Scene, clause: Clause, before: Sequence[Turn], *, is_new: bool) -> list[Turn]:
    """Return the turn of a sentence that goes on with somebody's words: a whole quotation, or behind an open colon."""
    if not before or clause.first >= clause.stop:
        return []
    is_open = not is_new and (before[-1].is_open or _opens(scene, before[-1]))
    if not is_open and any(index not in scene.quoted for index in range(clause.first, clause.stop)):
        return []
    last = before[-1].anchors[-1]
    speakers = tuple(replace(speaker, is_echo=True) for speaker in last.speakers)
    anchor = Anchor(clause.first, speakers, Manner.SAY, last.cue)
    return [Turn((anchor,), clause.first, clause.stop, is_open)]


def _opens(scene: Scene, turn: Turn) -> bool:
    """Say whether the turn's last verb hands over words by a colon, without quotation marks."""
    first = turn.anchors[-1].at + 1
    for place in range(first, min(turn.stop, first + _COLON_WORDS)):
        if ":" in scene.words.gap(place):
            return not any(index in scene.quoted for index in range(place, turn.stop))
    return False


def _answering(clause: Clause, interview: Interview, memory: Memory) -> list[Turn]:
    """Return the turn of a sentence of an answer in which nobody is named as speaker."""
    if clause.sentence.line not in interview.answers or clause.first >= clause.stop:
        return []
    speaker = interviewee_of(interview, memory)
    if speaker is None:
        return []
    anchor = Anchor(clause.first, (speaker,), Manner.SAY, ":")
    return [Turn((anchor,), clause.first, clause.stop)]


def _labels(speakers: Sequence[Speaker]) -> tuple[str, ...]:
    return tuple(speaker.label for speaker in speakers)


def _judge(scene: Scene, topic: Topic, clause: Clause, turn: Turn, label: Label) -> Iterator[Statement]:
    for aim in topic.aims:
        about = _about(scene, aim, clause, turn, label)
        if about is About.NO:
            continue
        for speaker in turn.speakers:
            is_party = speaker.country in aim.sides and not scene.is_carrier(speaker.entity_id)
            weight = _weight(scene, turn, is_party=is_party)
            statement = _statement(scene, aim, clause, turn, speaker, weight)
            is_judged = weight.stance is not Stance.NEUTRAL and (weight.cues or not is_party)
            if (is_judged or about is About.YES) and statement.confidence >= _LEAST_CONFIDENCE:
                yield statement


class About(Enum):
    """Whether words speak of a target."""

    YES = 1
    MAYBE = 2  #: they name nothing else, and quote nothing: a judgement is one of the target, a fact need not be
    NO = 3


def _about(scene: Scene, aim: Aim, clause: Clause, turn: Turn, label: Label) -> About:
    if label is not Label.ON:
        return About.YES if touch(scene, aim, clause.first, clause.stop).is_about else About.NO
    if any(anchor.manner is Manner.DENY for anchor in turn.anchors):
        return About.YES  # who declines to judge in a text on the topic declines to judge it
    first, stop = (clause.first, clause.stop) if turn.anchors[0].is_feeling else (turn.first, turn.stop)
    if touch(scene, aim, first, stop).is_about_in_context:
        return About.YES
    own = {speaker.country for speaker in turn.speakers} | aim.sides | aim.theatre | {""}
    if not all(scene.at[index].country in own for index in range(first, stop) if index in scene.at):
        return About.NO
    has_words = any(index in scene.quoted or is_that(scene, index) for index in range(first, stop))
    return About.YES if has_words else About.MAYBE


def _weight(scene: Scene, turn: Turn, *, is_party: bool) -> Weight:
    """Return the weight of the turn; the manner that takes a side decides over mere saying."""
    manners = [anchor.manner for anchor in turn.anchors]
    manner = next((m for m in manners if m is not Manner.SAY), Manner.SAY)
    return weigh(scene, turn.first, turn.stop, manner, is_party=is_party)


def _statement(scene: Scene, aim: Aim, clause: Clause, turn: Turn, speaker: Speaker, weight: Weight) -> Statement:
    return Statement(
        speaker=speaker.label,
        speaker_id=speaker.entity_id,
        speaker_start=speaker.start,
        speaker_end=speaker.end,
        target=aim.target.id,
        stance=weight.stance,
        start=clause.sentence.start,
        end=clause.sentence.end,
        cue=", ".join(dict.fromkeys([turn.anchors[0].cue, *weight.cues])),
        attribution=_attribution(scene, turn),
        confidence=_confidence(speaker, weight),
    )


def _attribution(scene: Scene, turn: Turn) -> Attribution:
    manners = {anchor.manner for anchor in turn.anchors}
    if manners <= {Manner.ACT, Manner.PUNISH}:
        return Attribution.ACT
    if all(anchor.is_feeling for anchor in turn.anchors):
        return Attribution.ASCRIBED
    if any(index in scene.quoted for index in range(turn.first, turn.stop)):
        return Attribution.DIRECT
    return Attribution.INDIRECT


def _confidence(speaker: Speaker, weight: Weight) -> float:
    """Return how sure the rules are: more words on one side make surer, a speaker found by looking back less."""
    sure = 0.6 + 0.1 * min(abs(weight.score), 3.0) if weight.stance is not Stance.NEUTRAL else 0.6
    return round(sure - (0.15 if speaker.is_echo else 0.0) + (0.05 if speaker.entity_id else 0.0), 2)
