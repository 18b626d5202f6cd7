"""Owns the report page: one HTML file that asks nothing of the network and runs no script.

Its Content-Security-Policy forbids both, so what a hostile title might smuggle in stays dead. Bars with names are HTML
and not pictures: names wrap, can be selected, and are set in the reader's own Arabic typeface.
"""

from __future__ import annotations

from markupsafe import Markup

from marsad.digests import Report, SpeakerStance
from reports.charts import coverage_svg
from reports.templates import coverage_in_words, render_template, style_sheet
from reports.wording import Language, Wording, wording_of

#: Widths in pixels at which the chart's digits stay readable: a desktop column, a phone.
_WIDE, _NARROW = 860, 300
_OUTLETS_SHOWN = 6


def render_report(report: Report, language: Language = "ar") -> str:
    """Return `report` as a self-contained HTML page whose frame is in `language`."""
    wording = wording_of(language)
    return render_template(
        "page.html.j2",
        report=report,
        w=wording,
        css=style_sheet("page.css"),
        topic=wording.named(report.topic_name, report.topic_name_ar),
        named=wording.named,
        span=wording.span_of(report.since, report.until, report.zone),
        facts=_facts(report, wording),
        coverage_said=coverage_in_words(report.coverage, wording),
        wide_chart=_drawn(report, _WIDE),
        narrow_chart=_drawn(report, _NARROW),
        stances_said=lambda speaker: _stances_said(speaker, wording),
        most_named=max((entity.article_count for entity in report.entities), default=1) or 1,
        most_printed=max((outlet.article_count for outlet in report.outlets), default=1) or 1,
        outlets_shown=_OUTLETS_SHOWN,
    )


def _drawn(report: Report, width: int) -> Markup:
    return Markup(coverage_svg(report.coverage, width))  # noqa: S704 - drawn from days and counts alone


def _facts(report: Report, wording: Wording) -> tuple[tuple[str, int], ...]:
    return (
        (wording.all_articles, sum(day.article_count for day in report.coverage)),
        (wording.own_stories, len(report.stories)),
        (wording.outlets, len(report.outlets)),
        (wording.speakers_heard, len(report.speakers)),
    )


def _stances_said(speaker: SpeakerStance, wording: Wording) -> str:
    counts = (speaker.supportive_count, speaker.opposed_count, speaker.neutral_count)
    words = zip((word for _, word in wording.stances), counts, strict=True)
    return f"{wording.comma} ".join(f"{word} {count}" for word, count in words if count)
