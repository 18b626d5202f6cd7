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
from marsad.cues import Form, Manner, Verb
from marsad.scene import Clause, Scene
from marsad.speakers import Memory, Speaker, of_name, read_speakers
from marsad.subjects import AUXILIARIES, THAT, echo, is_that, limit_of, subject_of
from marsad.words import fronts, owned, stems

_NEED_WORDS = 24  #: a verb's complement stands near it
_ANSWER_WORDS = 8  #: his answer was of few words: ...
_TAIL_WORDS = 12
_AS = frozenset({"كما", "حسبما", "مثلما"})
_COLON_WORDS = 12  #: "Western experts: ..."
_OWNER_WORDS = 4  #: between a feeling and "with" whom it is
_STOP = re.compile(r"[:\n«»\"“”؛;]")
_QUOTE_END = re.compile(r"[»\"”“]\s*[،,:]?\s*[-–—]?\s*$")
_QUOTE_COLON = re.compile(r"[»\"”“]\s*[:،,]?\s*[:،,–—-]\s*$")  #: «...»: Kim
_COMMA = re.compile(r"[،,]")
_PASSIVE = re.compile(
    "^[وف]?[^\u064b-\u0652يت]\u064f"
)  #: damma on the first letter of a past tense: was said, by nobody
_PASSIVE_PRESENT = re.compile("^[وف]?[يت]\u064f")
_ROOT_CHARS = 3
_NOT = frozenset({"لم", "لن", "لا"})  #: did not, will not, does not
_FROM = frozenset({"عن"})
_TO, _ASCRIBING = frozenset({"الي"}), frozenset({"نسب"})  #: ascribed to
_WITH = frozenset({"لدي", "بين", "عند"})
_LIKE = frozenset({"بالنسبه", "لدول", "مثل"})  #: for, for countries, such as
_WHAT = frozenset({"ما", "مما", "بما", "لما", "عما"})  #: what he called
#: called, labelled, described, deemed, considered, saw, told, revealed, announced
_CALLING = frozenset({"سمي", "اسمي", "نعت", "وصف", "عد", "اعتبر", "راي", "ذكر", "كشف", "اعلن"})
_IMPERSONAL = frozenset({"يذكر", "ويذكر"})  #: it is to be noted that
_WHETHER = frozenset({"هل", "وهل", "فهل"})  #: who asks does not say
_OF = frozenset({"عن", "من", "بها", "به"})
_ISSUED = frozenset("صادر صادره صدر صدرت نشره نشرته نشرها نشرتها اصدره اصدرته اصدرها اصدرتها".split())  # noqa: SIM905
_BETWEEN = frozenset({"ما", "لما", "كما", "به", "بها", "عنه", "عنها", "في"})  #: according to *what* he said *of it*
_QUOTING = frozenset({"نقلا", "ونقلا"})
_BEFORE_NOUNS = frozenset(
    "في من علي الي عن مع بعد قبل منذ خلال عقب لدي عند عبر حول ضد بين امام دون غير بشان تجاه كل بعض اي ما اذا لو".split()  # noqa: SIM905
)  #: a noun follows, or what is only supposed
_BEHIND_VERBS = frozenset(
    "التي الذي الذين حيث اذ كما فيما بينما لكن ثم هو هي لقد حين اليوم امس معا هذا هذه".split()  # noqa: SIM905
)  #: particles a verb may follow; behind other particles stands a noun


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
            if here is None and index not in scene.at:
                here = _anchor(scene, clause, index, found, memory)
            if here is not None:
                _keep(scene, here, found, memory)
    tail = _as_said(scene, clause, memory)
    return found if tail is None else [tail]


def _as_said(scene: Scene, clause: Clause, memory: Memory) -> Anchor | None:
    """Return the speaker of ", as the expert says" at a sentence's end: all before it is his."""
    for place in range(max(clause.first + 1, clause.stop - _TAIL_WORDS), clause.stop - 1):
        if scene.text(place) not in _AS or not _COMMA.search(scene.words.gap(place)):
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
    if (spoken := _nominal(scene, clause, index, memory)) is not None:
        return spoken
    readings = takewhile(lambda v: v.form is not Form.NOUN, scene.cues.readings(scene.text(index)))
    verb = next((v for v in readings if _is_meant(scene, clause, index, v)), None)
    return None if verb is None else _verb(scene, clause, index, verb, found, memory)


def _nominal(scene: Scene, clause: Clause, index: int, memory: Memory) -> Anchor | None:
    """Return who speaks in "her answer was: ...": a noun of speech with a pronoun, and a colon behind it."""
    if not scene.cues.speeches.owns(scene.text(index)):
        return None
    colons = (":" in scene.words.gap(place) for place in range(index + 1, min(clause.stop, index + _ANSWER_WORDS)))
    speakers = _meant_by_pronoun(scene, clause, index + 1, memory) if any(colons) else ()
    return Anchor(index, speakers, Manner.SAY, scene.surface(index, index + 1)) if speakers else None


def _is_meant(scene: Scene, clause: Clause, index: int, verb: Verb) -> bool:
    """Say whether the word is that verb: no noun behind a preposition, no passive, with what it needs in reach."""
    if _is_noun_or_passive(scene, index, verb):
        return False
    before = scene.text(index - 1) if index > clause.first and not _COMMA.search(scene.words.gap(index)) else ""
    if before in _NOT and index > clause.first + 1 and scene.text(index - 2) in _WHAT:
        return False
    if before in _WHAT and scene.text(index).endswith(("ه", "ها")):
        is_source = scene.cues.sources.match(scene.words, max(clause.first, index - 2), index) is not None
        return verb.manner is Manner.SAY and not is_source and _is_calling(scene, clause, index, verb)
    if before in _BEFORE_NOUNS or (
        before in scene.cues.particles
        and before not in AUXILIARIES | THAT | _BEHIND_VERBS
        and not is_surely_verb(scene.text(index), verb)
    ):
        return False
    is_adjective = verb.form is Form.PARTICIPLE and not scene.text(index).endswith("ا")
    if is_adjective and not _opens_clause(scene, index + 1):
        return False
    return _has_need(scene, clause, index, verb)


def _is_calling(scene: Scene, clause: Clause, index: int, verb: Verb) -> bool:
    """Say whether "what he ...ed" needs nothing more: called, described; what each paid is no speech."""
    return verb.lemma in _CALLING or _has_need(scene, clause, index, verb)


def is_surely_verb(word: str, verb: Verb) -> bool:
    """Say whether the folded word can be no noun: the present tense, a feminine or plural past."""
    return verb.form is Form.FINITE and word not in (verb.lemma, "و" + verb.lemma, "ف" + verb.lemma)


def _is_noun_or_passive(scene: Scene, index: int, verb: Verb) -> bool:
    """Say whether the word has the article, is spoken by nobody, or is "it is to be noted that"."""
    word = scene.words.items[index]
    if word.text.startswith(("ال", "وال", "بال", "لل")):
        return True
    if word.text[0] == "ل" and verb.form is Form.FINITE and _is_behind_to(scene, word.text):
        return True
    if _is_impersonal(scene.words.source[word.start : word.end], verb):
        return True
    if verb.manner is not Manner.RELAY and _PASSIVE.search(scene.words.source[word.start : word.end]):
        return True
    if index and scene.text(index - 1) in _WHETHER:
        return True
    return word.text in _IMPERSONAL and scene.text(index + 1) in THAT


def _is_behind_to(scene: Scene, text: str) -> bool:
    """Say whether the word is a noun behind "to" (to radio X): a verb behind it is in the present tense."""
    return text not in scene.cues.verbs and text[1:2] not in "يت"


def _is_impersonal(written: str, verb: Verb) -> bool:
    """Say whether a damma makes the present passive: يُعتقد, "it is believed"; other verbs bear it when active."""
    is_open = verb.lemma.startswith("ا") and len(verb.lemma) > _ROOT_CHARS + 1
    is_open = is_open or (verb.lemma.startswith("ت") and len(verb.lemma) > _ROOT_CHARS)
    return is_open and _PASSIVE_PRESENT.search(written) is not None


def _has_need(scene: Scene, clause: Clause, index: int, verb: Verb) -> bool:
    """Say whether what the verb needs is in reach."""
    wanted = scene.cues.needs.get(verb.lemma)
    if wanted is None or (verb.manner is Manner.SAY and _closes_quote(scene, clause, index)):
        return True
    first = clause.first if verb.manner is Manner.ACT else index + 1  # "the treaty, which Putin signed"
    return _is_followed(scene, first, min(clause.stop, index + _NEED_WORDS), wanted)


def _closes_quote(scene: Scene, clause: Clause, index: int) -> bool:
    """Say whether a quotation ends before the word: "...", wrote Putin; what the verb needs stands there."""
    return index > clause.first and _QUOTE_END.search(scene.words.gap(index)) is not None


def _opens_clause(scene: Scene, index: int) -> bool:
    """Say whether a particle, "in" or a quotation begins here; else a feminine participle is an adjective."""
    word = scene.text(index)
    return word in scene.cues.particles or word.startswith("ب") or _STOP.search(scene.words.gap(index)) is not None


def _is_followed(scene: Scene, first: int, stop: int, wanted: Sequence[str]) -> bool:
    return any(_is_wanted(scene, place, wanted) for place in range(first, stop)) or (
        ":" in wanted
        and any(":" in scene.words.gap(place) for place in range(first, min(stop + 1, len(scene.words.items))))
    )


def _is_wanted(scene: Scene, place: int, wanted: Sequence[str]) -> bool:
    word = scene.text(place)
    for want in wanted:
        if len(want) > 2 and want in stems(word):  # noqa: PLR2004  shorter ones are particles, taken whole
            return True
        if want in (word, word[1:]) or (want == "ب" and word[0] == "ب"):
            return True
    return False


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
    return Anchor(index, speakers, _manner(scene, clause, index, verb), cue) if speakers else None


def _is_silent(scene: Scene, clause: Clause, index: int, verb: Verb) -> bool:
    """Say whether somebody who was asked did not answer: he says nothing, not even that he does not judge."""
    before = scene.text(index - 1) if index > clause.first else ""
    wanted = scene.cues.silences.get(verb.lemma, ())
    is_negated = before in _NOT or before[1:] in _NOT
    return is_negated and _is_followed(scene, index + 1, min(clause.stop, index + _NEED_WORDS), wanted)


def _is_carried(scene: Scene, clause: Clause, index: int, speakers: Sequence[Speaker]) -> bool:
    """Say whether a medium is named behind the words it only carries: ", as the agency reported"."""
    if index <= clause.first + 1 or scene.text(index - 1) not in _AS or not speakers:
        return False
    return scene.cues.media.names(scene.text(index + 1)) or scene.is_carrier(speakers[0].entity_id)


def _manner(scene: Scene, clause: Clause, index: int, verb: Verb) -> Manner:
    before = scene.text(index - 1) if index > clause.first else ""
    if before in _NOT or before[1:] in _NOT:
        return Manner.DENY
    wanted = scene.cues.declines.get(verb.lemma)
    if wanted and _is_followed(scene, index + 1, min(clause.stop, index + _NEED_WORDS), wanted):
        return Manner.DENY
    return verb.manner


def _relay(scene: Scene, clause: Clause, index: int, lemma: str, memory: Memory) -> Anchor | None:
    """Return who stands behind "from"; without it, who relays greetings or a letter speaks himself."""
    cue = scene.surface(index, index + 1)
    for place in range(index + 1, clause.stop):
        if scene.text(place) in (_TO if lemma in _ASCRIBING else _FROM):
            speakers = read_speakers(scene, place + 1, clause.stop, memory)
            return Anchor(index, speakers, Manner.SAY, cue) if speakers else None
        if is_that(scene, place) or scene.cues.verb(scene.text(place)):
            break
    messages = [want for want in scene.cues.needs.get(lemma, ()) if want not in _FROM]
    if not _is_followed(scene, index + 1, min(clause.stop, index + _NEED_WORDS), messages):
        return None
    speakers = read_speakers(scene, index + 1, limit_of(scene, clause, index), memory)
    return Anchor(index, speakers, Manner.SAY, cue) if speakers else None


def _quoted_source(
    scene: Scene, clause: Clause, index: int, speakers: Sequence[Speaker], memory: Memory
) -> tuple[Speaker, ...]:
    """Return whom a medium quotes behind its own verb, () where it speaks for itself."""
    if not speakers or speakers[0].is_person:
        return ()
    for place in range(index + 1, min(clause.stop, index + _NEED_WORDS)):
        if is_that(scene, place):
            return ()
        if scene.text(place) in _QUOTING and scene.text(place + 1) in _FROM:
            return read_speakers(scene, place + 2, clause.stop, memory)
    return ()


def _source(
    scene: Scene, clause: Clause, start: int, index: int, found: Sequence[Anchor], memory: Memory
) -> Anchor | None:
    """Return the speaker behind "according to"; a sentence that has a speaker keeps him, and an agency only relays."""
    if any(not anchor.is_feeling for anchor in found):
        return None
    place = start
    while place < clause.stop and (scene.text(place) in _BETWEEN or scene.cues.verb(scene.text(place))):
        place += 1
    place = _past_documents(scene, clause, place)
    speakers = read_speakers(scene, place, clause.stop, memory) or _meant_by_pronoun(scene, clause, start, memory)
    is_relay = index > clause.first and scene.cues.media.names(scene.text(place))
    return Anchor(index, speakers, Manner.SAY, scene.surface(index, index + 1)) if speakers and not is_relay else None


def _meant_by_pronoun(scene: Scene, clause: Clause, stop: int, memory: Memory) -> tuple[Speaker, ...]:
    """Return whom "in his opinion", "as she put it" means: who was named before here, else who spoke last."""
    if not owned(scene.text(stop - 1)):
        return ()
    for place in range(stop - 1, max(clause.first, stop - _NEED_WORDS) - 1, -1):
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
    return end if end > place and end < clause.stop and not _STOP.search(scene.words.gap(end)) else place


def _feeling(scene: Scene, clause: Clause, start: int, index: int, memory: Memory) -> Anchor | None:
    """Return whose concern it is: who follows at once, or behind "with", "among"."""
    speakers = _felt_by(scene, clause, start, index, memory)
    if not speakers:
        return None
    verb = next((v for stem in fronts(scene.text(index)) if (v := scene.cues.verb(stem))), None)
    return Anchor(
        index, speakers, verb.manner if verb else Manner.WARN, scene.surface(index, index + 1), is_feeling=True
    )


def _felt_by(scene: Scene, clause: Clause, start: int, index: int, memory: Memory) -> tuple[Speaker, ...]:
    if scene.cues.feelings.owns(scene.text(index)) and not scene.cues.feelings.holds_front(scene.text(index)):
        return ()  # her concern: whose it is stood before
    is_construct = not scene.text(index).startswith(("ال", "وال")) and not _COMMA.search(scene.words.gap(start))
    is_construct = is_construct and scene.text(start + 1) not in _WITH  # "great concern among": an adjective
    if is_construct and (speakers := read_speakers(scene, start, clause.stop, memory)):
        return speakers
    for place in range(start, min(clause.stop, start + _OWNER_WORDS)):
        if _STOP.search(scene.words.gap(place)) or scene.text(place).startswith("لل"):
            break  # "condemnation of the cooperation between": whose it is stood before
        if scene.text(place) in _WITH | _LIKE:
            while scene.text(place) in _WITH | _LIKE:
                place += 1  # noqa: PLW2901
            return read_speakers(scene, place, clause.stop, memory)
    return ()


def _colon(scene: Scene, clause: Clause, memory: Memory) -> Iterator[Anchor]:
    """Yield the speaker of "Moscow: ..."; a mere description there is the body's first speaker, told twice."""
    first = clause.first
    while first < clause.stop and scene.text(first).isdigit():  # the hour, in a live text
        first += 1
    for place in range(first + 1, min(clause.stop, first + _COLON_WORDS)):
        if ":" in scene.words.gap(place):
            speakers = read_speakers(scene, first, place, memory)
            if speakers and speakers[-1].stop == place and not speakers[0].head:
                yield Anchor(first, speakers, Manner.SAY, ":")
            return
        is_verb = place not in scene.at and scene.cues.verb(scene.text(place)) is not None
        if is_verb or _STOP.search(scene.words.gap(place)):
            return


def _signed(scene: Scene, clause: Clause, index: int, memory: Memory) -> Anchor | None:
    """Return the speaker of a sentence that is a quotation and whose it is: «...»: Kim, in his answer."""
    if index == clause.first or clause.first not in scene.quoted or not _QUOTE_COLON.search(scene.words.gap(index)):
        return None
    if any(place not in scene.quoted for place in range(clause.first, index)):
        return None
    speakers = read_speakers(scene, index, clause.stop, memory)
    return Anchor(index, speakers, Manner.SAY, ":") if speakers and not speakers[0].head else None
