"""Owns the places where a text hands words to somebody: verbs, "according to", feelings, a colon in a headline.

Arabic news puts the verb first and its subject behind it; headlines and contrasts (أما ... فـ) put the subject first; a
verb without a subject goes on with the speaker before. Participles (adding that) always do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from marsad.articles import EntityType
from marsad.cues import Form, Manner, Verb
from marsad.scene import Clause, Scene
from marsad.speakers import Memory, Speaker, of_name, read_speakers
from marsad.words import fronts, stems

_NEED_WORDS = 16  #: a verb's complement stands near it
_FRONT_WORDS = 18  #: a subject ahead of its verb stands near it
_COLON_WORDS = 8  #: "Western experts: ..."
_BREAK = re.compile(r"[:\n«»\"“”؛;]")
_COMMA = re.compile(r"[،,]")
_AUXILIARIES = frozenset(
    {
        "قد",
        "فقد",
        "وقد",
        "كان",
        "كانت",
        "وكان",
        "وكانت",
        "لا",
        "لم",
        "لن",
        "ما",
        "زال",
        "زالت",
        "فما",
        "سوف",
        "بات",
        "باتت",
    }
)
_THAT = frozenset({"ان", "بان", "انه", "انها", "بانه", "بانها", "انهم"})
_STRONG = frozenset({"اما", "كان", "كانت", "وكان", "وكانت"})  #: as for, had: the subject is sure to follow
_FROM = frozenset({"عن"})
_WITH = frozenset({"لدي", "بين", "عند"})
_LIKE = frozenset({"بالنسبه", "لدول", "مثل"})
_RELATIVE = frozenset({"ما", "لما", "كما"})
_HIS_WORDS = frozenset({"قوله", "قولها", "قولهم", "قولهما"})


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place that hands words over."""

    at: int  #: word
    speakers: tuple[Speaker, ...]
    manner: Manner
    cue: str  #: folded word
    is_suffix: bool = False  #: "according to": the words stand before it, unless it opens the sentence
    is_feeling: bool = False


def find_anchors(scene: Scene, clause: Clause, memory: Memory) -> list[Anchor]:
    """Return the anchors of a sentence in order and remember their speakers."""
    found: list[Anchor] = []
    for anchor in _colon(scene, clause, memory):
        _keep(anchor, found, memory)
    for index in range(clause.first, clause.stop):
        if index in scene.quoted or scene.proper(index) is not None:
            continue
        anchor = _anchor(scene, clause, index, found, memory)
        if anchor is not None:
            _keep(anchor, found, memory)
    return found


def _keep(anchor: Anchor, found: list[Anchor], memory: Memory) -> None:
    found.append(anchor)
    memory.speakers.extend(anchor.speakers[:1])


def _anchor(scene: Scene, clause: Clause, index: int, found: Sequence[Anchor], memory: Memory) -> Anchor | None:
    word = scene.text(index)
    source = scene.cues.sources.match(scene.words, index, clause.stop)
    if source is not None and not _is_inside_title(scene, index):
        return _source(scene, clause, source.stop, index, found, memory)
    feeling = scene.cues.feelings.match(scene.words, index, clause.stop)
    if feeling is not None:
        owner = _feeling(scene, clause, feeling.stop, index, memory)
        if owner is not None:
            return owner
    verb = scene.cues.verb(word)
    if verb is None or verb.form is Form.NOUN or not _is_meant(scene, clause, index, verb):
        return None
    return _verb(scene, clause, index, verb, found, memory)


def _is_inside_title(scene: Scene, index: int) -> bool:
    return scene.at.get(index) is not None


def _is_meant(scene: Scene, clause: Clause, index: int, verb: Verb) -> bool:
    """Say whether the verb is followed by what it needs, and is no name's or title's part."""
    if scene.at.get(index) is not None or scene.text(index).startswith(("ال", "وال", "بال", "لل")):
        return False
    if (
        index > clause.first
        and scene.text(index - 1) in scene.cues.particles - _AUXILIARIES - _THAT
        and not _may_precede(scene.text(index - 1))
    ):
        return False
    wanted = scene.cues.needs.get(verb.lemma)
    if wanted is None:
        return True
    for place in range(index + 1, min(clause.stop, index + _NEED_WORDS) + 1):
        gap = scene.words.gap(place) if place < len(scene.words.items) else ""
        if ":" in wanted and ":" in gap:
            return True
        if place < clause.stop and _is_wanted(scene.text(place), wanted):
            return True
    return False


def _may_precede(word: str) -> bool:
    """Say whether a verb may stand directly behind the particle; behind most prepositions a noun stands."""
    return word in {
        "التي",
        "الذي",
        "الذين",
        "حيث",
        "اذ",
        "كما",
        "فيما",
        "بينما",
        "لكن",
        "ثم",
        "هو",
        "هي",
        "لقد",
        "حين",
        "اليوم",
        "امس",
        "معا",
        "هذا",
        "هذه",
    }


def _is_wanted(word: str, wanted: Sequence[str]) -> bool:
    for want in wanted:
        if want == "ب":
            if word[0] == "ب" and len(word) > 1:
                return True
        elif want in (stems(word) if len(want) > 2 else (word, word[1:])):  # noqa: PLR2004
            return True
    return False


def _verb(
    scene: Scene, clause: Clause, index: int, verb: Verb, found: Sequence[Anchor], memory: Memory
) -> Anchor | None:
    cue = scene.text(index)
    if verb.manner is Manner.RELAY:
        return _relay(scene, clause, index, cue, memory)
    if verb.form is Form.PARTICIPLE:
        speakers = _echo(scene, clause, index, found, memory)
    else:
        speakers = (
            _subject_before(scene, clause, index, memory)
            or read_speakers(scene, index + 1, _limit(scene, clause, index), memory)
            or _echo(scene, clause, index, found, memory)
        )
    quoting = _quoted_source(scene, clause, index, speakers, memory)
    return Anchor(index, quoting or speakers, verb.manner, cue) if speakers else None


def _limit(scene: Scene, clause: Clause, index: int) -> int:
    """Return where the subject behind the verb must have ended: at "that", a colon or a quotation."""
    for place in range(index + 1, clause.stop):
        if scene.text(place) in _THAT or _BREAK.search(scene.words.gap(place)):
            return place
    return clause.stop


def _subject_before(scene: Scene, clause: Clause, index: int, memory: Memory) -> tuple[Speaker, ...]:
    """Return the subject that stands between the clause's beginning and the verb, () where the verb comes first."""
    end = index
    while end > clause.first and scene.text(end - 1) in _AUXILIARIES:
        end -= 1
    start, is_strong = _clause_start(scene, clause, end)
    if start >= end:
        return ()
    speakers = read_speakers(scene, start, end, memory)
    if not speakers:
        return ()
    is_next = speakers[-1].stop >= end and not _BREAK.search(scene.words.gap(end))
    return speakers if is_next or is_strong or scene.text(index)[0] == "ف" else ()


def _clause_start(scene: Scene, clause: Clause, end: int) -> tuple[int, bool]:
    """Return where the clause around word `end` begins, behind its openers, and whether an opener promises a subject."""
    start, is_strong = clause.first, False
    for place in range(end - 1, max(clause.first, end - _FRONT_WORDS) - 1, -1):
        word = scene.text(place)
        opener = scene.cues.openers.match(scene.words, place, end)
        if opener is not None or word in _THAT:
            start, is_strong = (opener.stop if opener else place + 1), word in _STRONG
            break
        verb = scene.cues.verb(word)
        if verb is not None and verb.form is not Form.NOUN and place not in scene.at and place not in scene.quoted:
            return end, False
    while start < end and scene.text(start) in _AUXILIARIES:
        start += 1
    return start, is_strong


def _echo(scene: Scene, clause: Clause, index: int, found: Sequence[Anchor], memory: Memory) -> tuple[Speaker, ...]:
    """Return who goes on speaking: the speaker before in the sentence, else its first actor, else who spoke last."""
    if found:
        before = [anchor for anchor in found if not anchor.is_feeling] or found
        return tuple(replace(s, is_echo=True) for s in before[-1].speakers)
    actor = _actor(scene, clause, index)
    if actor is not None:
        return (replace(of_name(actor), is_echo=True),)
    last = memory.last()
    return (replace(last, is_echo=True),) if last else ()


def _actor(scene: Scene, clause: Clause, index: int) -> object | None:
    for place in range(clause.first, index):
        name = scene.proper(place)
        if (
            name is None
            or place != name.first
            or name.mention.type in (EntityType.LAW, EntityType.WEAPON, EntityType.LOC)
        ):
            continue
        has_clitic = name.mention.start > scene.words.items[place].start
        before = scene.text(place - 1) if place > clause.first else ""
        if not has_clitic and before not in scene.cues.particles - _STRONG:
            return name
    return None


def _relay(scene: Scene, clause: Clause, index: int, cue: str, memory: Memory) -> Anchor | None:
    """Return who stands behind "from": agencies relay, others speak."""
    for place in range(index + 1, clause.stop):
        if scene.text(place) in _FROM:
            speakers = read_speakers(scene, place + 1, clause.stop, memory)
            return Anchor(index, speakers, Manner.SAY, cue) if speakers else None
        if scene.text(place) in _THAT:
            break
    speakers = read_speakers(scene, index + 1, _limit(scene, clause, index), memory)
    return Anchor(index, speakers, Manner.SAY, cue) if speakers else None


def _quoted_source(
    scene: Scene, clause: Clause, index: int, speakers: Sequence[Speaker], memory: Memory
) -> tuple[Speaker, ...]:
    """Return whom a medium quotes behind its own verb (نقلا عن), () where it speaks for itself."""
    if not speakers or speakers[0].is_person:
        return ()
    for place in range(index + 1, min(clause.stop, index + _NEED_WORDS)):
        if scene.text(place) in _THAT:
            return ()
        if scene.text(place) in ("نقلا", "ونقلا") and scene.text(place + 1) in _FROM:
            return read_speakers(scene, place + 2, clause.stop, memory)
    return ()


def _source(
    scene: Scene, clause: Clause, start: int, index: int, found: Sequence[Anchor], memory: Memory
) -> Anchor | None:
    """Return the speaker behind "according to"; a sentence that has one already keeps him."""
    if found and not all(anchor.is_feeling for anchor in found):
        return None
    place = start
    while place < clause.stop and (
        scene.text(place) in _RELATIVE
        or scene.cues.verb(scene.text(place))
        or scene.text(place) in ("به", "بها", "عنه")
    ):
        place += 1
    speakers = read_speakers(scene, place, clause.stop, memory)
    if not speakers and scene.text(place)[:1] == "ل" and scene.proper(place):
        speakers = read_speakers(scene, place, clause.stop, memory)
    return Anchor(index, speakers, Manner.SAY, scene.text(index), is_suffix=index > clause.first) if speakers else None


def _feeling(scene: Scene, clause: Clause, start: int, index: int, memory: Memory) -> Anchor | None:
    """Return whose concern it is: who follows at once, or behind "with", "among"."""
    speakers = (
        read_speakers(scene, start, clause.stop, memory)
        if not _COMMA.search(scene.words.gap(start) if start < clause.stop else ",")
        else ()
    )
    if speakers and scene.text(index).startswith(("ال", "وال")):
        speakers = ()
    place = start
    while not speakers and place < min(clause.stop, start + 4) and not _BREAK.search(scene.words.gap(place)):
        if scene.text(place) in _WITH:
            speakers = read_speakers(scene, place + 1, clause.stop, memory)
            break
        if scene.text(place) in _LIKE:
            while scene.text(place) in _LIKE:
                place += 1
            speakers = read_speakers(scene, place, clause.stop, memory)
            break
        place += 1
    if not speakers:
        return None
    verb = scene.cues.verb(next((s for s in fronts(scene.text(index)) if scene.cues.verb(s)), ""))
    return Anchor(index, speakers, verb.manner if verb else Manner.WARN, scene.text(index), is_feeling=True)


def _colon(scene: Scene, clause: Clause, memory: Memory) -> Iterator[Anchor]:
    """Yield the speaker of "Western experts: ..."."""
    if scene.quoted and clause.first in scene.quoted:
        return
    for place in range(clause.first + 1, min(clause.stop, clause.first + _COLON_WORDS)):
        if ":" in scene.words.gap(place):
            speakers = read_speakers(scene, clause.first, place, memory)
            if speakers and speakers[-1].stop == place:
                yield Anchor(clause.first, speakers, Manner.SAY, ":")
            return
        if _BREAK.search(scene.words.gap(place)) or scene.cues.verb(scene.text(place)):
            return
