"""Owns the reading of a subject: who is it that a verb, a "according to" or a "concern of" hands the words to?

A name is a speaker; a title is the person named behind it, else whom the office or an earlier sentence names; a group
(experts, a ministry) is its own words. Two in one word (the two capitals) are resolved to the two named last.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from marsad.articles import EntityType, MentionKind
from marsad.joint import joint_speakers
from marsad.memory import Memory, Speaker, of_name
from marsad.names import Name
from marsad.scene import Scene
from marsad.words import fronts, is_definite

_PAUSE = re.compile(r"[،,؛;:!؟?()\n«»\"“”…]")
_OPENED = re.compile(r"^\s*[«\"“”]\s*$")
_COMMA = re.compile(r"^\s*[،,]\s*$")
_INSIDE_TITLES = frozenset(
    {"في", "لدي", "باسم", "باسمه", "باسمها", "للشوون", "لشوون", "من", "الاسبق", "السابق", "الحالي", "المنتهيه"}
)
_ACTING = frozenset({"بالوكاله", "بالنيابه", "بالانابه", "بالجامعه", "بالمركز", "بالمعهد"})  #: acting; at the
GOVERNING = frozenset({"ان", "لكن", "ولكن", "بان", "لان", "وان"})  #: an accusative follows: that a spokesman
_EACH = frozenset({"كل", "كلا", "وكل"})
#: one of, some of, two ... ten, tens, hundreds, a number of
_ONE_OF = frozenset(
    "احد احدي بعض ثلاثه اربعه خمسه سته سبعه ثمانيه تسعه عشره ثلاث اربع خمس ست سبع تسع عشر عشرات ميات الاف عده".split()  # noqa: SIM905
)
_ISSUED = frozenset({"صادر", "صادره"})
_PEOPLE = frozenset({"خبرا", "نواب", "قاده", "وزرا", "حلفا"})  #: broken plurals of people
#: ministers, leaders, heads, leaders, ambassadors, envoys of
_HEADING = frozenset({"وزرا", "قاده", "روسا", "زعما", "سفرا", "ممثلو", "مندوبو"})
_TITLE_WORDS = 16  #: between a title and the name it belongs to
_TITLE_BACK_WORDS = 8  #: before a name
_GROUP_WORDS = 4
_INTRODUCED_COUNT = 30  #: names among which a person's title is looked for
_NAMES_BACK_COUNT = 200  #: names "the agency" may stand for


def read_speakers(scene: Scene, index: int, stop: int, memory: Memory) -> tuple[Speaker, ...]:
    """Return the speakers named by the noun phrase that begins at word `index`, () where none begins there."""
    if index >= stop:
        return ()
    if scene.text(index) in _EACH and scene.text(index + 1) == "من":
        return read_speakers(scene, index + 2, stop, memory)
    if scene.cues.joint.names(scene.text(index)):
        return joint_speakers(scene, index, memory) or (_described(scene, index, index + 1, ""),)
    first = _one(scene, index, stop, memory)
    if first is None:
        return ()
    others = tuple(_coordinated(scene, first, stop))
    return (_widened(scene, first, others[-1]),) if others and _is_heading(scene, index) else (first, *others)


def _is_heading(scene: Scene, index: int) -> bool:
    return any(front in _HEADING for front in fronts(scene.text(index)))


def _widened(scene: Scene, first: Speaker, last: Speaker) -> Speaker:
    """Return "the ministers of A, B and C" as the one speaker they are."""
    label = scene.words.source[first.start : last.end]
    return replace(first, label=label, end=last.end, stop=last.stop) if first.head else first


def _one(scene: Scene, index: int, stop: int, memory: Memory) -> Speaker | None:
    name = scene.proper(index)
    if name is not None:
        return None if name.mention.type in (EntityType.LAW, EntityType.WEAPON) else of_name(name)
    word = scene.text(index)
    if word.lstrip("و") in _ONE_OF and index + 1 < stop and _is_of_people(scene, index + 1):
        end = _phrase_end(scene, index + 1, stop, _GROUP_WORDS, crosses_commas=False)
        head = min(fronts(scene.text(index + 1)), key=len)
        return replace(_described(scene, index, end, ""), head=head)
    if scene.cues.persons.names(word):
        return _titled(scene, index, stop, memory)
    if scene.cues.groups.names(word):
        return _group(scene, index, stop, memory)
    if word.endswith("ا") and scene.cues.persons.holds(word.lstrip("و")[:-1]) and scene.text(index - 1) in GOVERNING:
        return _titled(scene, index, stop, memory)
    return None


def _is_of_people(scene: Scene, index: int) -> bool:
    """Say whether "one of" is followed by people: by a calling, a group or a plural with the article."""
    word = scene.text(index)
    if any(lexicon.names(word) for lexicon in (scene.cues.persons, scene.cues.groups)):
        return True
    return is_definite(word) and word.endswith(("ين", "ون"))


def _titled(scene: Scene, index: int, stop: int, memory: Memory) -> Speaker | None:
    """Return the person behind the title, else its office's holder, else whom it stands for, else its own words."""
    end = _phrase_end(scene, index, stop, _TITLE_WORDS)
    for place in range(index, end):
        name = scene.proper(place)
        if name is not None and name.mention.type is EntityType.PER and _is_surer(scene, name, index):
            return _of_state(scene, of_name(name), index, name.first)
    if index in scene.roles:
        role = scene.roles[index]
        start, finish = scene.span(index, role.stop)
        entity = role.owner.entity
        return Speaker(entity.name, entity.id, start, finish, role.stop, role.owner.country, is_person=True)
    end = _body_end(scene, index, stop) or _named_for(scene, index, stop)
    end = end or _phrase_end(scene, index, stop, _GROUP_WORDS, crosses_commas=False)
    country = next((scene.at[i].country for i in range(index, end) if i in scene.at), "")
    if is_definite(scene.text(index)) and not any(scene.proper(place) for place in range(index, end)):
        holders = (of_name(name) for name in _holders(scene, index) if country in ("", name.country))
        known = next(holders, None) or _last_person(scene, index, country, memory)
        if known is not None:
            start, finish = scene.span(index, end)
            return replace(known, start=start, end=finish, stop=end, is_echo=True)
    return _described(scene, index, end, country)


def _last_person(scene: Scene, index: int, country: str, memory: Memory) -> Speaker | None:
    """Return the person who spoke last for the country, a woman where the title at `index` is one's."""
    people = (s for s in reversed(memory.speakers) if s.is_person and country in ("", s.country))
    last = next(people, None)
    return None if last is not None and _is_man(scene, last, index) else last


def _is_man(scene: Scene, speaker: Speaker, index: int) -> bool:
    """Say whether the title at `index` is a woman's, and whoever spoke was introduced by a man's."""
    if not scene.text(index).endswith("ه"):
        return False
    at = bisect_left(scene.names, index, key=lambda name: name.first)
    own = (name for name in scene.names[max(0, at - _INTRODUCED_COUNT) : at] if name.label == speaker.label)
    titles = {word for name in own for word in _title_words(scene, name) if scene.cues.persons.holds(word)}
    return bool(titles) and not any(word.endswith("ه") for word in titles)


def _of_state(scene: Scene, speaker: Speaker, first: int, stop: int) -> Speaker:
    """Return the speaker with the one state his title names: the Russian ambassador X; experts speak for none."""
    if speaker.country or any(
        scene.cues.private.names(scene.text(place)) for place in range(first, min(first + 2, stop))
    ):
        return speaker
    names = [scene.at[place] for place in range(first, stop) if place in scene.at]
    is_feminine = scene.text(first).endswith("ه")
    countries = (
        name.country
        for name in names
        if name.mention.kind is not MentionKind.NISBA or scene.text(name.first).endswith("ه") == is_feminine
    )
    return replace(speaker, country=next(countries, ""))


def _holders(scene: Scene, index: int) -> Iterator[Name]:
    """Yield people before the word who were introduced with the same title, the latest first."""
    head = min(fronts(scene.text(index)), key=len)
    at = bisect_left(scene.names, index, key=lambda name: name.first)
    for name in reversed(scene.names[max(0, at - _NAMES_BACK_COUNT) : at]):
        if name.mention.type is EntityType.PER and head in _title_words(scene, name):
            yield name


def _title_words(scene: Scene, name: Name) -> set[str]:
    """Return the words of the title before the name, or of the one behind its comma."""
    first = name.first
    while first > max(0, name.first - _TITLE_BACK_WORDS) and not _PAUSE.search(scene.words.gap(first)):
        first -= 1
    behind = range(name.stop, name.stop + 1) if _COMMA.match(scene.words.gap(name.stop)) else range(0)
    return {
        stem
        for place in (*range(first, name.first), *behind)
        for stem in fronts(scene.text(place))
        if scene.text(place)
    }


def _is_surer(scene: Scene, name: Name, index: int) -> bool:
    """Say whether the name is listed, or no known office stands before it that names its holder anyway."""
    return name.mention.kind is MentionKind.NAME or index not in scene.roles


def _named_for(scene: Scene, index: int, stop: int) -> int:
    """Return the end of "a spokesman of the Ukrainian land forces"; 0 where he speaks in nobody's name."""
    if index + 2 >= stop or scene.text(index + 1) != "باسم":
        return 0
    return _phrase_end(scene, index + 2, stop, _GROUP_WORDS, crosses_commas=False)


def _body_end(scene: Scene, index: int, stop: int) -> int:
    """Return the end of "the spokesman of the ministry", a title whose body is named; 0 where none is."""
    for place in range(index + 1, min(stop, index + _GROUP_WORDS)):
        if _PAUSE.search(scene.words.gap(place)):
            return 0
        name = scene.proper(place)
        if name is not None:
            return 0 if _is_object(scene, name, place) else name.stop
        if scene.text(place) in scene.cues.particles and scene.text(place) not in _INSIDE_TITLES:
            return 0
    return 0


def _group(scene: Scene, index: int, stop: int, memory: Memory) -> Speaker:
    """Return a group by its name, else by what it was called before, else by its own words."""
    end = _phrase_end(scene, index, stop, _GROUP_WORDS, crosses_commas=False)
    name = scene.proper(index + 1)
    is_called = _OPENED.match(scene.words.gap(index + 1)) is not None
    if name is not None and name.mention.type is EntityType.ORG and (index + 1 < end or is_called):
        return of_name(name)
    if name is not None and name.mention.type is EntityType.PER and index + 1 < end:
        return of_name(name)  # the researchers X and Y
    if (author := _author(scene, index)) is not None:
        return of_name(author)
    own = _described(scene, index, end, _seat(scene, index, end))
    if own.country:
        return own
    if not is_definite(scene.text(index)):
        return own
    earlier = [s for s in reversed(memory.speakers) if s.head == own.head]
    if not earlier:
        earlier = [of_name(name) for name in _bodies_before(scene, index) if own.head in _heads_of(scene, name)]
    return replace(earlier[0], start=own.start, end=own.end, stop=own.stop, is_echo=True) if earlier else own


def _author(scene: Scene, index: int) -> Name | None:
    """Return the body whose report it is where the words say so at once: a report to (by) the radio X."""
    if not scene.cues.documents.names(scene.text(index)) or scene.words.gap(index + 1).strip():
        return None
    place = index + 1 + scene.cues.media.names(scene.text(index + 1))
    name = scene.proper(place)
    is_owned = scene.text(index + 1).startswith("ل")
    return name if is_owned and name is not None and name.mention.type is EntityType.ORG else None


def _seat(scene: Scene, index: int, end: int) -> str:
    """Return the country of "the foreign ministry in South Korea", a body told by where it sits; "" where none is."""
    name = scene.proper(end + 1) if scene.text(end) == "في" else None
    is_office = scene.cues.offices.names(scene.text(index))
    return name.country if name is not None and is_office and name.mention.type is EntityType.GPE else ""


def _bodies_before(scene: Scene, index: int) -> Iterator[Name]:
    at = bisect_left(scene.names, index, key=lambda name: name.first)
    for name in reversed(scene.names[max(0, at - _NAMES_BACK_COUNT) : at]):
        if name.mention.type is EntityType.ORG:
            yield name


def _heads_of(scene: Scene, name: Name) -> tuple[str, ...]:
    before = scene.text(name.first - 1) if name.first else ""
    return tuple(stem for word in (scene.text(name.first), before) for stem in fronts(word))


def _described(scene: Scene, index: int, end: int, country: str) -> Speaker:
    end = _issued_by(scene, end)
    _, finish = scene.span(index, end)
    word = scene.words.items[index]
    head = min((stem for stem in fronts(word.text)), key=len)
    skipped = _conjunction(word.text, scene)
    start = scene.words.letter(word.at + skipped)
    return Speaker(scene.words.source[start:finish], None, start, finish, end, country, head)


def _issued_by(scene: Scene, end: int) -> int:
    """Return the end of "a report issued by the Pentagon" where the phrase that ends at `end` goes on so."""
    if scene.text(end) not in _ISSUED or scene.text(end + 1) != "عن":
        return end
    name = scene.proper(end + 2)
    return name.stop if name else end


def _conjunction(word: str, scene: Scene) -> int:
    """Return how many letters of clitics stand before a described speaker, its article not counted."""
    for skipped in range(min(3, len(word))):
        rest = word[skipped:]
        bare = rest.removeprefix("ال")
        if any(lexicon.holds(form) for lexicon in (scene.cues.persons, scene.cues.groups) for form in (rest, bare)):
            return skipped
    return 0


def _phrase_end(scene: Scene, index: int, stop: int, limit: int, *, crosses_commas: bool = True) -> int:
    """Return where the noun phrase ends: at a verb, a clause's particle, or punctuation but an apposition's comma."""
    end, commas = index + 1, 0
    while end < min(stop, index + limit):
        gap, word = scene.words.gap(end), scene.text(end)
        if _PAUSE.search(gap):
            commas += 1
            if not (crosses_commas and commas == 1 and _COMMA.match(gap)):
                break
        name = scene.at.get(end)
        if name is not None and _is_object(scene, name, end):
            break
        if name is not None:
            is_person = name.mention.type is EntityType.PER
            end = name.stop
            if is_person or not (crosses_commas or name.mention.kind is MentionKind.NISBA):
                break
            continue
        if _ends_phrase(scene, word, crosses_commas=crosses_commas) or (
            not crosses_commas and _disagrees(scene, index, word)
        ):
            break
        end += 1
    return min(end, stop)


def _is_object(scene: Scene, name: Name, end: int) -> bool:
    """Say whether a place behind a nisba belongs to the verb: (he called on,) the Australian minister, Russia to."""
    before = scene.at.get(end - 1)
    is_place = name.mention.type is EntityType.GPE and name.mention.kind is not MentionKind.NISBA
    return is_place and before is not None and before.mention.kind is MentionKind.NISBA


def _disagrees(scene: Scene, index: int, word: str) -> bool:
    """Say whether the word cannot be an adjective of a plural of people: experts are عسكريون, not عسكرية."""
    heads = fronts(scene.text(index))
    if _is_heading(scene, index):
        return False
    is_people = any(head in _PEOPLE or head.endswith(("ون", "ين")) for head in heads)
    return is_people and not word.endswith(("ون", "ين")) and word != "في"


def _ends_phrase(scene: Scene, word: str, *, crosses_commas: bool) -> bool:
    if word.startswith("بال") and word not in _ACTING:
        return True
    if word in scene.cues.particles:
        return not (crosses_commas and word in _INSIDE_TITLES)
    verb = scene.cues.verb(word)
    return verb is not None and not is_definite(word) and not scene.cues.persons.names(word)


def _coordinated(scene: Scene, first: Speaker, stop: int) -> Iterator[Speaker]:
    """Yield who stands behind "and": Britain and France."""
    index = first.stop
    while index < stop and scene.text(index).startswith("و") and not scene.words.gap(index).strip():
        name = scene.proper(index)
        if name is not None and name.mention.start > scene.words.items[index].start:
            following: Speaker | None = of_name(name)
        elif name is None and scene.text(index)[1:] and scene.cues.groups.names(scene.text(index)):
            following = _described(
                scene, index, _phrase_end(scene, index, stop, _GROUP_WORDS, crosses_commas=False), ""
            )
        else:
            return
        if following is None:
            return
        yield following
        index = following.stop
