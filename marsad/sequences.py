"""Owns the labelling of words by a linear-chain model: features, weights, the best path through a sentence.

The weights are learned elsewhere (bench/names.py) and come as a table, so that nothing but arithmetic is needed here.
What a word looks like, what stands beside it, and whether it is a title or a verb of speech is all the model sees.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from marsad.cues import Cues
from marsad.errors import SettingsError
from marsad.words import is_definite

Scores = NDArray[np.float64]

LABELS = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")
_AFFIX_CHARS = (1, 2, 3)
_STEPS = (-2, -1, 1, 2)  #: to the words that the model sees beside a word
_OUTSIDE = (None,) * max(_STEPS)  #: stands for what is no word, before the first and behind the last
_EACH_LABEL = np.arange(len(LABELS))
#: Words come again: of the words of 240 articles three quarters had been seen before. Half a kB each.
_REMEMBERED_COUNT = 30_000
#: Sentences come again too: a lead is read behind the article it opens, at most a chunk of pages later.
_REMEMBERED_SENTENCE_COUNT = 4_000


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """What the model knows of one word; made once for a word that comes again, so that it is known by itself."""

    text: str  #: folded
    kind: str  #: what the cue lists call it, "" where they do not know it
    is_cut: bool  #: punctuation stands before it


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Learned weights."""

    states: Mapping[str, tuple[tuple[int, float], ...]]  #: feature -> (label, weight)
    moves: Scores  #: to label, from label
    common: frozenset[int] = frozenset()  #: hashes (`hash_of`) of words that news uses as common nouns

    def is_common(self, word: str) -> bool:
        """Say whether news uses the folded word as a common noun: with the article, and in nobody's name."""
        return hash_of(word) in self.common


def hash_of(word: str) -> int:
    """Return the number by which a folded word is kept in a model."""
    return zlib.crc32(word.encode())


def parse_model(text: str, subject: str) -> Model:
    """Return the model that `bench/names.py` wrote; `subject` names its file in errors.

    Raises:
        SettingsError: it is no such model.
    """
    try:
        table = json.loads(text)
        if tuple(table["labels"]) != LABELS:
            raise SettingsError(subject, "was made for other labels; make it again with bench/names.py")
        states = {feature: tuple(_weights(row)) for feature, row in table["states"].items()}
        moves = np.array(table["moves"], np.float64).T.reshape(len(LABELS), len(LABELS))
        return Model(states, np.ascontiguousarray(moves), _hashes(table.get("common", "")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(subject, f"is no model of names ({error!r})") from error


def _hashes(packed: str) -> frozenset[int]:
    """Return the numbers of a base64 text, four bytes each, the lowest first."""
    data = base64.b64decode(packed, validate=True)
    return frozenset(int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data), 4))


def _weights(row: str) -> Iterator[tuple[int, float]]:
    for part in row.split():
        label, _, weight = part.partition(":")
        yield int(label), float(weight)


def token_of(text: str, cues: Cues, *, is_cut: bool) -> Token:
    """Return the folded word with what the cue lists call it."""
    return _token(text, cues, is_cut=is_cut)


@lru_cache(maxsize=_REMEMBERED_COUNT)
def _token(text: str, cues: Cues, *, is_cut: bool) -> Token:
    return Token(text, _kind(text, cues), is_cut)


def _kind(text: str, cues: Cues) -> str:
    if text in cues.particles:
        return "particle"
    if cues.persons.names(text):
        return "title"
    if cues.groups.names(text):
        return "group"
    return "verb" if cues.verb(text) is not None else ""


def features_of(tokens: Sequence[Token], index: int) -> Iterator[str]:
    """Yield the features of one word of a sentence."""
    yield from _own(tokens[index])
    for step in _STEPS:
        place = index + step
        yield from _beside(tokens[place] if 0 <= place < len(tokens) else None, step)


def _own(token: Token) -> Iterator[str]:
    text = token.text
    yield f"w={text}"
    yield f"k={token.kind}"
    yield f"l={min(len(text), 9)}"
    yield f"d={is_definite(text)}"
    for size in _AFFIX_CHARS:
        yield f"p={text[:size]}"
        yield f"s={text[-size:]}"
    if token.is_cut:
        yield "cut"


def _beside(token: Token | None, step: int) -> Iterator[str]:
    if token is None:
        yield f"{step}:edge"
        return
    yield f"{step}:w={token.text}"
    yield f"{step}:k={token.kind}"
    yield f"{step}:d={is_definite(token.text)}"
    if abs(step) == 1:
        yield f"{step}:s={token.text[-2:]}"
    if token.is_cut and step > 0:
        yield f"{step}:cut"


def best_labels(model: Model, tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the likeliest labels of a sentence's words, one each; linear in the words."""
    return _best_labels(model, tuple(tokens)) if tokens else ()


@lru_cache(maxsize=_REMEMBERED_SENTENCE_COUNT)
def _best_labels(model: Model, tokens: tuple[Token, ...]) -> tuple[str, ...]:
    best, *following = _scores(model, tokens)
    back = []
    for own in following:
        reached = model.moves + best  # each label of this word, from each of the word before
        before = reached.argmax(axis=1)
        best = reached[_EACH_LABEL, before] + own
        back.append(before.tolist())
    path = [int(best.argmax())]
    for before in reversed(back):
        path.append(before[path[-1]])
    return tuple(LABELS[label] for label in reversed(path))


def _scores(model: Model, tokens: Sequence[Token]) -> Scores:
    """Return what speaks for each label of each word: the word itself, and those beside it."""
    count, margin = len(tokens), len(_OUTSIDE)
    said = np.concatenate([_said_by(model, token) for token in (*_OUTSIDE, *tokens, *_OUTSIDE)])
    said = said.reshape(-1, 1 + len(_STEPS), len(LABELS))
    scores = said[margin : margin + count, 0]
    for row, step in enumerate(_STEPS, 1):
        scores = scores + said[margin + step : margin + step + count, row]
    return scores


@lru_cache(maxsize=_REMEMBERED_COUNT)
def _said_by(model: Model, token: Token | None) -> Scores:
    """Return what a word says of its own label, then of the label of the word that it is each of `_STEPS` away from."""
    own = () if token is None else _own(token)
    return np.array([_summed(model, features) for features in (own, *(_beside(token, step) for step in _STEPS))])


def _summed(model: Model, features: Iterable[str]) -> list[float]:
    scores = [0.0] * len(LABELS)
    for feature in features:
        for label, weight in model.states.get(feature, ()):
            scores[label] += weight
    return scores
