"""Whose words a text is printed from, by the credit it bears."""

from __future__ import annotations

import pytest

from flows.configuration import Place, packaged_topic, read_topic
from marsad.settings import Settings
from marsad.tagging import tag_text
from marsad.topic import Topic

TITLE = "كوريا الشمالية ترسل عمالا إلى روسيا"  # North Korea sends workers to Russia
TOLD = "قال مسؤول في موسكو إن بيونغ يانغ سترسل ألف عامل إلى كورسك هذا الصيف"  # an official said so


@pytest.fixture(scope="module")
def topic(tmp_path_factory: pytest.TempPathFactory) -> Topic:
    return read_topic(Place(Settings(), None, tmp_path_factory.mktemp("data"), packaged_topic()))


def agency_of(topic: Topic, body: str) -> str:
    return tag_text(f"{TITLE}\n\n{body}", topic, TITLE).agency


@pytest.mark.parametrize(
    ("body", "agency"),
    [
        pytest.param(f"موسكو (رويترز) - {TOLD}.", "reuters", id="dateline-in-brackets"),
        pytest.param(f"موسكو 12 تموز/يوليو - أ.ف.ب: {TOLD}.", "afp", id="dateline-with-date-and-dots"),
        pytest.param(f"النهر – وكالات\n{TOLD}.", "agencies", id="line-of-its-own"),
        pytest.param(f"سيول، يونهاب: {TOLD}.", "yonhap-arabic", id="behind-a-comma"),
        pytest.param(f"واس- {TOLD}.", "spa", id="bare-with-a-dash"),
        pytest.param(f"النهر/ ووكالات: {TOLD}.", "agencies", id="and-agencies"),
        pytest.param(f"{TOLD}. (أ ف ب)", "afp", id="at-the-end"),
        pytest.param(f"{TOLD}.\nالمصدر: رويترز", "reuters", id="named-as-source"),
        pytest.param(f"{TOLD} (رويترز، أ ب).", "reuters", id="first-of-two"),
    ],
)
def test_a_credit_names_the_agency(topic: Topic, body: str, agency: str) -> None:
    assert agency_of(topic, body) == agency


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"{TOLD}.", id="none"),
        pytest.param(f"قالت وكالة رويترز إن مسؤولا تحدث. {TOLD}.", id="quoted-agency"),
        pytest.param(f"نقلت (رويترز) عن مسؤول قوله ذلك. {TOLD}.", id="quoted-in-brackets"),
        pytest.param(f"{TOLD}، وفق ما نقلت وكالات الأنباء عنه.", id="agencies-in-a-sentence"),
        pytest.param(f"في 7 أغسطس (آب) {TOLD} (آب)", id="a-month-that-is-spelt-so"),
        pytest.param("(((---///", id="separators-alone"),
    ],
)
def test_what_is_quoted_is_no_credit(topic: Topic, body: str) -> None:
    assert agency_of(topic, body) == ""
