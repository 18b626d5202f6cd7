"""The fold of SQL is the fold of Python."""

from __future__ import annotations

import random
import unicodedata

import pytest

from marsad.arabic import FOLD, fold
from warehouse.core import Core
from warehouse.reader import Reader

NASTY = [
    "",
    " \t\n ",
    "بيونغ يانغ وبيونج يانج",  # Pyongyang, both spellings
    "كُورِيَا الشَّمَالِيَّةُ",  # North Korea with vowel signs
    "العــــــراق",  # Iraq, stretched
    "ﷺ ﷲ ﻻ ﻷ ﻹ ﻵ ﷼",  # ligatures
    "أإآٱ ى ئ ؤ ة ء",  # carriers
    "١٢٣ ۴۵۶ 789",
    "a\u0301\u200f\u202e\u2066x\u2069",
    "It's 'quoted' \\ [^a-z]+ $1 \\1 {} %",
    "line\r\nbreak\u2028next\u0085x\u00a0y",
    "ÀÉ Straße ﬁn Ⅳ ½",
    "\U0001f600 \U0001d400 𞸀",  # beyond the basic plane
    "x\u0000y",
    "ـ",  # nothing but a stretch mark
    "«كوريا»، (رويترز).",  # Korea, (Reuters)
]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    core = Core(tmp_path_factory.mktemp("fold"))
    core.create_or_migrate()
    core.publish()
    return Reader(core.folder)


def folded(reader: Reader, texts: list[str]) -> list[str]:
    found = reader.query("select list_transform(?::varchar[], lambda one: ar_fold(one))", [texts])
    return list(found.rows[0][0])


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nasty_texts_fold_alike(reader: Reader, text: str) -> None:
    assert folded(reader, [text]) == [fold(text)]


def test_every_character_folds_alike(reader: Reader) -> None:
    texts = [f"x{chr(code)}y" for code in range(0x10000) if unicodedata.category(chr(code)) != "Cs"]
    differing = [hex(ord(one[1])) for one, sql in zip(texts, folded(reader, texts), strict=True) if sql != fold(one)]
    assert differing == []


def test_random_mixtures_fold_alike(reader: Reader) -> None:
    chance = random.Random(20260310)
    alphabet = [*FOLD, " ", "\n", "،", "'", "-", "\U0001f600"]
    texts = ["".join(chance.choices(alphabet, k=chance.randint(0, 60))) for _ in range(500)]
    assert folded(reader, texts) == [fold(text) for text in texts]
