"""Owns figures: numbers written in digits, with either sign for thousands and fractions.

Source: CLDR gives Arabic U+066B as decimal and U+066C as group sign; Arabic desks write 1,200 and 1.200 and 6.4 too.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from marsad.words import Words, read_words

_POINTS: Final = frozenset(".,٫٬")  #: inside a figure: 6.4 and 1,200, either sign for either use
_GROUP_DIGITS = 3  #: behind a thousands' sign; a fraction of as many digits is hardly ever news
_LONGEST_DIGITS = 18  #: a longer run of digits is no count


def figures_of(text: str) -> frozenset[str]:
    """Return the numbers that stand in digits in a text, each in its plainest form: 1,200 as 1200, ٦٫٤ as 6.4."""
    words = read_words(text)
    found, index = set[str](), 0
    while index < len(words.items):
        if words.items[index].text.isdigit():
            figure, index = figure_at(words, index)
            found.add(figure)
        else:
            index += 1
    return frozenset(found)


def figure_at(words: Words, index: int) -> tuple[str, int]:
    """Return the number whose digits begin at a word, and where it ends: 1.200 is 1200, 6.4 is one number."""
    digits, at = words.items[index].text, index + 1
    while at < len(words.items) and words.gap(at) in _POINTS and words.items[at].text.isdigit():
        part = words.items[at].text
        if len(part) != _GROUP_DIGITS or words.gap(at) == "٫":
            return plain_number(Decimal(f"{digits[:_LONGEST_DIGITS]}.{part[:_GROUP_DIGITS]}")), at + 1
        digits, at = digits + part, at + 1
    return plain_number(Decimal(digits[:_LONGEST_DIGITS])), at


def plain_number(number: Decimal) -> str:
    """Return a number without exponent and without zeros behind its fraction."""
    return f"{number.normalize():f}"
