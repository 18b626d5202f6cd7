"""Tagging a text from end to end: title, voice, balance, another topic, and hostile text."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from marsad.articles import Label, Stance, Tagging
from marsad.tagging import METHOD, tag_text
from marsad.topic import Topic
from marsad.voice import balance_of

CLAIM = "قال الرئيس الروسي فلاديمير بوتين إن كيم جونغ أون بطل"

HOSTILE: dict[str, Callable[[int], str]] = {
    "no-space": lambda n: "ا" * (n * 50),
    "latin": lambda n: "a" * (n * 50),
    "quotes": lambda n: '"' * n,
    "open-quotes": lambda n: "«" * n,
    "bidi": lambda n: "\u202e\u2066" * n + "روسيا",
    "surrogates": lambda n: "\ud800" * n + " روسيا",
    "nul": lambda n: "\0" * n,
    "spaces": lambda n: " " * n + "روسيا",
    "one-sentence": lambda n: f"{CLAIM} " * (n // 10),
    "many-sentences": lambda n: f"{CLAIM}.\n" * (n // 10),
    "titles": lambda n: "الخبير " * n,
    "a name that is a word": lambda n: "قال الوزير " + "علي " * n,
    "sayings": lambda n: "قال المسؤول " * n,
    "short-names": lambda n: "كيم " * n + "كيم جونغ أون",
    "hyphens": lambda n: "السفير " + "سو-" * n,
    "feelings": lambda n: "قلق روسيا " * n,
}


def check(text: str, tagging: Tagging) -> None:
    assert all(text[m.start : m.end] == m.surface for m in tagging.mentions)
    assert all(0 <= s.start < s.end <= len(text) for s in tagging.statements)
    assert all(s.speaker_start < s.speaker_end <= len(text) for s in tagging.statements)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_raises_nothing_and_costs_linear_time(topic: Topic, name: str) -> None:
    make = HOSTILE[name]
    seconds = []
    for size in (4_000, 16_000):
        text = make(size)
        start = time.process_time()
        check(text, tag_text(text, topic))
        seconds.append(time.process_time() - start)
    assert seconds[1] < 10 * seconds[0] + 0.2  # a ratio: four times the text; quadratic would be sixteen


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\n", ".", "،،،", '"""', "﷽", "\u0301", "\u200f", "و", "لل", "ﻻ ﻷ", "😀 روسيا 😀", "\r\n\r\nروسيا"],
    ids=ascii,
)
def test_odd_text_has_an_answer(topic: Topic, text: str) -> None:
    check(text, tag_text(text, topic))


def test_the_first_line_before_an_empty_one_is_the_title(topic: Topic) -> None:
    body = "قال الوزير إن الأمر مهم جدا اليوم."
    with_title = tag_text(f"بوتين يلتقي كيم جونغ أون\n\n{body}", topic).relevance
    without = tag_text(f"بوتين يلتقي كيم جونغ أون\n{body}", topic).relevance
    assert "the title speaks of it" in with_title.reasons
    assert "the title speaks of it" not in without.reasons


def test_a_title_that_is_given_wins_over_the_first_line(topic: Topic) -> None:
    text = "بوتين يلتقي كيم جونغ أون\nقال الوزير إن الأمر مهم جدا اليوم."
    assert "the title speaks of it" in tag_text(text, topic, "بوتين يلتقي كيم جونغ أون").relevance.reasons
    assert "the title speaks of it" not in tag_text(text, topic, "عنوان آخر").relevance.reasons


def test_the_cue_stands_in_the_evidence_as_it_is_written(topic: Topic) -> None:
    text = "وأدانت سيول بشدة التعاون العسكري بين روسيا وكوريا الشمالية، وأكّد بوتين أنّ موسكو ترحب به."
    statements = tag_text(text, topic).statements
    assert statements
    cues = [(cue, text[said.start : said.end]) for said in statements for cue in said.cue.split(", ")]
    assert [cue for cue, evidence in cues if cue not in evidence] == []
    assert "وأدانت" in {cue for cue, _ in cues}


def test_balance_counts_each_speaker_once(topic: Topic) -> None:
    text = (
        "بوتين وكيم\n\nأشاد فلاديمير بوتين بشجاعة الجنود الكوريين. وقال بوتين إن الجنود الكوريين أبطال. "
        "وأدانت سيول إرسال القوات الكورية إلى روسيا. وقالت بكين إن روسيا وكوريا الشمالية جارتان."
    )
    tagging = tag_text(text, topic)
    assert {s.speaker for s in tagging.statements} == {"Vladimir Putin", "Seoul", "Beijing"}
    assert tagging.balance == 0.0


def test_without_speakers_there_is_no_balance() -> None:
    assert balance_of(()) is None


COLUMN = """صفقة العار

ليست الشراكة بين بوتين وكيم جونغ أون سوى صفقة قذرة. إنها جريمة، وتصعيد خطير لحرب روسيا.
وهذا التحالف بين موسكو وبيونغ يانغ انتهاك صارخ لكل القوانين."""
REPORT = """سيول تدين إرسال الجنود

أدانت سيول إرسال جنود كوريين شماليين إلى روسيا، واعتبرته "جريمة" و"انتهاكا صارخا" و"تصعيدا خطيرا".
ووصلت دفعة جديدة من الجنود الكوريين إلى كورسك أمس."""


def test_an_outlet_that_evaluates_in_its_own_words_is_told(topic: Topic) -> None:
    voice = tag_text(COLUMN, topic).voice
    assert voice.stance is Stance.OPPOSED
    assert voice.start is not None
    assert "جريمة" in COLUMN[voice.start : voice.end] or "صارخ" in COLUMN[voice.start : voice.end]


def test_harsh_words_of_others_are_not_the_outlets(topic: Topic) -> None:
    voice = tag_text(REPORT, topic).voice
    assert (voice.stance, voice.start, voice.end) == (Stance.NEUTRAL, None, None)


def test_every_judgement_bears_its_method(topic: Topic) -> None:
    assert tag_text(REPORT, topic).method == tag_text("", topic).method == METHOD


def test_another_topic_is_another_folder(nile: Topic, topic: Topic) -> None:
    text = (
        "إثيوبيا تبدأ ملء السد\n\nأعلنت أديس أبابا بدء ملء سد النهضة. "
        'وندد وزير الري المصري بهذه الخطوة، معتبرا أن ملء السد "تهديد" لمياه النيل.'
    )
    tagging = tag_text(text, nile)
    assert tagging.relevance.label is Label.ON
    assert ("Addis Ababa", "dam") in {(s.speaker, s.target) for s in tagging.statements}
    assert Stance.OPPOSED in {s.stance for s in tagging.statements}
    assert tag_text(text, topic).relevance.label is Label.OFF
