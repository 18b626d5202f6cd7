"""Owns breaking a sentence into lines between its words, where some of its parts must stay whole to be copied."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from rich.cells import cell_len, chop_cells


def filled(text: str, width: int, whole: Collection[str] = ()) -> list[str]:
    """Return `text` in lines of up to `width` columns; each of `whole` stands in one line, however long that gets."""
    lines: list[str] = []
    for word in _words(text, width, whole):
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _words(text: str, width: int, whole: Collection[str]) -> Iterator[str]:
    """Yield what is not to be broken; a longer word that nobody copies is broken anywhere."""
    parts = "|".join(re.escape(part) for part in sorted(whole, key=len, reverse=True))
    for word in re.findall(rf"(?:{parts}|\S)+" if parts else r"\S+", text):
        if any(part in word for part in whole):
            yield word
        else:
            yield from chop_cells(word, width)
