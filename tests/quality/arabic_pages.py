"""Arabic pages written for the tests, in the manner of what news sites run on, with their gold text marked in place."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "pages"
_GOLD = re.compile("⟦(.*?)⟧", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page as a server would send it, and the lines of its article."""

    name: str
    markup: str
    gold: tuple[str, ...]


def pages_of(folder: str) -> list[GoldPage]:
    """Return the pages of `folder`: seen, by which rules were tuned, or held_out, written before and only scored."""
    return [_page(path) for path in sorted((FOLDER / folder).glob("*.html"))]


def _page(path: Path) -> GoldPage:
    source = path.read_text("utf-8")
    gold = tuple(" ".join(html.unescape(_TAG.sub("", piece)).split()) for piece in _GOLD.findall(source))
    return GoldPage(path.stem, source.replace("⟦", "").replace("⟧", ""), gold)


def f1(text: str, gold: str) -> float:
    """Return the F1 of the multisets of words."""
    found, wanted = (Counter(re.findall(r"\w+", side)) for side in (text, gold))
    total = found.total() + wanted.total()
    return 2 * (found & wanted).total() / total if total else 0.0
