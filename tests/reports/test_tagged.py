"""The page of one tagged text: everything in it, nothing out of it, whatever the text holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from marsad.tagging import tag_text
from marsad.topic import Topic, parse_topic
from reports.tagged import render_tagged

TEXT = (
    "بوتين يشكر كيم\n\nأشاد الرئيس الروسي فلاديمير بوتين بشجاعة الجنود الكوريين الشماليين. "
    "وأدانت سيول إرسال القوات إلى روسيا."
)


@pytest.fixture(scope="module")
def topic(root: Path) -> Topic:
    files = ("topic.toml", "entities.csv", "stance.toml")
    return parse_topic(*((root / "seeds" / name).read_text("utf-8") for name in files), "seeds")


def test_the_page_reads_right_to_left_and_asks_nothing_of_the_network(topic: Topic) -> None:
    page = render_tagged(TEXT, tag_text(TEXT, topic))
    assert '<html lang="ar" dir="rtl">' in page
    assert "default-src 'none'" in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)


def test_names_statements_and_reasons_are_marked(topic: Topic) -> None:
    page = render_tagged(TEXT, tag_text(TEXT, topic))
    assert '<mark class="name" title="Vladimir Putin (PER)">فلاديمير بوتين</mark>' in page
    assert '<mark class="nisba" title="Russia (nisba)">الروسي</mark>' in page
    assert '<span class="said supportive">' in page
    assert '<span class="said opposed">' in page
    assert page.count('class="why"') == len(tag_text(TEXT, topic).statements)


def test_every_letter_of_the_text_stands_on_the_page(topic: Topic) -> None:
    page = render_tagged(TEXT, tag_text(TEXT, topic))
    body = page[page.index('<div class="text">') : page.index("</div></section>")]
    shown = re.sub(r"<[^>]+>", "", re.sub(r"<sup.*?</sup>", "", body))
    assert shown == TEXT


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("<script>alert(1)</script> قال بوتين & كيم", id="markup"),
        pytest.param("قال \u202eبوتين\u202c إن \x00 روسيا \ud800", id="controls"),
    ],
)
def test_hostile_text_stays_text(topic: Topic, text: str) -> None:
    page = render_tagged(text, tag_text(text, topic))
    assert "<script>" not in page
    assert not re.search("[\x00\u202e\ud800]", page)
