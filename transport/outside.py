"""Owns what can be told of the network without talking to anybody in it: a way out, and who listens on this machine."""

from __future__ import annotations

import socket
from enum import StrEnum
from http.client import HTTPConnection, HTTPException

_DOCUMENTED = (  #: addresses that nobody has (RFC 5737, RFC 3849): a way to them is a way out
    (socket.AF_INET, ("192.0.2.1", 443)),
    (socket.AF_INET6, ("2001:db8::1", 443)),
)
_WAIT_SECONDS = 2.0  #: for a listener on this machine


class Listener(StrEnum):
    """Who listens on a port of loopback."""

    NOBODY = "nobody"
    PREFECT = "prefect"
    OTHER = "other"


def has_way_out() -> bool:
    """Return whether this machine has a route beyond itself; connecting a datagram socket sends nothing."""
    return any(_has_route(family, place) for family, place in _DOCUMENTED)


def who_listens(port: int, host: str = "127.0.0.1") -> Listener:
    """Return who listens on `port`: Prefect says "true" when asked for its health."""
    connection = HTTPConnection(host, port, timeout=_WAIT_SECONDS)
    try:
        connection.request("GET", "/api/health")
        answer = connection.getresponse()
        return Listener.PREFECT if (answer.status, answer.read(16)) == (200, b"true") else Listener.OTHER
    except ConnectionRefusedError:
        return Listener.NOBODY
    except (OSError, HTTPException):
        return Listener.OTHER
    finally:
        connection.close()


def _has_route(family: socket.AddressFamily, place: tuple[str, int]) -> bool:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect(place)
    except OSError:
        return False
    return True
