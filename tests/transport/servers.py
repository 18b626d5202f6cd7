"""Servers that misbehave, and what they are known by."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Listener:
    """A raw server: what it is worth is how many connections it saw."""

    address: str
    connection_count: int = 0
    open_count: int = 0
    most_open_count: int = 0

    def url(self, path: str = "/") -> str:
        return f"http://{self.address}{path}"


@asynccontextmanager
async def listening(talk: Talk, host: str = "127.0.0.1", **options: object) -> AsyncIterator[Listener]:
    """Run a server that reads one request head and then does what `talk` does."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        listener.connection_count += 1
        listener.open_count += 1
        listener.most_open_count = max(listener.most_open_count, listener.open_count)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await reader.readuntil(b"\r\n\r\n")
            await talk(reader, writer)
        listener.open_count -= 1
        writer.close()
        with suppress(ConnectionError, OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, host, 0, **options)
    listener = Listener("{}:{}".format(*server.sockets[0].getsockname()[:2]))
    try:
        yield listener
    finally:
        server.close()


def saying(data: bytes) -> Talk:
    """Return a talk that says `data` and hangs up."""

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return talk


@dataclass(frozen=True)
class Certificate:
    """Self-signed, for 127.0.0.1."""

    cert: Path
    key: Path
