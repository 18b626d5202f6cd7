"""Owns one page as a WARC record and back, and where the whole records of a file end.

A page is kept as its decoded body, so the headers that speak of the wire are renamed: a strict tool would undo an
encoding that is no longer there.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from io import BytesIO
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from marsad import __version__
from marsad.records import ArchivePointer
from marsad.sources import Page

_GZIP_HEAD = b"\x1f\x8b"  #: first bytes of every member (RFC 1952)
_WIRE_HEADERS = ("content-encoding", "content-length", "transfer-encoding")
_PREFIX = "x-archive-orig-"  #: the prefix that replay tools know for a header of the original answer
_LEVEL = 6  #: warcio's 9 takes twice as long for 1 % less
_GZIP = 31  #: zlib's window bits for a gzip member
_CHUNK_BYTES = 1 << 20


def page_bytes(page: Page) -> bytes:
    """Return `page` as a gzipped response record."""
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=False, warc_version="1.1")
    headers = [(f"{_PREFIX}{name}" if name.lower() in _WIRE_HEADERS else name, value) for name, value in page.headers]
    record = writer.create_warc_record(
        page.final_url,
        "response",
        payload=BytesIO(page.body),
        length=len(page.body),
        http_headers=StatusAndHeaders(f"{page.status} -", headers, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": _written(page.fetched_at)},
    )
    if page.url != page.final_url:
        record.rec_headers.add_header("WARC-Redirected-From", page.url)
    writer.write_record(record)
    return zlib.compress(buffer.getbuffer(), _LEVEL, _GZIP)


def head_bytes(name: str, at: datetime) -> bytes:
    """Return the gzipped warcinfo record that stands at the head of the file `name`."""
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    fields = f"software: Marsad/{__version__}\r\nformat: WARC File Format 1.1\r\n".encode()
    record = writer.create_warc_record(
        "",
        "warcinfo",
        payload=BytesIO(fields),
        length=len(fields),
        warc_content_type="application/warc-fields",
        warc_headers_dict={"WARC-Date": _written(at), "WARC-Filename": name},
    )
    writer.write_record(record)
    return buffer.getvalue()


def record_at(stream: BinaryIO, start: int) -> ArcWarcRecord:
    """Return the record whose gzip member begins at the byte `start`.

    Raises:
        EOFError: no member begins there; warcio would take what stands there for a record in plain text.
        StopIteration, ArchiveLoadFailed, ValueError, zlib.error: it is damaged.
    """
    stream.seek(start)
    if stream.read(len(_GZIP_HEAD)) != _GZIP_HEAD:
        raise EOFError
    stream.seek(start)
    return next(iter(ArchiveIterator(stream)))


def page_of(record: ArcWarcRecord, pointer: ArchivePointer) -> Page:
    """Return the page of a response record, its headers named as they came."""
    return Page(
        url=pointer.url,
        final_url=record.rec_headers.get_header("WARC-Target-URI"),
        status=int(record.http_headers.get_statuscode()),
        headers=tuple((_original(name), value) for name, value in record.http_headers.headers),
        body=record.raw_stream.read(),
        fetched_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
    )


def whole_end(stream: BinaryIO, start: int) -> int:
    """Return where the last whole gzip member from the byte `start` on ends; `start` where none is whole."""
    end = start
    stream.seek(start)
    rest = b""
    while True:
        member, length = zlib.decompressobj(_GZIP), 0
        while not member.eof:
            chunk = rest or stream.read(_CHUNK_BYTES)
            if not chunk:
                return end
            try:
                member.decompress(chunk)
            except zlib.error:
                return end
            rest = member.unused_data
            length += len(chunk) - len(rest)
        end += length


def _original(name: str) -> str:
    bare = name.removeprefix(_PREFIX)
    return bare if bare.lower() in _WIRE_HEADERS else name


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
