"""Owns the page of one tagged text: its names marked, its statements coloured, each with its reasons, right to left.

Sentences do not overlap, names do not either: one walk over both gives the page, whatever the length of the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from markupsafe import Markup, escape

from marsad.articles import Mention, MentionKind, Statement, Tagging
from reports.safe import plain, plain_lines
from reports.templates import part_of_page, render_template

_STANCES = {"supportive": "مؤيد", "opposed": "معارض", "neutral": "محايد"}
_LABELS = {"on": "في الموضوع", "near": "قريب من الموضوع", "off": "خارج الموضوع"}
_MANNERS = {"direct": "كلام مقتبس", "indirect": "كلام منقول", "act": "فعل رسمي", "ascribed": "منسوب إليه"}


def render_tagged(text: str, tagging: Tagging) -> str:
    """Return the text as a self-contained HTML page, its judgements beside it; asks nothing of the network."""
    return render_template(
        "tagged.html.j2",
        css=part_of_page("page.css"),
        tagging=tagging,
        text=_marked_text(text, tagging),
        stances=_STANCES,
        labels=_LABELS,
        manners=_MANNERS,
        evidence=[text[one.start : one.end] for one in tagging.statements],
    )


def _marked_text(text: str, tagging: Tagging) -> Markup:
    numbered = sorted(enumerate(tagging.statements, 1), key=lambda pair: (pair[1].start, pair[1].end))
    mentions = sorted(tagging.mentions, key=lambda mention: mention.start)
    parts, at, seen = [], 0, 0
    for (start, end), group in groupby(numbered, key=lambda pair: (pair[1].start, pair[1].end)):
        if start < at:
            continue
        before = _between(mentions, seen, start)
        inside = _between(mentions, before, end)
        parts.append(_named(text, at, start, mentions[seen:before]))
        parts.append(_said(_named(text, start, end, mentions[before:inside]), list(group)))
        at, seen = end, inside
    return Markup().join([*parts, _named(text, at, len(text), mentions[seen:])])


def _between(mentions: Sequence[Mention], first: int, end: int) -> int:
    """Return the first mention at or behind `end`, from the mention `first` on."""
    while first < len(mentions) and mentions[first].start < end:
        first += 1
    return first


def _said(words: Markup, statements: Sequence[tuple[int, Statement]]) -> Markup:
    stances = {str(statement.stance) for _, statement in statements}
    marks = Markup().join(_footnote(number) for number, _ in statements)
    return Markup('<span class="said {}">{}{}</span>').format(" ".join(sorted(stances)), words, marks)


def _footnote(number: int) -> Markup:
    return Markup('<sup id="said{}"><a href="#why{}">{}</a></sup>').format(number, number, number)


def _named(text: str, start: int, end: int, mentions: Sequence[Mention]) -> Markup:
    return Markup().join(_pieces(text, start, end, mentions))


def _pieces(text: str, start: int, end: int, mentions: Sequence[Mention]) -> Iterator[Markup]:
    at = start
    for mention in mentions:
        if mention.start < at or mention.end > end:
            continue  # inside a longer name
        yield escape(plain_lines(text[at : mention.start]))
        told = f"{mention.name or 'not listed'} ({'nisba' if mention.kind is MentionKind.NISBA else mention.type})"
        words = plain_lines(text[mention.start : mention.end])
        yield Markup('<mark class="{}" title="{}">{}</mark>').format(mention.kind, plain(told), words)
        at = mention.end
    yield escape(plain_lines(text[at:end]))
