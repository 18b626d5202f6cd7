"""Owns who stands behind "according to", behind a document, and whose a concern is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from marsad.articles import EntityType
from marsad.memory import Memory, Speaker, of_name
from marsad.scene import Clause, Scene
from marsad.speakers import read_speakers
from marsad.verbs import COMMA, NEED_WORDS, STOP
from marsad.words import owned

_OWNER_WORDS = 4  #: between a feeling and "with" whom it is
_WITH = frozenset({"لدي", "بين", "عند"})
_LIKE = frozenset({"بالنسبه", "لدول", "مثل"})  #: for, for countries, such as
_OF = frozenset({"عن", "من", "بها", "به"})
_ISSUED = frozenset("صادر صادره صدر صدرت نشره نشرته نشرها نشرتها اصدره اصدرته اصدرها اصدرتها".split())  # noqa: SIM905
_PUBLISHED = frozenset("نشره نشرته نشرها نشرتها بثته بثتها نقلته نقلتها اوردته اوردتها".split())  # noqa: SIM905
_STATEMENTS = frozenset({"بيان", "كلمه", "خطاب", "رساله", "تصريح", "تصريحات"})
_BETWEEN = frozenset({"ما", "لما", "كما", "به", "بها", "عنه", "عنها", "في"})  #: according to *what* he said *of it*


def source_of(scene: Scene, clause: Clause, start: int, index: int, memory: Memory) -> tuple[Speaker, ...]:
    """Return who stands behind "according to" at `index`, which ends before `start`; () for an agency that relays."""
    place = start
    while place < clause.stop and (scene.text(place) in _BETWEEN or scene.cues.verb(scene.text(place))):
        place += 1
    place = _past_documents(scene, clause, place)
    speakers = read_speakers(scene, place, clause.stop, memory) or meant_by_pronoun(scene, clause, start, memory)
    is_relay = index > clause.first and scene.cues.media.names(scene.text(place))
    return () if is_relay else _published_for(scene, start, speakers, memory) or speakers


def _published_for(scene: Scene, start: int, speakers: Sequence[Speaker], memory: Memory) -> tuple[Speaker, ...]:
    """Return who spoke last where a medium only published the statement: "it says in a statement that KCNA carried"."""
    last = memory.last()
    is_carried = bool(speakers) and scene.is_carrier(speakers[0].entity_id)
    if last is None or not is_carried or scene.text(start) not in _STATEMENTS:
        return ()
    is_published = any(scene.text(place) in _PUBLISHED for place in range(start, speakers[0].stop))
    return (replace(last, is_echo=True),) if is_published else ()


def meant_by_pronoun(scene: Scene, clause: Clause, stop: int, memory: Memory) -> tuple[Speaker, ...]:
    """Return whom "in his opinion", "as she put it" means: who was named before here, else who spoke last."""
    if not owned(scene.text(stop - 1)):
        return ()
    for place in range(stop - 1, max(clause.first, stop - NEED_WORDS) - 1, -1):
        name = scene.proper(place)
        if name is not None and name.mention.type is EntityType.PER:
            return (replace(of_name(name), is_echo=True),)
    last = memory.last()
    return (replace(last, is_echo=True),) if last else ()


def _past_documents(scene: Scene, clause: Clause, place: int) -> int:
    """Return where the owner of estimates, of a statement issued by, begins; `place` where nobody is named."""
    end = place
    while end < clause.stop and end - place < _OWNER_WORDS and end not in scene.at:
        is_verb = scene.cues.verb(scene.text(end)) is not None
        is_link = end > place and (scene.text(end) in _OF or scene.text(end) in _ISSUED or is_verb)
        if not is_link and not scene.cues.documents.names(scene.text(end)):
            break
        end += 1
    return end if end > place and end < clause.stop and not STOP.search(scene.words.gap(end)) else place


def felt_by(scene: Scene, clause: Clause, start: int, index: int, memory: Memory) -> tuple[Speaker, ...]:
    """Return whose feeling it is that stands at `index` and ends before `start`."""
    if scene.cues.feelings.owns(scene.text(index)) and not scene.cues.feelings.holds_front(scene.text(index)):
        return ()  # her concern: whose it is stood before
    is_construct = not scene.text(index).startswith(("ال", "وال")) and not COMMA.search(scene.words.gap(start))
    is_construct = is_construct and scene.text(start + 1) not in _WITH  # "great concern among": an adjective
    if is_construct and (speakers := read_speakers(scene, start, clause.stop, memory)):
        return speakers
    for place in range(start, min(clause.stop, start + _OWNER_WORDS)):
        if STOP.search(scene.words.gap(place)) or scene.text(place).startswith("لل"):
            break  # "condemnation of the cooperation between": whose it is stood before
        if scene.text(place) in _WITH | _LIKE:
            while scene.text(place) in _WITH | _LIKE:
                place += 1  # noqa: PLW2901
            return read_speakers(scene, place, clause.stop, memory)
    return ()
