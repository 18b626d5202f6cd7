"""Words and phrases are found through what Arabic writes onto their front, also where they are short."""

from __future__ import annotations

import pytest

from marsad.lexicon import lexicons_of
from marsad.words import read_words


@pytest.mark.parametrize(
    ("phrase", "text", "is_found"),
    [
        pytest.param("سد النهضة", "الملء السادس لسد النهضة", True, id="to the dam"),
        pytest.param("سد النهضة", "يرتبط وبسد النهضة", True, id="and with the dam"),
        pytest.param("ملء سد", "بعد ملء السد", True, id="article on a short word"),
        pytest.param("ملء سد", "الحاجة لملء للسد", True, id="to the, in one sign"),
        pytest.param("حق العودة", "كحق العودة", True, id="like the right"),
        pytest.param("سد النهضة", "جسد النهضة", False, id="another word that ends so"),
        pytest.param("سد", "كسد السوق", False, id="alone it is a root of its own"),
        pytest.param("اتفاق", "للاتفاق", True, id="a longer word"),
    ],
)
def test_a_phrase_is_found_behind_clitics(phrase: str, text: str, is_found: object) -> None:
    words = read_words(text)
    lexicon = lexicons_of({"only": [phrase]})["only"]
    assert bool(list(lexicon.find(words, 0, len(words.items)))) is is_found
