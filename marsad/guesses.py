"""Owns people whom neither list nor title names: what a learned model sees near words of speech.

The model (marsad.sequences) errs more than the rules, and costs more: it is asked only for sentences in which a verb of
speech or a title points at somebody, and only two words and more that no list covers count as a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from marsad.articles import EntityType, Mention, MentionKind
from marsad.cues import Cues, Form
from marsad.names import Found, Name
from marsad.sentences import Sentence
from marsad.sequences import Model, best_labels, token_of
from marsad.words import Words

_CUT = re.compile(r"[^\s\-]")
_POINTED_WORDS = 8  #: a subject stands near its verb or title
_PART_WORDS = 120  #: longer sentences are read in parts, so that a hostile one costs no more than its length
_FEWEST_WORDS = 2


def find_guesses(
    words: Words, cues: Cues, found: Found, sentences: Sequence[Sentence], model: Model
) -> tuple[Name, ...]:
    """Return people the model sees in sentences that hand words to somebody unlisted, in order."""
    covered = frozenset(index for name in found.names for index in range(name.first, name.stop))
    parts = (part for sentence in sentences for part in _parts(words, sentence))
    return tuple(
        name
        for first, stop in parts
        if _points_at_nobody(words, cues, covered, first, stop)
        for name in _people(words, cues, covered, model, first, stop)
    )


def _parts(words: Words, sentence: Sentence) -> Iterator[tuple[int, int]]:
    first, stop = words.between(sentence.start, sentence.end)
    for start in range(first, stop, _PART_WORDS):
        yield start, min(stop, start + _PART_WORDS)


def _points_at_nobody(words: Words, cues: Cues, covered: frozenset[int], first: int, stop: int) -> bool:
    """Say whether a verb of speech or a title stands there with no listed name near behind it."""
    for index in range(first, stop):
        text = words.items[index].text
        verb = cues.verb(text)
        is_pointing = (verb is not None and verb.form is Form.FINITE) or cues.persons.names(text)
        if is_pointing and covered.isdisjoint(range(index + 1, min(stop, index + _POINTED_WORDS))):
            return True
    return False


def _people(words: Words, cues: Cues, covered: frozenset[int], model: Model, first: int, stop: int) -> Iterator[Name]:
    tokens = [
        token_of(words.items[i].text, cues, is_cut=_CUT.search(words.gap(i)) is not None) for i in range(first, stop)
    ]
    labels = best_labels(model, tokens)
    index = 0
    while index < len(labels):
        end = index + 1
        if labels[index].endswith("-PER"):
            while end < len(labels) and labels[end] == "I-PER":
                end += 1
            is_plain = not any(token.kind for token in tokens[index:end])
            if is_plain and end - index >= _FEWEST_WORDS and covered.isdisjoint(range(first + index, first + end)):
                yield _person(words, first + index, first + end)
        index = end


def _person(words: Words, first: int, stop: int) -> Name:
    start, end = words.items[first].start, words.items[stop - 1].end
    mention = Mention(start, end, words.source[start:end], EntityType.PER, MentionKind.UNLINKED)
    return Name(mention, mention.surface, "", first, stop)
