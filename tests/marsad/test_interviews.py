"""Who answers in an interview, and what a headline or a colon hands over."""

from __future__ import annotations

import pytest

from marsad.articles import Label, Stance
from marsad.interviews import Interview, find_interview
from marsad.statements import find_statements
from marsad.tagging import read_scene, tag_text
from marsad.topic import Topic

TITLE = "الخبيرة إيلينا مارشينكو لـ«المدى»: روسيا وكوريا الشمالية تتقاربان\n\n"
BYLINE = "حاورها: سامر القاضي\n\n"
QUESTIONS = (
    "● كيف تقرئين إرسال كوريا الشمالية جنودا إلى روسيا؟\n"
    "- هذه سابقة خطيرة تهدد استقرار شبه الجزيرة الكورية.\n\n"
    "● هل تخشين نقل تقنيات نووية من روسيا إلى كوريا الشمالية؟\n"
    "- يجب أن يتوقف هذا التعاون فورا.\n"
)


def sides_of(text: str, topic: Topic) -> list[tuple[str, str]]:
    found = find_statements(read_scene(text, topic), topic, Label.ON).statements
    return [(s.speaker, s.stance.value) for s in found]


def test_answers_belong_to_whom_the_headline_names(topic: Topic) -> None:
    assert set(sides_of(TITLE + BYLINE + QUESTIONS, topic)) >= {("إيلينا مارشينكو", "opposed")}


def test_an_interview_leaves_the_outlet_without_a_voice(topic: Topic) -> None:
    assert tag_text(TITLE + BYLINE + QUESTIONS, topic).voice.stance is Stance.NEUTRAL


def test_an_outlet_that_asks_and_explains_interviews_nobody(topic: Topic) -> None:
    assert find_interview(read_scene(QUESTIONS, topic)) == Interview()


def test_letters_mark_questions_that_end_without_a_mark(topic: Topic) -> None:
    text = "س: الغرب يراه تصعيدا.\nج: هذا نفاق.\nس: وماذا بعد؟\nج: لا شيء."
    assert find_interview(read_scene(text, topic)) == Interview(frozenset({0, 2}), frozenset({1, 3}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("عاجل | الناتو: ندين بشدة مشاركة كوريا الشمالية في الحرب", [("NATO", "opposed")], id="urgent-bar"),
        pytest.param("عاجل: الكرملين: الجنود الكوريون أبطال", [("Kremlin", "supportive")], id="urgent-colon"),
        pytest.param(
            "زيلينسكي لـ«فوكس نيوز»: جنود كيم خطر علينا جميعا", [("Volodymyr Zelensky", "opposed")], id="told-a-paper"
        ),
        pytest.param(
            "بوتين يشكر كيم وترامب يحذر من الصفقة",
            [("Vladimir Putin", "supportive"), ("Donald Trump", "opposed")],
            id="and-another-warns",
        ),
        pytest.param(
            "بوتين يستقبل كيم في الكرملين وأوروبا تحذر من الصفقة", [("Europe", "opposed")], id="and-a-region-warns"
        ),
        pytest.param("لافروف يصل بيونغ يانغ وموسكو تشيد بالجنود", [("Moscow", "supportive")], id="behind-a-place"),
        pytest.param("التعاون بين بوتين وكيم يهدد آسيا", [], id="two-in-one-phrase"),
        pytest.param(
            "أما «التايمز» فحذرت من نقل الصواريخ الروسية إلى كوريا الشمالية.", [("التايمز", "opposed")], id="as-for-any"
        ),
        pytest.param("لم تعلق بيونغ يانغ على إرسال الجنود إلى روسيا.", [], id="no-comment"),
        pytest.param("ومن يظن أن روسيا ستعيد صواريخ كيم واهم.", [], id="whoever-thinks"),
        pytest.param("الصفقة بين روسيا وكوريا الشمالية تهدد أوروبا.", [], id="a-deal-threatens"),
        pytest.param(
            "وأضاف رستم عمروف أن صفقة الجنود تهدد أوروبا.", [("Rustem Umerov", "opposed")], id="that-a-deal-threatens"
        ),
        pytest.param(
            "وتابع بيستوريوس: جنود كيم في أوروبا يتعلمون الحرب. وهذا التعاون خطر كبير.",
            [("Boris Pistorius", "neutral"), ("Boris Pistorius", "opposed")],
            id="behind-an-open-colon",
        ),
        pytest.param(
            "ردت كيم يو جونغ على برلين.\nوجاء في بيان نشرته وكالة الأنباء المركزية الكورية أن إرسال القوات حق سيادي.",
            [("Kim Yo Jong", "supportive")] * 2,
            id="a-statement-an-agency-carried",
        ),
        pytest.param(
            "أعرب الرفيق كيم جونغ وون عن دعمه الكامل لروسيا.", [("Kim Jong Un", "supportive")], id="comrade-kim"
        ),
    ],
)
def test_constructions_of_headlines_and_colons(topic: Topic, text: str, expected: list[tuple[str, str]]) -> None:
    assert sides_of(text, topic) == expected
