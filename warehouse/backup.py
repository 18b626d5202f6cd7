"""Owns backup and restore: all that cannot be made again, in one tar file.

That is the writer's file and what marsad/holdings.py names; what readers get is published anew from it.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, Any

from marsad.errors import BadInput, WarehouseBusy, WarehouseUnusable
from marsad.holdings import ARCHIVE, HOLDINGS
from warehouse.archive import Archive
from warehouse.blocks import holds_whole_blocks, must_be_whole, opens_at_full_length
from warehouse.catalog import CORE_FILE, KEPT_ASIDE, LOCK_FILE, UNPACKED, UNPACKING, LocalCatalog
from warehouse.core import Core
from warehouse.engine import DAMAGED, disk_errors, locked, logs_of, to_disk

#: How the name of a compressed tar ends, and what compresses it. The tables are packed already: those of 100,000
#: articles become a quarter smaller.
_COMPRESSED = {".gz": gzip.GzipFile, ".tgz": gzip.GzipFile, ".bz2": bz2.BZ2File, ".xz": lzma.LZMAFile}
_OTHER_FORMS = frozenset({".zip", ".7z", ".rar", ".zst", ".br"})  #: whose names promise what a backup is not
_STEP_BYTES = 1 << 20  #: of a tar compressed together
_UNFINISHED = ".marsad-part"  #: how the name of a backup ends while it is written
#: What the standard library raises on tar files that are cut or damaged, compressed ones among them.
_UNREADABLE = (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError)
_PARTS = (*(file.name for file in (Path(CORE_FILE), *logs_of(Path(CORE_FILE)))), *HOLDINGS)  #: in this order put aside


@dataclass(frozen=True, slots=True)
class _Source:
    """A file that goes into a backup: an error of its disk is told of its folder, not of the backup's."""

    stream: IO[bytes]

    def read(self, length: int = -1) -> bytes:
        with disk_errors(Path(self.stream.name).parent):
            return self.stream.read(length)


class _Tar(tarfile.TarFile):
    def addfile(self, tarinfo: tarfile.TarInfo, fileobj: Any = None) -> None:  # noqa: ANN401  its own is a protocol without a name
        super().addfile(tarinfo, _Source(fileobj) if fileobj else None)


def back_up(folder: Path, file: Path) -> None:
    """Write the data of `folder` to the tar `file`, whole or not at all; compressed where its name says so.

    No cycle waits while core.duckdb is copied, unless one writes into it meanwhile: then it is copied once more, and
    the others wait for that. The archive is read after it and without its lock: pages are only ever added, so it holds
    all that core.duckdb points to.

    Raises:
        BadInput: `file` is something else, or its name says so.
        WarehouseBusy: another process writes, or backs up to the same file.
        WarehouseUnusable: there is no warehouse, it is damaged, or `file` cannot be written.
    """
    core, file = LocalCatalog(folder), file.resolve()  # behind a link lies the disk that is meant
    core.must_exist()
    if any(file.is_relative_to((folder / part).resolve()) for part in HOLDINGS):
        raise BadInput(str(file), "lies in what is backed up; name a file elsewhere")
    if file.suffix.lower() in _OTHER_FORMS:
        raise BadInput(str(file), "a backup is a tar; name it .tar, or .tar.gz, .tar.xz to have it compressed")
    if file.exists() and not (file.is_file() and tarfile.is_tarfile(file)):
        raise BadInput(str(file), "stands there and is no backup; name another file")
    with disk_errors(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
    with _unfinished(file) as unfinished, disk_errors(file.parent):
        if not _is_copied_beside_writers(core, unfinished):
            with core.at_rest():
                must_be_whole(core.file)
                _copy(core, unfinished)  # blocks that nothing uses may differ from their checksums: it is whole
        with _Tar.open(unfinished, "a") as tar:
            _add_archive(tar, folder)
            for part in HOLDINGS:
                if part != ARCHIVE and (folder / part).exists():
                    tar.add(folder / part, part)
        with _as_named(unfinished, file) as whole:
            to_disk(whole)
            whole.replace(file)
            to_disk(file.parent)


@contextmanager
def _as_named(tar: Path, file: Path) -> Iterator[Path]:
    """Give the tar as the name of `file` says it is: compressed, or as it is."""
    opened = _COMPRESSED.get(file.suffix.lower())
    if opened is None:
        yield tar
        return
    with _unfinished(file.with_name(f"{file.name}.packed")) as packed:
        with tar.open("rb") as content, opened(packed, "wb") as stream:
            shutil.copyfileobj(content, stream, _STEP_BYTES)
        yield packed
        tar.unlink()


@contextmanager
def _unfinished(file: Path) -> Iterator[Path]:
    """Give the name under which a backup is written, gone at the end; what killed ones left in that folder goes too."""
    for left in file.parent.glob(f".*{_UNFINISHED}"):
        with suppress(WarehouseBusy), locked(left, wait_seconds=0):
            left.unlink()
    unfinished = file.with_name(f".{file.name}{_UNFINISHED}")
    with locked(unfinished, wait_seconds=0), _removed_on_failure(unfinished):
        yield unfinished


def _is_copied_beside_writers(core: LocalCatalog, tar_file: Path) -> bool:
    """Begin the tar with core.duckdb while others may write it, and tell whether what was copied is one state of it.

    DuckDB writes what a checkpoint changes into blocks that the one before does not use, and the headers last: while
    these are as they were, all blocks that they lead to are.
    """
    with core.at_rest() as headers:
        before = headers
        if not opens_at_full_length(core.file):
            return False
    if not _copy(core, tar_file):
        return False
    with core.at_rest() as headers:
        return headers == before


def _copy(core: LocalCatalog, tar_file: Path) -> bool:
    """Begin the tar with core.duckdb; tell whether it is all of it, each block as it was written."""
    try:
        with _Tar.open(tar_file, "w") as tar:
            tar.add(core.file, CORE_FILE)
    except OSError as error:
        if error.errno is not None:
            raise
        return False  # it became shorter meanwhile
    with tarfile.open(tar_file) as tar, tar_file.open("rb") as stream:
        copied = tar.getmember(CORE_FILE)
        stream.seek(copied.offset_data)
        return holds_whole_blocks(stream, copied.size)


def _add_archive(tar: tarfile.TarFile, folder: Path) -> None:
    for page_file, length in Archive(folder / ARCHIVE).whole_files():
        entry = tar.gettarinfo(page_file, f"{ARCHIVE}/{page_file.name}")
        entry.size = length  # what a cycle adds meanwhile may be half a record
        with page_file.open("rb") as stream:
            tar.addfile(entry, stream)


def restore(file: Path, folder: Path) -> Path | None:
    """Put the data of a backup in the place of that in `folder`, publish it, and return where what stood there is kept.

    That is before-restore/, or before-restore-2/ and so on; nothing is ever deleted; None where nothing stood there. So
    every restore can be taken back by hand: what lies there goes back to its place, what was restored and published/
    out of it, as a cycle refuses tables that lack what readers were given. While parts change places there is no
    core.duckdb, so that a cycle refuses to begin on half of it; a restore that was interrupted is finished by another
    one.

    Raises:
        BadInput: `file` is no backup of ours.
        WarehouseBusy: another process writes.
        WarehouseUnusable: the backup's warehouse is damaged or newer, or the folder cannot be written.
    """
    fresh, checked = folder / UNPACKING, folder / UNPACKED
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / LOCK_FILE):
        with _removed_on_failure(fresh):
            _unpack(file, fresh)
            _must_be_usable(file, fresh)
            Core(fresh).begin_history()
        with disk_errors(folder):
            shutil.rmtree(checked, ignore_errors=True)  # what an interrupted restore had not put in place
            fresh.rename(checked)
            aside = _put_aside(folder)
            for part in (*HOLDINGS, CORE_FILE):
                if (checked / part).exists():
                    (checked / part).rename(folder / part)
            shutil.rmtree(checked)
            to_disk(folder)
    try:
        Core(folder).publish()
    except (WarehouseBusy, WarehouseUnusable) as error:
        kept = f", what stood there is kept in {aside}" if aside else ""
        reason = f"it is restored{kept}; but not published, which the next marsad run does: {error}"
        raise WarehouseUnusable(str(folder), reason) from error
    return aside


def _must_be_usable(file: Path, unpacked: Path) -> None:
    """Refuse a backup that is newer or damaged, before anything moves."""
    try:
        Core(unpacked).create_or_migrate()
        Core(unpacked).verify()
    except WarehouseUnusable as error:
        if error.reason != DAMAGED:
            raise
        reason = "the backup is damaged, and nothing was changed; restore another one"
        raise WarehouseUnusable(str(file), reason) from error


def _put_aside(folder: Path) -> Path | None:
    standing = [part for part in _PARTS if (folder / part).exists()]
    if not standing:
        return None
    aside = _aside_for(folder, standing)
    aside.mkdir(exist_ok=True)
    for part in standing:
        (folder / part).rename(aside / part)
    return aside


def _aside_for(folder: Path, standing: Sequence[str]) -> Path:
    """Return a folder that holds nothing, or the one in which an interrupted restore began to put these parts aside."""
    number = next(one for one in count(1) if not _holds_any(_aside(folder, one)))
    begun = _aside(folder, number - 1)
    is_begun = number > 1 and not (folder / CORE_FILE).exists()
    return begun if is_begun and not any((begun / part).exists() for part in standing) else _aside(folder, number)


def _aside(folder: Path, number: int) -> Path:
    return folder / (KEPT_ASIDE if number == 1 else f"{KEPT_ASIDE}-{number}")


def _holds_any(folder: Path) -> bool:
    return folder.exists() and any(folder.iterdir())


@contextmanager
def _removed_on_failure(path: Path) -> Iterator[None]:
    with ExitStack() as undo:
        undo.callback(_remove, path)
        yield
        undo.pop_all()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _unpack(file: Path, target: Path) -> None:
    with disk_errors(target.parent):
        shutil.rmtree(target, ignore_errors=True)
        try:
            with tarfile.open(file) as tar:
                tar.extractall(target, filter="data")
        except (*_UNREADABLE, FileNotFoundError, IsADirectoryError) as error:
            raise BadInput(str(file), "is no backup that marsad doctor --backup wrote") from error
    if not (target / CORE_FILE).is_file() or (target / ARCHIVE).is_file():
        raise BadInput(str(file), "is no backup that marsad doctor --backup wrote")
