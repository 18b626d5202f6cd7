"""Arabic pages written for the tests, in the manner of what news sites run on, with their gold marked in place.

Before the page stand ⟦title: ...⟧ and, where it bears a date, ⟦published: 2025-06-08⟧ (a day, or an instant in UTC); in
it ⟦...⟧ holds each line of the article. A server would send the page without the marks and what stands before it.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "pages"
FOLDERS = ("seen", "held_out")
_SAID = re.compile("⟦(title|published): (.*?)⟧\n")
_GOLD = re.compile("⟦(.*?)⟧", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page as a server would send it, and what is to be found on it."""

    name: str
    markup: str
    gold: tuple[str, ...]  #: lines of the article
    title: str
    published: str  #: as Dated.written() has it, as coarse as the page has it; empty where it bears none


def pages_of(folder: str) -> list[GoldPage]:
    """Return the pages of `folder`: seen, by which rules were tuned, or held_out, written before and only scored."""
    return [_page(path) for path in sorted((FOLDER / folder).glob("*.html"))]


def unread_files() -> list[Path]:
    """Return the files among the pages that `pages_of` gives no folder."""
    read = {FOLDER / folder / f"{page.name}.html" for folder in FOLDERS for page in pages_of(folder)}
    return sorted(file for file in FOLDER.rglob("*") if file.is_file() and file not in read)


def _page(path: Path) -> GoldPage:
    before, opening, source = path.read_text("utf-8").partition("<")
    said = dict(_SAID.findall(before))
    source = opening + source
    gold = tuple(" ".join(html.unescape(_TAG.sub("", piece)).split()) for piece in _GOLD.findall(source))
    markup = source.replace("⟦", "").replace("⟧", "")
    return GoldPage(path.stem, markup, gold, said.get("title", ""), said.get("published", ""))


def f1(text: str, gold: str) -> float:
    """Return the F1 of the multisets of words."""
    found, wanted = (Counter(re.findall(r"\w+", side)) for side in (text, gold))
    total = found.total() + wanted.total()
    return 2 * (found & wanted).total() / total if total else 0.0
