from __future__ import annotations

import unicodedata

import pytest

from reports.safe import LINK_LIMIT_CHARS, isolated, link_of, plain, plain_lines, readable_address


def test_hostile_text_becomes_one_encodable_line_of_visible_characters(hostile: str) -> None:
    line = plain(hostile)
    assert line.splitlines() in ([line], [])
    assert line == line.strip()
    categories = {unicodedata.category(character) for character in line if character not in "\u200c\u200d"}
    assert categories.isdisjoint({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})
    line.encode("utf-8")


def test_making_plain_twice_changes_nothing_more(hostile: str) -> None:
    assert plain(plain(hostile)) == plain(hostile)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("كِتَابٌ مُحَمَّدٍ", id="vowels"),
        pytest.param("می\u200cخواهم", id="the joiner that Persian spells with"),
        pytest.param("«قال: 5٪ من 2397»", id="punctuation"),
        pytest.param("KN-23 وHwasong-17", id="mixed"),
        pytest.param("👩\u200d👧", id="joined emoji"),
    ],
)
def test_what_writing_needs_stays(text: str) -> None:
    assert plain(text) == text


def test_cut_falls_between_words_and_says_so() -> None:
    assert plain("كلمة " * 30, 40) == "كلمة كلمة كلمة كلمة كلمة كلمة كلمة…"
    assert len(plain("م" * 10_000, 50)) == 50


def test_lines_survive_where_lines_are_wanted() -> None:
    assert plain_lines("سطر\n\n  آخر\x1b[2J\u202e\r\n") == "سطر\n\n  آخر[2J \n"


def test_isolated_text_cannot_close_its_own_isolation() -> None:
    assert isolated("خبر\u2069\u2069") == "\u2068خبر\u2069"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        pytest.param("https://example.org/a?b=1&c=2", "https://example.org/a?b=1&c=2", id="as it is"),
        pytest.param("https://example.org/خبر", "https://example.org/%D8%AE%D8%A8%D8%B1", id="Arabic path"),
        pytest.param("https://example.org/%D8%AE", "https://example.org/%D8%AE", id="already encoded"),
        pytest.param('https://example.org/"><x', "https://example.org/%22%3E%3Cx", id="markup"),
        pytest.param("https://مثال.example/", "https://xn--mgbh0fb.example/", id="Arabic host"),
        pytest.param("javascript:alert(1)", "", id="script"),
        pytest.param("JaVaScRiPt:alert(1)", "", id="script in disguise"),
        pytest.param(" https://example.org/", "", id="space in front"),
        pytest.param("data:text/html,x", "", id="data"),
        pytest.param("//example.org/", "", id="no scheme"),
        pytest.param("https:///path", "", id="no host"),
        pytest.param("https://bank.example@evil.example/", "", id="user name that looks like a host"),
        pytest.param("https://example.org/\r\nX: 1", "", id="line break"),
        pytest.param("https://example.org/\u202egpj", "", id="override"),
        pytest.param("http://[::1", "", id="bracket left open"),
        pytest.param("https://" + "م" * 70 + ".example/", "", id="label too long for idna"),
        pytest.param("https://example.org/" + "a" * LINK_LIMIT_CHARS, "", id="endless"),
    ],
)
def test_links_lead_to_web_pages_only(url: str, shown: str) -> None:
    assert link_of(url) == shown


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("https://x.example/?q=%D8%B3%D8%AF%20%28x%29", "https://x.example/?q=سد%20%28x%29"),  # dam
        ("https://x.example/%d8%b3%D9%8F%D8%AF", "https://x.example/سُد"),
        ("https://x.example/%D8", "https://x.example/%D8"),
        ("https://x.example/%D8%D8%B3%B3", "https://x.example/%D8س%B3"),
        ("https://x.example/100%", "https://x.example/100%"),
        ("https://x.example/a%26b%23c%2Fd", "https://x.example/a%26b%23c%2Fd"),
        ("https://x.example/%C2%A0%E2%80%AE%E2%81%84%ED%A0%80", "https://x.example/%C2%A0%E2%80%AE%E2%81%84%ED%A0%80"),
        ("https://x.example%D8%B3.example/", "https://x.example%D8%B3.example/"),
        ("https://user:secret@x.example/@", "https://x.example/@"),
        ("https://x.example?a@b:c", "https://x.example?a@b:c"),
    ],
    ids=[
        "escaped letters",
        "a vowel",
        "half a letter",
        "a letter between halves",
        "no escape",
        "what parts an address",
        "blank, override, slash, surrogate",
        "host",
        "password",
        "no password",
    ],
)
def test_an_address_is_shown_with_the_letters_its_escapes_stand_for(url: str, read: str) -> None:
    assert readable_address(url) == read
