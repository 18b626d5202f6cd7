"""Owns the verb up: everything unattended on one machine, in the foreground, as systemd and containers want it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from flows.configuration import Place, read_feeds, read_topic
from flows.desk import UP_LOCK, only_one
from flows.engine import PAGE_ASKS, PASSWORD, Engine, usual_port
from flows.exits import FINE
from flows.journal import Journal, journal_of
from flows.keeper_finding import is_at_work
from flows.keeping import Keeper, Wishes
from flows.options import placed
from flows.units import write_compose, write_systemd
from marsad.errors import BadInput, EngineDown
from transport.outside import Listener, who_listens

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(epilog="Examples: marsad up; marsad up --port 4300 --data ~/news; marsad up --write-systemd units")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen; beyond loopback with a password."
)
@click.option("--port", type=click.IntRange(1, 65535), help="Its port (else $PREFECT_SERVER_API_PORT, 4200).")
@click.option("--write-systemd", "systemd", type=_FOLDER, help="Write a unit for systemd into DIR, start nothing.")
@click.option("--write-compose", "compose", type=_FOLDER, help="Write compose.yaml into DIR, start nothing.")
@placed
def up(place: Place, host: str, port: int | None, systemd: Path | None, compose: Path | None) -> int:
    """Run everything unattended: a Prefect server, a worker, and the schedules of prefect.yaml.

    Ctrl-C or SIGTERM ends all of it, within seconds as a rule and two minutes at most; a cycle at work stores and
    publishes what it has first. A second Ctrl-C waits for nothing else. The web page of the server shows what ran and
    what will; logs are in logs/ of the data folder.
    """
    engine = Engine(place, host, port or usual_port())
    if systemd or compose:
        for written in (*write_systemd(engine, systemd), *write_compose(engine, compose)):
            click.echo(written)
        return FINE
    _must_be_guarded(engine)
    is_busy = is_at_work(place)  # which a data folder that may not be entered does not tell
    read_topic(place)  # what is wrong with the settings is said here, and not by a cycle in a log
    read_feeds(place)
    if not is_busy:  # else the lock says more than the port, and a refusal is to leave no folder behind
        _must_be_free(engine)
    with only_one(place, UP_LOCK, "marsad up is already at work here"):
        if engine.is_open:
            said = f"The server listens on {host}, and what goes there is not encrypted: who has its password can run"
            click.echo(f"{said} any program as you.", err=True)
        if engine.near != host and not any(os.environ.get(name) for name in PAGE_ASKS):
            said = "From other machines its page shows nothing; for it, set PREFECT_SERVER_UI_API_URL=http://NAME"
            click.echo(f"{said}:{engine.port}/api, with the name they know this one by.", err=True)
        journal = journal_of(place, "up")
        with _stopped_by_signals() as wishes:
            Keeper(engine, wishes, lambda text: _say(text, journal)).keep()
    return FINE


def _must_be_guarded(engine: Engine) -> None:
    if engine.is_open and not engine.asks_a_password:
        reason = "whoever reaches the server there could run any program as you"
        raise BadInput(f"--host {engine.host}", f"{reason}; set ${PASSWORD}=NAME:PASSWORD, or leave --host out")


def _must_be_free(engine: Engine) -> None:
    match who_listens(engine.port, engine.near):
        case Listener.NOBODY:
            return
        case Listener.PREFECT:
            raise EngineDown(f"port {engine.port}", "a Prefect server is there already; stop it, or choose a --port")
        case Listener.OTHER:
            raise EngineDown(f"port {engine.port}", "another program has it; stop that program, or choose a --port")


@contextmanager
def _stopped_by_signals() -> Iterator[Wishes]:
    """Give the wishes that SIGTERM, SIGINT and the end of the terminal stand for; nohup has it outlive the terminal."""
    wishes = Wishes()
    is_left_behind = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    for sign in (signal.SIGTERM, signal.SIGINT, *(() if is_left_behind else (signal.SIGHUP,))):
        signal.signal(sign, lambda *_: wishes.end())
    yield wishes


def _say(text: str, journal: Journal) -> None:
    click.echo(f"marsad up: {text}", err=True)
    journal.info(text)
