"""Owns the verbs that are announced and not built: each says so in one sentence and ends with 2."""

from __future__ import annotations

import click


def announced(name: str, meanwhile: str) -> click.Command:
    """Return the verb `name` (its last word as click knows it), which says what to do meanwhile."""
    word = name.rpartition(" ")[2]

    @click.command(word, context_settings={"ignore_unknown_options": True}, help="Not there yet.")
    @click.argument("anything", nargs=-1)
    def verb(anything: tuple[str, ...]) -> None:  # noqa: ARG001  whatever was asked, it is not there
        raise click.ClickException(f"marsad {name} is not there yet; meanwhile: {meanwhile}")

    return verb


up = announced("up", "prefect server start, prefect worker start --pool marsad, prefect deploy --all")
init = announced("init", "copy the packaged seeds/ folder and name the copy under topic in the settings")
