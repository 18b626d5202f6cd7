"""Owns the options that every verb takes, before the verb's name or after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:  # reading settings imports what `marsad --help` does not need
    from flows.configuration import Place


@dataclass(frozen=True, slots=True)
class Chosen:
    """What stood before the verb."""

    settings_file: Path | None
    data: Path | None


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

    before = ctx.find_object(Chosen) or Chosen(None, None)
    return read_place(settings_file or before.settings_file, data or before.data)
