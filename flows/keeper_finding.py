"""Owns what doctor says of the `marsad up` of a data folder: whether it is at work, where, what of it answers."""

from __future__ import annotations

from flows.configuration import Place
from flows.desk import UP_LOCK
from flows.engine import DEPLOYMENTS, PASSWORD, POOL, Engine, engine_at_work, usual_port
from marsad.digests import Finding
from marsad.errors import BadInput
from transport.outside import Listener, who_listens
from transport.prefect_api import PrefectServer
from warehouse.engine import is_held

_LOOK_AGAIN = "it is started again by itself; where that does not help within ten minutes, {} in logs/ says why"


def find_keeper(place: Place) -> Finding:
    """Say whether `marsad up` is at work here, where its page is, and which of its programs do not answer."""
    if not is_at_work(place):
        return Finding("up", "ok", "marsad up is not at work here; cycles run when you start them")
    engine = engine_at_work(place)
    if engine is None:
        return Finding("up", "warn", "marsad up is at work here and has just begun", "look again in a minute")
    where = f"marsad up is at work here, {engine.ui}"
    if trouble := _trouble(engine):
        said, remedy = trouble
        return Finding("up", "warn", f"{where}: {said}", remedy)
    return Finding("up", "ok", f"{where}: server, worker and {len(DEPLOYMENTS)} deployments answer")


def is_at_work(place: Place) -> bool:
    """Say whether a `marsad up` is at work here."""
    return is_held(place.data / UP_LOCK)


def find_port(place: Place) -> Finding:
    """Say whether the port of the Prefect server is free, or Prefect's already."""
    if is_at_work(place) and (engine := engine_at_work(place)):
        return Finding("port", "ok", f"{engine.near}:{engine.port} is that of the marsad up at work here")
    try:
        port = usual_port()
    except BadInput as error:
        said, _, remedy = str(error).partition("; ")
        return Finding("port", "fail", said, remedy)
    match who_listens(port):
        case Listener.NOBODY:
            return Finding("port", "ok", f"127.0.0.1:{port} is free for a Prefect server")
        case Listener.PREFECT:
            return Finding("port", "ok", f"a Prefect server answers on 127.0.0.1:{port}")
        case Listener.OTHER:
            said = f"127.0.0.1:{port} is taken by a program that is no Prefect server"
            return Finding("port", "warn", said, "stop that program, or set PREFECT_SERVER_API_PORT to another port")


def _trouble(engine: Engine) -> tuple[str, str] | None:
    """Return the first thing that is wrong and what to do about it, None where all is well."""
    server = engine.server
    if not server.answers():
        return "its server does not answer", _LOOK_AGAIN.format("server.log")
    deployed = server.deployments()
    if deployed is None:
        remedy = f"set ${PASSWORD} here to what marsad up was given; where it has none, look again in a minute"
        return "its server does not tell this program what is deployed", remedy
    if missing := [name for name in DEPLOYMENTS if name not in deployed]:
        return f"{', '.join(missing)} not deployed", "stop marsad up and start it again: it deploys all of them"
    return _still([name for name in DEPLOYMENTS if not deployed[name]], server)


def _still(paused: list[str], server: PrefectServer) -> tuple[str, str] | None:
    """Return why no run begins, and what to do about it; None where they do."""
    if server.is_paused(POOL):
        return "its work pool is paused, so no run begins", "resume it on that page, under Work Pools"
    if paused:
        return f"the schedule of {', '.join(paused)} is paused", "resume it on that page, under Deployments"
    if not server.has_worker(POOL):
        return "its worker does not answer", _LOOK_AGAIN.format("worker.log")
    return None
