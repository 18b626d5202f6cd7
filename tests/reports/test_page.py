from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from marsad.digests import EntityCount, FeedHealth, OutletCount, Quote, Report, SpeakerStance
from reports.page import render_report
from reports.wording import Language

_VOID = {"meta", "br", "img", "hr", "link", "input"}


class _Page(HTMLParser):
    """The elements of a page, and whether each was closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _soiled(report: Report, words: str) -> Report:
    quote = Quote(words, words, report.stories[0].quotes[0].stance, words, words, words)
    story = replace(report.stories[0], title=words, outlets=(words,) * 9, urls=(words,), quotes=(quote,) * 2)
    return replace(
        report,
        topic_name=words,
        topic_name_ar=words,
        speakers=(SpeakerStance(words, words, 1, 1, 1),),
        entities=(EntityCount(words, words, words, 1),),
        outlets=(OutletCount(words, 1, 0, words, words),),
        stories=(story, report.stories[1]),
        feeds=(FeedHealth(words, words, words, words),),
    )


@pytest.mark.parametrize("language", ["ar", "en"])
def test_page_is_well_formed(report: Report, language: Language) -> None:
    assert _Page(render_report(report, language)).open == []


def test_page_loads_nothing_and_runs_nothing(report: Report) -> None:
    html = render_report(report)
    page = _Page(html)
    assert page.names.isdisjoint({"script", "link", "img", "iframe", "object", "base", "form"})
    assert not re.search(r"url\(|@import|@font-face", html)
    assert "default-src 'none'" in html
    assert {name for name, _ in page.attributes}.isdisjoint({"src", "srcset", "poster", "background", "action"})


def test_hostile_words_stay_words(report: Report, hostile: str) -> None:
    page = _Page(render_report(_soiled(report, hostile)))
    assert page.open == []
    assert page.names.isdisjoint({"script", "img", "iframe", "link"})
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert all(value.startswith(("http://", "https://")) for name, value in page.attributes if name == "href")


def test_hostile_words_do_not_hide_the_stories_beside_them(report: Report, hostile: str) -> None:
    assert report.stories[1].title in render_report(_soiled(report, hostile))


def test_page_shows_every_part_of_the_report(report: Report) -> None:
    html = render_report(report)
    for story in report.stories:
        assert story.title in html
        assert all(quote.evidence in html for quote in story.quotes)
    for name in ("سيرغي لافروف", "KN-23", "Al-Manara Online", "HTTP 503, 12 polls in a row", "11 تصريحًا", "88 مقالًا"):
        assert name in html
    assert "معارض 7، محايد 1" in html
    assert "120" in html  # entries audited
    assert html.count("<svg") == 2  # one for wide windows, one for phones


def test_frame_is_right_to_left_and_names_are_isolated(report: Report) -> None:
    html = render_report(report)
    assert '<html lang="ar" dir="rtl">' in html
    assert "<bdi>Al-Manara Online</bdi>" in html


def test_english_frame_shows_english_names(report: Report) -> None:
    html = render_report(report, "en")
    assert '<html lang="en" dir="ltr">' in html
    assert "North Korea" in html
    assert "كوريا الشمالية</bdi><span" not in html


def test_chart_is_told_in_words_and_numbers(report: Report) -> None:
    html = render_report(report)
    assert "الأعلى: 14 في 13 نوفمبر 2026" in html
    assert html.count('<td class="num">') >= 2 * len(report.coverage)


def test_empty_report_says_so_in_every_part(report: Report) -> None:
    html = render_report(Report(since=report.since, until=report.until))
    assert html.count("لا شيء في هذه المدة") == 5
    assert "<svg" not in html


def test_page_has_styles_for_dark_phone_and_print(report: Report) -> None:
    html = render_report(report)
    for query in ("prefers-color-scheme: dark", "max-width: 40rem", "@media print"):
        assert query in html
    assert 'name="viewport"' in html


def test_shares_of_a_speaker_add_up(report: Report) -> None:
    html = render_report(replace(report, speakers=(SpeakerStance("a", "", 1, 1, 1),)))
    widths = re.findall(r'<i class="(?:supportive|opposed|neutral)" style="width:([\d.]+)%"', html)
    assert widths == ["33.3"] * 3


def test_same_report_is_the_same_page(report: Report) -> None:
    assert render_report(report) == render_report(replace(report))


def test_word_without_end_is_broken_and_does_not_push_the_page_out_of_sight(report: Report) -> None:
    style = render_report(report).partition("</style>")[0]
    assert re.search(r"body \{[^}]*overflow-wrap: anywhere", style)


def test_two_thousand_stories_stay_a_page_that_opens_at_once(report: Report) -> None:
    many = tuple(replace(report.stories[n % 3], id=n) for n in range(2_000))
    assert len(render_report(replace(report, stories=many)).encode()) < 5_000_000
