"""Fingerprints: the same words give the same hashes, whatever their spelling; sketches sample them."""

from __future__ import annotations

import numpy as np
import pytest

from marsad.sketches import SAMPLE_FLOOR, fingerprint_of, sketch_of

# "The two ministers met in the capital and signed an agreement on trade and transport"
TEXT = "التقى الوزيران في العاصمة ووقّعا اتفاقا للتجارة والنقل"


def numbered(count: int) -> str:
    return " ".join(f"كلمة{number}" for number in range(count))


@pytest.mark.parametrize(
    ("words", "shingles"),
    [(0, 0), (1, 1), (2, 1), (3, 1), (4, 2), (50, 48)],
    ids=lambda count: f"{count}",
)
def test_shingles_are_three_words_or_all_there_are(words: int, shingles: int) -> None:
    fingerprint = fingerprint_of(numbered(words))
    assert (fingerprint.token_count, len(fingerprint.tokens)) == (words, words)
    assert len(fingerprint.shingles) == shingles


def test_spelling_does_not_change_a_fingerprint() -> None:
    one, other = fingerprint_of(TEXT), fingerprint_of("التقي الوزيران، في العاصمه\nووقعا إتفاقـــاً للتجاره والنقل.")
    assert one.text_key == other.text_key
    assert np.array_equal(one.shingles, other.shingles)


def test_order_of_words_changes_shingles_and_not_words() -> None:
    one, other = fingerprint_of("أ ب ت ث"), fingerprint_of("ث ت ب أ")
    assert np.array_equal(one.tokens, other.tokens)
    assert not set(one.shingles.tolist()) & set(other.shingles.tolist())


def test_a_word_hashes_alike_wherever_it_stands() -> None:
    alone = fingerprint_of("والنقل").tokens[0]
    assert alone in fingerprint_of(TEXT).tokens
    assert alone in fingerprint_of(numbered(5000) + " والنقل").tokens


def test_words_of_the_same_letters_in_other_order_or_number_differ() -> None:
    words = ["اب", "با", "ابا", "باا", "ااب", "ا", "اا"]
    assert len(fingerprint_of(" ".join(words)).tokens) == len(words)


def test_hashes_are_frozen() -> None:
    # A change here makes every stored sketch worthless: raise SKETCH_VERSION and rebuild the seeds.
    fingerprint = fingerprint_of(TEXT)
    assert fingerprint.text_key == 8176948612874145579
    assert int(fingerprint.shingles[0]) == 1876641266534388899
    assert int(fingerprint.tokens[-1]) == 14864301619145814052


def test_a_sketch_samples_a_quarter_and_the_same_of_every_text() -> None:
    whole = fingerprint_of(numbered(8000))
    part = fingerprint_of(numbered(4000))
    of_whole, of_part = sketch_of(1, whole).hashes, sketch_of(2, part).hashes
    assert 0.23 < len(of_whole) / len(whole.shingles) < 0.27
    assert set(of_part.tolist()) <= set(of_whole.tolist())


def test_a_short_text_keeps_its_smallest_shingles() -> None:
    fingerprint = fingerprint_of(numbered(40))
    assert np.array_equal(sketch_of(1, fingerprint).hashes, fingerprint.shingles[:SAMPLE_FLOOR])
    assert len(sketch_of(1, fingerprint_of("كوريا")).hashes) == 1


@pytest.mark.parametrize(
    "text",
    ["", "\ud800", "ا" * 1_000_000, "كلمة أخرى " * 100_000, "x" * 20_000 + " y", "\0" * 9],
    ids=["empty", "lone surrogate", "one long word", "one million characters", "past the tables", "zeros"],
)
def test_any_text_has_a_fingerprint(text: str) -> None:
    fingerprint = fingerprint_of(text)
    assert len(fingerprint.tokens) <= fingerprint.token_count
    assert len(sketch_of(1, fingerprint).hashes) <= len(fingerprint.shingles)
