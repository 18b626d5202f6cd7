"""What two texts exchange: other words in the same surroundings, and what is no exchange."""

from __future__ import annotations

import pytest

from marsad.background import EMPTY_BACKGROUND, make_background
from marsad.exchanges import Exchanges, find_exchanges
from marsad.sketches import fingerprint_of

#: A notice of burial: who was buried, where, and how old he was.
NOTICE = "شيعت الجموع أمس جثمان الفقيد {} إلى مثواه الأخير في مقبرة {} القديمة وكان قد بلغ من العمر {} عاما"


def exchanges(a: str, b: str) -> Exchanges:
    return find_exchanges(fingerprint_of(a), fingerprint_of(b), EMPTY_BACKGROUND)


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        pytest.param(("سامر", "البلدة", "70"), ("سامر", "البلدة", "70"), 0, id="nothing"),
        pytest.param(("سامر", "البلدة", "70"), ("نديم", "البلدة", "70"), 1, id="a name"),
        pytest.param(("سامر", "البلدة", "70"), ("سامر", "البلدة", "71"), 1, id="a number"),
        pytest.param(("سامر", "البلدة", "100"), ("سامر", "البلدة", "1000"), 1, id="a number of the same digits"),
        pytest.param(("سامر", "البلدة", "70"), ("نديم", "الضيعة", "88"), 3, id="all three"),
        pytest.param(("لافروف", "البلدة", "70"), ("لافاروف", "البلدة", "70"), 0, id="another spelling"),
        pytest.param(("سامر", "البلدة", "70"), ("سامر", "البلدة", "سبعين"), 0, id="a number in words"),
        pytest.param(("سامر", "البلدة", "70"), ("نديم", "البلدة", "70 وهو عم سامر"), 0, id="one named elsewhere"),
        pytest.param(("سامر", "البلدة", "70"), ("سامر حداد", "البلدة", "70"), 0, id="a word more"),
    ],
)
def test_what_a_notice_exchanges(one: tuple[str, ...], other: tuple[str, ...], count: int) -> None:
    assert exchanges(NOTICE.format(*one), NOTICE.format(*other)).word_count == count
    assert exchanges(NOTICE.format(*other), NOTICE.format(*one)).word_count == count


def test_a_word_that_many_texts_hold_is_no_name() -> None:
    one, other = (fingerprint_of(NOTICE.format(place, "البلدة", "70")) for place in ("الشيخ", "الطفل"))  # elder, child
    news = make_background(tuple(fingerprint_of(f"الشيخ الطفل {number}") for number in range(30)))
    assert find_exchanges(one, other, EMPTY_BACKGROUND) == Exchanges(1, 1)
    assert find_exchanges(one, other, news) == Exchanges(1, 0)


#: A round of talks held on a day: its words are in all news, and ordinals are alike in letters.
ROUND = "اختتمت في مسقط {} الجولة {} من المحادثات بين الجانبين"


def test_days_and_ordinals_count_as_numbers() -> None:
    words = [("السبت", "الرابعة"), ("الأحد", "السابعة")]
    one, other = (fingerprint_of(ROUND.format(*pair)) for pair in words)
    common = make_background(tuple(fingerprint_of(f"{words} {number}") for number in range(30)))
    assert find_exchanges(one, other, common) == find_exchanges(other, one, common) == Exchanges(2, 2)
    assert find_exchanges(one, one, common) == Exchanges(0, 0)


@pytest.mark.parametrize("text", ["", "كلمة", "كلمتان فقط", "ثلاث كلمات هنا"])
def test_short_texts_exchange_nothing(text: str) -> None:
    assert exchanges(text, NOTICE) == exchanges(NOTICE, text) == Exchanges(0, 0)
