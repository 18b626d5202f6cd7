"""Owns the places where a text hands words to somebody: verbs, "according to", feelings, a colon in a headline.

Each place is read on its own; whose it is, is marsad.subjects' question. A verb that is negated, or that declines to
comment, leaves open what is spoken of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from marsad.articles import EntityType
from marsad.credits import felt_by, meant_by_pronoun, source_of
from marsad.cues import Form, Manner, Verb
from marsad.echoes import echo
from marsad.memory import Memory, Speaker
from marsad.scene import Clause, Scene
from marsad.speakers import read_speakers
from marsad.subjects import is_that, limit_of, past_addressee, subject_of, unlisted
from marsad.verbs import COMMA, NEED_WORDS, NOT, STOP, is_followed, is_meant
from marsad.words import fronts, is_definite

_ANSWER_WORDS = 8  #: his answer was of few words: ...
_TAIL_WORDS = 12
_AS = frozenset({"كما", "حسبما", "مثلما"})
_OBJECT_WORDS = 12  #: what is praised stands near the verb
_COLON_WORDS = 12  #: "Western experts: ..."
_QUOTE_COLON = re.compile(r"[»\"”“]\s*[:،,]?\s*[:،,–—-]\s*$")  #: «...»: Kim
_FROM, _FROM_HIM = frozenset({"عن"}), frozenset({"عنه", "عنها", "عنهم"})
_SAYING = frozenset({"قوله", "قولها", "قولهم", "القول"})
_STRANGER_WORDS = 4
_TO, _ASCRIBING = frozenset({"الي"}), frozenset({"نسب"})  #: ascribed to
#: Who welcomes, signs or promises a penalty is against what it punishes; who condemns one takes no side.
_OF_PENALTIES = {
    Manner.PRAISE: Manner.PUNISH,
    Manner.ACT: Manner.PUNISH,
    Manner.COMMIT: Manner.PUNISH,
    Manner.CONDEMN: Manner.DENY,
}
_BACKING = frozenset({"ايد", "ساند", "دعم", "وافق"})  #: backed: with a pronoun, who spoke before, not the target
_QUOTING = frozenset({"نقلا", "ونقلا"})


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place that hands words over."""

    at: int  #: word
    speakers: tuple[Speaker, ...]
    manner: Manner
    cue: str  #: the word as it stands in the text, or a colon
    is_feeling: bool = False


def find_anchors(scene: Scene, clause: Clause, memory: Memory) -> list[Anchor]:
    """Return the anchors of a sentence in order and remember their speakers."""
    found: list[Anchor] = []
    for anchor in _colon(scene, clause, memory):
        _keep(scene, anchor, found, memory)
    for index in range(clause.first, clause.stop):
        if index not in scene.quoted:
            here = _signed(scene, clause, index, memory)
            if here is None and index not in scene.at and scene.cues.sense(scene.text(index)).may_hand_over:
                here = _anchor(scene, clause, index, found, memory)
            if here is not None:
                _keep(scene, here, found, memory)
    is_penal = any(anchor.manner is Manner.PUNISH for anchor in found)
    is_penal = is_penal or any(True for _ in scene.cues.penalties.find(scene.words, clause.first, clause.stop))
    memory.is_punished = memory.is_punished or is_penal
    tail = _as_said(scene, clause, memory)
    return found if tail is None else [tail]


def _as_said(scene: Scene, clause: Clause, memory: Memory) -> Anchor | None:
    """Return the speaker of ", as the expert says" at a sentence's end: all before it is his."""
    for place in range(max(clause.first + 1, clause.stop - _TAIL_WORDS), clause.stop - 1):
        if scene.text(place) not in _AS or not COMMA.search(scene.words.gap(place)):
            continue
        verb = scene.cues.verb(scene.text(place + 1))
        if verb is None or verb.form is not Form.FINITE or place in scene.quoted:
            continue
        speakers = read_speakers(scene, place + 2, clause.stop, memory)
        if len(speakers) == 1 and speakers[0].is_person and speakers[0].stop == clause.stop:
            return Anchor(place, speakers, verb.manner, scene.surface(place, place + 2))
    return None


def _keep(scene: Scene, anchor: Anchor, found: list[Anchor], memory: Memory) -> None:
    """Add the anchor; a state named behind one of its own people or its capital is no second speaker."""
    if found and _is_same_voice(scene, found[-1].speakers, anchor.speakers):
        anchor = replace(anchor, speakers=found[-1].speakers)
    found.append(anchor)
    memory.speakers.extend(anchor.speakers[:1])


def _is_same_voice(scene: Scene, before: Sequence[Speaker], after: Sequence[Speaker]) -> bool:
    if len(after) != 1 or not after[0].country or all(s.country != after[0].country for s in before):
        return False
    name = scene.at.get(after[0].stop - 1)
    return name is not None and name.mention.type is EntityType.GPE


def _anchor(scene: Scene, clause: Clause, index: int, found: Sequence[Anchor], memory: Memory) -> Anchor | None:
    source = scene.cues.sources.match(scene.words, index, clause.stop)
    if source is not None:
        return _source(scene, clause, source.stop, index, found, memory)
    feeling = scene.cues.feelings.match(scene.words, index, clause.stop)
    owned = _feeling(scene, clause, feeling.stop, index, memory) if feeling else None
    if owned is not None:
        return owned
    spoken = _nominal(scene, clause, index, memory) or _masdar(scene, clause, index, memory)
    if spoken is not None:
        return spoken
    readings = takewhile(lambda v: v.form is not Form.NOUN, scene.cues.readings(scene.text(index)))
    verb = next((v for v in readings if is_meant(scene, clause, index, v)), None)
    return None if verb is None else _verb(scene, clause, index, verb, found, memory)


def _nominal(scene: Scene, clause: Clause, index: int, memory: Memory) -> Anchor | None:
    """Return who speaks in "her answer was: ...": a noun of speech with a pronoun, and a colon behind it."""
    if not scene.cues.speeches.owns(scene.text(index)):
        return None
    colons = (":" in scene.words.gap(place) for place in range(index + 1, min(clause.stop, index + _ANSWER_WORDS)))
    speakers = meant_by_pronoun(scene, clause, index + 1, memory) if any(colons) else ()
    return Anchor(index, speakers, Manner.SAY, scene.surface(index, index + 1)) if speakers else None


def _masdar(scene: Scene, clause: Clause, index: int, memory: Memory) -> Anchor | None:
    """Return who speaks in "the announcement of Moscow that": a noun of speech, whose it is, and what was said."""
    word = scene.text(index)
    if is_definite(word) or not scene.cues.masdars.holds_front(word) or scene.words.gap(index + 1).strip():
        return None
    speakers = read_speakers(scene, index + 1, min(clause.stop, index + NEED_WORDS), memory)
    if (
        not speakers
        or scene.text(index + 1)[:1] == "ل" != scene.words.source[speakers[0].start : speakers[0].start + 1]
    ):
        return None
    stop = speakers[-1].stop
    is_told = any(is_that(scene, place) for place in range(stop, min(clause.stop, stop + _ANSWER_WORDS)))
    return Anchor(index, speakers, Manner.SAY, scene.surface(index, index + 1)) if is_told else None


def _verb(
    scene: Scene, clause: Clause, index: int, verb: Verb, found: Sequence[Anchor], memory: Memory
) -> Anchor | None:
    cue = scene.surface(index, index + 1)
    if verb.manner is Manner.RELAY:
        return _relay(scene, clause, index, verb.lemma, memory)
    before = [anchor.speakers for anchor in found if not anchor.is_feeling] or [anchor.speakers for anchor in found]
    if verb.form is Form.PARTICIPLE:
        speakers = echo(scene, clause, index, before, memory)
    else:
        speakers = subject_of(scene, clause, index, before, memory)
    speakers = _quoted_source(scene, clause, index, speakers, memory) or speakers
    if _is_silent(scene, clause, index, verb) or _is_carried(scene, clause, index, speakers):
        return None
    if not speakers:
        return None
    manner = _towards_penalty(scene, clause, index, _manner(scene, clause, index, verb), speakers, memory)
    return Anchor(index, speakers, manner, cue)


def _is_silent(scene: Scene, clause: Clause, index: int, verb: Verb) -> bool:
    """Say whether somebody who was asked did not answer: he says nothing, not even that he does not judge."""
    before = scene.text(index - 1) if index > clause.first else ""
    wanted = scene.cues.silences.get(verb.lemma, ())
    is_negated = before in NOT or before[1:] in NOT
    return is_negated and is_followed(scene, index + 1, min(clause.stop, index + NEED_WORDS), wanted)


def _is_carried(scene: Scene, clause: Clause, index: int, speakers: Sequence[Speaker]) -> bool:
    """Say whether a medium is named behind the words it only carries: ", as the agency reported"."""
    if index <= clause.first + 1 or scene.text(index - 1) not in _AS or not speakers:
        return False
    return scene.cues.media.names(scene.text(index + 1)) or scene.is_carrier(speakers[0].entity_id)


def _manner(scene: Scene, clause: Clause, index: int, verb: Verb) -> Manner:
    before = scene.text(index - 1) if index > clause.first else ""
    if before in NOT or before[1:] in NOT:
        return Manner.SAY if verb.lemma in scene.cues.avowals else Manner.DENY
    wanted = scene.cues.declines.get(verb.lemma)
    if wanted and is_followed(scene, index + 1, min(clause.stop, index + NEED_WORDS), wanted):
        return Manner.DENY
    is_of_person = verb.manner is Manner.PRAISE and scene.text(index).endswith(("ه", "ها")) and verb.lemma in _BACKING
    return Manner.SAY if is_of_person else verb.manner


def _towards_penalty(
    scene: Scene, clause: Clause, index: int, manner: Manner, speakers: Sequence[Speaker], memory: Memory
) -> Manner:
    """Return the manner turned round where it is a penalty that is praised, signed or blamed."""
    if manner not in _OF_PENALTIES or not _is_of_penalty(scene, clause, index, memory):
        return manner
    is_party = any(speaker.country == country for speaker in speakers for *_, country in memory.parties)
    return manner if is_party else _OF_PENALTIES[manner]


def _is_of_penalty(scene: Scene, clause: Clause, index: int, memory: Memory) -> bool:
    """Say whether what is praised, blamed or signed is a penalty, or the measure told of before, which was one."""
    place, stop = index + 1, min(clause.stop, index + _OBJECT_WORDS)
    while place < stop and not (STOP.search(scene.words.gap(place)) or is_that(scene, place)):
        if place not in scene.at and scene.cues.penalties.match(scene.words, place, clause.stop):
            return True
        if memory.is_punished and is_definite(scene.text(place)) and scene.text(place) in scene.cues.measures:
            return True
        place += 1
    return False


def _relay(scene: Scene, clause: Clause, index: int, lemma: str, memory: Memory) -> Anchor | None:
    """Return who stands behind "from"; without it, who relays greetings or a letter speaks himself."""
    cue = scene.surface(index, index + 1)
    for place in range(index + 1, clause.stop):
        if scene.text(place) in (_TO if lemma in _ASCRIBING else _FROM):
            speakers = read_speakers(scene, place + 1, clause.stop, memory) or _quoted_stranger(
                scene, clause, place + 1
            )
            return Anchor(index, speakers, Manner.SAY, cue) if speakers else None
        if scene.text(place) in _FROM_HIM and (last := memory.last()):
            return Anchor(index, (replace(last, is_echo=True),), Manner.SAY, cue)
        if is_that(scene, place) or scene.cues.verb(scene.text(place)):
            break
    messages = [want for want in scene.cues.needs.get(lemma, ()) if want not in _FROM]
    if not is_followed(scene, index + 1, min(clause.stop, index + NEED_WORDS), messages):
        return None
    speakers = read_speakers(scene, index + 1, limit_of(scene, clause, index), memory)
    return Anchor(index, speakers, Manner.SAY, cue) if speakers else None


def _quoted_stranger(scene: Scene, clause: Clause, first: int) -> tuple[Speaker, ...]:
    """Return whoever stands between "from" and "his saying", be he known or not."""
    for stop in range(first + 1, min(clause.stop, first + _STRANGER_WORDS + 1)):
        if scene.text(stop) in _SAYING:
            is_name = not any(scene.text(place) in scene.cues.particles for place in range(first, stop))
            return (unlisted(scene, first, stop),) if is_name else ()
    return ()


def _quoted_source(
    scene: Scene, clause: Clause, index: int, speakers: Sequence[Speaker], memory: Memory
) -> tuple[Speaker, ...]:
    """Return whom a medium quotes behind its own verb, () where it speaks for itself."""
    if not speakers or speakers[0].is_person:
        return ()
    for place in range(index + 1, min(clause.stop, index + NEED_WORDS)):
        if is_that(scene, place):
            return ()
        if scene.text(place) in _QUOTING and scene.text(place + 1) in _FROM:
            return read_speakers(scene, place + 2, clause.stop, memory)
    return ()


def _source(
    scene: Scene, clause: Clause, start: int, index: int, found: Sequence[Anchor], memory: Memory
) -> Anchor | None:
    """Return the speaker behind "according to"; a sentence that has a speaker keeps him."""
    if any(not anchor.is_feeling for anchor in found):
        return None
    speakers = source_of(scene, clause, start, index, memory)
    return Anchor(index, speakers, Manner.SAY, scene.surface(index, index + 1)) if speakers else None


def _feeling(scene: Scene, clause: Clause, start: int, index: int, memory: Memory) -> Anchor | None:
    """Return whose concern it is: who follows at once, or behind "with", "among"."""
    speakers = felt_by(scene, clause, start, index, memory)
    if not speakers:
        return None
    verb = next((v for stem in fronts(scene.text(index)) if (v := scene.cues.verb(stem))), None)
    return Anchor(
        index, speakers, verb.manner if verb else Manner.WARN, scene.surface(index, index + 1), is_feeling=True
    )


def _colon(scene: Scene, clause: Clause, memory: Memory) -> Iterator[Anchor]:
    """Yield the speaker of "Moscow: ..."; a mere description there is the body's first speaker, told twice."""
    first = clause.first
    while first < clause.stop and scene.text(first).isdigit():  # the hour, in a live text
        first += 1
    for place in range(first + 1, min(clause.stop, first + _COLON_WORDS)):
        if ":" in scene.words.gap(place):
            speakers = read_speakers(scene, first, place, memory)
            stop = past_addressee(scene, speakers[-1].stop, clause.stop, memory) if speakers else 0
            if stop == place and not speakers[0].head and not _is_scene(scene, clause, place):
                yield Anchor(first, speakers, Manner.SAY, ":")
            return
        is_verb = place not in scene.at and scene.cues.verb(scene.text(place)) is not None
        is_addressed = scene.text(place - 1) == "ل"  # to «the paper X»
        if is_verb or (STOP.search(scene.words.gap(place)) and not is_addressed):
            return


def _is_scene(scene: Scene, clause: Clause, place: int) -> bool:
    """Say whether the colon at `place` ends where something happens: "Tokyo: the minister said"."""
    name, word = scene.at.get(place - 1), scene.text(place)
    if name is None or name.mention.type is not EntityType.GPE or place >= clause.stop:
        return False
    verb = scene.cues.verb(word)
    return word in scene.cues.deeds or (verb is not None and verb.form is Form.FINITE)


def _signed(scene: Scene, clause: Clause, index: int, memory: Memory) -> Anchor | None:
    """Return the speaker of a sentence that is a quotation and whose it is: «...»: Kim, in his answer."""
    if index == clause.first or clause.first not in scene.quoted or not _QUOTE_COLON.search(scene.words.gap(index)):
        return None
    if any(place not in scene.quoted for place in range(clause.first, index)):
        return None
    speakers = read_speakers(scene, index, clause.stop, memory)
    return Anchor(index, speakers, Manner.SAY, ":") if speakers and not speakers[0].head else None
