"""Owns the search for a verb's subject: ahead of it, behind it, or among those who spoke before.

Arabic news puts the verb first and its subject behind it; headlines and contrasts (أما ... فـ) put the subject first; a
verb without a subject goes on with the speaker before, and participles (adding that) always do.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from marsad.articles import EntityType
from marsad.cues import Form, Manner
from marsad.echoes import AUXILIARIES, NOT_ACTORS, STRONG, echo, looks_like_verb, past_adverbs
from marsad.memory import Memory, Speaker, of_name
from marsad.names import Name
from marsad.scene import Clause, Scene
from marsad.speakers import GOVERNING, read_speakers
from marsad.stances import match_ending
from marsad.words import is_definite, owned

_REMEMBERED_CLAUSES = 4  #: the verbs of one are asked for in turn; a hostile one has hundreds
_FRONT_WORDS = 18  #: a subject ahead of its verb stands near it
_BREAK = re.compile(r"[:\n«»\"“”؛;]|\s[-–—]+\s")
_CLOSED = re.compile(r"[»\"”“]")
_RESTART = re.compile(r"[:؛]")
_END = re.compile(r"[،,.:؛!؟?«»\"“”\n]")
_SAID = re.compile(r"[»\"”“]\s*[،,]?\s*$")
_CONTRAST_WORDS = 2  #: a clause stands before the "and"
_OF_SEVERAL = ("ان", "تا", "وا", "ون")  #: ends of verbs whose subject are two or more
_BETWEEN = frozenset({"بين", "كل"})  #: between A and B, each of A and B
_PAUSED = re.compile(r"[.…؛|–—]")
_UNKNOWN_WORDS = 2
_TOLD_WORDS = 5
_ANYBODY = frozenset({"احد", "احدا", "اي"})
_NEVER = frozenset({"لا", "لم", "لن"})
_PAPERS = frozenset("بيان قرار مشروع نص بند فقره خطاب قانون".split())  #: drafts and articles: they say, nobody does  # noqa: SIM905
_SURELY_THAT = frozenset({"ان", "انه", "انها", "انهم"})

THAT = frozenset({"ان", "بان", "انه", "انها", "بانه", "بانها", "انهم"})  #: that, that he, that she, that they
_THINGS = (EntityType.LAW, EntityType.WEAPON)
_THESE = frozenset({"هذا", "هذه", "ذلك", "تلك"})
_INSIDE_NOUNS = _THESE | {"بين", "في", "مع", "من", "الي", "علي"}  #: between, in, with, of, to, on
_AS_FOR = "اما"
_COMMA = re.compile(r"[،,]")
_RELATIVES = frozenset({"التي", "الذي"})  #: who
WHAT = frozenset({"ما", "مما", "بما", "لما", "عما"})  #: what (he called)
#: country, state, government, ministry, leadership, people, army
_HOMES = frozenset({"بلاد", "بلد", "دوله", "حكومه", "وزاره", "قياده", "شعب", "جيش"})
_TOWARDS = frozenset({"الي", "علي", "من", "ل"})
_IN_IT = frozenset({"فيها", "فيه", "خلالها", "خلاله"})  #: in it: what was said belongs to whose speech or letter it was
_ALREADY = frozenset({"سبق", "وسبق"})
_HE = frozenset({"وهو", "وهي"})  #: and he (was bowing)


def subject_of(
    scene: Scene, clause: Clause, index: int, before: Sequence[tuple[Speaker, ...]], memory: Memory
) -> tuple[Speaker, ...]:
    """Return the subject of the finite verb at word `index`, () where nobody can be found.

    Args:
        scene: the text.
        clause: the sentence of the verb.
        index: the verb.
        before: speakers of the sentence so far, the latest last.
        memory: who spoke in earlier sentences.
    """
    owner = _owner(scene, clause, index)
    if owner is not None:
        return (of_name(owner),)
    if said := _had_said(scene, clause, index, memory):
        return said
    if _is_of_ours(scene, clause, index) and (said := echo(scene, clause, index, before, memory)):
        return said
    ahead = _ahead(scene, clause, index, memory)
    if ahead:
        return _own_voice(scene, clause, index, ahead, memory) or ahead
    if scene.text(index + 1) in _ANYBODY and _is_denied(scene, clause, index):
        return ()
    return _behind(scene, clause, index, before, memory)


def _own_voice(
    scene: Scene, clause: Clause, index: int, ahead: Sequence[Speaker], memory: Memory
) -> tuple[Speaker, ...]:
    """Return who speaks for the body ahead: "as for the ministry, its spokesman X said"."""
    if ahead[0].is_person or not scene.cues.persons.names(scene.text(index + 1)):
        return ()
    behind = read_speakers(scene, index + 1, limit_of(scene, clause, index), memory)
    return behind if behind and behind[0].is_person and not behind[0].is_echo else ()


def _had_said(scene: Scene, clause: Clause, index: int, memory: Memory) -> tuple[Speaker, ...]:
    """Return the subject of "X had already warned": سبق ل, whose verb stands behind "that"."""
    if scene.text(index - 1) not in THAT:
        return ()
    for place in range(index - 2, max(clause.first, index - _FRONT_WORDS) - 1, -1):
        if scene.text(place) in _ALREADY and scene.text(place + 1)[:1] == "ل":
            speakers = read_speakers(scene, place + 1, index - 1, memory)
            return speakers if speakers and speakers[-1].stop == index - 1 else ()
    return ()


def _behind(
    scene: Scene, clause: Clause, index: int, before: Sequence[tuple[Speaker, ...]], memory: Memory
) -> tuple[Speaker, ...]:
    """Return the subject behind the verb, else who goes on speaking."""
    start = past_addressee(scene, index + 1, clause.stop, memory)
    limit = limit_of(scene, clause, index if start == index + 1 else start)
    behind = read_speakers(scene, past_adverbs(scene, start, limit), limit, memory)
    if not behind and (told := _told_that(scene, clause, index)):
        return told
    if behind and _is_acted_on(scene, clause, index):
        return echo(scene, clause, index, before, memory) if before else ()
    if not behind or _is_no_actor(scene, clause, index, behind, memory):
        going_on = echo(scene, clause, index, before, memory)
        if behind and not going_on and _must_end_it(scene, clause, behind[0], memory):
            return ()
    else:
        going_on = ()
    return behind or () if _has_own_noun(scene, clause, index) else going_on or behind or _unknown(scene, clause, index)


def _is_no_actor(scene: Scene, clause: Clause, index: int, behind: Sequence[Speaker], memory: Memory) -> bool:
    """Say whether what stands behind the verb is its object, or what somebody calls something."""
    return _has_subject(scene, clause, index, behind) or _is_addressed(scene, clause, index, behind, memory)


def _has_subject(scene: Scene, clause: Clause, index: int, behind: Sequence[Speaker]) -> bool:
    """Say whether what stands behind the verb is no subject: "what he called a bond"."""
    before = scene.text(index - 1) if index > clause.first else ""
    word = scene.text(index + 1)
    return before in WHAT and behind[0].entity_id is None and not is_definite(word) and word.endswith("ه")


def _is_of_ours(scene: Scene, clause: Clause, index: int) -> bool:
    """Say whether the verb's subject is "his country", "her government" behind "that": who says so, speaks for it."""
    place = index
    while place > clause.first and scene.text(place - 1) in AUXILIARIES:
        place -= 1
    if place <= clause.first + 1 or scene.words.gap(place).strip() or scene.text(place - 2) not in THAT:
        return False
    return any(stem in _HOMES for stem in owned(scene.text(place - 1)))


def past_addressee(scene: Scene, index: int, stop: int, memory: Memory) -> int:
    """Return the word behind "(told) the newspaper X", "(said) to the team of", `index` where nobody is told."""
    word = scene.text(index)
    if word[:1] != "ل":
        return index
    if word == "ل" and index + 1 in scene.quoted:
        return next((place for place in range(index + 2, stop) if _CLOSED.search(scene.words.gap(place))), index)
    name = scene.proper(index + 1) if word == "ل" or scene.cues.media.names(word) else scene.proper(index)
    if name is not None:
        is_told = name.first > index or name.mention.start > scene.words.items[index].start
        return name.stop if is_told and name.stop < stop else index
    cues = scene.cues
    if cues.persons.holds(word) or cues.groups.holds(word) or not (cues.persons.names(word) or cues.groups.names(word)):
        return index
    told = read_speakers(scene, index, stop, memory)
    return told[-1].stop if told and told[-1].stop < stop else index


def _told_that(scene: Scene, clause: Clause, index: int) -> tuple[Speaker, ...]:
    """Return whoever stands between a verb of speech and "that", be he known or not: "said Galina that"."""
    verb = scene.cues.verb(scene.text(index))
    first = past_adverbs(scene, index + 1, clause.stop)
    if verb is None or verb.manner is not Manner.SAY or verb.lemma in scene.cues.addressed:
        return ()
    stop = first
    while stop < min(clause.stop, first + _TOLD_WORDS) and not (stop > first and _END.search(scene.words.gap(stop))):
        if scene.text(stop) in _SURELY_THAT and stop not in scene.at:
            break
        if _is_no_subject(scene, stop):
            return ()
        stop += 1
    is_told = stop < clause.stop and scene.text(stop) in _SURELY_THAT
    return (unlisted(scene, first, stop),) if is_told and stop > first and first not in scene.at else ()


def _is_no_subject(scene: Scene, place: int) -> bool:
    word, end = scene.text(place), scene.words.items[place].end
    is_adverb = scene.words.source[end - 1 : end] == "\u064b" or scene.words.source[end - 2 : end] == "\u064bا"
    return _is_no_name(scene, word) or is_adverb or word.isdigit() or word.startswith("لل")


def unlisted(scene: Scene, first: int, stop: int) -> Speaker:
    """Return the words as a person nobody has listed."""
    start, end = scene.span(first, stop)
    return Speaker(scene.words.source[start:end], None, start, end, stop, is_person=True)


def _is_addressed(scene: Scene, clause: Clause, index: int, behind: Sequence[Speaker], memory: Memory) -> bool:
    """Say whether the name behind the verb is its object: "he called on Moscow to", with no name behind that."""
    verb, name = scene.cues.verb(scene.text(index)), scene.proper(index + 1)
    if verb is None or verb.lemma not in scene.cues.addressed or len(behind) > 1:
        return False
    if _must_end_it(scene, clause, behind[0], memory):
        return True
    is_region = name is not None and name.mention.type is EntityType.LOC and not is_definite(scene.text(index + 1))
    is_city = is_region or (name is not None and name.mention.type is EntityType.GPE)
    is_body = name is None and scene.text(index + 1).endswith("ه") and scene.cues.groups.names(scene.text(index + 1))
    is_feminine = scene.cues.is_feminine(scene.text(index))
    return (is_city or is_body) and (not is_feminine or _goes_on_feminine(scene, clause, index))


def _is_acted_on(scene: Scene, clause: Clause, index: int) -> bool:
    """Say whether a thing is ahead of the verb, and whom it threatens behind it: that the deal threatens Europe."""
    verb = scene.cues.verb(scene.text(index))
    if verb is None or verb.lemma not in scene.cues.addressed:
        return False
    for place in range(index - 1, max(clause.first, index - _FRONT_WORDS) - 1, -1):
        if _END.search(scene.words.gap(place + 1)) or (place not in scene.at and _is_no_noun(scene, place)):
            return place < index - 1 and is_that(scene, place)
    first = scene.text(clause.first)
    is_thing = is_definite(first) or first.lstrip("وف") in _THESE
    return clause.first < index <= clause.first + _FRONT_WORDS and is_thing


def _is_no_noun(scene: Scene, place: int) -> bool:
    word = scene.text(place)
    if word in _INSIDE_NOUNS:
        return False
    is_verb = _is_finite(scene, place) and not scene.surface(place, place + 1).endswith("ة")
    return is_verb or is_that(scene, place) or word in scene.cues.particles


def _must_end_it(scene: Scene, clause: Clause, behind: Speaker, memory: Memory) -> bool:
    """Say whether a side of the target is called upon to end something: it does not itself demand that."""
    if behind.country not in {country for *_, country in memory.parties} or behind.stop >= clause.stop:
        return False
    place = behind.stop + (scene.text(behind.stop) in _TOWARDS)
    is_complement = place > behind.stop or scene.text(place).startswith("ب")
    return place < clause.stop and is_complement and match_ending(scene, place, clause.stop) is not None


def _goes_on_feminine(scene: Scene, clause: Clause, index: int) -> bool:
    """Say whether the verb before "and called on Moscow" is feminine as well: its subject goes on."""
    for place in range(index - 1, clause.first - 1, -1):
        is_inner = place > clause.first and scene.text(place - 1) in WHAT | _RELATIVES  # what the report said
        if place not in scene.at and place not in scene.quoted and _is_finite(scene, place) and not is_inner:
            return scene.cues.is_feminine(scene.text(place))
    first = scene.text(clause.first)
    return clause.first < index and clause.first not in scene.at and first.endswith("ت") and looks_like_verb(first)


def _is_denied(scene: Scene, clause: Clause, index: int) -> bool:
    return index > clause.first and scene.text(index - 1).lstrip("وف") in _NEVER


def _has_own_noun(scene: Scene, clause: Clause, index: int) -> bool:
    """Say whether the verb is a relative clause of the indefinite noun before it: a draft that condemns."""
    place = index - 1
    if place <= clause.first or scene.text(index)[0] not in "يت" or scene.words.gap(index).strip():
        return False
    word = scene.text(place)
    is_noun = not (place in scene.at or is_definite(word) or _is_no_name(scene, word) or word in AUXILIARIES)
    return is_noun and word in _PAPERS


def _unknown(scene: Scene, clause: Clause, index: int) -> tuple[Speaker, ...]:
    """Return the one or two words behind a quotation's verb as speaker: "...", says Pavel."""
    stop = index + 1
    while stop < min(clause.stop, index + 1 + _UNKNOWN_WORDS) and not (
        stop > index + 1 and _END.search(scene.words.gap(stop))
    ):
        stop += 1
    words = [scene.text(place) for place in range(index + 1, stop)]
    is_bounded = stop == clause.stop or _END.search(scene.words.gap(stop)) is not None
    is_told = index > clause.first and _SAID.search(scene.words.gap(index)) is not None
    if not (words and is_bounded and is_told) or any(_is_no_name(scene, word) for word in words):
        return ()
    return (unlisted(scene, index + 1, stop),)


def _is_no_name(scene: Scene, word: str) -> bool:
    return word in scene.cues.particles or (word[0] in "بلك" and is_definite(word)) or scene.cues.verb(word) is not None


def limit_of(scene: Scene, clause: Clause, index: int) -> int:
    """Return where the subject behind the verb must have ended: at "that", a colon, a dash or a quotation."""
    ends = _ends(scene, clause)
    at = bisect_right(ends, index)
    return ends[at] if at < len(ends) else clause.stop


@lru_cache(maxsize=_REMEMBERED_CLAUSES)
def _ends(scene: Scene, clause: Clause) -> tuple[int, ...]:
    places = range(clause.first + 1, clause.stop)
    return tuple(place for place in places if is_that(scene, place) or _BREAK.search(scene.words.gap(place)))


def is_that(scene: Scene, place: int) -> bool:
    """Say whether the word is "that" and no syllable of a name (إن إتش كيه, NHK)."""
    return scene.text(place) in THAT and place not in scene.at


def _owner(scene: Scene, clause: Clause, index: int) -> Name | None:
    """Return whose act or words: "and he was bowing", "remarks of X, in which he thanked", "a letter of X voicing"."""
    word = scene.text(index - 1) if index > clause.first + 1 else ""
    if word in _RELATIVES and (name := scene.proper(index - 2)) and name.mention.type is EntityType.PER:
        return name
    behind = (scene.text(place) for place in range(index + 1, min(index + 3, clause.stop)))
    if word not in _HE and not any(text in _IN_IT for text in behind):
        return None
    for place in range(index - 1, max(clause.first, index - 4) - 1, -1):
        name = scene.proper(place)
        if name is not None and name.mention.type is EntityType.PER:
            return name
        if scene.text(place) not in _HE | _RELATIVES:
            return None
    return None


def _ahead(scene: Scene, clause: Clause, index: int, memory: Memory) -> tuple[Speaker, ...]:
    """Return the subject between the clause's beginning and the verb, () where the verb comes first."""
    end = index
    while end > clause.first and scene.text(end - 1) in AUXILIARIES:
        end -= 1
    start, is_strong = _clause_start(scene, clause, end)
    speakers = read_speakers(scene, start, end, memory) if start < end else ()
    if not speakers:
        return _as_for(scene, start, end) if is_strong else _headed(scene, clause, end)
    is_next = speakers[-1].stop >= end and not _BREAK.search(scene.words.gap(end))
    return speakers if is_next or is_strong or _answers(scene, end) else _headed(scene, clause, end)


def _as_for(scene: Scene, start: int, end: int) -> tuple[Speaker, ...]:
    """Return whoever stands between "as for" and the ف that answers it, be he known or not."""
    if not _answers(scene, end) or not 0 < end - start <= _TOLD_WORDS or scene.text(start - 1) != _AS_FOR:
        return ()
    is_name = not any(place in scene.at or _is_no_name(scene, scene.text(place)) for place in range(start, end))
    is_whole = not any(_COMMA.search(scene.words.gap(place)) for place in range(start + 1, end))
    return (unlisted(scene, start, end),) if is_name and is_whole else ()


def _headed(scene: Scene, clause: Clause, end: int) -> tuple[Speaker, ...]:
    """Return the name right before the verb, behind a pause: "... and Kim.. and Seoul answers"."""
    name = scene.proper(end - 1) if end > clause.first else None
    if name is None or name.mention.type in _THINGS or _END.search(scene.words.gap(end)):
        return ()
    is_paused = name.first > clause.first and _PAUSED.search(scene.words.gap(name.first)) is not None
    is_paused = is_paused and name.mention.type not in NOT_ACTORS
    return (of_name(name),) if is_paused or _contrasts(scene, clause, name, end) else ()


def _contrasts(scene: Scene, clause: Clause, name: Name, end: int) -> bool:
    """Say whether "and" begins a clause of the name's own: "Putin visits Kim and Washington warns", singular."""
    first = name.first
    has_and = scene.text(first)[:1] == "و" and name.mention.start > scene.words.items[first].start
    if not has_and or first < clause.first + _CONTRAST_WORDS or scene.text(end).endswith(_OF_SEVERAL):
        return False
    if any(scene.text(place) in _BETWEEN for place in range(max(clause.first, first - _FRONT_WORDS), first)):
        return False
    pair = scene.proper(first - 1)
    return pair is None or (pair.first > clause.first and _leads_to_object(scene, pair.first - 1))


def _leads_to_object(scene: Scene, place: int) -> bool:
    """Say whether a particle or a verb stands here, of speech or in the present tense: few nouns begin with ي."""
    word = scene.text(place)
    is_present = word.startswith("ي") and looks_like_verb(word) and place not in scene.at
    return is_present or word in scene.cues.particles or _is_finite(scene, place)


def _answers(scene: Scene, place: int) -> bool:
    """Say whether the ف stands here that answers "as for": أما ... فقال."""
    return scene.text(place)[:1] == "ف"


def _clause_start(scene: Scene, clause: Clause, end: int) -> tuple[int, bool]:
    """Return where the clause before word `end` begins, behind its openers, and whether one promises a subject."""
    start, is_strong = clause.first, False
    for place in range(end - 1, max(clause.first, end - _FRONT_WORDS) - 1, -1):
        if place + 1 < end and _RESTART.search(scene.words.gap(place + 1)):
            start = place + 1  # "reactions: Paris called for"
            break
        opener = scene.cues.openers.match(scene.words, place, end)
        if opener is not None or is_that(scene, place):
            start, is_strong = (opener.stop if opener else place + 1), scene.text(place) in STRONG
            break
        if _is_finite(scene, place) and scene.text(place - 1) not in GOVERNING:
            return end, False
    while start < end and scene.text(start) in AUXILIARIES:
        start += 1
    return start, is_strong


def _is_finite(scene: Scene, place: int) -> bool:
    verb = scene.cues.verb(scene.text(place))
    return verb is not None and verb.form is not Form.NOUN and place not in scene.at and place not in scene.quoted
