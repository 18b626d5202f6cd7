"""Owns the question whether a word is the verb of speech it looks like.

Arabic writes verbs, nouns and passives with the same letters: what stands before the word and what must follow the verb
(needs in stance.toml) decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from marsad.cues import Form, Manner, Verb
from marsad.echoes import AUXILIARIES
from marsad.scene import Clause, Scene
from marsad.speakers import GOVERNING
from marsad.subjects import THAT, WHAT
from marsad.words import stems

NEED_WORDS = 24  #: a verb's complement stands near it
NOT = frozenset({"لم", "لن", "لا"})  #: did not, will not, does not
STOP = re.compile(r"[:\n«»\"“”؛;]")
_QUOTE_END = re.compile(r"[»\"”“]\s*[،,:]?\s*[-–—]?\s*$")
_SPEECH = re.compile(r":|[«“\"]$")  #: words follow: a colon, or a quotation at once
COMMA = re.compile(r"[،,]")
_PASSIVE = re.compile(
    "^[وف]?[^\u064b-\u0652يت]\u064f"
)  #: damma on the first letter of a past tense: was said, by nobody
_PASSIVE_PRESENT = re.compile("^[وف]?[يت]\u064f")
_DID_NOT = frozenset({"لم"})
_ALSO_PREPOSITIONS = frozenset(
    {"بين", "دون", "عقب"}
)  #: made clear, put down, commented only where a sentence begins so
_ROOT_CHARS = 3
#: called, labelled, described, deemed, considered, saw, told, revealed, announced
_CALLING = frozenset({"سمي", "اسمي", "نعت", "وصف", "عد", "اعتبر", "راي", "ذكر", "كشف", "اعلن"})
_IMPERSONAL = frozenset({"يذكر", "ويذكر"})  #: it is to be noted that
_WHETHER = frozenset({"هل", "وهل", "فهل"})  #: who asks does not say
_BEFORE_NOUNS = frozenset(
    "في من علي الي عن مع بعد قبل منذ خلال عقب لدي عند عبر حول ضد بين امام دون غير بشان تجاه كل بعض اي ما اذا لو".split()  # noqa: SIM905
)  #: a noun follows, or what is only supposed
_BEHIND_VERBS = frozenset(
    "التي الذي الذين حيث اذ كما فيما بينما لكن ثم هو هي لقد حين اليوم امس معا هذا هذه".split()  # noqa: SIM905
)  #: particles a verb may follow; behind other particles stands a noun


def is_meant(scene: Scene, clause: Clause, index: int, verb: Verb) -> bool:
    """Say whether the word is that verb: no noun behind a preposition, no passive, with what it needs in reach."""
    if _is_noun_or_passive(scene, index, verb) or not _is_governed(scene, clause, index, verb):
        return False
    before = scene.text(index - 1) if index > clause.first and not COMMA.search(scene.words.gap(index)) else ""
    if before in NOT and index > clause.first + 1 and scene.text(index - 2) in WHAT:
        return False
    if before in WHAT and scene.text(index).endswith(("ه", "ها")):
        is_source = scene.cues.sources.match(scene.words, max(clause.first, index - 2), index) is not None
        return verb.manner is Manner.SAY and not is_source and _is_calling(scene, clause, index, verb)
    is_bare = before not in _BEFORE_NOUNS and before[:1] in "وف" and before[1:] in _BEFORE_NOUNS  # and whoever thinks
    if (
        is_bare
        or before in _BEFORE_NOUNS
        or (
            before in scene.cues.particles
            and before not in AUXILIARIES | THAT | _BEHIND_VERBS
            and not _is_surely_verb(scene.text(index), verb)
        )
    ):
        return False
    is_adjective = verb.form is Form.PARTICIPLE and not scene.text(index).endswith("ا")
    if is_adjective and not _opens_clause(scene, index + 1):
        return False
    return _has_need(scene, clause, index, verb)


def _is_governed(scene: Scene, clause: Clause, index: int, verb: Verb) -> bool:
    """Say whether the word before suits the form: "did not" before a shortened one, no "that" before a participle."""
    before = scene.text(index - 1) if index > clause.first else ""
    if verb.form is Form.JUSSIVE:
        return before.lstrip("وف") in _DID_NOT
    if scene.text(index).lstrip("وف") in _ALSO_PREPOSITIONS and index > clause.first:
        return "\u0651" in scene.surface(index, index + 1)
    return verb.form is not Form.PARTICIPLE or before not in GOVERNING


def _is_calling(scene: Scene, clause: Clause, index: int, verb: Verb) -> bool:
    """Say whether "what he ...ed" needs nothing more: called, described; what each paid is no speech."""
    return verb.lemma in _CALLING or _has_need(scene, clause, index, verb)


def _is_surely_verb(word: str, verb: Verb) -> bool:
    """Say whether the folded word can be no noun: the present tense, a feminine or plural past."""
    return verb.form is Form.FINITE and word not in (verb.lemma, "و" + verb.lemma, "ف" + verb.lemma)


def _is_noun_or_passive(scene: Scene, index: int, verb: Verb) -> bool:
    """Say whether the word has the article, is spoken by nobody, or is "it is to be noted that"."""
    word = scene.words.items[index]
    if word.text.startswith(("ال", "وال", "بال", "لل")):
        return True
    if word.text[0] == "ل" and verb.form is Form.FINITE and _is_behind_to(scene, word.text):
        return True
    if verb.form is Form.FINITE and _is_accusative(word.text, scene.words.source[word.start : word.end], verb):
        return True
    if _is_impersonal(scene.words.source[word.start : word.end], verb):
        return True
    if verb.manner is not Manner.RELAY and _PASSIVE.search(scene.words.source[word.start : word.end]):
        return True
    is_asked = index > 0 and scene.text(index - 1) in _WHETHER
    return is_asked or (word.text in _IMPERSONAL and scene.text(index + 1) in THAT)


def _is_behind_to(scene: Scene, text: str) -> bool:
    """Say whether the word is a noun behind "to" (to radio X): a verb behind it is in the present tense."""
    return text not in scene.cues.verbs and text[1:2] not in "يت"


def _is_accusative(word: str, written: str, verb: Verb) -> bool:
    """Say whether the word is a noun's accusative or feminine: ضغطا is "pressure", seldom "both pressed"."""
    if written.endswith("ة") or "\u064b" in written:
        return True
    is_dual = word.lstrip("وف") == verb.lemma.lstrip("وف") + "ا"
    return is_dual and len(verb.lemma) <= _ROOT_CHARS and verb.manner is not Manner.ACT


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
    return is_followed(scene, first, min(clause.stop, index + NEED_WORDS), wanted)


def _closes_quote(scene: Scene, clause: Clause, index: int) -> bool:
    """Say whether a quotation ends before the word: "...", wrote Putin; what the verb needs stands there."""
    return index > clause.first and _QUOTE_END.search(scene.words.gap(index)) is not None


def _opens_clause(scene: Scene, index: int) -> bool:
    """Say whether a particle, "in" or a quotation begins here; else a feminine participle is an adjective."""
    word = scene.text(index)
    return word in scene.cues.particles or word.startswith("ب") or STOP.search(scene.words.gap(index)) is not None


def is_followed(scene: Scene, first: int, stop: int, wanted: Sequence[str]) -> bool:
    """Say whether one of the wanted words, or a colon where it is one of them, stands in the range of words."""
    return any(_is_wanted(scene, place, wanted) for place in range(first, stop)) or (
        ":" in wanted
        and any(_SPEECH.search(scene.words.gap(place)) for place in range(first, min(stop + 1, len(scene.words.items))))
    )


def _is_wanted(scene: Scene, place: int, wanted: Sequence[str]) -> bool:
    word = scene.text(place)
    for want in wanted:
        if len(want) > 2 and want in stems(word):  # noqa: PLR2004  shorter ones are particles, taken whole
            return True
        if want in (word, word[1:]) or (want == "ب" and word[0] == "ب"):
            return True
    return False
