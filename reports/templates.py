"""Owns the templates: one environment in which nothing reaches a reader that was not made plain first.

Every value a template prints goes through `reports.safe.plain` (Jinja's `finalize`) and is then escaped where the
template is HTML, so a forgotten filter cannot let a hostile title through.
"""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from marsad.digests import DayCount
from reports.safe import isolated, link_of, plain
from reports.wording import Wording


def render_template(name: str, **values: object) -> str:
    """Return the template `name` (*.html.j2 is escaped, *.txt.j2 is not) filled with `values`."""
    return _ENVIRONMENT.get_template(name).render(**values)


def part_of_page(name: str) -> Markup:
    """Return the text of a style sheet or script of this package, to stand in its element."""
    return Markup(files("reports").joinpath(name).read_text("utf-8"))  # noqa: S704 - our own file


def coverage_in_words(coverage: tuple[DayCount, ...], wording: Wording) -> str:
    """Return what the coverage chart shows as one sentence, empty where there are no days or no articles."""
    most = max(coverage, key=lambda count: count.article_count, default=None)
    if most is None or not most.article_count:
        return ""
    return wording.coverage_said.format(
        since=wording.iso_date(coverage[0].day),
        until=wording.iso_date(coverage[-1].day),
        articles=wording.article.counted(sum(count.article_count for count in coverage)),
        most=most.article_count,
        day=wording.iso_date(most.day),
    )


def _finalized(value: object) -> object:
    # Markup is what a template or this package made itself; everything else may come from a stranger.
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _said_html(text: str) -> Markup:
    return escape(text)  # sentences of our own, in which each stranger's word is plain and isolated


def _said_text(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - as above, and no HTML


def _isolated(text: str) -> Markup:
    # Only for *.txt.j2: the marks must outlive `plain`, and a text part is not escaped.
    return Markup(isolated(text))  # noqa: S704 - no HTML


_ENVIRONMENT = Environment(
    loader=PackageLoader("reports", ""),
    autoescape=select_autoescape(enabled_extensions=("html.j2",), default_for_string=True),
    undefined=StrictUndefined,
    finalize=_finalized,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {
    "link": link_of,
    "brief": plain,
    "isolated": _isolated,
    "said_html": _said_html,
    "said_text": _said_text,
}
