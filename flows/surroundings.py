"""Owns what doctor says of the machine around Marsad: its Python, terminal, network, and the cycle at work."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import timedelta

from flows.configuration import Place
from flows.demo_folder import is_demo
from flows.storage import core_of
from marsad.digests import Finding
from marsad.polling import CLOCK_SLIP
from marsad.records import RunNote
from reports.screen import here
from transport.outside import has_way_out
from warehouse.engine import is_held

_PYTHONS = ((3, 11), (3, 15))  #: from, and below: requires-python of pyproject.toml
_PROXIES = ("https_proxy", "http_proxy", "all_proxy")
_USUAL_COLUMNS = 80
#: Prefect reads both: the name of today, and the one before it.
_PREFECT_DATABASE = ("PREFECT_SERVER_DATABASE_CONNECTION_URL", "PREFECT_API_DATABASE_CONNECTION_URL")
_STILL = timedelta(days=1)  #: without a cycle, where several are due an hour


def find_python(place: Place) -> Finding:  # noqa: ARG001  one form for all checks
    """Say whether this Python is one that Marsad was tried on."""
    said = f"Python {sys.version_info.major}.{sys.version_info.minor} in {sys.prefix}"
    if _PYTHONS[0] <= sys.version_info[:2] < _PYTHONS[1]:
        return Finding("python", "ok", said)
    return Finding(
        "python", "fail", said, "Marsad needs 3.11 to 3.14: remove .venv/, then run make run with one of them"
    )


def find_terminal(place: Place) -> Finding:  # noqa: ARG001
    """Say what standard output can show."""
    screen = here()
    if not screen.is_unicode:
        said = f"its encoding is {screen.encoding}, which has no Arabic; letters show as ?"
        return Finding("terminal", "warn", said, "set LC_ALL=C.UTF-8 (on Windows: chcp 65001), or ask for --json")
    if screen.width < _USUAL_COLUMNS:
        said = f"{screen.width} columns; tables become blocks of lines"
        return Finding("terminal", "warn", said, "make the window 80 columns wide")
    colours = "colours" if screen.color else "no colours, which only repeat what words say"
    return Finding("terminal", "ok", f"{screen.encoding}, {screen.width} columns, {colours}")


def find_network(place: Place) -> Finding:  # noqa: ARG001
    """Say whether there is a way to the feeds, without asking any of them."""
    if not has_way_out():
        return Finding(
            "network", "warn", "this machine has no route beyond itself", "connect it; marsad demo needs none"
        )
    if proxies := list(_proxies()):
        said = f"${proxies[0]} is set, and Marsad goes through no proxy: it checks each address that it connects to"
        return Finding("network", "warn", said, "run it where the web is reached directly")
    return Finding("network", "ok", "there is a route beyond this machine")


def _proxies() -> Iterator[str]:
    """Yield the variables that name a proxy, never their values: those may hold a password."""
    yield from (name for name in os.environ if name.lower() in _PROXIES and os.environ[name])


def find_workers(place: Place) -> Finding:
    """Say whether several workers, where the settings tell of some, have what they need in common."""
    workers = place.settings.workers
    if workers.count == 1:
        return Finding("workers", "ok", "this one asks all hosts")
    if not place.settings.catalog:
        said = f"this is one of {workers.count}, and keeps its share in a warehouse of its own"
        return Finding("workers", "fail", said, "set catalog and lake in the settings of all of them (docs/scale.md)")
    database = next((os.environ[name] for name in _PREFECT_DATABASE if os.environ.get(name)), "")
    if not (database.startswith("postgresql") or os.environ.get("PREFECT_API_URL")):
        said = f"this is one of {workers.count}, and Prefect's database is a file of this machine"
        remedy = f"set {_PREFECT_DATABASE[0]}=postgresql+asyncpg://... for the server, PREFECT_API_URL elsewhere"
        return Finding("workers", "warn", said, remedy)
    return Finding("workers", "ok", f"this is number {workers.number} of {workers.count}")


def find_cycle(place: Place) -> Finding:
    """Say whether a cycle is at work, or the last one was interrupted."""
    if not (place.data / "cycle.lock").exists():
        return Finding("cycle", "ok", "none has run here yet")
    if is_held(place.data / "cycle.lock"):
        return Finding("cycle", "ok", "one is running here; marsad sql answers meanwhile, a second one has to wait")
    core = core_of(place)
    last = core.last_run() if core.exists() else None
    return _of_last(last, place) if last else Finding("cycle", "ok", "none has run here yet")


def _of_last(last: RunNote, place: Place) -> Finding:
    at = f"{last.noted_at:%Y-%m-%d %H:%M} UTC"
    if last.noted_at > place.now() + CLOCK_SLIP:
        said = f"the last one bears {at}, which has not come yet: this machine's clock was wrong then, or is"
        remedy = "set the clock, then marsad run asks every feed again; what is stored keeps its dates"
        return Finding("cycle", "warn", said, remedy)
    if not last.is_finished:
        said = f"the one of {at} was stopped before its end; nothing is lost"
        return Finding("cycle", "warn", said, "marsad run takes up what it left")
    if place.now() - last.noted_at > _STILL and not is_demo(place.data):
        remedy = "marsad up runs them, its page tells why one does not; marsad run runs one now"
        return Finding("cycle", "warn", f"none is running; the last one ended {at}", remedy)
    return Finding("cycle", "ok", f"none is running; the last one ended {at}")
