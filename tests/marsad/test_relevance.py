"""How near a text or a feed's entry is to the topic."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad.articles import Label
from marsad.relevance import judge_entry
from marsad.sources import Entry, Verdict
from marsad.tagging import tag_text
from marsad.topic import Topic, parse_topic
from tests.marsad.conftest import NILE_ENTITIES

ON = """بيونغ يانغ ترسل دفعة جديدة من الجنود إلى روسيا

أعلنت سيول أن كوريا الشمالية أرسلت دفعة جديدة من جنودها إلى كورسك.
وقالت وزارة الدفاع الكورية الجنوبية إن موسكو تزود بيونغ يانغ بالنفط في المقابل."""
NEAR = """غارات روسية على غرب أوكرانيا

شنت القوات الروسية هجوما بالمسيرات على مدينة تيرنوبل في غرب أوكرانيا.
وقال الكرملين إن الهجوم استهدف مواقع عسكرية."""
OFF = """افتتاح معرض الكتاب في القاهرة

افتتح وزير الثقافة المصري معرض الكتاب بمشاركة دور نشر من عشرين دولة.
وأشاد الوزير بإقبال الشباب على القراءة هذا العام."""
PASSING = f"{OFF}\nوتشارك في المعرض دور نشر من روسيا."
TAGS = f"{OFF}\n- كوريا الشمالية\n- روسيا\n- بوتين\n- كيم جونغ أون\n- الجيش الروسي"

THEATRE = """مصنع كوري شمالي يعمل ليلا ونهارا

عثر محققون قرب خاركيف على حطام صاروخ كوري شمالي الصنع بعد قصف ليلي.
وأحصت كييف ألف قذيفة كورية شمالية سقطت على دونباس في شهر واحد."""

#: Coffee prices rise in Egypt's markets.
COFFEE = """أسعار البن ترتفع في أسواق مصر

ارتفعت أسعار البن في مصر إلى أعلى مستوى لها منذ عام.
وقال تجار في القاهرة إن استيراد البن من إثيوبيا تراجع بسبب الجفاف.
وتوقعت غرفة التجارة المصرية أن يستقر البن بعد موسم الحصاد."""


def entry_of(title: str, summary: str = "", url: str = "https://example.org/1") -> Entry:
    return Entry(feed_url="https://example.org/feed", guid=url, url=url, title=title, summary=summary)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        pytest.param(ON, Label.ON, id="on"),
        pytest.param(THEATRE, Label.ON, id="a-side-in-the-theatre"),
        pytest.param(NEAR, Label.NEAR, id="near"),
        pytest.param(OFF, Label.OFF, id="off"),
        pytest.param(PASSING, Label.OFF, id="passing-mention"),
        pytest.param("", Label.OFF, id="empty"),
    ],
)
def test_label(topic: Topic, text: str, label: Label) -> None:
    assert tag_text(text, topic).relevance.label is label


def test_a_topic_of_no_state_is_spoken_of_in_texts_that_name_states(root: Path) -> None:
    coffee = """id = "coffee"\nname = "Coffee prices"\nname_ar = "أسعار البن"
[[target]]\nid = "coffee"\nname = "Coffee"\nname_ar = "البن"\nthemes = ["أسعار البن", "البن"]"""
    topic = parse_topic(coffee, NILE_ENTITIES, (root / "seeds" / "stance.toml").read_text("utf-8"), "coffee")
    relevance = tag_text(COFFEE, topic).relevance
    assert relevance.label is Label.ON
    assert "most of its names are of other countries" not in relevance.reasons


def test_a_list_of_tags_makes_no_text_be_on_the_topic(topic: Topic) -> None:
    assert tag_text(TAGS, topic).relevance.label is not Label.ON


def test_reasons_say_what_was_seen(topic: Topic) -> None:
    relevance = tag_text(ON, topic).relevance
    assert relevance.reasons[0] == "the title speaks of it"
    assert 0.5 <= relevance.score <= 1


def test_names_are_counted_in_words(topic: Topic) -> None:
    reasons = tag_text("قال سيرغي لافروف إن روسيا ترحب بالزيارة، وإن روسيا مستعدة.", topic).relevance.reasons
    assert {"names Sergey Lavrov once", "names Russia 2 times"} <= set(reasons)


def test_a_text_off_the_topic_says_why(topic: Topic) -> None:
    assert tag_text(OFF, topic).relevance.reasons == ("most of its names are of other countries",)
    assert tag_text(PASSING, topic).relevance.reasons == ("names the topic in passing only",)


@pytest.mark.parametrize(
    ("title", "summary", "label"),
    [
        pytest.param("كيم يلتقي بوتين", "", Label.ON, id="both-sides"),
        pytest.param("عمال كوريون في مصانع المسيّرات الروسية", "", Label.ON, id="adjectives"),
        pytest.param("صفقة جديدة", "معاهدة الشراكة الاستراتيجية الشاملة", Label.ON, id="entity-in-summary"),
        pytest.param("سيول تراقب كوريا الشمالية", "", Label.NEAR, id="one-side"),
        pytest.param("مرتزقة أجانب على الجبهة", "", Label.NEAR, id="word-of-the-filter"),
        pytest.param("معرض الكتاب في القاهرة", "", Label.OFF, id="off"),
        pytest.param("", "", Label.OFF, id="empty"),
    ],
)
def test_entries_are_judged_recall_first(topic: Topic, title: str, summary: str, label: Label) -> None:
    judged, verdict = judge_entry(entry_of(title, summary), topic, audit_share=0.0)
    assert judged is label
    assert verdict is (Verdict.SKIP if label is Label.OFF else Verdict.FETCH)


def test_the_audit_draw_is_repeatable_and_of_its_share(topic: Topic) -> None:
    entries = [entry_of("معرض الكتاب", url=f"https://example.org/{n}") for n in range(2000)]
    draws = [[judge_entry(entry, topic, 0.1)[1] for entry in entries] for _ in range(2)]
    assert draws[0] == draws[1]
    assert 0.07 < draws[0].count(Verdict.AUDIT) / len(entries) < 0.13


def test_everything_off_is_audited_where_the_share_is_one(topic: Topic) -> None:
    assert judge_entry(entry_of("معرض الكتاب"), topic, 1.0) == (Label.OFF, Verdict.AUDIT)
