"""Owns people whom neither list nor title names: what a learned model sees near words of speech.

The model (marsad.sequences) errs more than the rules, and costs more: it is asked only for sentences in which a verb of
speech or a title points at somebody, and only two words and more that no list covers count as a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from marsad.articles import EntityType, Mention, MentionKind
from marsad.cues import Cues, Form
from marsad.nameparts import agree
from marsad.names import Found, Name
from marsad.sentences import Sentence
from marsad.sequences import Model, Token, best_labels, token_of
from marsad.words import Words, fronts, is_definite

_CUT = re.compile(r"[^\s\-]")
_UNSEEN = frozenset({"Mn", "Me", "Cf", "Cc", "Zs"})  #: categories of Unicode: marks, direction signs, white space
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


def join_people(
    words: Words, cues: Cues, found: Found, people: Iterable[range], guesses: Iterable[Name]
) -> tuple[Name, ...]:
    """Return the people a recognizer saw, and those guesses that share no word with them.

    Args:
        words: the text.
        cues: of the language.
        found: listed names.
        people: words of each person the recognizer saw.
        guesses: people the model sees.
    """
    covered = frozenset(index for name in found.names for index in range(name.first, name.stop))
    seen = [
        _person(words, one.start, one.stop)
        for one in people
        if len(one) >= _FEWEST_WORDS and covered.isdisjoint(one) and not any(_is_known(words, cues, i) for i in one)
    ]
    taken = {index for name in seen for index in range(name.first, name.stop)}
    return (*seen, *(guess for guess in guesses if taken.isdisjoint(range(guess.first, guess.stop))))


def _is_known(words: Words, cues: Cues, index: int) -> bool:
    """Say whether the word is a title, a group, a particle or a verb of speech, and so no part of a name."""
    text = words.items[index].text
    return text in cues.particles or cues.persons.names(text) or cues.groups.names(text) or cues.verb(text) is not None


def tokens_of(words: Words, first: int, stop: int) -> list[str]:
    """Return the words as written, without marks and invisible signs, which tokenizers drop."""
    return [_plain(words.source[word.start : word.end]) for word in words.items[first:stop]]


def _plain(written: str) -> str:
    return "".join(letter for letter in written if unicodedata.category(letter) not in _UNSEEN) or "-"


def _parts(words: Words, sentence: Sentence) -> Iterator[tuple[int, int]]:
    first, stop = words.between(sentence.start, sentence.end)
    for start in range(first, stop, _PART_WORDS):
        yield start, min(stop, start + _PART_WORDS)


def _points_at_nobody(words: Words, cues: Cues, covered: frozenset[int], first: int, stop: int) -> bool:
    """Say whether a verb of speech or a title stands there with no listed name near behind it."""
    for index in range(first, stop):
        sense = cues.sense(words.items[index].text)
        is_pointing = sense.is_title or (sense.readings and sense.readings[0].form is Form.FINITE)
        if is_pointing and covered.isdisjoint(range(index + 1, min(stop, index + _POINTED_WORDS))):
            return True
    return False


def _people(words: Words, cues: Cues, covered: frozenset[int], model: Model, first: int, stop: int) -> Iterator[Name]:
    tokens = [
        token_of(word.text, cues, is_cut=gap != " " and _CUT.search(gap) is not None)
        for word, gap in zip(words.items[first:stop], words.gaps[first:stop], strict=True)
    ]
    labels = best_labels(model, tokens)
    index = 0
    while index < len(labels):
        end = index + 1
        if labels[index].endswith("-PER"):
            while end < len(labels) and labels[end] == "I-PER":
                end += 1
            is_plain = not any(token.kind for token in tokens[index:end]) and not _is_phrase(tokens[index:end], model)
            if is_plain and end - index >= _FEWEST_WORDS and covered.isdisjoint(range(first + index, first + end)):
                yield _person(words, first + index, first + end)
        index = end


def _is_phrase(tokens: Sequence[Token], model: Model) -> bool:
    """Say whether the words begin with a common noun, or end with one that has the article: an heir of the family."""
    last = tokens[-1].text
    is_genitive = is_definite(last) and any(model.is_common(front) for front in fronts(last))
    return (
        is_genitive
        or agree([token.text for token in tokens])
        or any(model.is_common(front) for front in fronts(tokens[0].text))
    )


def _person(words: Words, first: int, stop: int) -> Name:
    start, end = words.items[first].start, words.items[stop - 1].end
    mention = Mention(start, end, words.source[start:end], EntityType.PER, MentionKind.UNLINKED)
    return Name(mention, mention.surface, "", first, stop)
