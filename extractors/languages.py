"""Owns the language of a text, told by the text: CMS language tags are often wrong."""

from __future__ import annotations

import re
import resource
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

#: py3langid knows more than a hundred languages and spreads a short Arabic headline over all that use its letters,
#: Moroccan and Egyptian (ary, arz) among them; within the script only the languages news is written in compete.
_ARABIC_SCRIPT = frozenset({"ar", "fa", "ur", "ps", "ug", "sdh"})
_ARABIC_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3]")
#: Letters of the script that Arabic has not: Persian, Urdu, Pashto, Kurdish and Uyghur are full of them. Arabic writes
#: a few of them in foreign names.
_OTHER_LETTER = re.compile("[\u0620\u063b-\u063f\u066e-\u066f\u0671-\u06d3]")
_MOST_OTHER_SHARE = 0.01  #: Persian typed with Arabic ya and kaf still has 3 % (p, ch, g)
_LETTER = re.compile(r"[^\W\d_]")
_SAMPLE_CHARS = 1_000
_FEWEST_LETTERS = 12  #: below that there is no language to tell
_LEAST_CONFIDENCE = 0.5  #: of the best, after the share of its script is made 1


def language_of(text: str) -> str:
    """Return the ISO 639-1 code (639-3 where it has none) of `text`; empty where it cannot be told."""
    sample = text[:_SAMPLE_CHARS]
    letter_count = len(_LETTER.findall(sample))
    if letter_count < _FEWEST_LETTERS:
        return ""
    arabic_count = len(_ARABIC_LETTER.findall(sample))
    is_arabic_script = 2 * arabic_count > letter_count
    if is_arabic_script and len(_OTHER_LETTER.findall(sample)) <= _MOST_OTHER_SHARE * arabic_count:
        return "ar"
    ranked = [
        (name, share) for name, share in _identifier().rank(sample) if (name in _ARABIC_SCRIPT) is is_arabic_script
    ]
    name, share = ranked[0]
    total = sum(share for _, share in ranked)
    return name if share >= _LEAST_CONFIDENCE * total else ""


@cache
def _identifier() -> LanguageIdentifier:
    """Load the model with the first text that needs it: 70 MB and 0.6 s, and Arabic needs none."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))  # it is unpacked into a file larger than a worker may write
    try:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
