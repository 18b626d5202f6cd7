"""What a later text of one address changed: figures, names, and where a speaker stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from marsad.tagging import tag_text
from marsad.topic import Topic
from marsad.versions import Changes, Exchange, Version, find_changes

Changing = Callable[[str, str], Changes]

TITLE = "موسكو وبيونغ يانغ"  # Moscow and Pyongyang
#: Guterres condemns the military cooperation of Russia and North Korea at a news conference.
CONDEMNED = "أدان أنطونيو غوتيريش التعاون العسكري بين روسيا وكوريا الشمالية خلال مؤتمر صحفي."
PRAISED = CONDEMNED.replace("أدان", "أشاد").replace("التعاون", "بالتعاون")  # praises


@pytest.fixture
def changed(topic: Topic) -> Changing:
    def version(text: str) -> Version:
        return Version(TITLE, text, tag_text(text, topic, TITLE))

    def changed(before: str, after: str) -> Changes:
        return find_changes(version(before), version(after))

    return changed


@pytest.mark.parametrize(
    ("before", "after", "numbers"),
    [
        pytest.param("أصيب 12 بجروح", "أصيب 15 بجروح", Exchange(("12",), ("15",)), id="a count"),
        pytest.param("زلزال بقوة 6.4 درجات", "زلزال بقوة 6.5 درجات", Exchange(("6.4",), ("6.5",)), id="a fraction"),
        pytest.param("تصدير 1,200 طن", "تصدير 1,500 طن", Exchange(("1200",), ("1500",)), id="groups of digits"),
        pytest.param("تصدير 1,200 طن", "تصدير ١٢٠٠ طن", Exchange(), id="another spelling"),
    ],
)
def test_figures_are_told_whole(changed: Changing, before: str, after: str, numbers: Exchange) -> None:
    assert changed(before, after).numbers == numbers


def test_a_speaker_who_is_made_to_say_the_opposite_has_turned(changed: Changing) -> None:
    (turn,) = changed(CONDEMNED, PRAISED).stances
    assert (turn.speaker, turn.before, turn.after) == ("Antonio Guterres", ("opposed",), ("supportive",))


def test_marks_and_hamzas_change_nothing(changed: Changing) -> None:
    assert changed(CONDEMNED, CONDEMNED.replace("أ", "ا").replace("كوريا", "كُوريا")) == Changes(
        None, Exchange(), Exchange(), ()
    )
