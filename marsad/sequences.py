"""Owns the labelling of words by a linear-chain model: features, weights, the best path through a sentence.

The weights are learned elsewhere (bench/names.py) and come as a table, so that nothing but arithmetic is needed here.
What a word looks like, what stands beside it, and whether it is a title or a verb of speech is all the model sees.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
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
_STEPS = (0, -2, -1, 1, 2)  #: to the words that the model sees when it labels a word: itself, and those beside it
_EDGE = "edge"  #: of a sentence: what is no word
_CUT = "cut"
_OUTSIDE = (None,) * max(_STEPS)  #: stands for what is no word, before the first and behind the last
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

    traits: Mapping[str, int]  #: of a word -> its place in `weights`
    weights: Scores  #: by trait, by where the word stands (`_STEPS`) from the one whose label is asked for, by label
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
        traits, weights = _weights(table["states"])
        moves = np.array(table["moves"], np.float64).T.reshape(len(LABELS), len(LABELS))
        return Model(traits, weights, np.ascontiguousarray(moves), _hashes(table.get("common", "")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(subject, f"is no model of names ({error!r})") from error


def _hashes(packed: str) -> frozenset[int]:
    """Return the numbers of a base64 text, four bytes each, the lowest first."""
    data = base64.b64decode(packed, validate=True)
    return frozenset(int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data), 4))


def _weights(states: Mapping[str, str]) -> tuple[dict[str, int], Scores]:
    """Return the place of each trait, and what all of them say."""
    features = [(_trait_and_step(feature), row) for feature, row in states.items()]
    traits = {trait: at for at, trait in enumerate(dict.fromkeys(trait for (trait, _), _ in features))}
    weights = np.zeros((len(traits), len(_STEPS), len(LABELS)))
    for (trait, step), row in features:
        for part in row.split():
            label, _, weight = part.partition(":")
            weights[traits[trait], _STEPS.index(step), int(label)] = float(weight)
    return traits, weights


def _trait_and_step(feature: str) -> tuple[str, int]:
    step, _, trait = feature.partition(":")
    return (trait, int(step)) if trait else (feature, 0)


@lru_cache(maxsize=_REMEMBERED_COUNT)
def token_of(text: str, cues: Cues, *, is_cut: bool) -> Token:
    """Return the folded word with what the cue lists call it."""
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
    """Yield the features of one word of a sentence: its own traits, and those of the words beside it."""
    for step in _STEPS:
        place = index + step
        traits = _traits(tokens[place] if 0 <= place < len(tokens) else None)
        yield from (f"{step}:{trait}" if step else trait for trait in traits if _is_told(trait, step))


def _traits(token: Token | None) -> Iterator[str]:
    """Yield what the model looks at in a word, or in what is none."""
    if token is None:
        yield _EDGE
        return
    text = token.text
    yield f"w={text}"
    yield f"k={token.kind}"
    yield f"l={min(len(text), 9)}"
    yield f"d={is_definite(text)}"
    for size in _AFFIX_CHARS:
        yield f"p={text[:size]}"
        yield f"s={text[-size:]}"
    yield f"e={text[-2:]}"
    if token.is_cut:
        yield _CUT


def _is_told(trait: str, step: int) -> bool:
    """Say whether the trait of a word is a feature of the one that stands so far before or behind it."""
    if not step:
        return trait[:2] != "e="
    if trait == _CUT:
        return step > 0
    return trait == _EDGE or trait[:2] in ("w=", "k=", "d=") or (trait[:2] == "e=" and abs(step) == 1)


def best_labels(model: Model, tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the likeliest labels of a sentence's words, one each; linear in the words."""
    return _best_labels(model, tuple(tokens)) if tokens else ()


@lru_cache(maxsize=_REMEMBERED_SENTENCE_COUNT)
def _best_labels(model: Model, tokens: tuple[Token, ...]) -> tuple[str, ...]:
    best, *following = _scores(model, tokens)
    row = [best]
    for own in following:
        best = np.maximum.reduce(model.moves + best, axis=1) + own  # each label, behind the likeliest before it
        row.append(best)
    path = [int(best.argmax())]
    likeliest = (model.moves + np.array(row)[:-1, None]).argmax(axis=2).tolist()  # before each label of each word
    for before in reversed(likeliest):
        path.append(before[path[-1]])
    return tuple(LABELS[label] for label in reversed(path))


def _scores(model: Model, tokens: Sequence[Token]) -> Scores:
    """Return what speaks for each label of each word: the word itself, and those beside it."""
    said = np.concatenate([_said_by(model, token) for token in (*_OUTSIDE, *tokens, *_OUTSIDE)])
    said = said.reshape(-1, len(_STEPS), len(LABELS))
    margin, count = len(_OUTSIDE), len(tokens)
    scores = np.zeros((count, len(LABELS)))
    for at, step in enumerate(_STEPS):
        scores += said[margin + step : margin + step + count, at]
    return scores


@lru_cache(maxsize=_REMEMBERED_COUNT)
def _said_by(model: Model, token: Token | None) -> Scores:
    """Return what a word says of labels: its own, and that of each word that it stands `_STEPS` away from."""
    places = [place for trait in _traits(token) if (place := model.traits.get(trait)) is not None]
    said: Scores = np.add.reduce(model.weights.take(places, axis=0))
    return said
