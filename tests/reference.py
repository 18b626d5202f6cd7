"""Writes docs/reference/ from the code: every verb with its help, every setting with its meaning and default.

`make docs` writes it again; a test compares.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints
from unittest.mock import patch

import click

from flows.command import VERBS, marsad
from marsad.settings import Settings

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
_WIDTH = 100  #: of help texts


def pages() -> dict[str, str]:
    """Return the text of each page by its file name."""
    return {"cli.md": cli_page(), "settings.md": settings_page()}


def cli_page() -> str:
    """Return what every verb says of itself, as the code spells it: where it runs decides how a shell finds it."""
    head = (
        "# The command line\n\nWritten by `make docs` from the code. Exit codes: [architecture](../architecture.md).\n"
    )
    with patch("flows.command.pasted", str):
        return head + "".join(_section(words, command) for words, command in _commands())


def _commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(marsad, info_name="marsad")
    yield "marsad", marsad
    for verb in VERBS:
        command = marsad.get_command(context, verb)
        assert command is not None
        yield f"marsad {verb}", command
        if isinstance(command, click.Group):
            yield from ((f"marsad {verb} {name}", one) for name, one in command.commands.items())


def _section(words: str, command: click.Command) -> str:
    context = click.Context(command, info_name=words, max_content_width=_WIDTH, terminal_width=_WIDTH)
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    return f"\n## {words}\n\n```text\n{text}\n```\n"


def settings_page() -> str:
    """Return every key of the settings, table by table."""
    head = (
        "# Settings\n\nWritten by `make docs` from the code. A TOML file: `--settings FILE`, else `$MARSAD_SETTINGS`,"
        " else `./marsad.toml`; no key is needed. Secrets come from the environment"
        " (`$MARSAD_SMTP_PASSWORD`) or from a Secret block of Prefect (`mail.password_block`).\n"
    )
    return head + "".join(_tables(Settings, ""))


def _tables(kind: Any, name: str) -> Iterator[str]:
    hints, said = get_type_hints(kind), _comments()[kind.__name__]
    rows, inner = [], []
    for field in dataclasses.fields(kind):
        held = next(
            (one for one in (hints[field.name], *get_args(hints[field.name])) if dataclasses.is_dataclass(one)), None
        )
        if held is None:
            rows.append(
                f"| `{field.name}` | {_default(field)} | {_choices(hints[field.name])}{said.get(field.name, '')} |\n"
            )
        else:
            is_list = get_origin(hints[field.name]) is tuple
            inner.append((held, f"{name}{field.name}", is_list))
    if rows:
        yield "\n| key | default | meaning |\n|---|---|---|\n" + "".join(rows)
    for held, path, is_list in inner:
        shown = f"[[{path}]]" if is_list else f"[{path}]"
        yield f"\n## `{shown}`\n\n{(held.__doc__ or '').splitlines()[0]}\n"
        yield from _tables(held, f"{path}.")


def _default(field: dataclasses.Field[Any]) -> str:
    if field.default is dataclasses.MISSING:
        return "needed"
    match field.default:
        case None | "" | ():
            return ""
        case str() as text:
            return f'`"{text}"`'
        case tuple() as texts:
            return "`[" + ", ".join(f'"{text}"' for text in texts) + "]`"
        case number:
            return f"`{number}`"


def _choices(hint: Any) -> str:
    found = [arg for one in _parts(hint) if get_origin(one) is Literal for arg in get_args(one)]
    return f"one of {', '.join(map(str, found))}; " if found else ""


def _parts(hint: Any) -> Iterator[Any]:
    yield hint
    if get_origin(hint) in {tuple, UnionType, Annotated}:
        for arg in get_args(hint):
            yield from _parts(arg)


def _comments() -> dict[str, dict[str, str]]:
    """Return the `#:` comment of every field, by class and field."""
    source = files("marsad").joinpath("settings.py").read_text("utf-8")
    lines = source.splitlines()
    return {
        node.name: {
            item.target.id: _remark(lines, item)
            for item in node.body
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
        }
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef)
    }


def _remark(lines: list[str], item: ast.AnnAssign) -> str:
    _, _, remark = lines[(item.end_lineno or item.lineno) - 1].partition("#:")
    return remark.strip()


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
