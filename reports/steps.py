"""Owns how a walk through Marsad explains itself: numbered steps with a few lines each, no wider than the screen."""

from __future__ import annotations

from rich.text import Text

from reports.screen import Screen, here


def render_step(number: int, count: int, title: str, said: str, screen: Screen | None = None) -> str:
    """Return the head of step `number` of `count` with what it shows, in paragraphs."""
    screen = screen or here()
    head = screen.cell(f"{number} of {count}: {title}", "bold")
    return screen.printed(Text(), head, screen.lines(said))


def render_command(command: str, asked: str = "", screen: Screen | None = None) -> str:
    """Return a command as a person types it, its further lines indented, under what it asks."""
    screen = screen or here()
    words = [screen.cell(asked)] if asked else []
    return screen.printed(Text(), *words, screen.lines("$ " + command.replace("\n", "\n    "), "cyan"))
