"""Facts about headlines: what is publisher, what is headline, and when two are one."""

from __future__ import annotations

import pytest

from marsad.headlines import Headline, is_published_by, key_of_headline, own_headline, split_headline, words_of_url
from marsad.sources import Outlet

RIVER = Outlet("river", "The River", "صحيفة النهر")
SPLITS = {
    "arabic name": ("قمة في موسكو - الجزيرة نت", "", ("قمة في موسكو", "الجزيرة نت")),
    "english name": ("قمة في موسكو - BBC News", "", ("قمة في موسكو", "BBC News")),
    "dash in the headline": ("موسكو - بيونغ يانغ - النهر", "", ("موسكو - بيونغ يانغ", "النهر")),
    "long dash": ("قمة في موسكو — النهر", "", ("قمة في موسكو", "النهر")),
    "bar": ("قمة في موسكو | النهر", "", ("قمة في موسكو", "النهر")),
    "bar without blanks": ("قمة في موسكو|النهر", "", ("قمة في موسكو", "النهر")),
    "name given, other spelling": ("قمة في موسكو - صحيفة الأُمّة", "صحيفه الامه", ("قمة في موسكو", "صحيفه الامه")),
    "name given, with a dash of its own": ("قمة - وكالة - سبأ", "وكالة - سبأ", ("قمة", "وكالة - سبأ")),
    "name given, not behind the headline": ("قمة - في موسكو", "النهر", ("قمة - في موسكو", "النهر")),
    "hyphen inside a word": ("كيم جونغ-أون في موسكو", "", ("كيم جونغ-أون في موسكو", "")),
    "tail too long for a name": ("قمة - هذا ذيل طويل جدا لا يصلح اسما لناشر", "", None),
    "nothing before it": ("- النهر", "", None),
    "empty": ("", "", ("", "")),
}


@pytest.mark.parametrize(("title", "publisher", "expected"), SPLITS.values(), ids=SPLITS)
def test_a_headline_is_told_from_its_publisher(title: str, publisher: str, expected: tuple[str, str] | None) -> None:
    assert split_headline(title, publisher) == (Headline(*expected) if expected else Headline(title))


@pytest.mark.parametrize("title", ["قمة في موسكو | صحيفة النهر", "قمة في موسكو - The River", "قمة في موسكو"])
def test_an_outlets_own_name_is_no_part_of_its_headline(title: str) -> None:
    assert own_headline(title, RIVER) == "قمة في موسكو"


def test_equal_headlines_share_a_key_across_spellings_and_short_ones_have_none() -> None:
    assert key_of_headline("قمّةٌ في «موسكو»") == key_of_headline("قمه في موسكو")
    assert key_of_headline("قمة في موسكو") != key_of_headline("قمة في بكين")
    assert key_of_headline("أهم الأخبار") is None


@pytest.mark.parametrize(
    ("urls", "publisher", "publisher_url", "is_own"),
    [
        pytest.param((), "صحيفه النهر", "", True, id="by arabic name"),
        pytest.param((), "the river", "", True, id="by name"),
        pytest.param(("https://m.example.org/1",), "?", "https://www.example.org", True, id="by site"),
        pytest.param(("https://example.org/1",), "?", "https://example.net", False, id="other site"),
        pytest.param((), "", "", False, id="nothing known"),
        pytest.param(("nonsense",), "", "also nonsense", False, id="no urls"),
    ],
)
def test_a_publisher_is_known_by_name_or_site(
    urls: tuple[str, ...], publisher: str, publisher_url: str, *, is_own: bool
) -> None:
    assert is_published_by(RIVER, urls, publisher, publisher_url) is is_own


def test_the_words_of_a_url_are_those_of_its_last_arabic_part() -> None:
    assert words_of_url("https://example.org/أخبار/2026/11/قمة-في_موسكو-123456/amp?x=ع") == "قمة في موسكو"
    assert words_of_url("https://example.org/world/123-summit") == ""
