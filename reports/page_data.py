"""Owns what the report page counts: articles as short rows of numbers, so that 50,000 of them stay below 5 MB.

A row is [day, outlet, story, is a copy, entities, voices]; the newest ones go on with [title, link, time, evidence],
and are those that a number on the page leads to. A voice is three times the speaker's place plus that of the stance.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC
from typing import Any

from marsad.articles import Stance
from marsad.digests import Piece, Report, Tally
from reports.page_words import page_wording_of
from reports.safe import link_of, plain
from reports.wording import Language, Wording, wording_of

#: Places of entities kept in a row: what is named less often is not among the page's numbers.
ENTITIES_COUNTED = 150
SPEAKERS_COUNTED = 5_000
#: Of all sentences of evidence together, newest first; 2,000 articles with three each would be 4 MB.
EVIDENCE_LIMIT_CHARS = 600_000
_EVIDENCE_SHOWN_CHARS = 320
_TITLE_SHOWN_CHARS = 200
_NAME_SHOWN_CHARS = 80
_STANCES = (Stance.SUPPORTIVE, Stance.OPPOSED, Stance.NEUTRAL)
#: The JSON stands in a <script> element, which ends at "</" and may begin a comment at "<!--".
_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def page_data(report: Report, language: Language) -> str:
    """Return what the page's script works on, as JSON that can stand in a <script> element."""
    wording, places, evidence = wording_of(language), _places(report), _Evidence()
    rows = [*_recent(report, places, evidence, wording), *(_counted(tally, places) for tally in report.tallies)]
    data = {
        "language": language,
        "days": [count.day for count in report.coverage],
        "entities": _entities(report, wording),
        "outlets": [
            list(map(_named, (o.outlet_id, wording.named(o.outlet, o.outlet_ar), o.country, o.line)))
            for o in report.outlets
        ],
        "lines": {_named(line.id): _named(wording.named(line.name, line.name_ar)) for line in report.lines},
        "speakers": list(_speakers(report, wording)),
        "stories": [str(story_id) for story_id in places.stories],
        "spikes": list(_spikes(report, places, wording)),
        "evidence": list(evidence.places),
        "articles": rows,
        "words": _words(wording),
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where days, outlets, entities and speakers stand in the lists of the page."""

    days: dict[str, int]
    outlets: dict[str, int]
    entities: dict[str, int]
    speakers: dict[str, int]
    stories: dict[int, int]


def _places(report: Report) -> _Places:
    story_ids = [*(piece.story_id for piece in report.pieces), *(tally.story_id for tally in report.tallies)]
    return _Places(
        days=_placed(count.day for count in report.coverage),
        outlets=_placed(outlet.outlet_id for outlet in report.outlets),
        entities=_placed(entity.entity_id for entity in report.entities[:ENTITIES_COUNTED]),
        speakers=_placed(speaker.speaker for speaker in report.speakers[:SPEAKERS_COUNTED]),
        stories={story_id: place for place, story_id in enumerate(dict.fromkeys(story_ids))},
    )


def _placed(keys: Iterable[str]) -> dict[str, int]:
    return {key: place for place, key in enumerate(dict.fromkeys(keys))}


class _Evidence:
    """Sentences, each written once whatever number of articles print it, as long as there is room."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self._left_chars = EVIDENCE_LIMIT_CHARS

    def place(self, sentence: str) -> int:
        """Return where the sentence stands, -1 where there was no room for it."""
        said = plain(sentence, _EVIDENCE_SHOWN_CHARS)
        if said not in self.places:
            if len(said) > self._left_chars:
                return -1
            self._left_chars -= len(said)
            self.places[said] = len(self.places)
        return self.places[said]


def _recent(report: Report, places: _Places, evidence: _Evidence, wording: Wording) -> Iterator[list[Any]]:
    for piece in report.pieces:
        quotes = {(quote.speaker, quote.stance): quote for quote in reversed(piece.quotes)}
        said = [(voice, quote) for key, quote in quotes.items() if (voice := _voice(*key, places)) is not None]
        row = _row(piece, piece.entity_ids, places, [voice for voice, _ in said])
        shown = (
            plain(piece.title, _TITLE_SHOWN_CHARS),
            link_of(piece.url),
            wording.instant(piece.seen_at, report.zone),
        )
        yield [*row, *shown, [evidence.place(quote.evidence) for _, quote in said]]


def _counted(tally: Tally, places: _Places) -> list[Any]:
    said = zip(tally.speakers, tally.stances, strict=True)
    voices = [voice for key in said if (voice := _voice(*key, places)) is not None]
    return _row(tally, tally.entity_ids, places, voices)


def _row(one: Piece | Tally, entity_ids: Sequence[str], places: _Places, voices: Sequence[int]) -> list[Any]:
    entities = [places.entities[entity_id] for entity_id in entity_ids if entity_id in places.entities]
    # Days are those of UTC, as in all daily views; a day before the calendar is counted with its first.
    day = places.days.get(one.seen_at.astimezone(UTC).date().isoformat(), 0)
    return [day, places.outlets[one.outlet_id], places.stories[one.story_id], int(one.is_copy), entities, list(voices)]


def _voice(speaker: str, stance: Stance, places: _Places) -> int | None:
    place = places.speakers.get(speaker)
    return None if place is None else 3 * place + _STANCES.index(stance)


def _named(text: str) -> str:
    return plain(text, _NAME_SHOWN_CHARS)


def _entities(report: Report, wording: Wording) -> list[list[str]]:
    counted = report.entities[:ENTITIES_COUNTED]
    return [[_named(one.entity_id), _named(wording.named(one.name, one.name_ar))] for one in counted]


def _speakers(report: Report, wording: Wording) -> Iterator[list[str]]:
    for one in report.speakers[:SPEAKERS_COUNTED]:
        name, asked = _named(wording.named(one.speaker, one.speaker_ar)), plain(one.speaker)
        yield [name] if name == asked else [name, asked]


def _spikes(report: Report, places: _Places, wording: Wording) -> Iterator[list[Any]]:
    words = page_wording_of(wording.language)
    for spike in (spike for spike in report.spikes if spike.stance is None):
        day, subject = places.days.get(spike.day), places.entities.get(spike.subject, -1)
        if day is not None and (subject >= 0 or spike.subject == "topic"):
            stories = wording.story.counted(spike.story_count)
            yield [
                day,
                subject,
                spike.level,
                words.spike_said.format(stories=stories, expected=f"{spike.expected:.1f}"),
            ]


def _words(wording: Wording) -> dict[str, Any]:
    words = page_wording_of(wording.language)
    nouns = {
        "article": wording.article,
        "statement": wording.statement,
        "copies": wording.copies,
        "more_outlets": wording.more_outlets,
        "older": words.older,
    }
    texts = ("all_articles", "own_stories", "outlets", "speakers_heard", "untitled", "nothing_here", "comma")
    return {
        **{name: asdict(noun) for name, noun in nouns.items()},
        **{name: getattr(wording, name) for name in texts},
        "months": wording.months,
        "stances": [wording.stance(stance) for stance in _STANCES],
        "spike": words.spike,
        "unknown": words.unknown,
    }
