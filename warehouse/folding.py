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
        "kept": KEPT,
    }


def _listed(words: Iterable[str]) -> str:
    return "[" + ", ".join(f"'{word}'" for word in words) + "]"


def _class_of(characters: Iterable[str]) -> str:
    # Spelt as code points: invisible characters in a definition are a trap for whoever reads it.
    return "".join(rf"\x{{{ord(one):X}}}" for one in sorted(characters))
