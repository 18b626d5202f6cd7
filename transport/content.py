"""Owns undoing a Content-Encoding within a limit: a 400-byte answer may hold 250 MB.

Output is asked for in steps, so that a bomb is found out before it is in memory, and the end of the stream is
checked, so that half an answer never passes for a whole one. aiohttp's own decoding is bounded too, but takes half a
gzip or brotli stream for a whole one, and hands on what was packed twice as if it were the page (measured, 3.14.5).
"""

from __future__ import annotations

import sys
import zlib
from typing import Protocol

import brotli

from marsad.errors import FetchError, TooLarge

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"  #: said in Accept-Encoding; whatever else comes was not asked for
_STEP_BYTES = 65_536  #: of output at a time
_SIP_BYTES = 4_096  #: of input at a time: what a bomb has unpacked is held against what it took, not against its whole
#: Unpacked over packed, beyond the first `_UNDOUBTED_BYTES`: a sitemap of 50,000 urls that differ in their numbers only
#: has 50 (gzip) to 127 (brotli), a deflate bomb 1,030.
_RATIO_LIMIT = 400
_UNDOUBTED_BYTES = 1_000_000
_GZIP_WBITS = 31
_ZLIB_WBITS = 15
_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_ZSTD_WINDOW_LOG = 23  #: 8 MB, the most that HTTP allows (RFC 9659); a frame may ask for 2 GB


class _Stream(Protocol):
    """A decompressor that hands out at most about `_STEP_BYTES` at a time."""

    def push(self, data: bytes) -> None: ...
    def pull(self) -> bytes: ...
    def is_complete(self) -> bool: ...


class Collector:
    """Collects the chunks of one body and hands it out decoded.

    Args:
        url: subject of errors.
        encoding: value of Content-Encoding, empty where there is none.
        limit_bytes: for the bytes on the wire and for the decoded ones alike.
    """

    def __init__(self, url: str, encoding: str, limit_bytes: int) -> None:
        self._url = url
        self._limit_bytes = limit_bytes
        self._wire_count = self._taken_count = 0
        self._body = bytearray()
        self._stream = _stream_for(url, encoding)

    def add(self, chunk: bytes) -> None:
        """Take the next bytes from the wire.

        Raises:
            TooLarge: over the limit.
            FetchError: not what Content-Encoding says.
        """
        self._wire_count += len(chunk)
        if self._wire_count > self._limit_bytes:
            self._body.clear()
            raise TooLarge(self._url, f"more than {self._limit_bytes} bytes")
        try:
            for start in range(0, len(chunk), _SIP_BYTES):
                self._decode(chunk[start : start + _SIP_BYTES])
        except (zlib.error, brotli.error, zstd.ZstdError) as error:
            raise FetchError(self._url, "its compression is broken") from error

    def finish(self) -> bytes:
        """Return the whole body.

        Raises:
            FetchError: the compressed stream ends before its end.
        """
        if self._wire_count and not self._stream.is_complete():
            raise FetchError(self._url, "the answer is cut off")
        return bytes(self._body)

    def _decode(self, chunk: bytes) -> None:
        self._stream.push(chunk)
        self._taken_count += len(chunk)
        while piece := self._stream.pull():
            self._body += piece
            self._weigh(len(self._body))

    def _weigh(self, count: int) -> None:
        is_bomb = count > max(_UNDOUBTED_BYTES, _RATIO_LIMIT * self._taken_count)
        if is_bomb or count > self._limit_bytes:
            self._body.clear()  # the error's traceback holds on to it
            why = "a bomb" if is_bomb else f"more than {self._limit_bytes} bytes when decompressed"
            raise TooLarge(self._url, why)


def _stream_for(url: str, encoding: str) -> _Stream:
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return _Plain()
    if name in ("gzip", "x-gzip"):
        return _Deflated(_GZIP_WBITS)
    if name == "deflate":
        return _Deflated(_ZLIB_WBITS)
    if name == "br":
        return _Brotli()
    if name == "zstd":
        return _Zstandard()
    raise FetchError(url, f"answers in an encoding that was not asked for ({name[:40]!r})")


class _Plain:
    def __init__(self) -> None:
        self._data = b""

    def push(self, data: bytes) -> None:
        self._data = data

    def pull(self) -> bytes:
        data, self._data = self._data, b""
        return data

    def is_complete(self) -> bool:
        return True


class _Deflated:
    """gzip, zlib, or the bare deflate that some servers send under that name; what follows the stream is ignored.

    A second gzip member is no web server's answer; it is not read, and makes the first one incomplete.
    """

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._inner = zlib.decompressobj(wbits)
        self._data = b""
        self._is_started = False

    def push(self, data: bytes) -> None:
        if not self._is_started and data and self._wbits == _ZLIB_WBITS and data[0] & 0x0F != zlib.DEFLATED:
            self._inner = zlib.decompressobj(-_ZLIB_WBITS)
        self._is_started = self._is_started or bool(data)
        self._data = data

    def pull(self) -> bytes:
        if self._inner.eof:
            return b""
        piece = self._inner.decompress(self._data, _STEP_BYTES)
        self._data = self._inner.unconsumed_tail
        return piece

    def is_complete(self) -> bool:
        return self._inner.eof and not self._inner.unused_data.startswith(_GZIP_MAGIC)


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()
        self._data = b""

    def push(self, data: bytes) -> None:
        self._data = data

    def pull(self) -> bytes:
        # can_accept_more_data() tells of input only: output may wait although it is true. An empty push fetches it.
        data, self._data = self._data, b""
        if self._inner.is_finished():
            return b""
        return bytes(self._inner.process(data, output_buffer_limit=_STEP_BYTES))

    def is_complete(self) -> bool:
        return bool(self._inner.is_finished())


class _Zstandard:
    """One frame; a second one is not read, and makes the first incomplete."""

    def __init__(self) -> None:
        self._inner = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG})
        self._data = b""

    def push(self, data: bytes) -> None:
        self._data = data

    def pull(self) -> bytes:
        if self._inner.eof or (self._inner.needs_input and not self._data):
            return b""
        data, self._data = self._data, b""
        return bytes(self._inner.decompress(data, _STEP_BYTES))

    def is_complete(self) -> bool:
        return bool(self._inner.eof) and not self._inner.unused_data.startswith(_ZSTD_MAGIC)
