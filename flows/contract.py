"""Owns the JSON contract: one line in, one line out, same order, same id.

A bad line gets an error and the rest goes on. The shapes are promised: keys are added, never renamed.
"""

from __future__ import annotations

import io
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TextIO

import click

from marsad.articles import Article, Mention, Statement, Tagging
from marsad.errors import BadInput, MarsadError


@dataclass(frozen=True, slots=True)
class InputLine:
    """One line of input: its id, and its fields or what is wrong with it."""

    id: Any  #: as given, any JSON value; None where the line has none
    fields: dict[str, Any]
    error: str = ""


def read_lines(stream: Iterable[str]) -> Iterator[InputLine]:
    """Yield an InputLine for each line that is not blank, readable or not."""
    return (_line(text) for text in stream if text.strip())


def _line(text: str) -> InputLine:
    try:
        fields = json.loads(text, parse_constant=_refuse_constant)
    except ValueError as error:
        return InputLine(None, {}, f"not a JSON line ({error})")
    except RecursionError:
        return InputLine(None, {}, "not a JSON line (nested too deep)")
    if not isinstance(fields, dict):
        return InputLine(None, {}, "not a JSON object")
    if "id" not in fields:
        return InputLine(None, fields, "'id' is missing")
    return InputLine(json_value(fields["id"]), fields)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def text_field(line: InputLine, name: str) -> str:
    """Return the text under `name`.

    Raises:
        BadInput: it is missing or no text.
    """
    value = line.fields.get(name)
    if not isinstance(value, str):
        raise BadInput(name, "is missing" if value is None else "is not a text")
    return value


def optional_text(line: InputLine, name: str) -> str | None:
    """Return the text under `name`, None where it is missing or null.

    Raises:
        BadInput: it is no text.
    """
    return None if line.fields.get(name) is None else text_field(line, name)


def answer_each(stream: Iterable[str], answer: Callable[[InputLine], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield one object a line: what `answer` makes of it, or its error."""
    for line in read_lines(stream):
        yield answer_one(line, answer)


def answer_one(line: InputLine, answer: Callable[[InputLine], dict[str, Any]]) -> dict[str, Any]:
    """Return what `answer` makes of the line, or the line's error."""
    if line.error:
        return {"id": line.id, "error": line.error}
    try:
        return {"id": line.id, **answer(line)}
    except MarsadError as error:
        return {"id": line.id, "error": str(error)}


def json_text(value: object, indent: int | None = None) -> str:
    """Return a value as JSON, Arabic as it is; escaped where standard output cannot carry it (or a lone surrogate)."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent)
    return text


def write_line(fields: dict[str, Any]) -> None:
    """Print one JSON line to standard output."""
    click.echo(json_text(fields))


def article_fields(article: Article) -> dict[str, Any]:
    """Return the answer of `extract --jsonl`, without the id."""
    return {
        "title": article.title,
        "body": article.body,
        "published_at": article.published.written(),
        "published_precision": article.published.precision,
        "published_source": article.published.source or None,
        "modified_at": article.modified.written(),
        "authors": list(article.authors),
        "outlet": article.outlet or None,
        "lang": article.lang or None,
        "tags": list(article.tags),
        "body_kind": article.kind,
    }


def tagging_fields(tagging: Tagging) -> dict[str, Any]:
    """Return the answer of `tag --jsonl`, without the id."""
    relevance, voice = tagging.relevance, tagging.voice
    return {
        "relevance": {"label": relevance.label, "score": relevance.score, "reasons": list(relevance.reasons)},
        "entities": [_mention_fields(mention) for mention in tagging.mentions],
        "statements": [_statement_fields(statement) for statement in tagging.statements],
        "outlet_voice": {"stance": voice.stance, "start": voice.start, "end": voice.end},
        "balance": tagging.balance,
    }


def _mention_fields(mention: Mention) -> dict[str, Any]:
    return {
        "start": mention.start,
        "end": mention.end,
        "surface": mention.surface,
        "type": mention.type,
        "id": mention.entity_id,
        "name": mention.name,
        "qid": mention.qid or None,
        "kind": mention.kind,
    }


def _statement_fields(statement: Statement) -> dict[str, Any]:
    return {
        "speaker": statement.speaker,
        "speaker_id": statement.speaker_id,
        "speaker_start": statement.speaker_start,
        "speaker_end": statement.speaker_end,
        "target": statement.target,
        "stance": statement.stance,
        "start": statement.start,
        "end": statement.end,
        "cue": statement.cue,
        "attribution": statement.attribution,
        "confidence": statement.confidence,
    }


def json_value(value: object) -> object:
    """Return a value as JSON can carry it: instants in ISO 8601, no number as null, all else as text."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    if isinstance(value, dict):
        return {str(key): json_value(item) for key, item in value.items()}
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, str | int | bool) else str(value)


def open_own_input() -> TextIO:
    """Return standard input for a thread of its own to read, which may still wait for a line when the program ends.

    Python closes its own standard input at the end, and dies where another thread holds it; this is a copy.
    """
    try:
        own = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    except OSError:  # no file: a test's
        return open_input(None)
    return io.TextIOWrapper(own, encoding="utf-8-sig", errors="surrogateescape")


def open_input(file: TextIO | None) -> TextIO:
    """Return the file, or standard input read as UTF-8 whatever the locale says."""
    return file or io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="surrogateescape")
