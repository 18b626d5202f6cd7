"""Owns reading the web: one guarded, bounded, polite GET.

Redirects are followed by hand, so that every hop passes the guard, waits its host's turn and, for article pages, is
allowed by that host's robots.txt; the deadline counts the time on the network only, not the waiting out of
politeness. Every way an answer can go wrong ends as one of
our errors; what is returned is a whole answer, 200 or 304.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from marsad import __version__
from marsad.errors import (
    AddressRefused,
    BadInput,
    Disallowed,
    EndlessRedirect,
    FetchError,
    Gone,
    MarsadError,
    SlowDown,
    TooLarge,
)
from marsad.polling import HOST_PATIENCE, parse_retry_after
from marsad.settings import FetchSettings
from marsad.sources import HostPause, Page
from marsad.urls import host_of, resolve_url
from transport.content import ACCEPTED, Collector
from transport.guard import AddressClosedError, Guard
from transport.pace import Connections, Pace
from transport.robots import AGENT, OPEN, ROBOTS_DEADLINE_SECONDS, ROBOTS_LIMIT_BYTES, Rules, robots_url

_MOVED = frozenset({301, 308})
_REDIRECTS = _MOVED | {302, 303, 307}
_WHOLE = frozenset({200, 203})  #: 203 is a 200 that a proxy has touched
_NOT_MODIFIED = 304
_PATIENCE = frozenset({429, 503})
_TOO_MANY = 429
_HOLD = timedelta(minutes=10)  #: for a host that says 429 and no time: its other pages would hear the same
_LATER = frozenset({408, 425})  #: client errors that mean the moment, not the resource
_CONDITIONS = frozenset({"if-none-match", "if-modified-since"})
_READ_BYTES = 65_536
_RAW_BYTE = re.compile("[\udc80-\udcff]")  #: how aiohttp hands on a header byte that is no UTF-8


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for, and how much of an answer is taken."""

    url: str
    headers: tuple[tuple[str, str], ...] = ()  #: names in lower case; the validators of marsad.polling
    limit_bytes: int = 8_000_000  #: on the wire and decoded alike
    deadline_seconds: float = 30.0  #: on the network, redirects included


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    at: datetime

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


def _machine_now() -> datetime:
    return datetime.now(UTC)


class Fetcher:
    """The web as one cycle sees it; robots.txt and the hosts' wishes are remembered as long as it is open.

    Args:
        settings: limits, manners, and the addresses that may be reached although not public.
        now: the clock that Retry-After and fetch times are read by.
        resolver: finds the addresses of names; the system's, where None.
    """

    def __init__(
        self,
        settings: FetchSettings,
        now: Callable[[], datetime] = _machine_now,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._settings = settings
        self._now = now
        self._resolver = resolver
        self._guard = Guard(settings.allow_addresses)
        self._pace = Pace(settings.host_gap_seconds, settings.cycle_budget_seconds)
        self._slots = Connections(settings.connection_count)
        self._rules: dict[str, Rules | MarsadError] = {}
        self._rules_locks: dict[str, asyncio.Lock] = {}

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,  # ours: while a request waits in aiohttp's queue its deadline runs
                resolver=self._resolver or aiohttp.ThreadedResolver(),
                socket_factory=self._guard.open_socket,
            ),
            headers={
                "User-Agent": f"{AGENT}/{__version__} (+{self._settings.contact})",
                "Accept-Encoding": ACCEPTED,
            },
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),  # the deadline is ours: theirs restarts with every read
            auto_decompress=False,
            trust_env=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._session.close()

    async def get(self, request: Request) -> Page:
        """Return the whole answer, 200 or 304; a 304 comes only where `request` carries a validator.

        Raises:
            AddressRefused: scheme, port or address of a hop is closed; nothing was sent to it.
            EndlessRedirect: redirects in a circle, or more than the limit.
            TooLarge: over the limit of bytes.
            SlowDown: 429 or 503, now or earlier in this cycle.
            Gone: another 4xx.
            FetchError: no answer in time, a cut-off answer, 5xx, or what no server should send.
        """
        return await self._follow(request, self._admit)

    async def get_allowed(self, request: Request) -> Page:
        """Return what `get` does, each hop asked for only where its own host's robots.txt lets us.

        Raises:
            Disallowed: a robots.txt says no.
            MarsadError: as `get` and `allows` do.
        """
        return await self._follow(request, self._admit_by_robots)

    async def _follow(self, request: Request, admit: Callable[[str], Awaitable[str]]) -> Page:
        url, moved_to = request.url, request.url
        seconds, walked, is_moving = request.deadline_seconds, set[str](), True
        while len(walked) <= self._settings.redirect_limit_count:
            url = await admit(url)
            if url in walked:
                raise EndlessRedirect(request.url, "redirects in a circle")
            walked.add(url)
            answer, seconds = await self._hop(request, url, seconds)
            if answer.status not in _REDIRECTS:
                return self._accepted(request, url, answer, moved_to if moved_to != request.url else "")
            url = _target(url, answer)
            is_moving = is_moving and answer.status in _MOVED
            moved_to = url if is_moving else moved_to
        raise EndlessRedirect(request.url, f"more than {self._settings.redirect_limit_count} redirects")

    async def _admit(self, url: str) -> str:
        return self._guard.check_url(url)

    async def _admit_by_robots(self, url: str) -> str:
        sent = self._guard.check_url(url)
        if not await self.allows(sent):
            raise Disallowed(url, "its robots.txt closes it")
        return sent

    async def allows(self, url: str) -> bool:
        """Return whether the host's robots.txt lets us fetch `url`; its crawl-delay is kept from then on.

        Raises:
            Transient: robots.txt cannot be had now, and RFC 9309 takes that for a no: ask again in another cycle.
            AddressRefused: as in `get`.
            TooLarge: a robots.txt over the limit.
        """
        sent = self._guard.check_url(url)
        where = robots_url(sent)
        async with self._rules_locks.setdefault(where, asyncio.Lock()):
            if where not in self._rules:
                self._rules[where] = await self._read_rules(where)
        rules = self._rules[where]
        if isinstance(rules, MarsadError):
            raise rules
        self._pace.widen(host_of(sent), rules.delay_seconds)
        return rules.allows(sent)

    def hold(self, pauses: Iterable[HostPause]) -> None:
        """Send nothing to these hosts before the time each has named, in this cycle or an earlier one."""
        for pause in pauses:
            self._pace.hold(pause.host, pause.retry_at)

    def pauses(self) -> tuple[HostPause, ...]:
        """Return the hosts that asked for patience beyond now."""
        return self._pace.pauses(self._now())

    def wait_seconds(self, url: str) -> float:
        """Return how long a request for `url` has to wait for its host's turn, as far as is known now."""
        return self._pace.wait_seconds(host_of(url))

    async def _read_rules(self, where: str) -> Rules | MarsadError:
        request = Request(where, limit_bytes=ROBOTS_LIMIT_BYTES, deadline_seconds=ROBOTS_DEADLINE_SECONDS)
        try:
            return Rules((await self.get(request)).body)
        except Gone:
            return OPEN
        except MarsadError as error:
            return error

    async def _hop(self, request: Request, url: str, seconds: float) -> tuple[_Answer, float]:
        """Return the answer of one hop, and what is left of the deadline."""
        loop = asyncio.get_running_loop()
        async with self._pace.turn(host_of(url), self._now()), self._slots.open():
            started = loop.time()
            try:
                async with asyncio.timeout(seconds):
                    answer = await self._exchange(request, url)
            except TimeoutError as error:
                raise FetchError(url, f"no whole answer within {request.deadline_seconds:g} s") from error
        return answer, seconds - (loop.time() - started)

    async def _exchange(self, request: Request, url: str) -> _Answer:
        try:
            async with self._session.get(
                URL(url, encoded=True), headers=request.headers, allow_redirects=False
            ) as response:
                body = await _read_body(url, response, request.limit_bytes) if response.status in _WHOLE else b""
                return _Answer(response.status, _headers_of(response), body, self._now())
        except aiohttp.InvalidURL as error:
            raise AddressRefused(url, "not a url") from error
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, AddressClosedError):
                raise AddressRefused(url, "its address is not public") from error
            raise FetchError(url, f"no connection ({error.os_error.strerror or error.os_error})") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise FetchError(url, f"broken answer ({type(error).__name__})") from error

    def _accepted(self, request: Request, url: str, answer: _Answer, moved_to: str) -> Page:
        """Return the page of a final answer, or raise what its status means."""
        status = answer.status
        is_conditional = any(name in _CONDITIONS for name, _ in request.headers)
        if status in _WHOLE or (status == _NOT_MODIFIED and is_conditional):
            return Page(request.url, url, status, answer.headers, answer.body, answer.at, moved_to)
        if status in _PATIENCE:
            raise self._patience(url, answer)
        if 400 <= status < 500 and status not in _LATER:  # noqa: PLR2004  the class of client errors
            raise Gone(url, f"answered {status}", status)
        raise FetchError(url, f"answered {status}")

    def _patience(self, url: str, answer: _Answer) -> SlowDown:
        retry_at = parse_retry_after(answer.header("retry-after"), answer.at)
        if retry_at is not None or answer.status == _TOO_MANY:
            self._pace.hold(host_of(url), min(retry_at or answer.at + _HOLD, answer.at + HOST_PATIENCE))
        return SlowDown(url, f"answered {answer.status}", retry_at)


async def _read_body(url: str, response: aiohttp.ClientResponse, limit_bytes: int) -> bytes:
    if response.content_length is not None and response.content_length > limit_bytes:
        raise TooLarge(url, f"more than {limit_bytes} bytes")
    collector = Collector(url, response.headers.get("Content-Encoding", ""), limit_bytes)
    async for chunk in response.content.iter_chunked(_READ_BYTES):
        collector.add(chunk)
    return collector.finish()


def _headers_of(response: aiohttp.ClientResponse) -> tuple[tuple[str, str], ...]:
    """Return the headers, but for values that are no UTF-8: they could neither be stored nor sent back."""
    pairs = ((name.lower(), value) for name, value in response.headers.items())
    return tuple((name, value) for name, value in pairs if name == "location" or not _RAW_BYTE.search(value))


def _target(url: str, answer: _Answer) -> str:
    location = _RAW_BYTE.sub(lambda match: f"%{ord(match[0]) - 0xDC00:02X}", answer.header("location"))
    if not location:
        raise FetchError(url, f"answered {answer.status} without a place to go")
    try:
        return resolve_url(url, location)
    except BadInput as error:
        raise AddressRefused(url, f"redirects to what is not http ({location[:100]!r})") from error
