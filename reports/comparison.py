"""Owns how two compared texts are shown: side by side, the first one at the right, as Arabic is read."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from marsad.passages import Passage
from reports.screen import Screen, here

_SHOWN_WORDS = 12  #: of a shared passage, at either end; what differs is shown up to the limit of a cell


def render_comparison(said: str, passages: Iterable[Passage], screen: Screen | None = None) -> str:
    """Return `said`, how the first text stands to the second, and their passages: "=" where both hold the same."""
    screen = screen or here()
    table = Table(box=screen.box, header_style="bold", pad_edge=False, show_edge=False, expand=True)
    for name, ratio in (("B", 1), ("", None), ("A", 1)):
        table.add_column(name, justify="right" if ratio else "center", ratio=ratio, overflow="fold")
    for passage in passages:
        style, sign = ("dim", "=") if passage.is_shared else ("", "|")
        cells = (_short(part) if passage.is_shared else part for part in (passage.b, passage.a))
        other, one = (screen.cell(" ".join(part.split()), style) for part in cells)
        table.add_row(other, Text(sign), one)
    return screen.printed(screen.cell(said, "bold"), table)


def _short(text: str) -> str:
    words = text.split()
    if len(words) <= 2 * _SHOWN_WORDS:
        return text
    return " ".join((*words[:_SHOWN_WORDS], "…", *words[-_SHOWN_WORDS:]))
