"""Owns the archive: every page as it came, in one WARC file a day, readable by any tool of the field.

Each record is gzipped on its own, so a record is read by its offset. What a kill or a full disk tears off is the tail
of the file that was written last; archive.end says up to where that file is known to be whole, and the next append
looks at what lies behind it, keeps whole records and cuts off the torn one before it writes.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from warcio.exceptions import ArchiveLoadFailed

from marsad.errors import WarehouseUnusable
from marsad.records import ArchivePointer
from marsad.sources import Page
from warehouse.engine import disk_errors, locked
from warehouse.warc import head_bytes, page_bytes, page_of, record_at, whole_end

FILES = "*.warc.gz"  #: of the folder, one a day
LOCK_FILE = "archive.lock"
END_FILE = "archive.end"


@dataclass(frozen=True, slots=True)
class Archive:
    """WARC files by day (UTC) of the fetch."""

    folder: Path
    writer: str = ""  #: where several write under one catalog, what tells their files apart

    def append(self, page: Page) -> ArchivePointer:
        """Append `page` to its day's file and return where it stands.

        Raises:
            WarehouseBusy: another process held the archive for too long.
            WarehouseUnusable: the folder cannot be written, or the disk is full.
        """
        return self.append_all([page])[0]

    def append_all(self, pages: Sequence[Page]) -> list[ArchivePointer]:
        """Append `pages` and return where each stands, in their order; on the disk when this returns.

        Raises:
            WarehouseBusy: another process held the archive for too long.
            WarehouseUnusable: the folder cannot be written, or the disk is full.
        """
        pointers: list[ArchivePointer] = []
        with disk_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            records = [(page, page_bytes(page)) for page in pages]
            with locked(self.folder / LOCK_FILE):
                for name, group in groupby(records, key=lambda record: self._file_name(record[0])):
                    pointers += self._append_to(name, list(group))
        return pointers

    def read(self, pointer: ArchivePointer) -> Page:
        """Return the page that stands at `pointer`.

        Raises:
            WarehouseUnusable: the file is missing or damaged there, or the page was taken out.
        """
        page = self.find(pointer)
        if page is None:
            raise WarehouseUnusable(str(self.folder / pointer.file), f"no page can be read at byte {pointer.offset}")
        return page

    def find(self, pointer: ArchivePointer) -> Page | None:
        """Return the page that stands at `pointer`, None where its file is no longer kept or it was taken out.

        Raises:
            WarehouseUnusable: the file is damaged there.
        """
        file = self.folder / pointer.file
        if not file.exists():
            return None
        with disk_errors(self.folder), file.open("rb") as stream:
            try:
                record = record_at(stream, pointer.offset)
                return page_of(record, pointer) if record.rec_type == "response" else None
            except (ArchiveLoadFailed, StopIteration, EOFError, ValueError, AttributeError, zlib.error) as error:
                raise WarehouseUnusable(str(file), f"no page can be read at byte {pointer.offset}") from error

    def whole_files(self) -> list[tuple[Path, int]]:
        """Return every file with the length up to which it is whole and never changes again, the oldest first.

        Raises:
            WarehouseBusy: another process held the archive for too long.
            WarehouseUnusable: the folder cannot be written.
        """
        if not self.folder.exists():
            return []
        with disk_errors(self.folder), locked(self.folder / LOCK_FILE):
            self._mend(self._last_written()[0])
            return [(file, file.stat().st_size) for file in sorted(self.folder.glob(FILES))]

    def _append_to(self, name: str, records: Sequence[tuple[Page, bytes]]) -> Iterator[ArchivePointer]:
        last, _ = self._last_written()
        self._mend(last)
        if name != last:
            self._mend(name)
            self._note(name, _size(self.folder / name))  # before the file changes: a kill must find it named here
        with (self.folder / name).open("ab") as file:
            start = file.tell()
            try:
                offsets = list(_write(file, name, records))
            except OSError:
                with suppress(OSError):  # the first error is the one to tell; what is left is cut at the next append
                    file.truncate(start)
                raise
            self._note(name, file.tell())
        for (page, _), offset in zip(records, offsets, strict=True):
            yield ArchivePointer(page.url, name, offset, page.fetched_at)

    def _file_name(self, page: Page) -> str:
        day = f"{page.fetched_at.astimezone(UTC):%Y-%m-%d}"
        return f"{day}.{self.writer}.warc.gz" if self.writer else f"{day}.warc.gz"

    def _mend(self, name: str) -> None:
        """Cut the torn record off the file `name`, which costs no reading where the file is as it was left."""
        file, (last, length) = self.folder / name, self._last_written()
        size = _size(file)
        known = length if name == last and length <= size else 0
        if not name or size == known:
            return
        with file.open("r+b") as stream:
            stream.truncate(whole_end(stream, known))

    def _last_written(self) -> tuple[str, int]:
        """Return the file that was written last and the length up to which it is known to be whole."""
        try:
            name, length = (self.folder / END_FILE).read_text(encoding="ascii").split()
            return name, int(length)
        except (FileNotFoundError, ValueError):
            return max((file.name for file in self.folder.glob(FILES)), default=""), 0

    def _note(self, name: str, length: int) -> None:
        (self.folder / END_FILE).write_text(f"{name} {length}\n", encoding="ascii")


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _write(file: BinaryIO, name: str, records: Sequence[tuple[Page, bytes]]) -> Iterator[int]:
    if file.tell() == 0:
        file.write(head_bytes(name, records[0][0].fetched_at))
    for _, record in records:
        yield file.tell()
        file.write(record)
    file.flush()
    os.fsync(file.fileno())
