"""Owns the verbs that run one stage alone: extract and tag; for a person who asks why, and for evaluation."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from flows.contract import (
    InputLine,
    answer_each,
    article_fields,
    open_input,
    open_own_input,
    optional_text,
    read_lines,
    tagging_fields,
    text_field,
    write_line,
)
from flows.handed import bytes_of
from flows.options import placed
from marsad.articles import Article, BodyKind, Drop
from marsad.errors import BadInput, MarsadError

if TYPE_CHECKING:  # each verb imports its own stage only
    from extractors.pool import Job
    from flows.configuration import Place
    from marsad.catalogue import OutletTable

_PAGE_LIMIT_BYTES = 64 << 20  #: a cycle takes 8 MB; who hands over a file may mean it
_YEARS = range(1990, 2200)  #: of fetching: before, there was no web
_LINES = click.option("--jsonl", is_flag=True, help="JSON lines in, JSON lines out: same order, same id.")
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a picture.")
_FILE = click.argument("file", type=click.File("r", encoding="utf-8-sig", errors="surrogateescape"), required=False)


@click.command(epilog='Example: marsad extract page.html --url "https://example.org/news/1"')
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), required=False)
@click.option("--url", help="Where the page came from.")
@_JSON
@_LINES
@placed
def extract(place: Place, file: Path | None, url: str | None, *, as_json: bool, jsonl: bool) -> None:
    """Show title, text, dates and authors of an HTML page FILE."""
    if jsonl:
        with _lines_of(file) as stream:
            for fields in _extract_lines(place, stream):
                write_line(fields)
        return
    if file is None:
        raise click.UsageError("name a FILE, or use --jsonl")
    from extractors.pool import ExtractorPool  # noqa: PLC0415
    from reports.terminal import render_article  # noqa: PLC0415

    with ExtractorPool(place.settings.extract) as pool:
        (outcome,) = pool.extract([_job(place, str(file), url, None)])
    if as_json:
        write_line(_outcome_fields(outcome))
    elif isinstance(outcome, Article):
        click.echo(render_article(outcome), nl=False)
    else:
        raise BadInput(str(file), f"holds no article ({outcome.reason} {outcome.detail})".replace(" )", ")"))


def _lines_of(file: Path | None) -> AbstractContextManager[TextIO]:
    if file is None or str(file) == "-":
        return nullcontext(open_own_input())  # closing it would wait for the thread that waits for its next line
    try:
        return file.open(encoding="utf-8-sig", errors="surrogateescape")
    except OSError as error:
        raise BadInput(str(file), f"cannot be read ({error.strerror})") from error


def _extract_lines(place: Place, stream: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield one answer a line, each as soon as it and those before it are ready."""
    from extractors.pool import ExtractorPool  # noqa: PLC0415
    from flows.streaming import in_order  # noqa: PLC0415

    with ExtractorPool(place.settings.extract) as pool:

        def begin(line: InputLine) -> Future[Article | Drop]:
            try:
                return pool.begin(_line_job(place, line))
            except MarsadError as error:
                refused: Future[Article | Drop] = Future()
                refused.set_exception(error)
                return refused

        for line, outcome in in_order(read_lines(stream), begin, pool.most_ahead):
            try:
                yield {"id": line.id, **_outcome_fields(outcome.result())}
            except MarsadError as error:
                yield {"id": line.id, "error": str(error)}


def _line_job(place: Place, line: InputLine) -> Job:
    if line.error:
        raise BadInput("line", line.error)
    return _job(place, text_field(line, "path"), optional_text(line, "url"), optional_text(line, "fetched_at"))


def _job(place: Place, path: str, url: str | None, fetched_at: str | None) -> Job:
    from extractors.pool import Job  # noqa: PLC0415
    from marsad.sources import Page  # noqa: PLC0415

    body = _bytes_of(path)
    address = url or f"https://unknown.invalid/{Path(path).name}"
    return Job(Page(address, address, 200, (), body, _instant(place, fetched_at)), outlet=_outlets().name_at(address))


@cache
def _outlets() -> OutletTable:
    from flows.configuration import read_outlet_table  # noqa: PLC0415

    return read_outlet_table()


def _bytes_of(path: str) -> bytes:
    return sys.stdin.buffer.read() if path == "-" else bytes_of(Path(path), _PAGE_LIMIT_BYTES)


def _instant(place: Place, written: str | None) -> datetime:
    if written is None:
        return place.now()
    try:
        instant = datetime.fromisoformat(written)
    except ValueError as error:
        raise BadInput("fetched_at", f"{written!r} is no ISO 8601 instant") from error
    if instant.year not in _YEARS:
        raise BadInput("fetched_at", f"{written!r} is no time a page can have been fetched at")
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _outcome_fields(outcome: Article | Drop) -> dict[str, Any]:
    if isinstance(outcome, Article):
        return article_fields(outcome)
    kinds = {"blocked": BodyKind.BLOCKED, "not_an_article": BodyKind.NONE, "no_text": BodyKind.NONE}
    if outcome.reason in kinds:
        return article_fields(Article(0, outcome.url, "", "", kinds[outcome.reason]))
    return {"error": f"{outcome.url}: {outcome.reason} {outcome.detail}".rstrip()}


@click.command(epilog="Example: marsad tag article.txt   (a first line followed by an empty line is the title)")
@_FILE
@_JSON
@_LINES
@click.option("--html", "as_html", is_flag=True, help="One self-contained page, right to left.")
@placed
def tag(place: Place, file: TextIO | None, *, as_json: bool, jsonl: bool, as_html: bool) -> None:
    """Show topic, names, statements and stance in a text FILE (or standard input)."""
    from flows.configuration import read_topic  # noqa: PLC0415
    from marsad.tagging import tag_text  # noqa: PLC0415

    topic = read_topic(place)
    if jsonl:
        for fields in answer_each(
            open_input(file),
            lambda line: tagging_fields(tag_text(text_field(line, "text"), topic, optional_text(line, "title"))),
        ):
            write_line(fields)
        return
    text = open_input(file).read()
    tagging = tag_text(text, topic)
    if as_json:
        write_line(tagging_fields(tagging))
        return
    if as_html:
        from reports.tagged import render_tagged  # noqa: PLC0415

        click.echo(render_tagged(text, tagging), nl=False)
        return
    from reports.terminal import render_tagging  # noqa: PLC0415

    click.echo(render_tagging(text, tagging), nl=False)
