"""Owns the report page: one HTML file that asks nothing of the network.

Its Content-Security-Policy lets one script run, the page's own by its hash, and nothing load; what strangers wrote goes
through that script as text, so that what a hostile title might smuggle in stays dead. Bars and names are HTML and not
pictures: every number is a button, names wrap, can be selected, and are set in the reader's own Arabic typeface
(decisions/0014).
"""

from __future__ import annotations

import base64
from hashlib import sha256

from markupsafe import Markup

from marsad.digests import Report
from reports.page_data import page_data
from reports.page_words import page_wording_of
from reports.templates import coverage_in_words, part_of_page, render_template
from reports.wording import Language, wording_of

_SPANS_DAYS = (7, 30, 90)  #: offered beside free dates, where the report is longer


def render_report(report: Report, language: Language = "ar") -> str:
    """Return `report` as a self-contained HTML page whose frame is in `language`."""
    wording, script = wording_of(language), part_of_page("page.js")
    return render_template(
        "page.html.j2",
        report=report,
        w=wording,
        p=page_wording_of(language),
        css=part_of_page("page.css"),
        script=script,
        script_hash=base64.b64encode(sha256(script.encode()).digest()).decode(),
        data=Markup(page_data(report, language)),  # noqa: S704 - JSON without a "<"
        topic=wording.named(report.topic_name, report.topic_name_ar),
        span=wording.span_of(report.since, report.until, report.zone),
        coverage_said=coverage_in_words(report.coverage, wording),
        spans=[days for days in _SPANS_DAYS if days < len(report.coverage)],
    )
