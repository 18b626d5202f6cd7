"""Owns the reading of kept articles again with camel-tools' recognizer: people whom neither list nor title names.

The model takes longer for an article than everything else in a cycle, so it never stands in a cycle's way: this runs
beside it, over articles that are kept, and what it adds becomes a reading of its own (`rules/N+camel`), which a replay
keeps.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Protocol

from extractors.recognizer import Guess
from flows.desk import Desk, Progress
from marsad.articles import EntityType, Tagging
from marsad.errors import BadInput
from marsad.guesses import tokens_of
from marsad.records import KeptText, TextReading
from marsad.sentences import split_sentences
from marsad.tagging import tag_text
from marsad.words import Words, read_words
from warehouse.replaying import Batch, Replaying, append_readings

_CHUNK_COUNT = 50  #: articles of one transaction, some 1,500 sentences: what a killed run loses


class Recognizes(Protocol):
    """What finds names in sentences of tokens."""

    def find_guesses(self, sentences: Sequence[Sequence[str]]) -> tuple[tuple[Guess, ...], ...]:
        """Return the names of each sentence, in order."""
        ...


@dataclass(slots=True)
class NamingSummary:
    """What a run did; counted while it goes."""

    article_count: int = 0
    changed_count: int = 0  #: articles that read otherwise with the model's names
    unread_count: int = 0  #: sentences of which the model lost a word


def name_articles(desk: Desk, since: datetime, recognizer: Recognizes, progress: Progress) -> NamingSummary:
    """Read the articles first read since then again with the recognizer's people, store what differs, and publish.

    Raises:
        WarehouseBusy: another process held the warehouse for too long; what was stored before stays.
        WarehouseUnusable: the warehouse cannot be read or written.
    """
    kept, summary, now = Replaying(desk.core), NamingSummary(), desk.place.now()
    run_id = f"names-{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    ids = [key for _, keys in kept.article_days(since) for key in keys]
    progress.begin("names", len(ids))
    try:
        for number, chunk in enumerate(_chunks(ids)):
            readings = _readings(desk, kept.kept_texts(chunk), recognizer, summary)
            with desk.core.writing() as transaction:
                batch = Batch(f"{run_id}/names/{number}", run_id, now)
                summary.changed_count += len(append_readings(transaction, batch, readings))
            progress.advance("names", len(chunk))
    finally:
        desk.core.publish()
    return summary


def _readings(
    desk: Desk, texts: Sequence[KeptText], recognizer: Recognizes, summary: NamingSummary
) -> list[TextReading]:
    """Return the readings of the texts in which the recognizer sees somebody."""
    summary.article_count += len(texts)
    parts = [_parts(read_words(text.text)) for text in texts]
    found = iter(_found(recognizer, [tokens for text in parts for _, tokens in text], summary))
    told = [[person for first, _ in text for person in _people(first, next(found))] for text in parts]
    return [TextReading(text, _tagged(desk, text, people)) for text, people in zip(texts, told, strict=True) if people]


def _parts(words: Words) -> list[tuple[int, list[str]]]:
    """Return the sentences of a text: first word, and tokens as the model knows them."""
    bounds = (words.between(sentence.start, sentence.end) for sentence in split_sentences(words.source))
    return [(first, tokens_of(words, first, stop)) for first, stop in bounds if stop > first]


def _found(
    recognizer: Recognizes, sentences: Sequence[Sequence[str]], summary: NamingSummary
) -> Sequence[tuple[Guess, ...]]:
    """Return the names of each sentence; one of which the model lost a word has none."""
    try:
        return recognizer.find_guesses(sentences)
    except BadInput:
        pass  # one of them; each is asked alone
    return [_alone(recognizer, sentence, summary) for sentence in sentences]


def _alone(recognizer: Recognizes, sentence: Sequence[str], summary: NamingSummary) -> tuple[Guess, ...]:
    try:
        (found,) = recognizer.find_guesses([sentence])
    except BadInput:
        summary.unread_count += 1
        return ()
    return found


def _people(first: int, guesses: Sequence[Guess]) -> Iterator[range]:
    return (range(first + one.first, first + one.stop) for one in guesses if one.type is EntityType.PER)


def _tagged(desk: Desk, text: KeptText, people: Sequence[range]) -> Tagging:
    return tag_text(text.text, desk.topic, text.title, people)


def _chunks(ids: Sequence[int]) -> Iterator[list[int]]:
    waiting = iter(ids)
    while chunk := list(islice(waiting, _CHUNK_COUNT)):
        yield chunk
