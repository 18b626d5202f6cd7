"""Owns taking the furniture out of a text: share bars, captions, "read also", copyright, lines a host repeats.

What a line is by itself is told by `marsad.furniturewords`; here it is told by where it stands and what stands around
it. HTML has lost its furniture by structure before; pasted and scraped text has only this.
"""

from __future__ import annotations

import re

from marsad.furniturewords import (
    LONGEST_LABEL_CHARS,
    bare_line,
    is_byline,
    is_date_line,
    is_furniture,
    is_related_label,
)
from marsad.identity import key_of

FEWEST_TAGS = 3  #: in a row at the end; two short lines with dashes may be a list of the article
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u3000]+")
_TAG_LINE = re.compile(r"(?:[-•*]\s*)?#\S[\w\s]{0,40}|[-•*]\s*[\w\s]{2,30}")
_SENTENCE_END = re.compile(r"[.!?؟…:]['\"»”)]*$")
_SENTENCE_CHARS = 60  #: of a line that ends as a sentence: with it the text begins
_FEWEST_REPEATED_CHARS = 25  #: a shorter line may be said twice, as "question:" in an interview
_LONGEST_TITLE_CHARS = 200
_LABEL_WORDS = 3  #: of a line before the text that is a section, a place, a name
_MOST_FOLLOWERS = 6  #: lines that a "read also" may announce; more is no block
_FOREIGN_WORDS = 4  #: of a line without an Arabic letter in an Arabic text: an embedded post, no name
_ARABIC = re.compile("[\u0620-\u064a]")
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")


def clean_text(text: str, title: str = "", learned: frozenset[int] = frozenset()) -> str:
    """Return `text` without the lines that are surely furniture; its other lines lose direction marks only.

    Args:
        text: Paragraphs, one a line; scraped or pasted text serves too.
        title: Where given, lines that repeat it are furniture.
        learned: Keys (`line_key`) of lines that stand on several articles of the host.
    """
    lines = [_SPACES.sub(" ", _INVISIBLE.sub("", line)).strip() for line in text.splitlines()]
    lines = _without_announced(_without_tags([line for line in lines if line]))
    lines = [line for line in lines if not is_furniture(line)]
    if learned:
        lines = [line for line in lines if line_key(line) not in learned]
    lines = _without_foreign(_each_once(lines, title))
    return "\n".join(_without_tail(_without_head(lines)))


def line_key(line: str) -> int:
    """Return the key by which a line is known again on another page of its host: marks and digits aside."""
    return key_of(_DIGITS.sub("0", bare_line(line)))


def ends_as_sentence(line: str) -> bool:
    """Return whether `line` is prose by its length or its last mark."""
    # A question may be a headline.
    return len(line) > LONGEST_LABEL_CHARS or (_SENTENCE_END.search(line) is not None and not line.endswith("؟"))


def _is_prose(line: str) -> bool:
    return len(line) >= LONGEST_LABEL_CHARS or (len(line) >= _SENTENCE_CHARS and _SENTENCE_END.search(line) is not None)


def _without_announced(lines: list[str]) -> list[str]:
    """Return `lines` without the captions and headlines behind a "read also"; before prose stands a sub-heading."""
    kept: list[str] = []
    skip_count = 0
    for number, line in enumerate(lines):
        if skip_count:
            skip_count -= 1
        else:
            kept.append(line)
            skip_count = _announced_count(lines[number + 1 :]) if is_related_label(line) else 0
    return kept


def _announced_count(following: list[str]) -> int:
    count = next((number for number, line in enumerate(following) if ends_as_sentence(line)), len(following))
    if count > _MOST_FOLLOWERS:
        return 0
    return count if count == len(following) else max(0, count - 1)


def _each_once(lines: list[str], title: str) -> list[str]:
    """Return `lines` without repetitions: of the title, of the line before, of any long line."""
    kept: list[str] = []
    seen = {bare_line(title)} if title else set()
    for line in lines:
        said = bare_line(line) if len(line) <= _LONGEST_TITLE_CHARS else line
        if said not in seen and line not in kept[-1:]:
            kept.append(line)
        if len(line) >= _FEWEST_REPEATED_CHARS:
            seen.add(said)
    return kept


def _without_foreign(lines: list[str]) -> list[str]:
    text = "".join(lines)
    if 2 * len(_ARABIC.findall(text)) <= len(text):
        return lines
    return [line for line in lines if _ARABIC.search(line) or len(_WORD.findall(line)) < _FOREIGN_WORDS]


def _without_head(lines: list[str]) -> list[str]:
    """Return `lines` without dates, bylines and labels before the first sentence; all where there is none."""
    start = next((number for number, line in enumerate(lines) if _is_prose(line)), 0)
    head = [line for line in lines[:start] if not (is_date_line(line) or is_byline(line))]
    if len(head) > 1 or start < len(lines) - 1:
        head = [line for line in head if not _is_label(line)] or head[-1:] * (len(lines) == start)
    return head + lines[start:]


def _is_label(line: str) -> bool:
    is_short = len(line.split()) <= _LABEL_WORDS and len(line) < _FEWEST_REPEATED_CHARS
    return is_short and not _SENTENCE_END.search(line)


def _without_tags(lines: list[str]) -> list[str]:
    count = 0
    while count < len(lines) and _TAG_LINE.fullmatch(lines[-1 - count]):
        count += 1
    return lines[:-count] if count >= FEWEST_TAGS else lines


def _without_tail(lines: list[str]) -> list[str]:
    while len(lines) > 1 and is_date_line(lines[-1]):
        lines = lines[:-1]
    return lines
