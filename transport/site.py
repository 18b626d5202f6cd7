"""Owns a small web site on loopback, for the demo and for tests: it answers what it was told and records what it heard.

It listens on one loopback address only; a `Fetcher` reaches it where the settings allow `Site.address`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import quote

_NOT_MODIFIED = 304
_IDLE_SECONDS = 5.0  #: after which a client that says nothing is let go, so that closing never hangs
_POLL_SECONDS = 0.02  #: how soon closing is noticed


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site says under one path."""

    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    etag: str = ""  #: with it, a request that carries it back is answered 304


@dataclass(frozen=True, slots=True)
class Heard:
    """A request as it came in."""

    method: str
    path: str  #: with query, as sent
    headers: tuple[tuple[str, str], ...]  #: names in lower case, in order
    at_seconds: float  #: of the monotonic clock

    def header(self, name: str) -> str | None:
        """Return the first value of header `name` (lower case), None where it is absent."""
        return next((value for key, value in self.headers if key == name), None)


class Site:
    """A running site, from `with` to its end.

    Args:
        answers: by path with query, or by path alone, Arabic ones as they are read; any other path is 404.
        host: a loopback address.
    """

    def __init__(self, answers: Mapping[str, Answer], host: str = "127.0.0.1") -> None:
        self._answers: dict[str, Answer] = {}
        self._heard: list[Heard] = []
        for path, answer in answers.items():
            self.put(path, answer)
        self._server = ThreadingHTTPServer((host, 0), _handler_of(self), bind_and_activate=False)

    def __enter__(self) -> Self:
        self._server.daemon_threads = False  # closing waits for the answers that are on their way
        self._server.server_bind()
        self._server.server_activate()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), name="site")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def address(self) -> str:
        """The "address:port" it listens on, as `FetchSettings.allow_addresses` wants it."""
        host, port = self._server.server_address[:2]
        return f"{host!s}:{port}"

    @property
    def requests(self) -> tuple[Heard, ...]:
        """All requests so far, in order of arrival."""
        return tuple(self._heard)

    def url(self, path: str) -> str:
        """Return the absolute url of a path."""
        return f"http://{self.address}{path}"

    def put(self, path: str, answer: Answer) -> None:
        """Say `answer` under `path` from now on."""
        self._answers[_sent(path)] = answer

    def take_away(self, path: str) -> None:
        """Say 404 under `path` from now on."""
        self._answers.pop(_sent(path), None)

    def hear(self, request: Heard) -> Answer:
        """Record a request and return the answer to it."""
        self._heard.append(request)
        path = request.path if request.path in self._answers else request.path.partition("?")[0]
        answer = self._answers.get(path, Answer(b"not found", "text/plain", 404))
        is_known = bool(answer.etag) and request.header("if-none-match") == answer.etag
        return Answer(status=_NOT_MODIFIED, headers=answer.headers, etag=answer.etag) if is_known else answer


def _sent(path: str) -> str:
    return quote(path, safe="/%?=&:;,+@!~*'()$-._[]|")


def _handler_of(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _IDLE_SECONDS

        def do_GET(self) -> None:
            headers = tuple((name.lower(), value) for name, value in self.headers.items())
            answer = site.hear(Heard(self.command, self.path, headers, time.monotonic()))
            self.send_response_only(answer.status)
            for name, value in _headers_of(answer):
                self.send_header(name, value)
            self.end_headers()
            if answer.status != _NOT_MODIFIED:
                self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is theirs
            """Say nothing: what came is in `Site.requests`."""

    return Handler


def _headers_of(answer: Answer) -> list[tuple[str, str]]:
    headers = [*answer.headers, ("Connection", "close")]
    if answer.etag:
        headers.append(("ETag", answer.etag))
    if answer.status != _NOT_MODIFIED:
        headers += [("Content-Type", answer.content_type), ("Content-Length", str(len(answer.body)))]
    return headers
