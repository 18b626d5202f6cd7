"""Owns what the command line shows a person: tables, bars, a tagged text, findings, the progress of a cycle.

Colour repeats what a word already says; without it nothing is lost.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from numbers import Number
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from marsad.articles import Article, Statement, Tagging
from marsad.digests import FeedHealth, Finding, Unsent
from marsad.records import RunSummary
from reports.filling import filled
from reports.safe import plain, readable_address
from reports.screen import Screen, here

#: Rows of a table before a person is better served by a file.
ROWS_SHOWN = 500
#: Columns narrower than this turn words into stacks of letters; then rows become blocks of lines.
_COLUMN_CHARS = 8
_GAP_CHARS = 3  #: between two columns
_GRID_GAP = "  "  #: between two columns that have no lines
_SENTENCE_CHARS = 2000  #: of a finding, which may name several files
_URL_CHARS = 38  #: of a url in a table of 80 columns
_ALIKE_COUNT = 5  #: feeds that fail for one reason share a row: without network it is all 49 of the seeds
_COLORS = {
    **dict.fromkeys(("ok", "not_modified"), "green"),
    **dict.fromkeys(("warn", "silent", "never", "waiting", "blocked"), "yellow"),
    **dict.fromkeys(("fail", "broken", "dead"), "red"),
}
_STANCE_COLORS = {"supportive": "blue", "opposed": "red", "neutral": ""}


def render_summary(summary: RunSummary, screen: Screen | None = None) -> str:
    """Return what a cycle did: counts, reasons of drops, feeds that failed and why."""
    screen = screen or here()
    counts = (
        ("feeds polled", summary.feed_count),
        ("feeds failed", len(summary.failed_feeds)),
        ("new entries", summary.entry_count),
        ("pages fetched", summary.fetched_count),
        ("articles, new", summary.new_count),
        ("articles, copies", summary.duplicate_count),
        ("articles, changed", summary.revision_count),
        ("left for the next cycle", summary.pending_count),
        *(
            (f"dropped: {reason}", count)
            for reason, count in sorted(summary.drops.items(), key=lambda item: (-item[1], item[0]))
        ),
    )
    table = _table(screen, ("this cycle", "count"), right=(1,))
    for name, count in counts:
        table.add_row(screen.cell(name), screen.cell(f"{count:,}"))
    seconds = ", ".join(f"{stage} {value:.1f} s" for stage, value in summary.stage_seconds.items())
    failed = [_failures(screen, summary)] if summary.failed_feeds else []
    return screen.printed(table, *([screen.cell(seconds)] if seconds else []), *failed)


def _failures(screen: Screen, summary: RunSummary) -> Table:
    table = _table(screen, ("feed that failed", "why"))
    by_reason: dict[str, list[str]] = {}
    for url, reason in sorted(summary.failed_feeds.items()):
        by_reason.setdefault(reason, []).append(_short(url))
    for reason, urls in sorted(by_reason.items(), key=lambda item: -len(item[1])):
        rows = urls if len(urls) < _ALIKE_COUNT else [f"{len(urls)} feeds (see feeds list)"]
        for row in rows:
            table.add_row(screen.cell(row), screen.cell(reason, "red"))
    return table


def _short(url: str) -> str:
    """A url as a person tells it from others: without scheme, its Arabic legible, cut in the middle."""
    told = readable_address(url).partition("://")[2]
    return told if len(told) <= _URL_CHARS else f"{told[: _URL_CHARS // 2]}…{told[-_URL_CHARS // 2 + 1 :]}"


def render_table(
    columns: Sequence[str], rows: Sequence[Sequence[object]], screen: Screen | None = None, *, has_more: bool = False
) -> str:
    """Return rows as a table, or as blocks of lines where the columns do not fit; says where rows are left out.

    Args:
        columns: Names, in order.
        rows: A cell a column.
        screen: Where it is shown; standard output where none is given.
        has_more: Whether the answer goes on behind `rows`.
    """
    screen = screen or here()
    shown = rows[:ROWS_SHOWN]
    needed = sum(max(len(name), _COLUMN_CHARS) + _GAP_CHARS for name in columns)
    laid_out = _blocks if needed > screen.width else _grid
    left = len(rows) - len(shown)
    note = _counted(len(rows), "row") + (f", {left:,} not shown: use --csv or --json" if left else "")
    if has_more:
        note = f"{_counted(len(shown), 'row')} shown, there are more: use --csv or --json"
    return screen.printed(*laid_out(screen, columns, shown), Text(note))


def render_feeds(feeds: Sequence[FeedHealth], screen: Screen | None = None) -> str:
    """Return every feed with its outlet, state, when it last had a new entry, why it fails, and where it moved.

    Addresses are shown for reading; `--json` has them for copying.
    """
    screen = screen or here()
    table = _table(screen, ("outlet", "state", "last new", "feed"))
    for feed in feeds:
        where = screen.cell(readable_address(feed.url))
        if feed.reason:
            where.append("\n").append_text(screen.cell(feed.reason, "yellow"))
        if feed.moved_to:
            where.append("\n").append_text(
                screen.cell(f"moved for good to {readable_address(feed.moved_to)}", "yellow")
            )
        newest = f"{feed.newest_at:%Y-%m-%d %H:%M}" if feed.newest_at else "-"
        table.add_row(screen.cell(feed.outlet), screen.cell(feed.state, _COLORS.get(feed.state, "")), newest, where)
    ill, unasked = sum(feed.is_ill for feed in feeds), sum(not (feed.is_well or feed.is_ill) for feed in feeds)
    asked = f", {unasked} not asked yet" if unasked else ""
    return screen.printed(table, Text(f"{_counted(len(feeds), 'feed')}, {ill} not at work{asked}"))


def render_findings(findings: Iterable[Finding], screen: Screen | None = None, commands: Collection[str] = ()) -> str:
    """Return what doctor found, the remedy under what is not in order; none of `commands` is broken.

    One that is too long stands on a line of its own, as wide as it is, so that it can be pasted.
    """
    screen, shown = screen or here(), tuple(findings)
    states, names = (max((len(text) for text in column), default=0) for column in _heads(shown))
    whole = [screen.lines(command).plain for command in commands]
    margin = states + names + 2 * len(_GRID_GAP)
    text = Text()
    for finding in shown:
        text.append(f"{finding.state:<{states}}", _COLORS.get(finding.state, "")).append(_GRID_GAP)
        lead = f"{finding.name:<{names}}{_GRID_GAP}"
        for sentence, style in ((finding.said, ""), (finding.remedy, "bold")):
            plain_sentence = screen.lines(plain(sentence, _SENTENCE_CHARS)).plain
            for line in filled(plain_sentence, max(screen.width - margin, _COLUMN_CHARS), whole):
                text.append(lead).append(line, style).append("\n")
                lead = " " * margin
    text.rstrip()
    widest = max((line.cell_len for line in text.split()), default=0)
    return replace(screen, width=max(screen.width, widest)).printed(text)


def _heads(shown: Sequence[Finding]) -> tuple[list[str], list[str]]:
    return [one.state for one in shown], [one.name for one in shown]


def unsent_said(unsent: Unsent) -> str:
    """Return in one line how many mails are not sent, and why."""
    fate = "refused for good" if unsent.state == "dead" else "waiting"
    return f"{unsent.mail_count} {fate}: {plain(unsent.answer)}"


def render_article(article: Article, screen: Screen | None = None) -> str:
    """Return an extracted article: what is known of it, then its text."""
    screen = screen or here()
    facts = (
        ("title", article.title),
        ("url", article.url),
        ("outlet", article.outlet),
        ("published", article.published.written() or ""),
        ("modified", article.modified.written() or ""),
        ("authors", ", ".join(article.authors)),
        ("language", article.lang),
        ("tags", ", ".join(article.tags)),
        ("kind of text", str(article.kind)),
    )
    return screen.printed(_facts(screen, facts), Text(), screen.lines(article.body))


def render_tagging(text: str, tagging: Tagging, screen: Screen | None = None) -> str:
    """Return the text with its names in brackets, then who is named how often, then who said what."""
    screen = screen or here()
    relevance = tagging.relevance
    facts = (
        ("topic", f"{relevance.label} ({relevance.score:.2f})"),
        ("because", "; ".join(relevance.reasons)),
        ("outlet's voice", str(tagging.voice.stance)),
        ("balance", "no speakers" if tagging.balance is None else f"{tagging.balance:+.2f}"),
    )
    return screen.printed(
        _facts(screen, facts),
        Text(),
        _marked(screen, text, tagging),
        Text(),
        *([_mentions(screen, tagging)] if tagging.mentions else []),
        *(part for one in tagging.statements for part in (Text(), _statement(screen, text, one))),
    )


class CycleProgress:
    """The progress of a cycle on standard error; where that is no terminal it stays silent."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, markup=False)
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def begin(self, stage: str, total: int) -> None:
        """Say that `stage` starts, with so many things to do."""
        self._tasks[stage] = self._bars.add_task(stage, total=total)

    def advance(self, stage: str, count: int = 1) -> None:
        """Say that `count` more of them are done."""
        self._bars.advance(self._tasks[stage], count)


def _table(screen: Screen, columns: Iterable[str], right: tuple[int, ...] = ()) -> Table:
    table = Table(box=screen.box, header_style="bold", pad_edge=False, show_edge=False)
    for number, name in enumerate(columns):
        table.add_column(screen.cell(name), justify="right" if number in right else "left", overflow="fold")
    return table


def _grid(screen: Screen, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> list[Table | Text]:
    numeric = tuple(n for n in range(len(columns)) if all(_is_number(row[n]) for row in rows))
    table = _table(screen, columns, right=numeric)
    for row in rows:
        table.add_row(*(screen.cell(_written(value)) for value in row))
    return [table]


def _blocks(screen: Screen, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> list[Table | Text]:
    parts: list[Table | Text] = []
    for number, row in enumerate(rows, 1):
        parts.append(Text(f"-- row {number}"))
        parts.append(_facts(screen, [(name, _written(value)) for name, value in zip(columns, row, strict=True)]))
    return parts


def _facts(screen: Screen, facts: Iterable[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, value in facts:
        if value:
            table.add_row(screen.cell(name, "dim"), screen.cell(value))
    return table


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, Number) and not isinstance(value, bool))


def _written(value: object) -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).lower()
        case float():
            return f"{value:.6g}"
        case datetime():
            return value.isoformat(" ", "seconds")
        case _:
            return str(value)


def _marked(screen: Screen, text: str, tagging: Tagging) -> Text:
    marked, at = Text(), 0
    for mention in sorted(tagging.mentions, key=lambda mention: (mention.start, -mention.end)):
        if mention.start < at:
            continue  # inside a longer name
        marked.append_text(screen.lines(text[at : mention.start]))
        marked.append_text(screen.lines(f"[{text[mention.start : mention.end]}]", "bold"))
        at = mention.end
    return marked.append_text(screen.lines(text[at:]))


def _mentions(screen: Screen, tagging: Tagging) -> Table:
    counts = Counter((str(one.type), one.name or "(not listed)", one.surface) for one in tagging.mentions)
    table = _table(screen, ("type", "name", "in the text", "times"), right=(3,))
    for (kind, name, surface), count in counts.most_common():
        table.add_row(screen.cell(kind), screen.cell(name), screen.cell(surface), str(count))
    return table


def _statement(screen: Screen, text: str, statement: Statement) -> Table:
    stance = screen.cell(str(statement.stance), _STANCE_COLORS[statement.stance]).append(" on ")
    table = Table.grid(padding=(0, 2))
    table.add_row(screen.cell("speaker", "dim"), screen.cell(statement.speaker, "bold"))
    table.add_row(screen.cell("stance", "dim"), stance.append_text(screen.cell(statement.target)))
    how = f"{statement.attribution}, cue {statement.cue}, confidence {statement.confidence:.2f}"
    table.add_row(screen.cell("how", "dim"), screen.cell(how))
    table.add_row(screen.cell("evidence", "dim"), screen.cell(text[statement.start : statement.end]))
    return table
