"""The door to camel-tools' recognizer: shut with a reason, and what comes through when it is open."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from extractors import recognizer
from extractors.recognizer import Guess, Recognizer, data_folder, load_recognizer, missing_model
from marsad.articles import EntityType
from marsad.errors import BadInput, SettingsError


class Labels:
    """Answers with labels made beforehand, as the real class does: one list a sentence."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = answers

    def predict(self, sentences: list[list[str]]) -> list[list[str]]:
        assert all(sentences)
        return list(self.answers)


def test_the_data_folder_is_camel_tools_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    assert data_folder() == tmp_path
    monkeypatch.delenv("CAMELTOOLS_DATA")
    assert data_folder() == Path.home() / ".camel_tools"


def test_without_its_data_the_reason_names_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    reason = missing_model()
    assert "not installed" in reason or "catalogue.json is not there" in reason
    assert "camel_data -i ner-arabert" in reason
    with pytest.raises(SettingsError, match="recognizer"):
        load_recognizer()


def test_with_libraries_and_data_nothing_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    monkeypatch.setattr(recognizer, "find_spec", lambda name: name)
    assert "catalogue.json" in missing_model()
    for name in ("catalogue.json", "data/ner/arabert/model.safetensors", "data/ner/arabert/config.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert missing_model() == ""


def test_importing_the_door_imports_neither_the_models_nor_torch() -> None:
    code = "import sys, extractors.recognizer; print([m for m in ('camel_tools.ner', 'torch') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_labels_become_names() -> None:
    labels = ["O", "B-PERS", "I-PERS", "B-LOC", "I-ORG", "B-MISC", "B-PERS"]
    (found,) = Recognizer(Labels(labels)).find_guesses([["w"] * 7])
    assert found == (
        Guess(1, 3, EntityType.PER),
        Guess(3, 4, EntityType.LOC),
        Guess(4, 5, EntityType.ORG),
        Guess(6, 7, EntityType.PER),
    )


def test_an_empty_sentence_keeps_its_place() -> None:
    assert Recognizer(Labels(["B-LOC"])).find_guesses([[], ["w"]]) == ((), (Guess(0, 1, EntityType.LOC),))


def test_a_token_that_vanished_is_an_error_not_a_shift() -> None:
    with pytest.raises(BadInput, match="1 of 2 tokens"):
        Recognizer(Labels(["O"])).find_guesses([["w", "\u200f"]])
