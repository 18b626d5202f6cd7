from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import pytest
from pydantic import ValidationError

from marsad.digests import Delivery, EntityCount, FeedHealth, Quote
from marsad.mailing import Digest
from marsad.settings import Subscriber
from marsad.sources import Outlet
from reports.envelope import addressed, body_of, frozen, message_id_of
from reports.mail import HTML_LIMIT_BYTES, render_html, render_mail
from reports.wording import wording_of
from tests.reports.conftest import UNTIL
from tests.reports.tags import Tags

SENDER = "marsad@example.org"
FEEDS_ALONE = Subscriber(address="a@example.org", language="en", parts=("feeds",))
_HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "References",
    "List-Id",
    "List-Unsubscribe",
    "Auto-Submitted",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
}


def _parsed(delivery: Delivery) -> EmailMessage:
    return cast("EmailMessage", message_from_bytes(delivery.payload, policy=default))


def _part(delivery: Delivery, kind: str) -> str:
    part = _parsed(delivery).get_body((kind,))
    assert part is not None
    return str(part.get_content())


def _soiled(digest: Digest, words: str) -> Digest:
    """Return the digest with `words` wherever a stranger writes."""
    quote = Quote(words, words, digest.stories[0].quotes[0].stance, words, words, words)
    outlets = (Outlet(words, words, words),) * 9
    story = replace(digest.stories[0], title=words, outlets=outlets, urls=(words,), quotes=(quote,) * 5)
    feed = FeedHealth(words, words, "broken", words)
    soiled = replace(digest.changes[0].piece, title=words, url=words, outlet=words)
    return replace(
        digest,
        stories=(story, digest.stories[1]),
        feeds=(feed, *digest.feeds),
        topic_name=words,
        topic_name_ar=words,
        alerts=tuple(
            replace(alert, name=words, name_ar=words, was=words, became=words, url=words) for alert in digest.alerts
        ),
        changes=(replace(digest.changes[0], piece=soiled, title_before=words * 2, body_before=words, body=""),),
        entities=(EntityCount(words, words, words, 1),),
    )


def test_text_comes_first_then_html_with_its_pictures(digest: Digest) -> None:
    parts = [part.get_content_type() for part in _parsed(render_mail(digest, SENDER)).walk()]
    assert parts == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png", "image/png"]


def test_pictures_are_those_the_html_names_and_are_described_in_words(digest: Digest) -> None:
    delivery = render_mail(digest, SENDER)
    tags = Tags(_part(delivery, "html"))
    pictures = [part for part in _parsed(delivery).walk() if part.get_content_type() == "image/png"]
    assert tags.values("src") == ["cid:" + str(picture["Content-ID"]).strip("<>") for picture in pictures]
    coverage, names = tags.values("alt")
    assert "114 مقالًا" in coverage
    assert "كوريا الشمالية" in names


def test_digest_without_coverage_has_no_picture(digest: Digest) -> None:
    delivery = render_mail(replace(digest, coverage=(), entities=()), SENDER)
    assert [p.get_content_type() for p in _parsed(delivery).walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_same_digest_is_the_same_bytes(digest: Digest) -> None:
    assert render_mail(digest, SENDER) == render_mail(replace(digest), SENDER)


@pytest.mark.parametrize("field", ["address", "until", "language"])
def test_other_reader_or_window_is_another_message(digest: Digest, field: str) -> None:
    others = {
        "address": replace(digest, subscriber=Subscriber(address="other@example.org")),
        "until": replace(digest, until=digest.until + timedelta(days=1)),
        "language": replace(digest, subscriber=replace(digest.subscriber, language="en")),
    }
    assert render_mail(others[field], SENDER).message_id != render_mail(digest, SENDER).message_id


def test_digests_of_one_topic_make_a_thread(digest: Digest) -> None:
    next_day = replace(digest, since=digest.until, until=digest.until + timedelta(days=1))
    one, other = (_parsed(render_mail(each, SENDER)) for each in (digest, next_day))
    assert one["References"] == other["References"] != one["Message-ID"]


def test_headers_say_who_sent_it_why_and_how_to_stop_it(digest: Digest) -> None:
    delivery = render_mail(digest, SENDER)
    message = _parsed(delivery)
    assert set(message.keys()) == _HEADERS
    assert message["Message-ID"] == delivery.message_id
    assert message["To"] == delivery.recipient == "analyst@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<digest.marsad.example.org>"
    assert message["List-Unsubscribe"] == "<mailto:marsad@example.org?subject=unsubscribe>"
    assert message["Date"].datetime == digest.until


@pytest.mark.parametrize("length", [3, 20, 41, 60, 77, 100, 140])
def test_no_space_of_a_long_arabic_subject_is_lost(digest: Digest, length: int) -> None:
    title = "اتفاق ملاحي جديد بين ميناءين KN-23 و٣٠ سفينة " * 4  # Arabic, Latin and digits, so that words fold anywhere
    delivery = render_mail(replace(digest, stories=(replace(digest.stories[0], title=title[:length].strip()),)), SENDER)
    assert str(_parsed(delivery)["Subject"]) == delivery.subject
    raw = message_from_bytes(delivery.payload)["Subject"]
    assert str(make_header(decode_header(raw))) == delivery.subject


def test_both_parts_tell_every_story_with_outlets_speakers_stances_and_evidence(digest: Digest) -> None:
    delivery = render_mail(digest, SENDER)
    for part in (_part(delivery, "plain"), _part(delivery, "html")):
        for story in digest.stories:
            assert story.title in part
            assert story.outlets[0].name in part
            assert all(quote.evidence in part and quote.speaker_ar in part for quote in story.quotes)
        assert all(word in part for word in ("مؤيد", "معارض", "محايد", "ووسيلتان أخريان", "منها 3 نسخ"))


def test_outlets_bear_the_name_the_reader_knows(digest: Digest, english: Digest) -> None:
    for told, name, other in ((digest, "المنارة", "Al-Manara"), (english, "Al-Manara Online", "المنارة")):
        delivery = render_mail(replace(told, feeds=(), changes=()), SENDER)
        for part in (_part(delivery, "plain"), _part(delivery, "html")):
            assert name in part
            assert other not in part


def test_footer_names_the_feeds_that_are_silent_so_that_silence_is_not_ambiguous(digest: Digest) -> None:
    delivery = render_mail(digest, SENDER)
    for part in (_part(delivery, "plain"), _part(delivery, "html")):
        assert "الخلاصات العاملة: 2 من 4" in part
        assert "لا جديد منذ 6 نوفمبر 2026" in part  # no news since the day, in the language of the frame
        assert "503" in part
        assert SENDER in part


def test_both_parts_tell_alarms_changes_and_the_balance_with_its_doubt(digest: Digest) -> None:
    delivery = render_mail(digest, SENDER)
    for part in (_part(delivery, "plain"), _part(delivery, "html")):
        text = re.sub(r"[\u2066-\u2069]", "", part)
        for said in ("12 خبرًا", "تحوّل أ من مؤيد إلى معارض", "إذاعة النهر: صامتة؛ أيام بلا جديد: 9"):
            assert said in text
        for said in (
            "وأضاف أن الشحنة لم تصل بعد.",
            "وأضاف أن الشحنة وصلت أمس.",
            "+0.33",
            "-0.15",
            "12 متحدثًا",
            "-0.33",
        ):
            assert said in text
        assert "موعدا" not in text  # a vowel sign is no change


def test_story_told_before_says_that_this_is_its_news(digest: Digest) -> None:
    again = replace(digest, stories=(replace(digest.stories[0], told_count=2),))
    delivery = render_mail(again, SENDER)
    assert "سبق ذكره" in _part(delivery, "plain")
    assert "سبق ذكره" in _part(delivery, "html")


def test_immediate_mail_of_one_story_joins_the_thread_of_that_story(digest: Digest) -> None:
    reader = replace(digest.subscriber, frequency="immediate")
    told = replace(digest, subscriber=reader, stories=digest.stories[:1])
    later = replace(told, until=told.until + timedelta(days=1))
    mails = (told, later, replace(told, stories=digest.stories[1:2]))
    one, again, other = (_parsed(render_mail(each, SENDER)) for each in mails)
    assert one["References"] == again["References"] != other["References"]
    assert one["Message-ID"] != again["Message-ID"]


def test_quiet_digest_says_that_there_is_nothing_new(digest: Digest) -> None:
    quiet = replace(digest, stories=(), changes=(), alerts=())
    delivery = render_mail(quiet, SENDER)
    assert "لا جديد" in delivery.subject
    assert "لا جديد" in _part(delivery, "plain")
    assert "لا جديد" in _part(delivery, "html")


def test_html_is_right_to_left_in_every_cell_because_clients_drop_the_body_tag(digest: Digest) -> None:
    html = _part(render_mail(digest, SENDER), "html")
    cells = html.count("<td") - html.count('align="center"') - html.count('class="edge')
    assert html.count('align="right"') == cells
    assert 'lang="ar" dir="rtl"' in html
    assert "<bdi>Al-Manara Online</bdi>" in html


def test_styles_are_inline_because_clients_drop_part_of_pages(digest: Digest) -> None:
    tags = Tags(_part(render_mail(digest, SENDER), "html"))
    assert "style" not in tags.names
    assert len(tags.values("style")) > 40


def test_text_lines_begin_right_to_left_even_with_a_latin_name(digest: Digest) -> None:
    lines = _part(render_mail(digest, SENDER), "plain").splitlines()
    assert all(line.startswith("\u200f") for line in lines if line)
    assert any("\u2068Al-Manara Online\u2069" in line for line in lines)


def test_english_frame_leaves_quotes_arabic(english: Digest) -> None:
    delivery = render_mail(english, SENDER)
    text = _part(delivery, "plain")
    assert "Sergey Lavrov" in text
    assert "(supportive)" in text
    assert english.stories[0].quotes[0].evidence in text
    assert "\u200f" not in text
    assert 'lang="en" dir="ltr"' in _part(delivery, "html")
    assert delivery.subject.startswith("Cooperation of Russia and North Korea, 3 stories: ")


def test_hostile_words_forge_no_header_and_break_no_part(digest: Digest, hostile: str) -> None:
    delivery = render_mail(_soiled(digest, hostile), SENDER)
    message = _parsed(delivery)
    assert sorted(message.keys()) == sorted(_HEADERS)
    assert [part.get_content_type() for part in message.walk()][1:] == [
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "image/png",
    ]
    assert len(delivery.subject.splitlines()) == 1
    assert "victim" not in str(message["To"])
    assert not message.defects


def test_hostile_words_do_not_hide_the_stories_beside_them(digest: Digest, hostile: str) -> None:
    delivery = render_mail(_soiled(digest, hostile), SENDER)
    assert digest.stories[1].title in _part(delivery, "plain")
    assert digest.stories[1].title in _part(delivery, "html")


def test_hostile_words_run_nothing_and_load_nothing(digest: Digest, hostile: str) -> None:
    html = _part(render_mail(_soiled(digest, hostile), SENDER), "html")
    tags = Tags(html)
    assert tags.names.isdisjoint({"script", "iframe", "object", "link", "form", "style"})
    assert not [name for name, _ in tags.attributes if name.startswith("on")]
    assert all(value.startswith("cid:") for value in tags.values("src"))
    assert all(value.startswith(("http://", "https://")) for value in tags.values("href"))


def test_every_line_is_one_a_mail_server_takes(digest: Digest, hostile: str) -> None:
    payload = render_mail(_soiled(digest, hostile), SENDER).payload
    assert max(map(len, payload.split(b"\r\n"))) <= 998
    assert payload.isascii()
    assert payload.count(b"\n") == payload.count(b"\r\n") == payload.count(b"\r")


def test_month_of_news_is_no_larger_than_a_mail_server_takes(english: Digest) -> None:
    month = replace(english, stories=tuple(replace(english.stories[0], id=n) for n in range(1_500)))
    delivery = render_mail(month, SENDER)
    assert len(delivery.payload) < 5_000_000
    lines = _part(delivery, "plain").splitlines()
    assert [line for line in lines if line.startswith(("1000. ", "1001. ", "500 more"))][1:] == ["500 more stories"]


@pytest.mark.parametrize("count", [1, 50, 400])
def test_html_stays_below_what_mail_clients_cut_and_text_tells_all(digest: Digest, count: int) -> None:
    long = replace(
        digest.stories[0],
        title="عنوان " * 2_000,
        urls=tuple("https://example.org/" + "خبر" * 100 for _ in range(9)),
        quotes=tuple(replace(quote, evidence="جملة " * 2_000) for quote in digest.stories[0].quotes * 3),
    )
    delivery = render_mail(replace(digest, stories=tuple(replace(long, id=n) for n in range(count))), SENDER)
    assert len(_part(delivery, "html").encode()) <= HTML_LIMIT_BYTES
    text = _part(delivery, "plain")
    assert f"\u200f{count}. " in text


def test_what_is_not_told_is_counted_and_no_words_make_html_longer_than_clients_show(english: Digest) -> None:
    words, link = "&" * 400, f"https://example.org/{'&' * 1_900}"  # each sign is five bytes of HTML
    soiled = _soiled(english, words)
    body = "\n".join(f"{words} {number}.\nok {number}." for number in range(9))
    piece = replace(soiled.changes[0].piece, url=link)
    change = replace(soiled.changes[0], piece=piece, body_before=body, body=body.replace(f"{words} ", f"{words} x"))
    big = replace(
        soiled,
        stories=tuple(replace(soiled.stories[0], id=n, urls=(link,)) for n in range(90)),
        changes=(change,) * 101,
        alerts=tuple(replace(alert, subject=f"{n}") for alert in soiled.alerts for n in range(20)),
        feeds=tuple(replace(soiled.feeds[0], url=f"{n}") for n in range(40)),
    )
    delivery = render_mail(big, SENDER)
    text, html = _part(delivery, "plain"), _part(delivery, "html")
    assert len(html.encode()) <= HTML_LIMIT_BYTES
    assert all(
        re.search(rf"\d+ more {what}", html) for what in ("stories", "voices", "articles", "places", "feeds", "alarm")
    )
    assert "1 more article" in text.splitlines()
    assert "more feed" not in text


def test_preview_is_one_file_with_its_picture_inside(digest: Digest) -> None:
    tags = Tags(render_html(digest, SENDER))
    sources = tags.values("src")
    assert len(sources) == 2
    assert all(source.startswith("data:image/png;base64,") and len(source) > 2_000 for source in sources)


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ({"changes": ()}, "Spike: the topic as a whole"),
        ({"alerts": ()}, "Articles changed after publication"),
        ({"alerts": (), "changes": (), "subscriber": FEEDS_ALONE}, "Feeds at work: 2 of 4"),
    ],
    ids=["alarms alone", "changes alone", "feeds alone"],
)
def test_digest_without_a_story_says_in_its_subject_what_it_tells(
    english: Digest, left: dict[str, Any], said: str
) -> None:
    assert said in render_mail(replace(english, stories=(), **left), SENDER).subject


def test_mail_goes_to_the_address_that_the_settings_take() -> None:
    taken = 0
    for letters in itertools.product("aB.+\"()[\\\\'", repeat=3):
        address = f"{''.join(letters)}@Example.org"
        try:
            reader, wording = Subscriber(address=address), wording_of("en")
        except ValidationError:
            continue
        taken += 1
        message = addressed(wording, SENDER, reader.address, message_id_of(SENDER, reader.key), UNTIL)
        assert frozen(message, "news", body_of("news")).recipient == address
    assert taken
