"""Owns the names of bodies no list knows: institutes, offices of states, media in quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from marsad.articles import EntityType, MentionKind
from marsad.nameparts import PAUSE, SYLLABLE_CHARS, NamedText, is_conjoined, is_name_part, named
from marsad.names import Name
from marsad.words import fronts, is_definite, stems

_OPEN = re.compile(r"[«\"“”]\s*$")
_CLOSE = re.compile(r"^\s*[»\"”“]")
_INSTITUTE_WORDS = 7
_FOREIGN_WORDS = 2  #: of an institute, that no list knows
_QUOTED_WORDS = 4


def find_bodies(known: NamedText) -> Iterator[Name]:
    """Yield institutes, offices of states, and media in quotation marks, in order."""
    for index, word in enumerate(known.words.items):
        if word.text != "ل" and not known.cues.sense(word.text).may_head_body:
            continue
        if word.text in known.cues.media or word.text == "ل":
            yield from _quoted(known, index)
        elif not is_definite(word.text) and (head := _institute_head(known, word.text)):
            stop = _institute_stop(known, index)
            name = known.covered.get(index)
            inner = known.covered.get(index + 1)
            is_listed = inner is not None and inner.stop == stop and inner.mention.type is EntityType.ORG
            if stop > index + 1 and not is_listed and not (name and name.stop >= stop):
                yield named(known.words, index, stop, EntityType.ORG, skipped=len(word.text) - len(head))
        elif (office := _office(known, index)) is not None:
            yield office


def _office(known: NamedText, index: int) -> Name | None:
    """Return a state's body that no list knows: the Russian ministry of transport, the Lebanese University."""
    text, cues = known.words.items[index].text, known.cues
    heads = cues.institutes if is_definite(text) else cues.offices
    bare = next((front for front in fronts(text) if heads.holds(front) and text.endswith(front)), "")
    if not bare or index in known.covered:
        return None
    stop = index + 2 if is_definite(text) else _institute_stop(known, index)
    last = known.covered.get(stop - 1)
    is_nisba = (
        last is not None and last.mention.kind is MentionKind.NISBA and is_definite(known.words.items[stop - 1].text)
    )
    if last is None or not is_nisba or stop <= index + 1 or known.words.gap(index + 1).strip():
        return None
    is_plain = is_definite(text) and text.startswith(("ال", "وال"))
    skipped = len(text) - len(bare) - (2 if is_plain else 0)
    return replace(named(known.words, index, stop, EntityType.ORG, skipped=skipped), country=last.country)


def _institute_head(known: NamedText, word: str) -> str:
    return next((front for front in fronts(word) if known.cues.institutes.holds(front) and word.endswith(front)), "")


def _institute_stop(known: NamedText, index: int) -> int:
    words, stop = known.words.items, index + 1
    while stop < min(len(words), index + _INSTITUTE_WORDS) and not PAUSE.search(known.words.gap(stop)):
        text, name = words[stop].text, known.covered.get(stop)
        if name is not None and name.mention.type is not EntityType.PER and not _is_inside(known, name, stop):
            stop = name.stop
        elif (
            is_definite(text)
            and text not in known.cues.particles
            and text[0] in "ال"
            and (stop > index + 1 or text[0] == "ا")
        ) or (_is_foreign(known, stop) and stop - index <= _FOREIGN_WORDS):
            stop += 1
        else:
            break
    return stop


def _is_inside(known: NamedText, name: Name, index: int) -> bool:
    """Say whether the place behind "in" in one word is where the body is, not a part of its name: بواشنطن."""
    return name.mention.start > known.words.items[index].start and known.words.items[index].text[0] == "ب"


def _is_foreign(known: NamedText, index: int) -> bool:
    """Say whether the word is in all likelihood no Arabic noun: the institute Hudson."""
    text = known.words.items[index].text
    if known.model is None or len(text) < SYLLABLE_CHARS or not is_name_part(known, index):
        return False
    return not any(known.model.is_common(stem) for stem in stems(text)) and not is_conjoined(text)


def _quoted(known: NamedText, head: int) -> Iterator[Name]:
    words, first = known.words, head + 1
    if first < len(words.items) and words.items[first].text == "ل":
        first += 1
    if (
        first >= len(words.items)
        or not _OPEN.search(words.gap(first))
        or (words.items[head].text == "ل" and _is_named(known, first))
    ):
        return
    for stop in range(first + 1, min(first + 1 + _QUOTED_WORDS, len(words.items) + 1)):
        if _CLOSE.search(words.gap(stop)):
            if known.covered.get(first) is None or known.covered[first].stop < stop:
                yield named(words, first, stop, EntityType.ORG)
            return


def _is_named(known: NamedText, index: int) -> bool:
    name = known.covered.get(index)
    return name is not None and name.mention.kind is not MentionKind.NISBA
