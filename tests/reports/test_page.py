from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from marsad.digests import EntityCount, FeedHealth, OutletCount, Piece, Quote, Report, SpeakerStance, Spike
from reports import page_data
from reports.page import render_report
from reports.wording import Language
from tests.reports.tags import Tags

_VOID = {"meta", "br", "img", "hr", "link", "input"}


class _Page(Tags):
    """The elements of a page, and whether each was closed."""

    def __init__(self, html: str) -> None:
        self.open: list[str] = []
        super().__init__(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _soiled(report: Report, words: str) -> Report:
    """Return the report with `words` wherever a stranger's words go."""
    quote = Quote(words, words, report.pieces[1].quotes[0].stance, words, words, words)
    piece = Piece(7, 7, words, words, words, report.until, False, (quote,), words, words, (words,))
    return replace(
        report,
        topic_name=words,
        topic_name_ar=words,
        speakers=(SpeakerStance(words, words, 1, 1, 1), *report.speakers),
        entities=(EntityCount(words, words, words, 1), *report.entities),
        outlets=(OutletCount(words, 1, 0, words, words, words), *report.outlets),
        spikes=(Spike(words, "2026-11-13", words, 9, 4, 2.5, 0.0001),),
        pieces=(piece, *report.pieces),
        feeds=(FeedHealth(words, words, words, words),),
    )


def _data(html: str) -> dict[str, Any]:
    """Return what the page's script reads."""
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    data: dict[str, Any] = json.loads(found)
    return data


@pytest.mark.parametrize("language", ["ar", "en"])
def test_page_is_well_formed(report: Report, language: Language) -> None:
    assert _Page(render_report(report, language)).open == []


def test_page_loads_nothing_and_runs_its_own_script_alone(report: Report) -> None:
    html = render_report(report)
    page = _Page(html)
    assert page.names.isdisjoint({"link", "img", "iframe", "object", "base"})
    assert not re.search(r"url\(|@import|@font-face|fetch\(|XMLHttpRequest|WebSocket|sendBeacon|innerHTML|eval\(", html)
    assert {name for name, _ in page.attributes}.isdisjoint({"src", "srcset", "poster", "background", "action"})
    script = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert len(script) == 1
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in html


def test_hostile_words_stay_words(report: Report, hostile: str) -> None:
    html = render_report(_soiled(report, hostile))
    page = _Page(html)
    assert page.open == []
    assert html.count("<script") == 2
    assert page.names.isdisjoint({"img", "iframe", "link"})
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    links = [row[7] for row in _data(html)["articles"] if len(row) > 6]
    assert all(link == "" or link.startswith(("http://", "https://")) for link in links)


def test_hostile_words_do_not_hide_the_articles_beside_them(report: Report, hostile: str) -> None:
    titles = [row[6] for row in _data(render_report(_soiled(report, hostile)))["articles"] if len(row) > 6]
    assert titles[1:] == [piece.title for piece in report.pieces]


def test_page_counts_every_article_and_names_the_newest(report: Report) -> None:
    data = _data(render_report(report))
    assert len(data["articles"]) == len(report.pieces) + len(report.tallies)
    assert [len(row) for row in data["articles"]] == [10] * 4 + [6] * 2
    assert {text for row in data["articles"][:4] for text in (data["evidence"][at] for at in row[9])} == {
        quote.evidence for piece in report.pieces for quote in piece.quotes
    }


def test_page_shows_what_is_not_counted_by_its_script(report: Report) -> None:
    html = render_report(report)
    assert "متعطلة" in html  # broken
    assert "لا جديد منذ 6 نوفمبر 2026" in html  # nothing since that day, in Arabic
    assert "120" in html  # entries audited


def test_frame_is_right_to_left_and_names_are_isolated(report: Report) -> None:
    html = render_report(report)
    assert '<html lang="ar" dir="rtl">' in html
    assert "<bdi>Al-Manara Online</bdi>" in html


def test_english_frame_shows_english_names(report: Report) -> None:
    html = render_report(report, "en")
    assert '<html lang="en" dir="ltr">' in html
    assert _data(html)["entities"][0] == ["north-korea", "North Korea"]
    assert _data(html)["speakers"][0] == ["Sergey Lavrov"]


def test_chart_is_told_in_words(report: Report) -> None:
    assert "الأعلى: 14 في 13 نوفمبر 2026" in render_report(report)


def test_page_has_styles_for_dark_phone_and_print(report: Report) -> None:
    html = render_report(report)
    for query in ("prefers-color-scheme: dark", "max-width: 40rem", "@media print"):
        assert query in html
    assert 'name="viewport"' in html


def test_same_report_is_the_same_page(report: Report) -> None:
    assert render_report(report) == render_report(replace(report))


def test_evidence_is_left_out_before_the_page_grows_without_end(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_data, "EVIDENCE_LIMIT_CHARS", 100)
    data = _data(render_report(report))
    assert sum(map(len, data["evidence"])) <= 100
    assert -1 in {at for row in data["articles"][:4] for at in row[9]}


def test_fifty_thousand_articles_stay_below_five_megabytes(report: Report) -> None:
    long = replace(report.pieces[3], title="عنوان " * 15, url="https://example.org/" + "خبر-" * 30)  # a title
    tally = replace(report.tallies[1], entity_ids=tuple(one.entity_id for one in report.entities) * 2)
    full = replace(
        report,
        pieces=tuple(replace(long, article_id=n, story_id=n) for n in range(2_000)),
        tallies=tuple(replace(tally, article_id=n, story_id=n) for n in range(48_000)),
    )
    assert len(render_report(full).encode()) < 5_000_000
