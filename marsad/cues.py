"""Owns the words by which Arabic news hands speech to a speaker and takes sides: stance.toml, unfolded into forms.

A verb is listed once and found in gender, number and tense; which of its readings is meant is decided by what
must follow it (`needs`): وقع is "signed" only before a treaty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from marsad.errors import SettingsError
from marsad.lexicon import Lexicon, lexicons_of
from marsad.words import fold_each, verb_stems

_REMEMBERED_WORDS = 1 << 15  #: the words of news come again, and each is asked for ten times an article


class Manner(StrEnum):
    """What a verb does to what is spoken of."""

    SAY = "say"  #: judged by the words it holds
    PRAISE = "praise"
    COMMIT = "commit"
    CONDEMN = "condemn"
    WARN = "warn"
    DENY = "deny"
    ACT = "act"
    PUNISH = "punish"
    RELAY = "relay"  #: somebody else, behind "from", is the speaker


class Form(StrEnum):
    """In which form a verb stands; it tells where its subject is to be looked for."""

    FINITE = "finite"
    JUSSIVE = "jussive"  #: shortened, as behind "did not": لم يخف, "he did not hide"
    PARTICIPLE = "participle"  #: adding that: the subject is that of the verb before
    NOUN = "noun"


@dataclass(frozen=True, slots=True)
class Verb:
    """One form of one verb."""

    lemma: str  #: folded past tense
    manner: Manner
    form: Form


@dataclass(frozen=True, slots=True)
class Sense:
    """What the cue lists know of a word in any of its readings, asked of all of them at once."""

    readings: tuple[Verb, ...]  #: verbs of which it may be a form, the likeliest first
    is_title: bool  #: of a person
    may_hand_over: bool  #: it may hand words to a speaker, by itself or with words behind it
    may_take_side: bool
    may_head_body: bool  #: a name of an institute, an office or a medium may begin with it


@dataclass(frozen=True, slots=True, eq=False)
class Cues:
    """All cue words."""

    verbs: Mapping[str, tuple[Verb, ...]]  #: by folded form: توقع is "he expected" and "she signs"
    needs: Mapping[str, tuple[str, ...]]  #: folded lemma -> folded words (or ":"), one of which must follow
    declines: Mapping[str, tuple[str, ...]]  #: folded lemma -> folded words that make it a refusal to judge
    silences: Mapping[str, tuple[str, ...]]  #: folded lemma -> folded words that make its negation no answer at all
    avowals: frozenset[str]  #: folded lemmas that tell all the more when negated
    addressed: frozenset[str]  #: folded lemmas whose object is called upon or blamed
    sources: Lexicon
    feelings: Lexicon
    supportive: Lexicon
    opposed: Lexicon
    neutral: Lexicon
    negation: frozenset[str]
    penalties: Lexicon
    measures: Lexicon
    endings: Lexicon
    dealings: Lexicon
    openers: Lexicon
    labels: Lexicon
    interviews: Lexicon
    questions: Lexicon
    joint: Lexicon
    speeches: Lexicon
    masdars: Lexicon
    adverbs: Lexicon
    persons: Lexicon
    groups: Lexicon
    institutes: Lexicon
    documents: Lexicon
    offices: Lexicon
    private: Lexicon
    media: Lexicon
    particles: frozenset[str]  #: deeds among them
    deeds: frozenset[str]  #: folded forms of verbs that are no speech
    bodies: tuple[tuple[str, str], ...]  #: Arabic and English
    agencies: Mapping[str, str]  #: id by folded name

    def is_feminine(self, word: str) -> bool:
        """Say whether the folded word is a verb in a feminine form, as states and capitals take it."""
        form = next((stem for stem in verb_stems(word) if stem in self.verbs), "")
        past = self.verbs[form][0].lemma if form else ""
        return form != past and (form.endswith(("ت", "تا")) or form.removeprefix("س").startswith("ت"))

    def verb(self, word: str) -> Verb | None:
        """Return the verb of which the folded word is a form, None where there is none."""
        readings = _sense(self, word).readings
        return readings[0] if readings else None

    def readings(self, word: str) -> tuple[Verb, ...]:
        """Return the verbs of which the folded word may be a form: وعدت is "she promised" and "and she deemed"."""
        return _sense(self, word).readings

    def sense(self, word: str) -> Sense:
        """Return what all lists know of the folded word: most words are on none."""
        return _sense(self, word)


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _sense(cues: Cues, word: str) -> Sense:
    readings = tuple(verb for stem in verb_stems(word) for verb in cues.verbs.get(stem, ()))
    opening = (cues.sources, cues.feelings)
    sided = (cues.neutral, cues.opposed, cues.supportive, cues.endings)
    is_noun_of_speech = cues.speeches.owns(word) or cues.masdars.holds_front(word)
    return Sense(
        readings,
        is_title=cues.persons.names(word),
        may_hand_over=bool(readings) or is_noun_of_speech or any(lexicon.opens(word) for lexicon in opening),
        may_take_side=any(lexicon.opens(word) for lexicon in sided),
        may_head_body=word in cues.media or cues.institutes.holds_front(word) or cues.offices.holds_front(word),
    )


def parse_cues(table: dict[str, Any], subject: str) -> Cues:
    """Return the cues of a stance.toml's table.

    Raises:
        SettingsError: a table holds anything but texts, or a manner nobody knows.
    """
    verbs: dict[str, tuple[Verb, ...]] = {}
    lexicons = lexicons_of({key: _texts(table.get(key, {}), key, subject) for key in _LEXICONS})
    deeds = frozenset(_deeds(_texts(table.get("deeds", {}), "deeds", subject)))
    for form, verb in _verbs(table, subject):
        verbs[form] = tuple(dict.fromkeys((*verbs.get(form, ()), verb)))
    return Cues(
        verbs=verbs,
        needs=_followers(table, "needs", subject),
        declines=_followers(table, "declines", subject),
        **lexicons,
        silences=_followers(table, "silences", subject),
        avowals=_folded(table, "avowals", subject),
        addressed=_folded(table, "addressed", subject),
        negation=_folded(table, "negation", subject),
        particles=_folded(table, "particles", subject) | deeds,
        deeds=deeds,
        bodies=tuple(_texts(table.get("bodies", {}), "bodies", subject).items()),
        agencies=_agencies(_texts(table.get("agencies", {}), "agencies", subject)),
    )


_LEXICONS = (
    "sources",
    "feelings",
    "supportive",
    "opposed",
    "neutral",
    "penalties",
    "measures",
    "endings",
    "dealings",
    "openers",
    "labels",
    "interviews",
    "questions",
    "joint",
    "speeches",
    "masdars",
    "adverbs",
    "persons",
    "groups",
    "institutes",
    "documents",
    "offices",
    "private",
    "media",
)


def _agencies(rows: dict[str, str]) -> dict[str, str]:
    return dict(zip(fold_each(rows), rows.values(), strict=True))


def _folded(table: dict[str, Any], name: str, subject: str) -> frozenset[str]:
    return frozenset(fold_each(_texts(table.get(name, {}), name, subject)))


def _deeds(rows: dict[str, str]) -> Iterator[str]:
    """Yield the past and present forms of verbs written past|present."""
    parts = [part or "x" for row in rows for part in (row + "|").split("|")[:2]]
    folded = fold_each(parts)
    for past, present in zip(folded[::2], folded[1::2], strict=True):
        yield from _past_forms(past)
        yield from _present_forms(present) if present != "x" else ()


def _followers(table: dict[str, Any], name: str, subject: str) -> dict[str, tuple[str, ...]]:
    rows = _texts(table.get(name, {}), name, subject)
    return dict(zip(fold_each(rows), (_wants(value) for value in rows.values()), strict=True))


def _wants(value: str) -> tuple[str, ...]:
    return tuple(folded or part for part, folded in zip(value.split("|"), fold_each(value.split("|")), strict=True))


def _verbs(table: dict[str, Any], subject: str) -> Iterator[tuple[str, Verb]]:
    groups = {**table.get("verbs", {}), Manner.RELAY.value: table.get("relays", {})}
    for name, group in groups.items():
        if name not in set(Manner):
            raise SettingsError(subject, f"verbs.{name}: a manner is one of {', '.join(Manner)}")
        rows = [
            [part.strip() for part in (key + "|||").split("|")[:4]] for key in _texts(group, f"verbs.{name}", subject)
        ]
        folded = iter(fold_each(part or "x" for row in rows for part in row))
        for row in rows:
            parts = [next(folded) if part else (next(folded) and "") for part in row]
            yield from _forms(parts, Manner(name))


def _forms(parts: list[str], manner: Manner) -> Iterator[tuple[str, Verb]]:
    past, present, participle, noun = parts
    for form in (*_past_forms(past), *_before_pronouns(past, present)):
        yield form, Verb(past, manner, Form.FINITE)
    for form in _present_forms(present) if present else ():
        yield form, Verb(past, manner, Form.FINITE)
    for form in _jussive_forms(present):
        yield form, Verb(past, manner, Form.JUSSIVE)
    for form in _participle_forms(participle) if participle else ():
        yield form, Verb(past, manner, Form.PARTICIPLE)
    if noun and noun not in _past_forms(past):
        yield noun, Verb(past, manner, Form.NOUN)


def _past_forms(past: str) -> tuple[str, ...]:
    stem = past[:-1] if past[-1] in "يا" and len(past) > 2 else past  # noqa: PLR2004  a weak last letter falls before endings
    duals = (past + "ا", stem + "تا") if len(past) > 2 else ()  # noqa: PLR2004  ردا is "in reply"
    return (past, stem + "ت", stem + "وا", *duals)


def _present_forms(present: str) -> tuple[str, ...]:
    root = present[1:]
    plural = root[:-1] if root[-1] in "يوا" else root
    bare = ("ي" + root, "ت" + root, "ي" + plural + "ون", "ي" + root + "ان", "ت" + root + "ان", "ي" + plural + "وا")
    return (*bare, *("س" + form for form in bare))


def _jussive_forms(present: str) -> tuple[str, ...]:
    """Return the forms of a present tense that loses its weak last letter, () where it keeps it."""
    root = present[1:]
    return tuple(letter + root[:-1] for letter in "يت") if root[-1:] in "يوا" and len(root) > 3 - 1 else ()


def _before_pronouns(past: str, present: str) -> Iterator[str]:
    """Yield forms whose last ى is written ا before a pronoun: نفاه, يراه."""
    if past.endswith("ي") and len(past) > 2:  # noqa: PLR2004  a root
        yield past[:-1] + "ا"
    if present.endswith("ي"):
        yield from (letter + present[1:-1] + "ا" for letter in "يت")


def _participle_forms(participle: str) -> tuple[str, ...]:
    stem = participle.removesuffix("ا")
    return (participle, stem + "ه", stem + "ين", stem + "تين")


def _texts(table: object, name: str, subject: str) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise SettingsError(subject, f"[{name}] holds words and their glosses, each a text in quotes")
    return table
