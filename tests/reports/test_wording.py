from __future__ import annotations

import re
from dataclasses import fields
from datetime import UTC, datetime
from string import Formatter

import pytest

from marsad.articles import Stance
from reports.wording import ARABIC, ENGLISH, Noun, Wording, wording_of


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "لا مقالات"),
        (1, "مقال واحد"),
        (2, "مقالان"),
        (3, "3 مقالات"),
        (10, "10 مقالات"),
        (11, "11 مقالًا"),
        (99, "99 مقالًا"),
        (100, "100 مقال"),
        (102, "102 مقال"),
        (103, "103 مقالات"),
        (1111, "1,111 مقالًا"),
    ],
)
def test_arabic_counts_in_six_forms(count: int, said: str) -> None:
    assert ARABIC.article.counted(count) == said


@pytest.mark.parametrize(("count", "said"), [(0, "no stories"), (1, "1 story"), (2, "2 stories"), (111, "111 stories")])
def test_english_counts_in_two_forms(count: int, said: str) -> None:
    assert ENGLISH.story.counted(count) == said


def _places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text)} - {None}


@pytest.mark.parametrize("name", [field.name for field in fields(Wording) if field.type == "str"])
def test_both_languages_leave_room_for_the_same_values(name: str) -> None:
    assert _places(getattr(ARABIC, name)) == _places(getattr(ENGLISH, name))
    assert getattr(ARABIC, name)


def test_every_stance_has_its_word_in_both_languages() -> None:
    assert all(wording.stance(stance) for wording in (ARABIC, ENGLISH) for stance in Stance)


def test_unknown_feed_state_is_shown_as_it_is() -> None:
    assert ARABIC.feed_state("moved") == "moved"


def test_times_are_those_of_the_reader() -> None:
    at = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
    assert ARABIC.instant(at, "Asia/Riyadh") == "21 نوفمبر 2026 01:30"
    assert ENGLISH.instant(at, "UTC") == "20 November 2026 22:30"


@pytest.mark.parametrize("day", ["", "2026-13-01", "أمس"])
def test_day_that_is_no_date_is_shown_as_it_came(day: str) -> None:
    assert ARABIC.iso_date(day) == day


@pytest.mark.parametrize(
    ("name", "name_ar", "arabic", "english"),
    [("Seoul", "سيول", "سيول", "Seoul"), ("Seoul", "", "Seoul", "Seoul"), ("", "سيول", "سيول", "سيول")],
)
def test_a_name_is_never_missing_in_one_language(name: str, name_ar: str, arabic: str, english: str) -> None:
    assert (ARABIC.named(name, name_ar), ENGLISH.named(name, name_ar)) == (arabic, english)


def test_language_decides_the_direction() -> None:
    assert (wording_of("ar").direction, wording_of("en").direction) == ("rtl", "ltr")
    assert isinstance(wording_of("ar").feed, Noun)


@pytest.mark.parametrize(
    "reason",
    [
        "answered 503",
        "answered 302 without a place to go",
        "no whole answer within 20 s",
        "more than 10000000 bytes when unpacked",
        "more than 5 redirects",
        "more than 50000 urls",
        "redirects in a circle",
        "its address is not public",
        "not a url",
        "port 22 is not one of the web's",
        "asked for patience, until 2026-11-20 08:00",
        "its crawl-delay of 900 s does not fit into this cycle",
        "empty answer",
        "markup, but no sitemap",
        "markup cannot be parsed",
        "cannot be parsed (killed: 20 s)",
        "a tag of 4000 attributes",
        "a web page",
        "binary data",
        "garbled beyond repair",
        "its letters are lost (question marks)",
        "the answer is cut off",
        "nothing since 2026-11-12",
        "it answers, and has never had an entry",
    ],
)
def test_why_a_feed_does_not_answer_is_said_in_arabic(reason: str) -> None:
    said = ARABIC.reason(reason)
    assert re.findall(r"[A-Za-z]{2,}", said) == []
