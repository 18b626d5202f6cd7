"""Owns the verb compare: how two texts stand to each other, side by side; and taking two articles apart for good."""

from __future__ import annotations

from typing import Any, TextIO

import click

from flows.comparing import relate_with
from flows.configuration import Place, read_knowledge, read_topic
from flows.contract import answer_each, open_input, text_field, write_line
from flows.options import placed
from marsad.errors import BadInput

_PAIR = 2
_SAID = {
    "exact": "A and B are the same words",
    "near_dup": "A and B are copies of one text",
    "excerpt_of": "A is an excerpt of B",
    "contains": "A contains B",
    "same_story": "A and B tell one event in words of their own",
    "none": "A and B are neither copies nor tell one event",
}


@click.command(
    epilog="Examples: marsad compare one.txt other.txt · marsad compare --not https://example.org/1 https://example.org/2"
)
@click.argument("texts", nargs=-1, metavar="A B")
@click.option("--not", "apart", is_flag=True, help="Take articles A and B (addresses or ids) apart for good.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a picture.")
@click.option("--jsonl", is_flag=True, help="JSON lines in, JSON lines out: same order, same id.")
@placed
def compare(place: Place, texts: tuple[str, ...], *, apart: bool, as_json: bool, jsonl: bool) -> None:
    """Say how text A relates to text B: exact, near_dup, excerpt_of, contains, same_story or none."""
    if jsonl:
        _answer_lines(place, texts)
        return
    if len(texts) != _PAIR:
        raise click.UsageError("name two articles, A and B" if apart else "name two files, A and B, or use --jsonl")
    if apart:
        _take_apart(place, *texts)
        return
    a, b = (_text_of(name) for name in texts)
    answer = relate_with(read_knowledge(read_topic(place)))(a, b)
    if as_json:
        write_line(answer)
    else:
        click.echo(_picture(a, b, answer), nl=False)


def _answer_lines(place: Place, texts: tuple[str, ...]) -> None:
    relate = relate_with(read_knowledge(read_topic(place)))
    stream = open_input(_opened(texts[0]) if texts else None)
    for fields in answer_each(stream, lambda line: relate(text_field(line, "a"), text_field(line, "b"))):
        write_line(fields)


def _picture(a: str, b: str, answer: dict[str, Any]) -> str:
    from marsad.passages import find_passages  # noqa: PLC0415
    from reports.comparison import render_comparison  # noqa: PLC0415

    said = f"{answer['relation']} ({answer['score']:.2f}): {_SAID[answer['relation']]}"
    return render_comparison(said, find_passages(a, b))


def _take_apart(place: Place, one: str, other: str) -> None:
    from flows.storage import core_of, core_to_write  # noqa: PLC0415
    from warehouse.grouping import take_apart  # noqa: PLC0415

    core_of(place).must_exist()
    core = core_to_write(place)
    with core.writing() as transaction:
        is_together = take_apart(transaction, one, other, place.now())
    core.publish()
    click.echo("taken apart for good" if is_together else "they stood in two stories, and will stay so")


def _text_of(name: str) -> str:
    with _opened(name) as file:
        return file.read()


def _opened(name: str) -> TextIO:
    if name == "-":
        return open_input(None)
    try:
        return open(name, encoding="utf-8-sig", errors="surrogateescape")  # noqa: PTH123  closed by who reads it
    except (OSError, ValueError) as error:
        raise BadInput(name, f"cannot be read ({getattr(error, 'strerror', None) or error})") from error
