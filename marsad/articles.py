"""Owns the nouns of what an article says: its text, who is named, who stands where.

Offsets are Python str indices into the text they were found in, half-open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from marsad.dates import UNDATED, Dated


class BodyKind(StrEnum):
    """What kind of text stands in `Article.body`."""

    FULL = "full"
    SUMMARY = "summary"  #: paywall, feed summary only, video page
    BLOCKED = "blocked"  #: consent, login or challenge text
    LIVE = "live"  #: a running ticker
    GALLERY = "gallery"
    NONE = "none"


class EntityType(StrEnum):
    """Types of gold/GUIDELINE.md; a nisba is a kind of mention, not a type of entity."""

    PER = "PER"
    GPE = "GPE"
    LOC = "LOC"
    ORG = "ORG"
    WEAPON = "WEAPON"
    LAW = "LAW"


SEEN = "+camel"  #: end of a method that had camel-tools' recognizer beside the rules


class MentionKind(StrEnum):
    """How a mention points at its entity."""

    NAME = "name"
    NISBA = "nisba"  #: an adjective of a country: الروسي
    UNLINKED = "unlinked"  #: a name the table does not know


class Stance(StrEnum):
    """Where a speaker stands on the target."""

    SUPPORTIVE = "supportive"
    OPPOSED = "opposed"
    NEUTRAL = "neutral"


class Attribution(StrEnum):
    """How the text hands a statement to its speaker."""

    DIRECT = "direct"  #: quoted
    INDIRECT = "indirect"  #: reported
    ACT = "act"  #: signed, sent, sanctioned
    ASCRIBED = "ascribed"  #: others say it of the speaker


class Label(StrEnum):
    """How near a text is to the topic."""

    ON = "on"
    NEAR = "near"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Article:
    """The text of a page, and what the page says about itself."""

    id: int  #: 63 bits of the canonical url, see marsad.identity
    url: str  #: canonical
    title: str
    body: str  #: paragraphs, one a line
    kind: BodyKind
    published: Dated = UNDATED
    modified: Dated = UNDATED
    authors: tuple[str, ...] = ()
    outlet: str = ""  #: name of the publisher, as the page or feeds.toml gives it
    lang: str = ""  #: ISO 639-1, by text
    tags: tuple[str, ...] = ()
    method: str = ""  #: name and version of the extraction

    @property
    def text(self) -> str:
        """Title, an empty line, body: the text that offsets of mentions and statements point into."""
        return f"{self.title}\n\n{self.body}"


@dataclass(frozen=True, slots=True)
class Entity:
    """A listed name."""

    id: str  #: stable slug
    name: str  #: English canonical name
    name_ar: str
    type: EntityType
    qid: str = ""  #: Wikidata, only where certain
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A span that names something."""

    start: int
    end: int
    surface: str
    type: EntityType
    kind: MentionKind
    entity_id: str | None = None
    name: str | None = None
    qid: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What a stance is about; from topic.toml."""

    id: str
    name: str
    name_ar: str


@dataclass(frozen=True, slots=True)
class Statement:
    """Somebody's words, act or judgement about a target, with its evidence."""

    speaker: str  #: canonical name, or the words of the text
    speaker_id: str | None
    speaker_start: int
    speaker_end: int
    target: str  #: Target.id
    stance: Stance
    start: int  #: of the evidence
    end: int
    cue: str  #: the words that decided
    attribution: Attribution
    confidence: float  #: 0..1


@dataclass(frozen=True, slots=True)
class Relevance:
    """How near a text is to the topic, and why."""

    label: Label
    score: float  #: 0..1
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutletVoice:
    """What the outlet itself says of the target, in sentences attributed to nobody."""

    stance: Stance = Stance.NEUTRAL
    start: int | None = None  #: evidence, None where neutral
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Tagging:
    """All that was found in one text."""

    relevance: Relevance
    mentions: tuple[Mention, ...] = ()
    statements: tuple[Statement, ...] = ()
    voice: OutletVoice = OutletVoice()
    balance: float | None = None  #: (supportive - opposed speakers) / speakers; None without speakers
    method: str = ""  #: name and version of the rules
    agency: str = ""  #: whose words it is printed from, as the text credits it; empty where it credits nobody
    people: frozenset[tuple[int, int]] = frozenset()  #: spans of mentions that only a recognizer saw

    def method_of(self, mention: Mention) -> str:
        """Return the method that found the mention: that of the recognizer too only where it alone saw it."""
        is_seen = (mention.start, mention.end) in self.people
        return self.method if is_seen else self.method.removesuffix(SEEN)


@dataclass(frozen=True, slots=True)
class Drop:
    """What did not become an article, and why."""

    stage: str  #: poll, fetch, extract, topic, store
    reason: str  #: a short stable word, e.g. "off_topic"
    url: str
    detail: str = ""
    feed_url: str = ""
    at: datetime | None = None  #: filled by the run that stores it
