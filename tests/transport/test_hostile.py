"""Facts about hostile servers: no spelling of an address gets inside, and no answer costs more than its limits."""

from __future__ import annotations

import asyncio
import gzip
import socket
import tracemalloc
from collections.abc import AsyncIterator

import brotli
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from marsad.errors import AddressRefused, FetchError, MarsadError, TooLarge
from marsad.settings import FetchSettings
from tests.transport.servers import Listener, Talk, listening, saying
from transport.fetch import Fetcher, Request
from transport.site import Answer, Site

MEGABYTE = 1 << 20

#: Spellings of addresses that are nobody's business; most of them lead to this very machine.
HOSTS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0x7f.0.0.1",
    "017700000001",
    "0177.0.0.1",
    "0177.0.0.01",
    "127.0.0.1.",
    "127.0.0.2",
    "127.255.255.254",
    "localhost",
    "LOCALHOST",
    "0.0.0.0",
    "0",
    "①②⑦.⓪.⓪.①",
    "１２７.０.０.１",
    "user:word@127.0.0.1",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::a9fe:a9fe]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[fc00::1]",
    "[fec0::1]",
    "[ff02::1]",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.192",
    "192.168.0.1",
    "224.0.0.1",
    "255.255.255.255",
]


def fetcher_for(*addresses: str, resolver: AbstractResolver | None = None) -> Fetcher:
    return Fetcher(FetchSettings(allow_addresses=addresses, host_gap_seconds=0), resolver=resolver)


def request_for(url: str, deadline_seconds: float = 5.0) -> Request:
    return Request(url, limit_bytes=MEGABYTE, deadline_seconds=deadline_seconds)


@pytest.fixture
async def inside() -> AsyncIterator[Listener]:
    """A server on loopback that must never be reached; it would answer."""
    answer = saying(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret")
    async with listening(answer) as listener:
        yield listener


def port_of(listener: Listener) -> str:
    return listener.address.rpartition(":")[2]


def outsider(listener: Listener) -> str:
    """An allowed address with the listener's port: the port alone is then no reason to refuse."""
    return f"198.51.100.7:{port_of(listener)}"


async def test_the_listener_answers_where_it_is_allowed(inside: Listener) -> None:
    async with fetcher_for(inside.address) as fetcher:
        assert (await fetcher.get(request_for(inside.url()))).body == b"secret"
    assert inside.connection_count == 1


@pytest.mark.parametrize("host", HOSTS)
async def test_no_spelling_of_an_address_gets_inside(inside: Listener, host: str) -> None:
    async with fetcher_for(outsider(inside)) as fetcher:
        with pytest.raises(AddressRefused):
            await fetcher.get(request_for(f"http://{host}:{port_of(inside)}/"))
        with pytest.raises(AddressRefused):
            await fetcher.get(request_for(f"http://{host}/"))
    assert inside.connection_count == 0


@pytest.mark.parametrize("host", HOSTS)
async def test_no_redirect_gets_inside(inside: Listener, host: str) -> None:
    target = f"http://{host}:{port_of(inside)}/"
    with Site({"/a": Answer(status=302, headers=(("Location", target.encode().decode("latin-1")),))}) as site:
        async with fetcher_for(outsider(inside), site.address) as fetcher:
            with pytest.raises(AddressRefused):
                await fetcher.get(request_for(site.url("/a")))
    assert inside.connection_count == 0


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "data:text/html,x",
        "javascript:alert(1)",
        "feed:x",
        "http://[::1",
        "//:80",
    ],
)
async def test_a_redirect_to_another_scheme_is_refused(location: str) -> None:
    with Site({"/a": Answer(status=302, headers=(("Location", location),))}) as site:
        async with fetcher_for(site.address) as fetcher:
            with pytest.raises(AddressRefused):
                await fetcher.get(request_for(site.url("/a")))
    assert len(site.requests) == 1


class Names(AbstractResolver):
    """A resolver that changes its mind: each look-up gives the next list of addresses."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[ResolveResult]:  # noqa: ARG002
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        kinds = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in addresses]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST)
            for address, kind in zip(addresses, kinds, strict=True)
        ]

    async def close(self) -> None:
        """Nothing to close."""


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["::1", "127.0.0.1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1", "10.0.0.1"]]
)
async def test_a_name_that_turns_to_a_closed_address_is_refused(inside: Listener, addresses: list[str]) -> None:
    async with fetcher_for(outsider(inside), resolver=Names(addresses)) as fetcher:
        with pytest.raises(AddressRefused):
            await fetcher.get(request_for(f"http://news.example.org:{port_of(inside)}/"))
    assert inside.connection_count == 0


async def test_a_name_with_an_open_address_is_reached_there_only(inside: Listener) -> None:
    with Site({"/a": Answer(b"news")}, host="127.0.0.2") as site:
        port = site.address.rpartition(":")[2]
        async with fetcher_for(site.address, resolver=Names(["127.0.0.1", "127.0.0.2"])) as fetcher:
            page = await fetcher.get(request_for(f"http://news.example.org:{port}/a"))
    assert page.body == b"news"
    assert inside.connection_count == 0


OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"


async def drip_body(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(OK + b"Content-Length: 1000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def drip_head(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(OK)
    while not writer.is_closing():
        writer.write(b"X-A: 1\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def endless_body(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(OK + b"\r\n")
    while not writer.is_closing():
        writer.write(bytes(65_536))
        await writer.drain()


async def endless_chunks(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"4000\r\n" + bytes(0x4000) + b"\r\n")
        await writer.drain()


async def endless_head(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(OK + b"X-A: ")
    while not writer.is_closing():
        writer.write(b"a" * 65_536)
        await writer.drain()


SLOW = (drip_body, drip_head, silence)
PACKED = gzip.compress(b"<rss>" + bytes(range(256)) * 40)
ANSWERS: dict[str, tuple[Talk, type[MarsadError]]] = {
    "slow body": (drip_body, FetchError),
    "slow head": (drip_head, FetchError),
    "silence": (silence, FetchError),
    "endless body": (endless_body, TooLarge),
    "endless chunks": (endless_chunks, TooLarge),
    "endless head": (endless_head, FetchError),
    "nothing at all": (saying(b""), FetchError),
    "rubbish": (saying(b"\x16\x03\x01 not http\r\n\r\n"), FetchError),
    "half a head": (saying(b"HTTP/1.1 200 OK\r\nContent-"), FetchError),
    "cut off by length": (saying(OK + b"Content-Length: 500\r\n\r\n<rss><item>"), FetchError),
    "cut off in a chunk": (saying(OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\n<rss>"), FetchError),
    "no last chunk": (saying(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n"), FetchError),
    "cut off in gzip": (saying(OK + b"Content-Encoding: gzip\r\n\r\n" + PACKED[:-20]), FetchError),
    "gzip that is none": (saying(OK + b"Content-Encoding: gzip\r\n\r\n<rss></rss>"), FetchError),
    "packed twice": (saying(OK + b"Content-Encoding: gzip, gzip\r\n\r\n" + gzip.compress(PACKED)), FetchError),
    "an encoding not asked for": (saying(OK + b"Content-Encoding: dcz\r\n\r\n\x28\xb5\x2f\xfd"), FetchError),
    "a length that is none": (saying(OK + b"Content-Length: many\r\n\r\n<rss>"), FetchError),
    "two lengths": (saying(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n<rss>"), FetchError),
    "announced too long": (saying(OK + b"Content-Length: 99999999999\r\n\r\n<rss>"), TooLarge),
    "gzip bomb": (saying(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(256 * MEGABYTE))), TooLarge),
    "brotli bomb": (
        saying(OK + b"Content-Encoding: br\r\n\r\n" + brotli.compress(bytes(256 * MEGABYTE), quality=5)),
        TooLarge,
    ),
}


@pytest.mark.parametrize(("talk", "kind"), ANSWERS.values(), ids=ANSWERS)
async def test_a_hostile_answer_ends_as_a_named_error_within_its_limits(talk: Talk, kind: type[MarsadError]) -> None:
    tracemalloc.start()
    try:
        async with listening(talk) as listener, fetcher_for(listener.address) as fetcher:
            with pytest.raises(kind):
                await fetcher.get(request_for(listener.url(), 0.3 if talk in SLOW else 60.0))
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak_bytes < 8 * MEGABYTE


async def test_a_whole_answer_without_length_is_taken() -> None:
    answer = OK + b"Content-Encoding: gzip\r\n\r\n" + PACKED
    async with listening(saying(answer)) as listener, fetcher_for(listener.address) as fetcher:
        page = await fetcher.get(request_for(listener.url()))
    assert page.body == gzip.decompress(PACKED)


async def test_a_header_that_is_no_text_is_left_out() -> None:
    answer = OK + b'ETag: "\xd8"\r\nX-Arabic: \xd9\x86\r\nContent-Length: 2\r\n\r\nok'
    async with listening(saying(answer)) as listener, fetcher_for(listener.address) as fetcher:
        page = await fetcher.get(request_for(listener.url()))
    assert (page.header("etag"), page.header("x-arabic"), page.body) == (None, "ن", b"ok")
