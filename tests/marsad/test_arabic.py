"""What the fold takes for the same word, and the way back."""

from __future__ import annotations

import re

import pytest
from camel_tools.utils.charsets import AR_DIAC_CHARSET, AR_LETTERS_CHARSET

from marsad.arabic import FOLD, KEPT, fold, fold_codes, fold_spans
from marsad.identity import key_of

SAMPLE = "أكَّدَ الزعيم كيم جونغ-أون، في بيونغ يانغ، أنّ ١٢٪ من الـقوات عادت سماءً ﻻ ﷲ ﷺ 😀 Erdoğan Straße №5"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("بيونغ يانغ", "بيونج يانج", id="g and j of Pyongyang"),
        pytest.param("كيم جونغ-أون", "كيم جونج اون", id="hyphen and hamza of Kim Jong Un"),
        pytest.param("سيرغي شويغو", "سيرجي شويجو", id="Shoigu"),
        pytest.param("إلى الجبهة", "الي الجبهه", id="alef maksura and teh marbuta"),
        pytest.param("آسيا", "ا\u0653سيا", id="alef madda, composed or not"),
        pytest.param("رئيس", "ري\u0654يس", id="yeh with hamza, composed or not"),
        pytest.param("سماء", "سما", id="lone hamza"),
        pytest.param("مُهِمَّةٌ", "مهمة", id="harakat"),
        pytest.param("كـــوريا", "كوريا", id="tatweel"),
        pytest.param("\u202bكوريا\u202c\u200f", "كوريا", id="direction marks"),
        pytest.param("ﻛﻮﺭﻳﺎ", "كوريا", id="presentation forms"),
        pytest.param("ﺍﻹﺗﺤﺎﺩ", "الاتحاد", id="ligature lam alef"),
        pytest.param("عام ٢٠٢٤ و۲۰۲۵", "عام 2024 و2025", id="Arabic-Indic and Persian digits"),
        pytest.param("ﷺ", "صلى الله عليه وسلم", id="ligature of four words"),
        pytest.param("NATO", "ＮＡＴＯ", id="full-width Latin"),
        pytest.param("Erdoğan", "erdogan", id="Latin with marks"),
        pytest.param("Ёлкин", "елкин", id="Cyrillic case and marks"),
        pytest.param("موسكو،\u00a0«واشنطن»", "موسكو واشنطن", id="punctuation and spaces"),
    ],
)
def test_spellings_of_one_word_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("كوريا الشمالية", "كوريا الجنوبية"), ("100", "1000"), ("قال", "كال"), ("حرب", "عرب")],
    ids=["north and south", "numbers", "q and k", "h and ayn"],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize("text", ["", " \n\t", "،؛؟!", "ًٌٍ", "ء", "\u200f\u202b", "😀👍", "\ud800", "조선"])
def test_text_without_words_folds_to_nothing(text: str) -> None:
    assert fold(text) == ""
    assert len(fold_codes(text)) == 0
    assert fold_spans(text).text == ""


def test_the_table_alone_gives_the_fold() -> None:
    # This is what SQL does: no character's folding depends on its neighbours.
    every = "".join(map(chr, range(0x20, 0x3000))) + "".join(map(chr, range(0xF900, 0x10000)))
    for text in (SAMPLE, every, every[::-1]):
        by_table = " ".join("".join(FOLD.get(character, " ") for character in text).split())
        assert fold(text) == by_table
        assert re.fullmatch(f"[{re.escape(KEPT)} ]*", by_table)


def test_folding_twice_changes_nothing() -> None:
    assert fold(fold(SAMPLE)) == fold(SAMPLE)
    assert {fold(folded) for folded in FOLD.values()} <= {*FOLD.values()}


def test_every_arabic_mark_of_camel_tools_is_deleted_and_every_letter_kept() -> None:
    assert {FOLD[mark] for mark in AR_DIAC_CHARSET} == {""}
    assert {letter for letter in AR_LETTERS_CHARSET if not FOLD[letter]} == {"ء", "ـ"}


def test_the_table_is_the_same_under_every_python() -> None:
    # Stored hashes and the SQL macro depend on it: whoever changes it raises SKETCH_VERSION and rebuilds the seeds.
    assert key_of(repr(sorted(FOLD.items()))) == 1496158081174291532


@pytest.mark.parametrize(
    ("text", "word", "origin"),
    [
        pytest.param("قال كِيمُ: نعم", "كيم", "كِيمُ", id="marks belong to the word"),
        pytest.param("عبر السماءِ ليلا", "السما", "السماءِ", id="so does a final hamza"),
        pytest.param("«\u202bكوريا\u202c»", "كوريا", "كوريا", id="direction marks do not"),
        pytest.param("إلى كـــوريا.", "كوريا", "كـــوريا", id="tatweel inside"),
        pytest.param("عن النبي ﷺ قوله", "عليه", "ﷺ", id="a word of a ligature is the ligature"),
        pytest.param("😀 بيونغ  يانغ 😀", "بيونج يانج", "بيونغ  يانغ", id="beyond the basic plane"),
    ],
)
def test_a_folded_span_leads_back_to_the_text(text: str, word: str, origin: str) -> None:
    folded = fold_spans(text)
    start = folded.text.index(word)
    first, last = folded.origin(start, start + len(word))
    assert text[first:last] == origin


def test_every_word_leads_back_to_itself() -> None:
    folded = fold_spans(SAMPLE)
    for word in re.finditer(r"\S+", folded.text):
        first, last = folded.origin(*word.span())
        assert word.group() in fold(SAMPLE[first:last])


def test_an_empty_span_leads_back_to_an_empty_one() -> None:
    folded = fold_spans("كوريا")
    assert folded.origin(0, 0) == (0, 0)
    assert folded.origin(5, 5) == (5, 5)
