"""Owns the tagging of one text: words, names, topic, statements, voice, in this order.

The order is the only thing decided here; each step is a module of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from marsad.agencies import credited_agency
from marsad.articles import SEEN, Label, MentionKind, OutletVoice, Relevance, Tagging
from marsad.guesses import find_guesses, join_people
from marsad.names import find_names
from marsad.relevance import judge_scene
from marsad.scene import Scene, make_scene
from marsad.sentences import split_sentences
from marsad.statements import find_statements
from marsad.topic import Topic
from marsad.unlinked import find_unlinked
from marsad.voice import balance_of, judge_voice
from marsad.words import read_words

METHOD = "rules/10"  #: name and version; a change that changes answers changes the number


def tag_text(text: str, topic: Topic, title: str | None = None, people: Sequence[range] = ()) -> Tagging:
    """Return all that is found in the text; any text gives an answer.

    Args:
        text: offsets point into it.
        topic: what is looked for.
        title: the text's title, where it is known to begin with it; without it, a first line followed by an empty
            line is the title.
        people: words (marsad.words) of people whom a recognizer saw; they count where no rule sees anybody.
    """
    scene = read_scene(text, topic, people)
    title_end = _title_end(text, title)
    seen = frozenset(_seen(scene, people))
    method = METHOD + SEEN if seen else METHOD
    relevance = judge_scene(scene, topic, title_end)
    if relevance.label is Label.OFF:
        return Tagging(relevance, tuple(name.mention for name in scene.names), method=method, people=seen)
    told = _told(scene, topic, relevance, credited_agency(text, title_end, topic.cues.agencies))
    return replace(told, method=method, people=seen)


def _seen(scene: Scene, people: Sequence[range]) -> Iterator[tuple[int, int]]:
    """Yield the spans of names that stand only because a recognizer saw them."""
    asked = {(one.start, one.stop) for one in people}
    for name in scene.names:
        if name.mention.kind is MentionKind.UNLINKED and (name.first, name.stop) in asked:
            yield name.mention.start, name.mention.end


def read_scene(text: str, topic: Topic, people: Sequence[range] = ()) -> Scene:
    """Return the text's words, names, sentences and quotations."""
    words, sentences = read_words(text), split_sentences(text)
    found = find_names(words, topic.names, sentences)
    guesses = find_guesses(words, topic.cues, found, sentences, topic.guesser) if topic.guesser else ()
    if people:
        guesses = join_people(words, topic.cues, found, people, guesses)
    names = find_unlinked(words, found, topic.cues, guesses, topic.guesser)
    return make_scene(words, (names, found.roles), sentences, topic.cues, topic.carriers)


def _told(scene: Scene, topic: Topic, relevance: Relevance, agency: str) -> Tagging:
    voices = find_statements(scene, topic, relevance.label)
    is_on = relevance.label is Label.ON
    return Tagging(
        relevance,
        tuple(name.mention for name in scene.names),
        voices.statements,
        judge_voice(scene, topic, voices.unattributed) if is_on else OutletVoice(),
        balance_of(voices.statements),
        agency=agency,
    )


def _title_end(text: str, title: str | None) -> int:
    """Return where the title ends in the text, 0 where the text does not begin with one."""
    lead = len(text) - len(text.lstrip())
    if title is not None:
        return lead + len(title.strip()) if title.strip() and text.startswith(title.strip(), lead) else 0
    end = text.find("\n", lead)
    return end if end >= 0 and text[end:].startswith(("\n\n", "\n \n", "\n\r\n")) else 0
