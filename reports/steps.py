"""Owns how a walk through Marsad explains itself: numbered steps with a few lines each, no wider than the screen."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.text import Text

from reports.screen import Screen, here

_WORD = re.compile(r"""(?:'[^']*'|"[^"]*"|\S)+""")  #: of a shell: blanks within quotes are its own
_INDENT_CHARS = 4


def render_step(number: int, count: int, title: str, said: str, screen: Screen | None = None) -> str:
    """Return the head of step `number` of `count` with what it shows, in paragraphs."""
    screen = screen or here()
    head = screen.cell(f"{number} of {count}: {title}", "bold")
    return screen.printed(Text(), head, screen.lines(said))


def render_command(command: str, asked: str = "", screen: Screen | None = None) -> str:
    """Return a command as a shell takes it, under what it asks: folded between words, its further lines indented."""
    screen = screen or here()
    words = [screen.cell(asked)] if asked else []
    first, *others = command.split("\n")
    folded = " \\\n    ".join(_folded(["$", *_WORD.findall(first)], screen.width - len(" \\")))
    shown = "\n    ".join((folded, *others))
    return screen.printed(Text(), *words) + screen.copied(shown, "cyan")


def _folded(words: Iterable[str], width: int) -> list[str]:
    """Return lines of whole words, no wider than `width` where the words allow, counting the indent of later lines."""
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + 1 + len(word) <= width - _INDENT_CHARS * (len(lines) > 1):
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
