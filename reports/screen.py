"""Owns what a terminal can show: its width, its colours, its letters.

Arabic inside a table turns the columns of a bidi-aware terminal around, so every run of it is isolated (UAX #9) on its
own line of its own cell. Where the terminal's encoding has no Arabic, every letter becomes one "?" and a last line says
so: widths stay right and nothing crashes.
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from io import StringIO
from shutil import get_terminal_size
from typing import TextIO

from rich.box import SIMPLE_HEAD, Box
from rich.console import Console, RenderableType
from rich.text import Text

from reports.safe import plain, plain_lines

#: A cell of a table; who wants a whole body asks for JSON.
CELL_LIMIT_CHARS = 400
_USUAL_WIDTH = 80
_LEAST_WIDTH = 40  #: below it a table has no room for one column of words
_ASCII_HEAD = Box(str(SIMPLE_HEAD).replace("─", "-"), ascii=True)
_RUN = re.compile(r"\S(?:(?! {2}| *$).)*")  #: what stands between two gaps of two spaces: a line of a cell
_STYLE = re.compile(r"(\x1b\[[0-9;]*m)")  #: what rich writes where a colour begins and ends (ECMA-48, SGR)
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_NOTICE = "(? = a letter this terminal cannot show: set it to UTF-8, or ask for --json)"


@dataclass(frozen=True, slots=True)
class Screen:
    """A terminal, or the file that stands in its place."""

    width: int = _USUAL_WIDTH  #: columns
    encoding: str = "utf-8"
    color: str | None = None  #: rich's color_system; None = no colour

    @property
    def is_unicode(self) -> bool:
        """Whether it shows every character."""
        return self.encoding.lower().replace("_", "-") in {"utf-8", "utf8", "utf-16", "utf-32", "cp65001"}

    @property
    def box(self) -> Box:
        """The lines of a table."""
        return SIMPLE_HEAD if self.is_unicode else _ASCII_HEAD

    def cell(self, text: str, style: str = "") -> Text:
        """Return `text` on one line, in letters this screen has."""
        return Text(self._lettered(plain(text, CELL_LIMIT_CHARS)), style=style)

    def lines(self, text: str, style: str = "") -> Text:
        """Return `text` with its line breaks, in letters this screen has."""
        return Text(self._lettered(plain_lines(text)), style=style)

    def printed(self, *parts: RenderableType) -> str:
        """Return the parts as lines no wider than the screen."""
        lines = self.laid_out(*parts)
        if self.is_unicode:
            return "".join(map(_isolated, lines.splitlines(keepends=True)))
        return lines if _MISSING not in lines else lines.replace(_MISSING, "?") + self._notice()

    def copied(self, text: str, style: str = "") -> str:
        """Return `text` as it is to be copied from the screen: its own lines, without marks of direction."""
        widest = max(self.width, *map(len, text.splitlines()), 0)
        return replace(self, width=widest).laid_out(self.lines(text, style)).replace(_MISSING, "?")

    def laid_out(self, *parts: RenderableType) -> str:
        """Return the parts as lines no wider than the screen, without marks of direction."""
        file = StringIO()
        console = Console(
            file=file,
            width=self.width,
            color_system=self.color,  # type: ignore[arg-type]  # rich's literals are private
            force_terminal=self.color is not None,
            legacy_windows=False,
            markup=False,
            emoji=False,
            highlight=False,
            _environ={},
        )
        for part in parts:
            console.print(part)
        return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"

    def _notice(self) -> str:
        noticed = _noticed.get()
        if noticed:
            return ""
        if noticed is not None:
            noticed.append(_NOTICE)
        return self.laid_out(Text(_NOTICE))

    def _lettered(self, text: str) -> str:
        if self.is_unicode:
            return text
        letters = (character for character in text.replace("…", "...") if not unicodedata.combining(character))
        return "".join(map(self._letter, letters))

    def _letter(self, character: str) -> str:
        try:
            character.encode(self.encoding)
        except UnicodeEncodeError:
            return _MISSING
        return character


#: Stands for a letter that has no place in the encoding until the notice is written; `plain` lets none through.
_MISSING = "\ue000"


#: What was noticed within `noticed_once`; None outside of it, where each part stands alone.
_noticed: ContextVar[list[str] | None] = ContextVar("noticed", default=None)


@contextmanager
def noticed_once() -> Iterator[None]:
    """Within the block, say only under the first part of what is printed that letters are missing."""
    before = _noticed.set([])
    try:
        yield
    finally:
        _noticed.reset(before)


def screen_of(stream: TextIO, environ: Mapping[str, str]) -> Screen:
    """Return what `stream` can show, by NO_COLOR (no-color.org), TERM=dumb, COLUMNS and its encoding."""
    asked = environ.get("COLUMNS", "")
    width = get_terminal_size().columns if stream.isatty() else int(asked) if asked.isdecimal() else _USUAL_WIDTH
    is_plain = not stream.isatty() or bool(environ.get("NO_COLOR")) or environ.get("TERM", "dumb") == "dumb"
    return Screen(max(width, _LEAST_WIDTH), stream.encoding or "ascii", None if is_plain else "standard")


def here() -> Screen:
    """Return the screen that standard output is."""
    return screen_of(sys.stdout, os.environ)


def _isolated(line: str) -> str:
    """Return the line with its runs of Arabic isolated, each as one: isolated word by word they would stand reversed.

    Colours begin and end within a run, so runs are looked for without them.
    """
    runs = [run for run in _RUN.finditer(_STYLE.sub("", line)) if _RIGHT_TO_LEFT.search(run.group())]
    if not runs:
        return line
    begins, ends = {run.start() for run in runs}, {run.end() for run in runs}
    written, at = list[str](), 0
    for number, piece in enumerate(_STYLE.split(line)):
        if number % 2:  # a style
            written.append(piece)
            continue
        for character in piece:
            written.append(f"\u2068{character}" if at in begins else character)
            at += 1
            if at in ends:
                written.append("\u2069")
    return "".join(written)
