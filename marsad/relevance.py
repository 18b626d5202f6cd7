"""Owns the question how near a text is to the topic, and the recall-first filter for a mere title and summary.

A passing mention or a list of tags makes no text be on the topic: what counts is how many of its sentences speak of a
target, and whether title or lead do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marsad.aims import Touch, touch
from marsad.aliases import Kind
from marsad.articles import Label, Relevance
from marsad.identity import key_of
from marsad.scene import Scene
from marsad.sources import Entry, Verdict
from marsad.topic import Aim, Topic
from marsad.words import Words, read_words

_SENTENCE_WORDS = 4  #: shorter lines are captions, tags, buttons
_LEAD_COUNT = 2  #: sentences behind the title that say what a text is about
_SURE_TITLE_WEIGHT = 0.5  #: a title that names both sides and what they share says what the text is about
_TITLE_WEIGHT, _LEAD_WEIGHT, _BODY_WEIGHT, _BOTH_WEIGHT = 0.35, 0.25, 0.8, 0.35
_CONTEXT_WEIGHT, _CONTEXT_SHARE = 0.2, 0.35
_BOTH_COUNT = 3  #: names of the rarer side from which on the whole text is about both
_ON = 0.5  #: chosen on the development set of 25 articles, where every value from .45 to .60 gives the same labels
_NEAR_COUNT = 2  #: names of the near states in a text that is about something else: one is in passing
#: Of the names that belong to a state: at least .33 in 51 annotated texts on or near the topic, .33 and less off it.
_OWN_SHARE = 0.3
_PASSING_WEIGHT = 0.4  #: what is left of the score where the share is less: a text on others may still be on the topic
_BARE_SHARE = 0.6  #: of a sentence that names both sides and nothing that they share: a list of countries does so too
_DRAW = 10_000  #: steps of the audit draw


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a text reaches into one aim."""

    score: float
    reasons: tuple[str, ...]


def judge_scene(scene: Scene, topic: Topic, title_end: int) -> Relevance:
    """Return how near the text is; its title ends at `title_end` (offset), 0 where it has none."""
    reach = max((_reach(scene, aim, title_end) for aim in topic.aims), key=lambda reach: reach.score)
    is_elsewhere = _near_share(scene, topic) < _OWN_SHARE
    if is_elsewhere:
        reach = Reach(reach.score * _PASSING_WEIGHT, (*reach.reasons, "most of its names are of other countries"))
    if reach.score >= _ON:
        return Relevance(Label.ON, round(reach.score, 3), reach.reasons)
    near = () if is_elsewhere else _near_reasons(scene, topic)
    label = Label.NEAR if near else Label.OFF
    return Relevance(label, round(reach.score, 3), (*reach.reasons, *near) or (_why_off(scene, topic),))


def _near_share(scene: Scene, topic: Topic) -> float:
    """Return the share of the near states among all names that belong to a state, 1 where no name does.

    It is 1 as well where the topic names no state and nobody as near: then no state is another's.
    """
    if not topic.near.countries and not topic.near.entities:
        return 1.0
    states = [name for name in scene.names if name.country]
    near = sum(name.country in topic.near.countries or name.mention.entity_id in topic.near.entities for name in states)
    return near / len(states) if states else 1.0


def _why_off(scene: Scene, topic: Topic) -> str:
    is_named = any(name.country in topic.near.countries for name in scene.names)
    return "names the topic in passing only" if is_named else "names nothing of the topic"


def _reach(scene: Scene, aim: Aim, title_end: int) -> Reach:
    title = [c for c in scene.clauses if c.sentence.end <= title_end]
    body = [c for c in scene.clauses if c.sentence.end > title_end and c.stop - c.first >= _SENTENCE_WORDS]
    touches = [touch(scene, aim, c.first, c.stop) for c in body]
    together = _togetherness(scene, aim)
    about = sum(t.is_surely_about for t in touches)
    bare = sum(t.is_about for t in touches) - about
    parts = (
        (_title_weight([touch(scene, aim, c.first, c.stop) for c in title]), "the title speaks of it"),
        (_LEAD_WEIGHT * _nearness(touches[:_LEAD_COUNT]), "the lead speaks of it"),
        (
            _BODY_WEIGHT * (about + _BARE_SHARE * bare) / len(body) if body else 0.0,
            f"{about} of {len(body)} sentences speak of it",
        ),
        (_BOTH_WEIGHT * together, "both sides are named again and again"),
        (_CONTEXT_WEIGHT * together * _context(touches), "its other sentences speak of what they share"),
    )
    return Reach(min(1.0, sum(weight for weight, _ in parts)), tuple(reason for weight, reason in parts if weight > 0))


def _title_weight(touches: Sequence[Touch]) -> float:
    return _SURE_TITLE_WEIGHT if any(t.is_surely_about for t in touches) else _TITLE_WEIGHT * _nearness(touches)


def _nearness(touches: Iterable[Touch]) -> float:
    """Return 1 where one of them is about the aim, a half where one would be in context."""
    degrees = [
        1.0 if t.is_surely_about else _BARE_SHARE if t.is_about else 0.5 if t.sides and t.hints else 0.0
        for t in touches
    ]
    return max(degrees, default=0.0)


def _context(touches: Sequence[Touch]) -> float:
    """Return 1 where a good part of the sentences name a side with a hint, or point back at both."""
    count = sum((t.sides > 0 and t.hints > 0) or t.links > 0 for t in touches)
    return min(1.0, count / (_CONTEXT_SHARE * len(touches))) if touches else 0.0


def _togetherness(scene: Scene, aim: Aim) -> float:
    """Return 1 where even the rarer side is named often enough, 0 where a side is not named, or named once."""
    counts = Counter(name.country for name in scene.names if name.country in aim.sides)
    rarest = min((counts[side] for side in aim.sides), default=0) if len(aim.sides) > 1 else 0
    return max(0.0, min(1.0, (rarest - 1) / (_BOTH_COUNT - 1)))


def _near_reasons(scene: Scene, topic: Topic) -> tuple[str, ...]:
    counts = Counter(
        name.label
        for name in scene.names
        if name.country in topic.near.countries or name.mention.entity_id in topic.near.entities
    )
    words = [hit.phrase for hit in topic.near.words.find(scene.words, 0, len(scene.words.items))]
    if counts.total() >= _NEAR_COUNT or words:
        return tuple(f"names {label} {_times(count)}" for label, count in counts.most_common(3)) + tuple(
            f"says {w}" for w in words[:1]
        )
    return ()


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def judge_entry(entry: Entry, topic: Topic, audit_share: float) -> tuple[Label, Verdict]:
    """Return how near an entry's title and summary are, and whether its page is to be fetched; recall comes first.

    A dated entry without a word cannot be told off the topic, so it is fetched.

    Args:
        entry: as its feed claims it.
        topic: the topic.
        audit_share: share (0..1) of off-topic entries drawn by a hash of the url, so that the draw can be repeated.
    """
    words = read_words(f"{entry.title}\n{entry.summary}")
    if not words.items and entry.published.at is not None:  # as sitemaps list pages; undated ones may be years old
        return Label.OFF, Verdict.FETCH
    label = _entry_label(words, topic)
    if label is not Label.OFF:
        return label, Verdict.FETCH
    is_drawn = key_of(entry.url) % _DRAW < audit_share * _DRAW
    return label, Verdict.AUDIT if is_drawn else Verdict.SKIP


def _entry_label(words: Words, topic: Topic) -> Label:
    countries, entities = _named(words, topic)
    stop = len(words.items)
    for aim in topic.aims:
        is_theme = entities & aim.entities or any(aim.themes.find(words, 0, stop))
        if is_theme or len(countries & aim.sides) > 1:
            return Label.ON
    is_near = countries & topic.near.countries or entities & topic.near.entities
    return (
        Label.NEAR
        if is_near or any(topic.near.words.find(words, 0, stop)) or any(topic.filter.find(words, 0, stop))
        else Label.OFF
    )


def _named(words: Words, topic: Topic) -> tuple[frozenset[str], frozenset[str]]:
    """Return countries and entities of all spellings, overlapping ones too: a filter errs on the side of fetching."""
    owners = [o for c in topic.names.find(words) if c.spelling.kind is not Kind.TRAP for o in c.spelling.owners]
    return frozenset(o.country for o in owners), frozenset(o.entity.id for o in owners)
