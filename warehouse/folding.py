"""Owns putting Marsad's one fold into SQL: the macro `ar_fold` is written from the table in marsad.arabic."""

from __future__ import annotations

from collections.abc import Iterable

from marsad.arabic import FOLD, KEPT


def fold_parts() -> dict[str, str]:
    """Return what the text of the macro `ar_fold` leaves open, by placeholder; see marsad.arabic for the recipe."""
    ligatures = {one: folded for one, folded in FOLD.items() if len(folded) > 1}
    translated = {one: folded for one, folded in FOLD.items() if len(folded) == 1 and one != folded}
    return {
        "ligatures": "".join(ligatures),
        "ligature_keys": _listed(ligatures),
        "ligature_values": _listed(ligatures.values()),
        "deleted": _class_of(one for one, folded in FOLD.items() if folded == ""),
        "translated_from": "".join(translated),
        "translated_to": "".join(translated.values()),
        "kept": _class_of(KEPT),
        "word_pattern": _word_pattern(),
    }


def _word_pattern() -> str:
    """One unfolded word with what stands behind it, so that all of them in a row are the text again."""
    lettered = _class_of({one for one, folded in FOLD.items() if folded} | set(KEPT))
    deleted = _class_of(one for one, folded in FOLD.items() if folded == "")
    return f"[{lettered}][{lettered}{deleted}]*[^{lettered}]*"


def _listed(words: Iterable[str]) -> str:
    return "[" + ", ".join(f"'{word}'" for word in words) + "]"


def _class_of(characters: Iterable[str]) -> str:
    # Spelt as code points: invisible characters in a definition are a trap for whoever reads it.
    runs: list[list[int]] = []
    for code in sorted(map(ord, characters)):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return "".join(rf"\x{{{first:X}}}-\x{{{last:X}}}" for first, last in runs)
