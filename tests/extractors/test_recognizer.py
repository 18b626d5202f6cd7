"""The door to camel-tools' recognizer: shut with a reason, and what comes through when it is open."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from extractors import recognizer
from extractors.recognizer import Guess, Recognizer, data_folder, guesses_of, load_recognizer, missing_model, trimmed
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


#: said the defence minister Maher al-Salmi that a Korean ship lay in a Russian port after a long voyage
WORDS = "قال وزير الدفاع ماهر السالمي إن سفينة كورية رست في ميناء روسي بعد رحلة طويلة".split()  # noqa: SIM905


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Any]]:
    """Makes camel-tools' own class around a tiny model with random weights: no download, the real arithmetic."""
    torch = pytest.importorskip("torch", reason="the extra neural is not installed (some 200 MB and more)")
    transformers = pytest.importorskip("transformers", reason="the extra neural is not installed")
    folder = tmp_path_factory.mktemp("camel")
    (folder / "catalogue.json").write_text('{"version": "1.6.0", "packages": {}, "components": {}}')
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAMELTOOLS_DATA", str(folder))
        from camel_tools.ner import NERecognizer  # noqa: PLC0415  it reads its catalogue when imported

        pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *(f"##{word[-2:]}" for word in WORDS)]
        (folder / "vocab.txt").write_text("\n".join(dict.fromkeys(pieces)), "utf-8")
        transformers.BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
        torch.manual_seed(7)
        labels = dict(enumerate(NERecognizer.labels()))
        config = transformers.BertConfig(
            vocab_size=len(dict.fromkeys(pieces)),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=48,
            max_position_embeddings=256,
            id2label=labels,
            initializer_range=1.0,
        )
        transformers.BertForTokenClassification(config).save_pretrained(folder)
        yield lambda: NERecognizer(str(folder), use_gpu=False)


def sentences_of(lengths: Sequence[int]) -> list[list[str]]:
    return [[WORDS[(start + at) % len(WORDS)] for at in range(length)] for start, length in enumerate(lengths)]


def test_the_real_class_answers_alike_in_batches_of_like_length(make: Callable[[], Any]) -> None:
    real = make()
    given = sentences_of([3, 250, 0, 12, 1, 40, 7, 300, 15, 2] * 8)
    plain = [guesses_of(tokens, real.predict([tokens])[0]) if tokens else () for tokens in given]
    assert sum(map(len, plain)) > len(given)
    assert list(Recognizer(trimmed(real)).find_guesses(given)) == plain


def test_short_sentences_cost_no_long_ones_width(make: Callable[[], Any]) -> None:
    widths: list[int] = []
    model = trimmed(make())
    model.model.bert.register_forward_pre_hook(
        lambda _, given, named: widths.append((*given, named.get("input_ids"))[0].shape[1]), with_kwargs=True
    )
    Recognizer(model).find_guesses(sentences_of([200] + [4] * 70))
    assert sorted(widths) == [6, 6, 202]


def test_the_real_class_losing_a_word_is_an_error(make: Callable[[], Any]) -> None:
    with pytest.raises(BadInput, match="1 of 2 tokens"):
        Recognizer(make()).find_guesses([["قال", "\u200f"]])
