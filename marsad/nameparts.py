"""Owns what words a name can be made of, where no list knows it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from marsad.articles import EntityType, Mention, MentionKind
from marsad.cues import Cues
from marsad.names import Name
from marsad.sequences import Model
from marsad.words import Words, fronts, is_definite

PAUSE = re.compile(r"[،,؛;:!؟?().\n«»\"“”…\[\]]")
LINKS = frozenset(
    {"في", "لدي", "باسم", "باسمه", "باسمها", "من", "للشوون", "لشوون"}
)  #: at, in the name of, for the affairs of: the title goes on
SYLLABLE_CHARS = 4  #: parts of East Asian names are short, and only such names have three of them
_AGREEING = ("ين", "ون", "ات", "يه", "يا", "ان")
_SON_OF = frozenset({"بن", "ابن", "ال"})
COMPOUNDS = _SON_OF | {"عبد", "ابو", "ابي", "دي", "فون", "فان", "ديل"}  #: never end a name
_GOD = "الله"
_ALI = "علي"  #: folded, "on" too
_WISHES = ("حفظ", "يحفظ", "رحم", "يرحم", "رعا", "يرعا", "ايد", "سلم", "اعز", "وفق", "ادام", "اطال", "صان", "جزا", "حبا")
_WISHED = ("ه", "ها", "هم", "هما")  #: him, her, them, both: may God keep him, have mercy on him ...
THAT = frozenset({"ان", "انه", "انها"})  #: behind who said it: that, that he, that she
_HAMZA_CARRIERS = frozenset("أإآ")


@dataclass(frozen=True, slots=True, eq=False)
class NamedText:
    """A text with the names found in it so far."""

    words: Words
    cues: Cues
    covered: dict[int, Name]  #: word -> listed name it belongs to
    nouns: frozenset[str]  #: words with the article: what the text uses with and without it is no name
    forms: frozenset[str]  #: all words
    model: Model | None = None  #: knows common nouns


def is_name_part(known: NamedText, index: int) -> bool:
    """Say whether the word may be a part of a name: in no list, not inflected, no common noun."""
    if _is_ali(known, index):
        return True
    text, cues = known.words.items[index].text, known.cues
    if any(front in cues.particles for front in fronts(text)) or _is_common(known, index, text):
        return False
    if index in known.covered or text in cues.particles or text in cues.persons or text in cues.groups:
        return False
    if (text.endswith("ات") and len(text) > SYLLABLE_CHARS + 1) or (
        text[0] in "بلك" and text.endswith("ه") and len(text) > SYLLABLE_CHARS
    ):
        return False  # plurals, "with courage", "for the family"
    if len(text) == 1 or text[0].isdigit() or has_article(known, index) or text in cues.joint or text in LINKS:
        return False
    is_verb = cues.verb(text) is not None or cues.verb(text.removeprefix("ف")) is not None
    return not is_verb and not _blesses(known, index)


def _blesses(known: NamedText, index: int) -> bool:
    """Say whether the word and "God" behind it bless him whose name ends here: رحمه الله; رحمة الله is a name."""
    words = known.words.items
    text, source = words[index].text, known.words.source[words[index].end - 1]
    is_verb = any(text == wish + end for wish in _WISHES for end in _WISHED) and source != "ة"
    return is_verb and index + 1 < len(words) and words[index + 1].text == _GOD


def _is_ali(known: NamedText, index: int) -> bool:
    """Say whether the word is the name Ali and not "on", as the letter says and what stands behind it."""
    words = known.words.items
    if words[index].text != _ALI or known.words.source[words[index].end - 1] != "ي":
        return False
    if index + 1 == len(words) or PAUSE.search(known.words.gap(index + 1)) or is_son_of(known, index + 1):
        return True
    text = words[index + 1].text
    is_common = text == _ALI or known.model is None or any(map(known.model.is_common, fronts(text)))
    return text in THAT or (not is_common and (has_article(known, index + 1) or is_name_part(known, index + 1)))


def may_begin_name(known: NamedText, index: int) -> bool:
    """Say whether a name may begin with the word: no common noun, which later words of a name may well be."""
    words, cues = known.words.items, known.cues
    text = words[index].text
    if is_son_of(known, index + 1) and words[index + 1].text == "بن":  # «ابن» is "the son" behind nouns and verbs, too
        is_listed = text in cues.particles or text in cues.persons or text in cues.groups
        is_noun = known.model is not None and any(map(known.model.is_common, fronts(text)))
        return not is_listed and not (is_noun and has_article(known, index))
    is_common = known.model is not None and known.model.is_common(text)
    return not is_common and not is_purpose(known, index) and is_name_part(known, index)


def is_son_of(known: NamedText, index: int) -> bool:
    """Say whether "son of" or "of the house of" stands there, in the middle of a name: نصر الدين بن حديد, آل ثاني."""
    words = known.words.items
    return index < len(words) and words[index].text in _SON_OF and not PAUSE.search(known.words.gap(index))


def is_purpose(known: NamedText, index: int) -> bool:
    """Say whether the word says what a title is for: the commissioner «لحقوق الإنسان» (for human rights).

    It is a common noun behind "for", and definite by its article or by that of the next word: names that only look so
    (كمال, لطيفة) seldom stand before one.
    """
    words = known.words.items
    text = words[index].text
    if known.model is None or text[0] != "ل" or PAUSE.search(known.words.gap(index)):
        return False
    if text[1:2] == "ل":
        return known.model.is_common(text[2:])
    is_genitive = (
        index + 1 < len(words) and not PAUSE.search(known.words.gap(index + 1)) and has_article(known, index + 1)
    )
    return is_genitive and known.model.is_common(text[1:])


def agree(words: Sequence[str]) -> bool:
    """Say whether the folded words end alike as a noun and its adjective do: two axes, military ones."""
    return any(all(word.endswith(ending) and len(word) > SYLLABLE_CHARS for word in words) for ending in _AGREEING)


def has_article(known: NamedText, index: int) -> bool:
    """Say whether the word carries the article: its alif is bare, that of ألكسندر and إليزابيث is not."""
    word = known.words.items[index]
    if not is_definite(word.text):
        return False
    start = word.start + (word.text[0] in "وفبك" and not word.text.startswith("ال"))
    return known.words.source[start : start + 1] not in _HAMZA_CARRIERS


def _is_common(known: NamedText, index: int, text: str) -> bool:
    """Say whether the word is no proper noun: used with the article too, behind a preposition, inflected, a verb."""
    bare = text[1:] if text[0] in "بلك" else text
    if "ال" + bare in known.nouns or (bare != text and bare in known.forms):
        return True
    word = known.words.items[index]
    source = known.words.source[word.start : word.end]
    return "\u064b" in source or source[1:2] == "\u064f" or (text.endswith("وا") and len(text) > SYLLABLE_CHARS)


def is_conjoined(text: str) -> bool:
    """Say whether the word begins with "and": short names (وود, وانغ) may begin with the letter."""
    return text[0] == "و" and len(text) > SYLLABLE_CHARS


def named(words: Words, first: int, stop: int, kind: EntityType, label: str = "", skipped: int = 0) -> Name:
    """Return the words as a name no list knows."""
    start, end = words.letter(words.items[first].at + skipped), words.items[stop - 1].end
    surface = words.source[start:end]
    return Name(Mention(start, end, surface, kind, MentionKind.UNLINKED), label or surface, "", first, stop)
