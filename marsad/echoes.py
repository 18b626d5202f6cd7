"""Owns who goes on speaking where a verb has no subject of its own.

The speaker before in the sentence, else the first who acts in it, else who spoke last; and what stands between a verb
and its subject.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from marsad.articles import EntityType
from marsad.memory import Memory, Speaker, of_name
from marsad.names import Name
from marsad.scene import Clause, Scene
from marsad.speakers import read_speakers
from marsad.words import is_definite

_COMMA = re.compile(r"^\s*[،,]\s*$")
_SPEECH = re.compile(r"[:«“\"]")
_PRONOUNS = frozenset({"انه", "انها", "هو", "هي", "لكنه", "لكنها"})  #: he, she; that he, but she
_PHRASE_WORDS = 8  #: "in his answer to a question of our paper he said:"
_ROOT_CHARS = 3
_OPENING_WORDS = 2  #: "And he added": only a sentence's first verb goes on with the speaker of the one before
_ASIDE_WORDS = 10  #: "said, in a talk with our paper, the minister"
NOT_ACTORS = (EntityType.LAW, EntityType.WEAPON, EntityType.LOC)
#: already, was, not, still: they stand between a subject and its verb
AUXILIARIES = frozenset(
    "قد فقد وقد كان كانت وكان وكانت لا لم لن فلا فلم فلن ما زال زالت فما سوف بات باتت وهو وهي هو هي".split()  # noqa: SIM905
)
STRONG = frozenset({"اما", "كان", "كانت", "وكان", "وكانت"})  #: as for, had: a subject is sure to follow


def echo(
    scene: Scene, clause: Clause, index: int, before: Sequence[tuple[Speaker, ...]], memory: Memory
) -> tuple[Speaker, ...]:
    """Return who goes on speaking: the speaker before in the sentence, else its first actor, else who spoke last."""
    if before:
        return tuple(replace(speaker, is_echo=True) for speaker in before[-1])
    actor = _actor(scene, clause, index)
    if actor is not None:
        return (replace(of_name(actor), is_echo=True),)
    if opening := _opening_actors(scene, clause, index, memory):
        return tuple(replace(speaker, is_echo=True) for speaker in opening)
    is_near = index <= clause.first + _OPENING_WORDS or _is_told(scene, clause, index)
    last = memory.last() if is_near else None
    return (replace(last, is_echo=True),) if last else ()


def _is_told(scene: Scene, clause: Clause, index: int) -> bool:
    """Say whether nobody else can speak: "but he sees", or "in a biting phrase he said:" with no name before."""
    if index > clause.first and scene.text(index - 1).lstrip("وف") in _PRONOUNS:
        return True
    is_bare = index <= clause.first + _PHRASE_WORDS and not any(scene.proper(i) for i in range(clause.first, index))
    return is_bare and _SPEECH.search(scene.words.gap(index + 1)) is not None


def past_adverbs(scene: Scene, index: int, stop: int) -> int:
    """Return where the subject may begin behind "yesterday", "in his turn", "to me", or what stands between commas."""
    place = index
    while place < stop - 1 and place not in scene.at:
        hit = scene.cues.adverbs.match(scene.words, place, stop)
        if hit is None and not scene.text(place).isdigit():
            break
        place = hit.stop if hit else place + 1
    if place < stop and _COMMA.match(scene.words.gap(place)):
        commas = (i for i in range(place + 1, min(stop, place + _ASIDE_WORDS)) if _COMMA.match(scene.words.gap(i)))
        closing = next(commas, None)
        return index if closing is None else closing
    return place


def _actor(scene: Scene, clause: Clause, index: int) -> Name | None:
    """Return the first name of the sentence that acts: it opens the sentence, or follows a verb, title or adjective."""
    start = clause.first
    while start < index and scene.cues.openers.match(scene.words, start, index):
        start += 1
    for place in range(start, index):
        name = scene.proper(place)
        if name is None or place != name.first or name.mention.type in NOT_ACTORS:
            continue
        has_clitic = name.mention.start > scene.words.items[place].start
        if not has_clitic and (place <= start + 1 or _may_act_behind(scene, place - 1)):
            return name
    return None


def _opening_actors(scene: Scene, clause: Clause, index: int, memory: Memory) -> tuple[Speaker, ...]:
    """Return whom the sentence begins with, told by a title: at once, or behind a verb that is no speech."""
    start = clause.first
    while start < index and (hit := scene.cues.openers.match(scene.words, start, index)):
        start = hit.stop
    while start < index and scene.text(start) in AUXILIARIES:
        start += 1
    word = scene.text(start)
    if start < index and start not in scene.at and not is_definite(word):
        is_deed = word in scene.cues.deeds or word[1:] in scene.cues.deeds or looks_like_verb(word)
        start = past_adverbs(scene, start + 1, index) if is_deed else start
    is_led = scene.text(start)[:1] in "بلك" and not scene.cues.persons.holds(scene.text(start))
    return () if start >= index or is_led else read_speakers(scene, start, index, memory)


def _may_act_behind(scene: Scene, place: int) -> bool:
    word = scene.text(place)
    if place in scene.at or word in STRONG | _PRONOUNS or scene.cues.persons.names(word):
        return True
    if word in scene.cues.deeds or word[1:] in scene.cues.deeds:
        return True
    return word not in scene.cues.particles and not is_definite(word) and looks_like_verb(word)


def looks_like_verb(word: str) -> bool:
    """Say whether the word has a present tense's first letter or a feminine past's last one."""
    return len(word) > _ROOT_CHARS and (word.lstrip("وف").startswith(("ي", "ت", "ن")) or word.endswith("ت"))
