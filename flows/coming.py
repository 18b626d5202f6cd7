"""Owns the verbs that are announced and not built: each says so in one sentence and ends with 2."""

from __future__ import annotations

import click

_INSTEAD = {
    "up": "meanwhile: prefect server start, prefect worker start --pool marsad, prefect deploy --all",
    "demo": "meanwhile: marsad run reads the real feeds",
    "replay": "every page fetched is kept in archive/ for it",
    "correct": "judgements stand in the views mentions and statements",
    "review": "meanwhile: marsad sql \"select * from mentions where kind = 'unlinked'\"",
    "init": "meanwhile: copy the packaged seeds/ folder and name it under topic in the settings",
}


def _announce(name: str) -> click.Command:
    @click.command(name, context_settings={"ignore_unknown_options": True}, help="Not there yet.")
    @click.argument("anything", nargs=-1)
    def verb(anything: tuple[str, ...]) -> None:  # noqa: ARG001  whatever was asked, it is not there
        message = f"marsad {name} is not there yet; {_INSTEAD[name]}"
        raise click.UsageError(message)

    return verb


up = _announce("up")
demo = _announce("demo")
replay = _announce("replay")
correct = _announce("correct")
review = _announce("review")
init = _announce("init")
