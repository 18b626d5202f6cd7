"""Owns the options that every verb takes, before the verb's name or after it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:  # reading settings imports what `marsad --help` does not need
    from flows.configuration import Place


class _Zone(click.ParamType[str]):
    name = "zone"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name of the zone; fail where there is none of that name."""
        from marsad.zones import zone_named  # noqa: PLC0415

        try:
            return zone_named(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


ZONE = _Zone()  #: the type of an option that names an IANA time zone


@dataclass(slots=True)
class Chosen:
    """What was said on the command line, before the verb or after it; commands that are advised need it too."""

    settings_file: Path | None = None
    data: Path | None = None

    def add(self, settings_file: Path | None, data: Path | None) -> None:
        """Take what is said further on; it wins."""
        self.settings_file = settings_file or self.settings_file
        self.data = data or self.data

    @property
    def spelt(self) -> str:
        """The options as a shell takes them, each with a space before it; empty where none was said."""
        said = (("--settings", self.settings_file), ("--data", self.data))
        return "".join(f" {option} {shlex.quote(str(path))}" for option, path in said if path)


def spelt_options() -> str:
    """Return the options that this command was given as a shell takes them."""
    chosen = click.get_current_context().find_object(Chosen)
    return chosen.spelt if chosen else ""


def place_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the command with --settings and --data."""
    settings = click.option(
        "--settings",
        "settings_file",
        type=click.Path(path_type=Path),
        help="Settings file (else $MARSAD_SETTINGS, ./marsad.toml, defaults).",
    )
    data = click.option(
        "--data",
        type=click.Path(path_type=Path),
        help="Data folder (else $MARSAD_DATA, the settings, ./data).",
    )
    return settings(data(function))


def placed(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the verb with --settings and --data, which reach it as its first argument, a Place."""

    @place_options
    @click.pass_context
    @wraps(function)
    def verb(ctx: click.Context, /, settings_file: Path | None, data: Path | None, **others: object) -> object:
        return function(_place(ctx, settings_file, data), **others)

    return verb


def _place(ctx: click.Context, settings_file: Path | None, data: Path | None) -> Place:
    from flows.configuration import read_place  # noqa: PLC0415

    chosen = ctx.ensure_object(Chosen)
    chosen.add(settings_file, data)
    return read_place(chosen.settings_file, chosen.data)
