"""Owns the archive: every page as it came, in one WARC file a day, readable by any tool of the field.

Each record is gzipped on its own, so a record is read by its offset, and a torn tail (kill, full disk) costs that
record alone: the next append cuts it off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from marsad.errors import WarehouseUnusable
from marsad.records import ArchivePointer
from marsad.sources import Page
from warehouse.engine import disk_errors, locked


@dataclass(frozen=True, slots=True)
class Archive:
    """WARC files by day (UTC) of the fetch."""

    folder: Path

    def append(self, page: Page) -> ArchivePointer:
        """Append `page` to its day's file and return where it stands.

        Raises:
            WarehouseUnusable: the folder cannot be written, or the disk is full.
        """
        name = f"{page.fetched_at.astimezone(UTC):%Y-%m-%d}.warc.gz"
        with disk_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            record = _record_bytes(page)
            with locked(self.folder / "archive.lock"), (self.folder / name).open("ab") as file:
                offset = file.tell()
                try:
                    file.write(record)
                    file.flush()
                except OSError:
                    file.truncate(offset)
                    raise
        return ArchivePointer(page.url, name, offset, page.fetched_at)

    def read(self, pointer: ArchivePointer) -> Page:
        """Return the page that stands at `pointer`.

        Raises:
            WarehouseUnusable: the file is missing or damaged there.
        """
        file = self.folder / pointer.file
        with disk_errors(self.folder), file.open("rb") as stream:
            stream.seek(pointer.offset)
            try:
                record = next(iter(ArchiveIterator(stream)))
                return _page(record, record.raw_stream.read(), pointer)
            except (ArchiveLoadFailed, StopIteration, EOFError, ValueError) as error:
                raise WarehouseUnusable(str(file), f"no page can be read at byte {pointer.offset}") from error


def _record_bytes(page: Page) -> bytes:
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    status = StatusAndHeaders(f"{page.status} -", list(page.headers), protocol="HTTP/1.1")
    instant = page.fetched_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    record = writer.create_warc_record(
        page.final_url,
        "response",
        payload=BytesIO(page.body),
        length=len(page.body),
        http_headers=status,
        warc_headers_dict={"WARC-Date": instant},
    )
    if page.url != page.final_url:
        record.rec_headers.add_header("WARC-Redirected-From", page.url)
    writer.write_record(record)
    return buffer.getvalue()


def _page(record: ArcWarcRecord, body: bytes, pointer: ArchivePointer) -> Page:
    headers = tuple((name, value) for name, value in record.http_headers.headers)
    return Page(
        url=pointer.url,
        final_url=record.rec_headers.get_header("WARC-Target-URI"),
        status=int(record.http_headers.get_statuscode()),
        headers=headers,
        body=body,
        fetched_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
    )
