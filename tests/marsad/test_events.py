"""Which leads tell one event, and what forbids it."""

from __future__ import annotations

import pytest

from marsad.background import EMPTY_BACKGROUND
from marsad.errors import SettingsError
from marsad.events import Likeness, compare_leads
from marsad.leads import KEPT_TERMS, Knowledge, lead_of, terms_of
from marsad.topic import Topic
from marsad.wording import parse_wording

WORDING = parse_wording(
    """
[numbers]
"ثلاثة" = 3
"آلاف" = 1000
"عشرة" = 10
"اثنين" = 2
"الاثنين" = 0
"مئة" = 100
"المئة" = 0
[say.visit]
words = "زار يزور زيارة"
from_to = true
[say.rise]
words = "ارتفع يرتفع"
against = "fall"
[say.fall]
words = "هبط يهبط"
""",
    "wording",
)


@pytest.fixture
def knowledge(topic: Topic) -> Knowledge:
    return Knowledge(topic, WORDING, EMPTY_BACKGROUND)


def likeness(a: str, b: str, knowledge: Knowledge) -> Likeness:
    return compare_leads(lead_of(a, knowledge), lead_of(b, knowledge), knowledge.wording)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param("بوتين يزور بيونغ يانغ", "الرئيس الروسي في زيارة إلى كوريا الشمالية", id="office and state"),
        pytest.param("غرق 3000 صندوق برتقال", "غرق ثلاثة آلاف صندوق برتقال", id="a number in words"),
        pytest.param("غرق 1,200 صندوق برتقال", "غرق ١٢٠٠ صندوق برتقال", id="a thousands' sign"),
        pytest.param("غرق 3.5 آلاف صندوق برتقال", "غرق 3500 صندوق برتقال", id="a fraction of thousands"),
        pytest.param("محصول البرتقال يرتفع 18 في المئة", "محصول البرتقال يرتفع 18%", id="per cent"),
        pytest.param("حريق في مصنع القنفدة الكبير", "حريق في مصنع القنفذة الكبير", id="a spelling"),
    ],
)
def test_one_event(a: str, b: str, knowledge: Knowledge) -> None:
    assert likeness(a, b, knowledge).is_one_event
    assert likeness(b, a, knowledge).is_one_event


@pytest.mark.parametrize(
    ("a", "b", "veto"),
    [
        pytest.param("غرق 100 صندوق برتقال", "غرق 1000 صندوق برتقال", "numbers", id="numbers"),
        pytest.param("رياح قوتها 6.4 تقتلع البرتقال", "رياح قوتها 5.4 تقتلع البرتقال", "numbers", id="fractions"),
        pytest.param("محصول البرتقال يرتفع 18 في المئة", "محصول البرتقال يرتفع 16 في المئة", "numbers", id="rates"),
        pytest.param("حريق مصنع البرتقال ليل الاثنين", "حريق مصنع البرتقال ليل الخميس", "exchanged", id="a day"),
        pytest.param("بوتين يزور بيونغ يانغ", "لافروف يزور بيونغ يانغ", "names", id="names"),
        pytest.param("سعر البرتقال المحلي يرتفع", "سعر البرتقال المحلي يهبط", "opposites", id="opposites"),
        pytest.param("بوتين يزور كيم جونغ أون", "كيم جونغ أون يزور بوتين", "turned", id="who visits whom"),
        pytest.param("افتتاح مصنع جديد للبرتقال", "افتتاح مصنع جديد للأسمدة", "exchanged", id="a thing"),
    ],
)
def test_near_wording_of_another_event(a: str, b: str, veto: str, knowledge: Knowledge) -> None:
    assert likeness(a, b, knowledge).veto == likeness(b, a, knowledge).veto == veto
    assert not likeness(a, b, knowledge).is_one_event


def test_a_name_in_common_is_a_topic_and_no_event(knowledge: Knowledge) -> None:
    assert not likeness("بوتين يلقي خطابا أمام الطلبة", "بوتين يمارس السباحة صباحا", knowledge).is_one_event


@pytest.mark.parametrize("text", ["", "؟!", "\u202e", "و"], ids=["nothing", "signs", "a control", "and"])
def test_what_says_nothing_is_no_event(text: str, knowledge: Knowledge) -> None:
    assert lead_of(text, knowledge).terms == ()
    assert not likeness(text, text, knowledge).is_one_event


def test_a_lead_is_found_by_few_terms(knowledge: Knowledge) -> None:
    terms = terms_of(lead_of(" ".join(f"كلمة{letter}ات" for letter in "بتثجحخدذرزسشصضطظ" * 4), knowledge))
    assert 0 < len(terms) <= KEPT_TERMS
    assert all(0 <= term < 2**32 for term in terms)


@pytest.mark.parametrize(
    "text", ["", "[say", "[numbers]\n[say.a]\nwords = 3", '[numbers]\n[say.a]\nwords = "ا"\nagainst = "b"'],
    ids=["empty", "no TOML", "no words", "an opposite that is not there"],
)  # fmt: skip
def test_a_wrong_word_list_is_told(text: str) -> None:
    with pytest.raises(SettingsError, match=r"is no wording|means nothing"):
        parse_wording(text, "wording.toml")
