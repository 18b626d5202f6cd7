"""The seed texts are recognised by their fingerprints alone, respelt and with furniture, and never for each other."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest

from marsad.background import Background, parse_background, parse_corpus
from marsad.identity import key_of
from marsad.novelty import judge_novelty, judge_pair
from marsad.relations import Neighbour, Neighbourhood, NoveltyKind, RelationKind
from marsad.sketches import fingerprint_of

FILES = 5
RECOGNISED = {RelationKind.EXACT, RelationKind.NEAR_DUP}

#: The same names as other desks write them.
SPELLINGS = (
    ("كيم جونغ أون", "كيم جونغ-أون"),
    ("غ", "ج"),  # Pyongyang, Jong, Shoigu, Sergei
    ("كورسيك", "كورسك"),  # Kursk
    ("لافروف", "لافاروف"),  # Lavrov
    ("فلاديمير", "فلاديمر"),  # Vladimir
    ("الأمريكي", "الأميركي"),  # American
    ("واشنطن", "واشنطون"),  # Washington
)

FURNITURE = "الرئيسية\nسياسة\nاقتصاد\nرياضة\n{}\nشارك على فيسبوك\nتويتر\nواتساب\nاقرأ أيضا\n" + "\n".join(
    f"عنوان خبر آخر رقم {number} من القسم نفسه لا صلة له بما سبق" for number in range(12)
)


def respelt(text: str) -> str:
    for one, other in SPELLINGS:
        text = text.replace(one, other)
    return text


def kursk_with_yeh(text: str) -> str:
    return text.replace("كورسيك", "كورسك").replace("كورسك", "كورسيك").replace("ج", "غ")


def plainly_typed(text: str) -> str:
    return text.translate(str.maketrans("أإآةىؤ", "ااا" + "هيو")).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))


def decorated(text: str) -> str:
    chance = random.Random(7)
    return "".join(c + (chance.choice(("", "", "َ", "ّ", "ـ", "\u200f")) if "ب" <= c <= "ي" else "") for c in text)


def with_furniture(text: str) -> str:
    return FURNITURE.format(text)


def all_at_once(text: str) -> str:
    return decorated(plainly_typed(with_furniture(respelt(text))))


FORMS: list[Callable[[str], str]] = [
    str, respelt, kursk_with_yeh, plainly_typed, decorated, with_furniture, all_at_once
]  # fmt: skip


@pytest.fixture(scope="module")
def background(root: Path) -> Background:
    return parse_background((root / "seeds/background.npz").read_bytes())


@pytest.fixture(scope="module")
def corpus(root: Path) -> tuple[Neighbour, ...]:
    return parse_corpus((root / "seeds/corpus.npz").read_bytes())


@pytest.fixture(scope="module")
def seeds(shared: Path) -> dict[int, str]:
    return {key_of(path.name): path.read_text("utf-8") for path in sorted((shared / "seeds").glob("*.txt"))}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_seed_is_recognised_and_as_none_but_itself(
    form: Callable[[str], str], seeds: dict[int, str], corpus: tuple[Neighbour, ...], background: Background
) -> None:
    assert len(seeds) == len(corpus) == FILES
    for number, text in seeds.items():
        novelty = judge_novelty(1, fingerprint_of(form(text)), Neighbourhood(corpus), background)
        assert [(r.other_id, r.kind in RECOGNISED) for r in novelty.relations] == [(number, True)]
        assert novelty.kind is NoveltyKind.DUPLICATE
        assert novelty.repeats_seed


def test_a_seed_as_it_is_is_exact(seeds: dict[int, str], corpus: tuple[Neighbour, ...], background: Background) -> None:
    for kept in corpus:
        assert judge_pair(fingerprint_of(seeds[kept.id]), kept.fingerprint, background) == (RelationKind.EXACT, 1.0)


def test_no_two_seeds_are_taken_for_each_other(corpus: tuple[Neighbour, ...], background: Background) -> None:
    for one, other in permutations(corpus, 2):
        kind, score = judge_pair(one.fingerprint, other.fingerprint, background)
        assert kind is RelationKind.NONE
        assert score < 0.06


def test_half_of_a_seed_is_its_excerpt(
    seeds: dict[int, str], corpus: tuple[Neighbour, ...], background: Background
) -> None:
    for number, text in seeds.items():
        half = fingerprint_of(text[: len(text) // 2])
        novelty = judge_novelty(1, half, Neighbourhood(corpus), background)
        assert [(r.other_id, r.kind) for r in novelty.relations] == [(number, RelationKind.EXCERPT_OF)]


def test_the_notes_speak_of_the_same_texts(root: Path, corpus: tuple[Neighbour, ...]) -> None:
    notes = tomllib.loads((root / "seeds/corpus.toml").read_text("utf-8"))["seed"]
    assert [note["id"] for note in notes] == [kept.id for kept in corpus]
    assert all(key_of(note["file"]) == note["id"] and note["summary"] for note in notes)
