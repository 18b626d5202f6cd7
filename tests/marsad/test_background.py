"""The table of common shingles and the seed corpus as files: what is written is read, what is damaged says so."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest

from marsad.background import (
    EMPTY_BACKGROUND,
    dump_background,
    dump_corpus,
    make_background,
    parse_background,
    parse_corpus,
)
from marsad.errors import SettingsError
from marsad.relations import Origin
from marsad.sketches import fingerprint_of

FORMULA = "بعث الرئيس برقية تهنئة إلى نظيره"  # the president sent a cable of congratulations to his counterpart
TEXTS = (f"{FORMULA} في الصين", f"{FORMULA} في الهند", "أغلق المؤشر على ارتفاع طفيف في ختام تداولات اليوم")


def test_what_two_texts_share_is_counted_and_what_one_has_is_not() -> None:
    background = make_background(tuple(map(fingerprint_of, TEXTS)))
    assert background.text_count == 3
    assert set(background.count_of(fingerprint_of(FORMULA).shingles)) == {2}
    assert set(background.count_of(fingerprint_of(TEXTS[2]).shingles)) == {0}
    assert background.word_count_of(fingerprint_of("في").tokens).tolist() == [3]
    assert background.word_count_of(fingerprint_of("الصين").tokens).tolist() == [0]


def test_a_table_survives_its_file() -> None:
    background = make_background(tuple(map(fingerprint_of, TEXTS)))
    again = parse_background(dump_background(background))
    words = fingerprint_of(" ".join(TEXTS))
    assert again.text_count == background.text_count
    assert np.array_equal(again.count_of(words.shingles), background.count_of(words.shingles))
    assert np.array_equal(again.word_count_of(words.tokens), background.word_count_of(words.tokens))


def test_to_an_empty_table_everything_is_rare() -> None:
    assert not EMPTY_BACKGROUND.count_of(fingerprint_of(FORMULA).shingles).any()
    assert not parse_background(dump_background(make_background(()))).word_count_of(fingerprint_of("في").tokens).any()


def test_a_corpus_survives_its_file() -> None:
    prints = {7: fingerprint_of(TEXTS[0]), 9: fingerprint_of(TEXTS[2])}
    neighbours = parse_corpus(dump_corpus(prints))
    assert [(n.id, n.origin) for n in neighbours] == [(7, Origin.SEED), (9, Origin.SEED)]
    for neighbour in neighbours:
        assert neighbour.fingerprint.text_key == prints[neighbour.id].text_key
        assert np.array_equal(neighbour.fingerprint.shingles, prints[neighbour.id].shingles)
        assert np.array_equal(neighbour.fingerprint.tokens, prints[neighbour.id].tokens)
        assert neighbour.fingerprint.token_count == prints[neighbour.id].token_count


def _archive(**parts: object) -> bytes:
    buffer = BytesIO()
    np.savez(buffer, **parts)  # type: ignore[arg-type]
    return buffer.getvalue()


@pytest.mark.parametrize("parse", [parse_background, parse_corpus], ids=["background", "corpus"])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 broken",
        b"no archive at all",
        dump_background(EMPTY_BACKGROUND)[:-40],
        _archive(other=np.array(1)),
        _archive(version=np.array(1)),
        _archive(version=np.array(1_000_000)),
        _archive(version=np.array([{}], dtype=object)),
    ],
    ids=["empty", "broken zip", "text", "cut off", "no version", "parts missing", "other version", "pickled objects"],
)
def test_a_damaged_file_is_an_error_of_the_settings(parse: object, data: bytes) -> None:
    with pytest.raises(SettingsError):
        parse(data)  # type: ignore[operator]
