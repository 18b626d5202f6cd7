"""Owns what the command line shows of feeds that were looked at."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from marsad.checks import FeedCheck
from reports.safe import readable_address
from reports.screen import Screen, here

_COLORS = {"ok": "green", "empty": "yellow", "stale": "yellow", "undated": "yellow"}


def render_checks(checks: Sequence[FeedCheck], screen: Screen | None = None) -> str:
    """Return every feed with what it answered, the day of its newest item and how much of it is on the topic."""
    screen = screen or here()
    table = Table(box=None, pad_edge=False)
    for name in ("outlet", "answer", "newest", "items", "on topic", "feed"):
        table.add_column(name, overflow="fold", justify="right" if name in ("items", "on topic") else "left")
    for check in checks:
        where = screen.cell(readable_address(check.url))
        if check.reason:
            where.append("\n").append_text(screen.cell(check.reason, "yellow"))
        newest = f"{check.newest_at:%Y-%m-%d %H:%M}" if check.newest_at else "-"
        share = "-" if check.topic_share is None else f"{check.topic_share:.0%}"
        answer = screen.cell(check.answer, _COLORS.get(check.answer, "red"))
        table.add_row(screen.cell(check.outlet), answer, newest, f"{check.entry_count:,}", share, where)
    usable = sum(check.is_usable for check in checks)
    return screen.printed(table, Text(f"{usable} of {len(checks)} answer as feeds"))
