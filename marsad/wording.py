"""Owns which words of headlines say the same: desks tell one event in other words, and another event in the same ones.

The table (seeds/wording.toml) is of the language, as the background counts are; names come from the topic folder.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marsad.arabic import fold
from marsad.errors import SettingsError
from marsad.words import fold_each, stems

_KEYS = {"words", "against", "from_to"}


@dataclass(frozen=True, slots=True)
class Wording:
    """Words of headlines, folded."""

    ideas: Mapping[str, str]  #: word -> what it says
    numbers: Mapping[str, int]  #: a number written out -> the number; 0 of what only looks like one
    opposites: Mapping[str, frozenset[str]]  #: idea -> its opposites, both ways
    from_to: frozenset[str]  #: ideas of what one side does to the other

    def idea_of(self, word: str) -> str:
        """Return what the folded word says, "" where it is not listed."""
        return next((self.ideas[stem] for stem in stems(word) if stem in self.ideas), "")

    def number_of(self, word: str) -> int | None:
        """Return the number that the folded word writes out; None where it is none, as Monday (the Two) is none."""
        return next((self.numbers[stem] for stem in stems(word) if stem in self.numbers), 0) or None


#: A wording that knows no word but itself.
PLAIN_WORDING = Wording({}, {}, {}, frozenset())


def parse_wording(text: str, subject: str) -> Wording:
    """Return the table; `subject` names its file in errors.

    Raises:
        SettingsError: it is no TOML, or holds what is no wording.
    """
    try:
        table = tomllib.loads(text)
        says, numbers = dict(table["say"]), dict(table["numbers"])
        ideas = {word: idea for idea, row in says.items() for word in _words(row)}
        against = [(idea, other) for idea, row in says.items() for other in row.get("against", "").split()]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(subject, f"is no wording ({error})") from error
    if strange := {key for row in says.values() for key in row} - _KEYS or {other for _, other in against} - set(says):
        raise SettingsError(subject, f"{min(strange)!r} means nothing here")
    return Wording(
        ideas=ideas,
        numbers={fold(word): int(number) for word, number in numbers.items()},
        opposites=_both_ways(against),
        from_to=frozenset(idea for idea, row in says.items() if row.get("from_to")),
    )


def _both_ways(pairs: Sequence[tuple[str, str]]) -> dict[str, frozenset[str]]:
    both = [*pairs, *((other, one) for one, other in pairs)]
    return {one: frozenset(other for first, other in both if first == one) for one, _ in both}


def _words(row: Mapping[str, Any]) -> list[str]:
    """As written, and of each verb (he does) what she does, and what both will do."""
    words = fold_each(row["words"].split())
    verbs = [word[1:] for word in words if word[0] == "ي"]
    return words + [front + verb for front in ("ت", "سي", "ست") for verb in verbs]
