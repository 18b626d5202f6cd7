"""Owns taking pages out of the archive: single ones on request, old days by retention.

A record is put out where it stands: a gzip member of the same length takes its place, so that the records behind it
keep their offsets and the file stays one that any WARC tool reads. The changed file takes the old one's place in one
step.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from marsad.errors import BadInput, WarehouseUnusable
from marsad.urls import canonical_url
from warehouse.archive import FILES, LOCK_FILE, Archive
from warehouse.engine import disk_errors, locked
from warehouse.warc import whole_end

_ADDRESSES = ("WARC-Target-URI", "WARC-Redirected-From")
_DAMAGED = "a record in it cannot be read; what it holds was left alone"
_COMMENT_FLAG = 16  #: of a gzip header (RFC 1952): a comment of any length follows, which is what pads
_HEAD = bytes((0x1F, 0x8B, 8, _COMMENT_FLAG, 0, 0, 0, 0, 2, 255))


def forget_page(archive: Archive, url: str) -> int:
    """Put out every record of the page at `url`, in all spellings of its address; return how many there were.

    Raises:
        BadInput: not an http or https url.
        WarehouseBusy: another process held the archive for too long; what was put out before stays so.
        WarehouseUnusable: a file is damaged or cannot be written.
    """
    wanted = canonical_url(url)
    count = 0
    for file, _ in archive.whole_files():  # which cuts off what a kill has torn
        with disk_errors(archive.folder), locked(archive.folder / LOCK_FILE):
            places = list(_places(file, wanted))
            if places:
                _put_out(file, places)
        count += len(places)
    return count


def trim_archive(archive: Archive, before: date) -> int:
    """Delete the files of days (UTC) before `before`; return how many.

    Raises:
        WarehouseBusy: another process held the archive for too long.
        WarehouseUnusable: the folder cannot be written.
    """
    if not archive.folder.exists():
        return 0
    with disk_errors(archive.folder), locked(archive.folder / LOCK_FILE):
        old = [file for file in archive.folder.glob(FILES) if file.name.split(".")[0] < before.isoformat()]
        for file in old:
            file.unlink()
    return len(old)


def _places(file: Path, wanted: str) -> Iterator[tuple[int, int]]:
    """Yield offset and length of each record of the page."""
    with file.open("rb") as stream:
        if whole_end(stream, 0) != file.stat().st_size:  # warcio takes a member without its head for plain text
            raise WarehouseUnusable(str(file), _DAMAGED)
        stream.seek(0)
        records = ArchiveIterator(stream)
        try:
            for record in records:
                is_wanted = record.rec_type == "response" and wanted in _addresses(record)
                records.read_to_end()
                if is_wanted:
                    yield records.get_record_offset(), records.get_record_length()
        except (ArchiveLoadFailed, EOFError, ValueError, zlib.error) as error:
            raise WarehouseUnusable(str(file), _DAMAGED) from error


def _addresses(record: ArcWarcRecord) -> set[str]:
    found = set()
    for name in _ADDRESSES:
        try:
            found.add(canonical_url(record.rec_headers.get_header(name) or ""))
        except BadInput:
            continue
    return found


def _put_out(file: Path, places: list[tuple[int, int]]) -> None:
    body = bytearray(file.read_bytes())
    for start, length in places:
        body[start : start + length] = _tombstone(length)
    fresh = file.with_name(f".{file.name}.new")
    with fresh.open("wb") as stream:
        stream.write(body)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)


def _tombstone(length: int) -> bytes:
    """Return a gzip member of `length` bytes with a record that says nothing but that one was taken out."""
    written = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    text = (
        f"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:{uuid4()}>\r\nWARC-Date: {written}\r\n"
        "Content-Type: text/plain\r\nContent-Length: 9\r\n\r\ntaken out\r\n\r\n"
    ).encode()
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflate.compress(text) + deflate.flush()
    tail = zlib.crc32(text).to_bytes(4, "little") + len(text).to_bytes(4, "little")
    room = length - len(_HEAD) - len(packed) - len(tail) - 1
    assert room >= 0  # a response's own head, with address, digests and http head, packs to more than this one
    return _HEAD + b" " * room + b"\0" + packed + tail
