"""Owns people no list knows, and joins to them the bodies that marsad.institutes finds.

A title (the expert, Dr, minister of) is followed by adjectives and genitives, which carry the article or are themselves
known; the first word that does neither begins the name. What a text calls somebody first, it calls him by later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from marsad.articles import EntityType, MentionKind
from marsad.cues import Cues, Form, Manner
from marsad.institutes import find_bodies
from marsad.nameparts import (
    COMPOUNDS,
    LINKS,
    PAUSE,
    SYLLABLE_CHARS,
    THAT,
    NamedText,
    agree,
    has_article,
    is_conjoined,
    is_name_part,
    is_purpose,
    is_son_of,
    may_begin_name,
    named,
)
from marsad.names import Found, Name
from marsad.sequences import Model
from marsad.words import Words, fronts, is_definite

_CLOSE = re.compile(r"^\s*[»\"”“]")
_READY = frozenset({"د", "باسمه", "باسمها"})  #: a name may follow at once
_SECOND_HALVES = frozenset({"الدين", "الله"})  #: of one name: نصر الدين, خلف الله
_ORIGINS = frozenset({"الاصل", "الجنسيه", "المولد"})  #: of Russian origin, nationality, birth
_HYPHENS = ("-", "‑", "–")
_TELLING = frozenset({Manner.SAY, Manner.PRAISE, Manner.CONDEMN, Manner.WARN, Manner.COMMIT, Manner.DENY})
_SPEECH = re.compile(r"[:،,]")
_SAID_WORDS = 2  #: one unknown word is more often no name
_NAME_LIMIT_WORDS = 11  #: four fathers and a house
_FULL_WORDS = 3
_TITLE_LIMIT_WORDS = 14  #: "the spokesman of the ministry of ... of ..." ends somewhere
_SURNAME_CHARS = 3
_SYLLABLE_END = "نج"  #: folded, of long Korean and Chinese syllables: ميونغ


def find_unlinked(
    words: Words, found: Found, cues: Cues, guesses: Iterable[Name] = (), model: Model | None = None
) -> tuple[Name, ...]:
    """Return listed and unlisted names in order, without overlap; an unlisted name swallows a listed one inside it.

    Args:
        words: the text.
        found: listed names.
        cues: of the language.
        guesses: people a model sees; they count where no rule sees anybody.
        model: that knows common nouns.
    """
    covered = {i: name for name in found.names for i in range(name.first, name.stop)}
    forms = frozenset(word.text for word in words.items)
    known = NamedText(words, cues, covered, frozenset(form for form in forms if form.startswith("ال")), forms, model)
    ruled = _apart([*_persons(known), *find_bodies(known)])
    held = {i for name in ruled for i in range(name.first, name.stop)}
    fresh = _known_again(known, [*ruled, *(g for g in guesses if held.isdisjoint(range(g.first, g.stop)))])
    taken = {i for name in fresh for i in range(name.first, name.stop)}
    again = [name for name in _called_again(known, fresh) if not taken & set(range(name.first, name.stop))]
    taken |= {i for name in again for i in range(name.first, name.stop)}
    kept = [name for name in found.names if not any(i in taken for i in range(name.first, name.stop))]
    return tuple(sorted([*kept, *fresh, *again], key=lambda name: name.mention.start))


def _known_again(known: NamedText, fresh: Sequence[Name]) -> list[Name]:
    """Return names with "the expert Ayoub" labelled as the Samir Ayoub named before; without words never so named."""
    labels: dict[str, str] = {}
    named: list[Name] = []
    for name in sorted(fresh, key=lambda name: name.first):
        word = known.words.items[name.stop - 1].text
        is_alone = name.stop - name.first == 1
        if is_alone and name.mention.type is EntityType.PER and word not in labels:
            continue  # one unknown word behind a title is more often no name
        named.append(replace(name, label=labels[word]) if is_alone and word in labels else name)
        if fresh_key := _key(known, name):
            labels.setdefault(fresh_key, name.label)
    return named


def _apart(names: Sequence[Name]) -> list[Name]:
    """Return names without overlap, the longer first."""
    taken: set[int] = set()
    apart = []
    for name in sorted(names, key=lambda name: (name.first - name.stop, name.first)):
        if taken.isdisjoint(range(name.first, name.stop)):
            taken.update(range(name.first, name.stop))
            apart.append(name)
    return apart


def _persons(known: NamedText) -> Iterator[Name]:
    words, done = known.words.items, 0
    for index, word in enumerate(words):
        if index < done or index in known.covered:
            continue
        if not known.cues.sense(word.text).is_title:
            if (stop := _said_stop(known, index)) is not None:
                yield named(known.words, index + 1, stop, EntityType.PER)
                done = stop
            continue
        yield from _apposed_before(known, index)
        first = _name_start(known, index)
        stop = _name_stop(known, first) if first else 0
        if first and stop > first:
            first -= _is_article_of_given(known, first, stop)
            yield named(known.words, first, stop, EntityType.PER)
            done = stop


def _said_stop(known: NamedText, index: int) -> int | None:
    """Return where the name of "said Anitta Hipper that" ends: two or three words between a verb and "that"."""
    text = known.words.items[index].text
    verbs = known.cues.verbs.get(text) or known.cues.verbs.get(text[1:], ())  # "considered it" has its object
    if not verbs or not any(v.manner in _TELLING and v.form is Form.FINITE for v in verbs):
        return None
    words, stop = known.words.items, index + 1
    while stop < min(len(words), index + 1 + _FULL_WORDS) and is_name_part(known, stop):
        stop += 1
        if stop < len(words) and PAUSE.search(known.words.gap(stop)):
            break
    is_bounded = stop < len(words) and (
        words[stop].text in THAT
        or _SPEECH.search(known.words.gap(stop)) is not None
        or known.cues.persons.holds(words[stop].text)
    )
    is_name = stop - index > _SAID_WORDS and may_begin_name(known, index + 1)
    is_name = is_name and not agree([word.text for word in words[index + 1 : stop]])
    return stop if is_bounded and is_name and not known.words.gap(index + 1).strip() else None


def _is_article_of_given(known: NamedText, first: int, stop: int) -> bool:
    """Say whether the given name carries the article (العربي بوزيدي): behind a nisba no second adjective is likely."""
    before = known.covered.get(first - 2)
    is_nisba = before is not None and before.mention.kind is MentionKind.NISBA
    return (
        stop - first == 1
        and is_nisba
        and first - 1 not in known.covered
        and is_definite(known.words.items[first - 1].text)
    )


def _apposed_before(known: NamedText, title: int) -> Iterator[Name]:
    """Yield the name in "said Frank Haldermann, the expert": two or three words behind a verb or particle."""
    words, first = known.words.items, title
    if known.words.gap(title).strip() not in ("،", ",") or not _opens_apposition(known, title):
        return
    while first > 0 and title - first < _FULL_WORDS and _may_end_name(known, first - 1, is_last=first == title):
        first -= 1
        if PAUSE.search(known.words.gap(first)):
            break
    before = words[first - 1].text if first else ""
    is_led = (
        before in known.cues.particles or known.cues.verb(before) is not None or _CLOSE.search(known.words.gap(first))
    )
    if title - first > 1 and is_led and may_begin_name(known, first):
        yield named(known.words, first, title, EntityType.PER)


def _opens_apposition(known: NamedText, title: int) -> bool:
    """Say whether the title is definite, or made so by the word behind: the expert, head of the union."""
    words = known.words.items
    if words[title].text.startswith("ال"):
        return True
    for place in range(title + 1, min(len(words), title + 1 + _SAID_WORDS)):
        if PAUSE.search(known.words.gap(place)):
            return False
        if place in known.covered or words[place].text.startswith("ال"):
            return True
    return False


def _may_end_name(known: NamedText, index: int, *, is_last: bool) -> bool:
    """Say whether the word may belong to a name read backwards; its last word may carry the article."""
    return is_name_part(known, index) or (is_last and _may_be_surname(known, index))


def _name_start(known: NamedText, title: int) -> int | None:
    """Return the word that begins the name behind the title, None where there is none."""
    words = known.words.items
    text = words[title].text
    is_ready = has_article(known, title) or text in ("د", "دكتور") or known.cues.persons.owns(text)
    index, is_apposed, is_goal = title + 1, False, False
    while index < min(len(words), title + _TITLE_LIMIT_WORDS):
        text, gap = words[index].text, known.words.gap(index)
        if PAUSE.search(gap) and not (words[index - 1].text == "د" and gap.strip() == "."):
            if is_apposed or is_goal or "\n" in gap or gap.strip() not in ("،", ","):
                return None
            is_apposed = is_ready = True
        is_son = is_son_of(known, index + 1)
        if index in known.covered and not (is_ready and is_son):
            name = known.covered[index]
            is_goal = text[0] == "ل" and name.mention.start > words[index].start  # "for" stands before it
            is_bare = name.mention.start == words[index].start and name.mention.kind is not MentionKind.NISBA
            if name.mention.type is EntityType.PER or (is_bare and words[index - 1].text.startswith("ال")):
                return None
            index, is_ready = name.stop, True
            continue
        if (is_ready or is_son) and may_begin_name(known, index) and not is_conjoined(text):
            return index
        if not _continues_title(known, index, is_apposed):
            return None
        is_ready = has_article(known, index) or text in _READY
        index += 1
    return None


def _continues_title(known: NamedText, index: int, is_apposed: bool) -> bool:  # noqa: FBT001  a fact of the place
    text, cues = known.words.items[index].text, known.cues
    if text in LINKS or text in cues.persons or text in cues.groups or is_purpose(known, index):
        return True
    if (text in cues.particles and not text.startswith("ال")) or (
        cues.verb(text) is not None and not has_article(known, index)
    ):
        return False
    return has_article(known, index) or (not is_apposed and not has_article(known, index - 1))


def _name_stop(known: NamedText, first: int) -> int:
    words, stop = known.words.items, first + 1
    if _is_syllables(known, first):
        return first + _FULL_WORDS
    end = min(len(words), first + _NAME_LIMIT_WORDS)
    while stop < end and not PAUSE.search(known.words.gap(stop)) and _goes_on(known, first, stop):
        stop += 1
    while stop > first and words[stop - 1].text in COMPOUNDS:
        stop -= 1
    return stop


def _goes_on(known: NamedText, first: int, index: int) -> bool:
    """Say whether the name that begins with word `first` goes on with the word."""
    words, before = known.words.items, known.words.items[index - 1].text
    text = words[index].text
    if before in COMPOUNDS or is_son_of(known, index) or known.words.gap(index) in _HYPHENS:
        return True
    parts = [word.text for word in words[first:index] if word.text not in COMPOUNDS and word.text not in _SECOND_HALVES]
    is_family = first < index - 1 and before.startswith("ال") and words[index - 2].text not in COMPOUNDS
    is_ended = is_family and before not in _SECOND_HALVES
    if has_article(known, index):
        may_follow = not is_ended or (text.endswith("ي") and index not in known.covered)  # clan, tribe: العرابي الحارثي
        is_second = len(parts) == 1 and not is_ended
        return text in _SECOND_HALVES or (may_follow and _is_surname(known, first, index, is_second=is_second))
    is_common = len(parts) > 1 and known.model is not None and any(map(known.model.is_common, fronts(text)))
    is_whole = is_ended or len(parts) >= _FULL_WORDS or (len(parts) == _FULL_WORDS - 1 and _is_long(before))
    return not is_whole and not is_common and is_name_part(known, index)


def _is_long(part: str) -> bool:
    """Say whether the part of a name, the second, is too long to have a third one behind it, as Korean ones have."""
    return len(part) > SYLLABLE_CHARS and not (part.endswith(_SYLLABLE_END) or part.startswith("عبد"))


def _is_syllables(known: NamedText, first: int) -> bool:
    """Say whether three short words are a name whose last syllable is also "he": Park Chul-ho, before a pause."""
    words, stop = known.words.items, first + _FULL_WORDS
    if stop > len(words) or words[stop - 1].text != "هو" or not PAUSE.search(known.words.gap(stop)):
        return False
    return len(words[first].text) <= SYLLABLE_CHARS and is_name_part(known, first + 1)


def _is_surname(known: NamedText, first: int, index: int, *, is_second: bool) -> bool:
    """Say whether the definite word is the family's: زيد رعد الحسين; behind one name, any that no list knows."""
    if not _may_be_surname(known, index):
        return False
    text, cues = known.words.items[index].text, known.cues
    has_father = any(is_son_of(known, place) for place in range(first, index))
    if is_second or index in known.covered or (has_father and text.endswith("ي")):
        return True
    is_listed = text.endswith("ات") or text in cues.persons or text in cues.groups  # plurals are no names
    return known.model is not None and not is_listed and not any(map(known.model.is_common, fronts(text)))


def _may_be_surname(known: NamedText, index: int) -> bool:
    text, cues = known.words.items[index].text, known.cues
    if index in known.covered and not _is_people_of_family(known, index):
        return False
    return text.startswith("ال") and text not in cues.particles and cues.verb(text) is None


def _is_people_of_family(known: NamedText, index: int) -> bool:
    """Say whether a people's name is a family's, as it stands behind the person's: محمد شياع السوداني (Sudanese)."""
    words, name = known.words.items, known.covered[index]
    is_origin = index + 1 < len(words) and words[index + 1].text in _ORIGINS
    return name.mention.kind is MentionKind.NISBA and name.stop - name.first == 1 and not is_origin


def _called_again(known: NamedText, fresh: Sequence[Name]) -> Iterator[Name]:
    """Yield later mentions of unlisted people by the part of the name that news goes on with."""
    keys = {key: name for name in fresh if name.mention.type is EntityType.PER and (key := _key(known, name))}
    inside = {i for name in fresh for i in range(name.first, name.stop)}
    for index, word in enumerate(known.words.items if keys else ()):
        if index in inside or (index in known.covered and known.covered[index].mention.type is not EntityType.PER):
            continue
        found = next((stem for stem in fronts(word.text) if stem in keys), None)
        if found is not None and keys[found].first < index:
            skipped = len(word.text) - len(found)
            yield named(known.words, index, index + 1, EntityType.PER, keys[found].label, skipped)


def _key(known: NamedText, name: Name) -> str:
    parts = [word.text for word in known.words.items[name.first : name.stop]]
    is_eastern = len(parts) >= _FULL_WORDS and len(parts[1]) <= SYLLABLE_CHARS and not COMPOUNDS & set(parts)
    key = parts[0] if is_eastern else parts[-1]
    if parts[-1] in _SECOND_HALVES or "عبد" in parts[-2:-1]:  # half of a name is nobody's
        return ""
    is_common = key in known.cues.particles or key in known.cues.groups or key in known.cues.persons
    is_common = is_common or known.cues.verb(key) is not None or "ال" + key in known.nouns
    return key if len(key) > _SURNAME_CHARS and len(parts) > 1 and not is_common else ""
