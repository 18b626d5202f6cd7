"""Owns the door to camel-tools' NERecognizer: names no list knows, by a model the user has to download.

It pads every sentence to 256 pieces. Here sentences go in by length, and each batch is cut to its longest.

camel_tools.ner fetches its catalogue over the network at import when it is not there, without a time limit
(CAMeL-Lab/camel_tools issue 115), so it is imported only after its data were seen on the disk.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from marsad.articles import EntityType
from marsad.errors import BadInput, SettingsError

_NEEDED = ("catalogue.json", "data/ner/arabert/model.safetensors", "data/ner/arabert/config.json")
_TYPES = {"PERS": EntityType.PER, "LOC": EntityType.LOC, "ORG": EntityType.ORG}
_HOW = "uv sync --extra neural, then camel_data -i ner-arabert"


@dataclass(frozen=True, slots=True)
class Guess:
    """A name the model sees: a half-open range of the tokens it was given."""

    first: int
    stop: int
    type: EntityType


def data_folder() -> Path:
    """Return where camel-tools keeps its data: $CAMELTOOLS_DATA, else ~/.camel_tools."""
    named = os.environ.get("CAMELTOOLS_DATA")
    return Path(named).expanduser().absolute() if named else Path.home() / ".camel_tools"


def missing_model() -> str:
    """Return what stands between the user and the recognizer, in one sentence; "" where it can be used."""
    for module in ("torch", "transformers"):
        if find_spec(module) is None:
            return f"{module} is not installed ({_HOW})"
    folder = data_folder()
    absent = next((name for name in _NEEDED if not (folder / name).is_file()), None)
    return f"{folder / absent} is not there ({_HOW})" if absent else ""


class Recognizer:
    """camel-tools' recognizer, loaded once."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401  camel_tools has no types
        self._model = model

    def find_guesses(self, sentences: Iterable[Sequence[str]]) -> tuple[tuple[Guess, ...], ...]:
        """Return the names of each sentence of tokens, in order.

        Raises:
            BadInput: the model answered for fewer tokens than it was given: one vanished in its tokenizer, as
                direction marks and white space do; fold or strip tokens first.
        """
        given = [list(tokens) for tokens in sentences]
        order = sorted((at for at, tokens in enumerate(given) if tokens), key=lambda at: len(given[at]))
        labels = self._model.predict([given[at] for at in order])
        answered = dict(zip(order, labels, strict=True))
        return tuple(guesses_of(tokens, answered[at]) if tokens else () for at, tokens in enumerate(given))


def load_recognizer() -> Recognizer:
    """Return the recognizer; takes seconds and about 1 GB of memory.

    Raises:
        SettingsError: its data or libraries are not installed; the reason says how to install them.
    """
    if reason := missing_model():
        raise SettingsError("recognizer", reason)
    from camel_tools.ner import NERecognizer  # noqa: PLC0415  see the module's docstring

    pretrained: Callable[..., Any] = NERecognizer.pretrained
    return Recognizer(trimmed(pretrained(use_gpu=False)))


def trimmed(recognizer: Any) -> Any:  # noqa: ANN401  camel_tools has no types
    """Return camel-tools' recognizer with its model made to skip the padding that all sentences of a batch share."""
    from torch.nn.functional import pad  # noqa: PLC0415  see the module's docstring

    model = recognizer.model
    whole = model.forward

    def forward(input_ids: Any, token_type_ids: Any, attention_mask: Any) -> tuple[Any]:  # noqa: ANN401
        width = int(attention_mask.sum(dim=1).max())
        (logits,) = whole(
            input_ids=input_ids[:, :width],
            token_type_ids=token_type_ids[:, :width],
            attention_mask=attention_mask[:, :width],
            return_dict=False,
        )
        return (pad(logits, (0, 0, 0, input_ids.shape[1] - width)),)

    model.forward = forward
    return recognizer


def guesses_of(tokens: Sequence[str], labels: Sequence[str]) -> tuple[Guess, ...]:
    """Return the names that labels (B-PERS, I-PERS, ...) mark; a name may begin with either.

    Raises:
        BadInput: there are not as many labels as tokens.
    """
    if len(labels) != len(tokens):
        raise BadInput(" ".join(tokens)[:80], f"the model answered for {len(labels)} of {len(tokens)} tokens")
    found: list[Guess] = []
    for index, label in enumerate(labels):
        kind = _TYPES.get(label[2:])
        if kind is None:
            continue
        if label.startswith("I-") and found and found[-1].stop == index and found[-1].type is kind:
            found[-1] = Guess(found[-1].first, index + 1, kind)
        else:
            found.append(Guess(index, index + 1, kind))
    return tuple(found)
