"""Backup and restore: all comes back as it was, or nothing has changed."""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import shutil
import tarfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import warehouse.backup
import warehouse.publishing
from marsad.corrections import Correction, CorrectionKind
from marsad.errors import BadInput, WarehouseUnusable
from marsad.holdings import HOLDINGS, OVERLAY
from tests.faults.steps import Struck, struck_before
from tests.warehouse.conftest import NOW, article_of, batch_of, kept_ids, record_of, store
from tests.warehouse.test_keeping import page_of, read_through
from warehouse.archive import Archive
from warehouse.backup import back_up, restore
from warehouse.core import Core
from warehouse.reader import Reader


def test_a_backup_brings_everything_back(core: Core, tmp_path: Path) -> None:
    pointer = Archive(core.folder / "archive").append(page_of(1))
    store(core, batch_of(record_of(article_of(1))))
    own = [core.folder / "seeds" / "feeds.toml", core.folder / OVERLAY]
    own[0].parent.mkdir()
    for file in own:
        file.write_text("then")
    assert {file.relative_to(core.folder).parts[0] for file in own} | {"archive"} == set(HOLDINGS)
    back_up(core.folder, tmp_path / "safe" / "marsad.tar")
    store(core, batch_of(record_of(article_of(2)), batch_id="later"))
    core.publish()
    for file in own:
        file.write_text("later")
    (core.folder / "archive" / pointer.file).unlink()
    assert restore(tmp_path / "safe" / "marsad.tar", core.folder) == core.folder / "before-restore"
    assert [file.read_text() for file in own] == ["then", "then"]
    assert restore(tmp_path / "safe" / "marsad.tar", core.folder) == core.folder / "before-restore-2"
    assert [core.folder.joinpath(kept, OVERLAY).read_text() for kept in ("before-restore", "before-restore-2")] == [
        "later", "then",
    ]  # fmt: skip
    assert Reader(core.folder).query("select url from articles").rows == ((article_of(1).url,),)
    assert Archive(core.folder / "archive").read(pointer) == page_of(1)


def test_a_restore_is_taken_back_by_hand_with_the_readers_files_away(core: Core, tmp_path: Path) -> None:
    store(core, batch_of(record_of(article_of(1))))
    back_up(core.folder, tmp_path / "marsad.tar")
    store(core, batch_of(record_of(article_of(2)), batch_id="later"))
    core.publish()
    aside = restore(tmp_path / "marsad.tar", core.folder)
    assert aside is not None
    (aside / core.file.name).replace(core.file)
    with pytest.raises(WarehouseUnusable, match="move published/ away"):
        core.create_or_migrate()
    (core.folder / "published").rename(tmp_path / "published")
    core.create_or_migrate()
    core.publish()
    assert Reader(core.folder).query("select count(*) from articles").rows == ((2,),)


def test_a_backup_replaces_a_damaged_file(core: Core, tmp_path: Path) -> None:
    store(core, batch_of(record_of(article_of(1))))
    back_up(core.folder, tmp_path / "marsad.tar")
    core.file.write_bytes(b"damaged" * 1000)
    restore(tmp_path / "marsad.tar", core.folder)
    assert kept_ids(core) == {article_of(1).id}


@pytest.mark.parametrize("kill_at", range(6))
def test_an_interrupted_restore_is_refused_until_it_is_finished(
    core: Core, tmp_path: Path, kill_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pointer = Archive(core.folder / "archive").append(page_of(1))
    store(core, batch_of(record_of(article_of(1))))
    back_up(core.folder, tmp_path / "marsad.tar")
    store(core, batch_of(record_of(article_of(2)), batch_id="later"))
    rename, calls = Path.rename, iter(range(99))

    def rename_or_die(path: Path, target: Path) -> Path:
        if next(calls) == kill_at:
            raise KeyboardInterrupt
        return rename(path, target)

    with monkeypatch.context() as dying:
        dying.setattr(Path, "rename", rename_or_die)
        with suppress(KeyboardInterrupt):
            restore(tmp_path / "marsad.tar", core.folder)
    if not core.file.exists():
        for work in (core.create_or_migrate, core.feed_states, core.publish):
            with pytest.raises(WarehouseUnusable, match="beside before-restore/: a restore was interrupted"):
                work()
    restore(tmp_path / "marsad.tar", core.folder)
    assert kept_ids(core) == {article_of(1).id}
    assert Archive(core.folder / "archive").read(pointer) == page_of(1)
    aside = Core(tmp_path / "aside")
    (core.folder / "before-restore").rename(aside.folder)
    assert article_of(1).id in kept_ids(aside)
    core.create_or_migrate()


def test_a_restore_into_an_empty_folder_needs_nothing_there(core: Core, tmp_path: Path) -> None:
    store(core, batch_of(record_of(article_of(1))))
    back_up(core.folder, tmp_path / "marsad.tar")
    assert restore(tmp_path / "marsad.tar", tmp_path / "elsewhere") is None
    assert kept_ids(Core(tmp_path / "elsewhere")) == {article_of(1).id}


def test_a_backup_takes_the_place_of_nothing_but_a_backup(core: Core, tmp_path: Path) -> None:
    store(core, batch_of(record_of(article_of(1))))
    for _ in range(2):
        back_up(core.folder, tmp_path / "marsad.tar")
    with pytest.raises(BadInput, match="is no backup"):
        back_up(core.folder, core.file)
    assert kept_ids(core) == {article_of(1).id}


def test_a_damaged_block_is_neither_backed_up_nor_restored(core: Core, tmp_path: Path) -> None:
    store(core, batch_of(*(record_of(article_of(number)) for number in range(1, 9))))
    back_up(core.folder, tmp_path / "good.tar")
    whole, refused_count = core.file.read_bytes(), 0
    for at in range(3 * 4096 + 99, len(whole), 262_144):  # behind the headers, in each block
        core.file.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        try:
            back_up(core.folder, tmp_path / "later.tar")
        except WarehouseUnusable:
            refused_count += 1
        else:
            restore(tmp_path / "later.tar", tmp_path / f"elsewhere-{at}")  # what was written can be brought back
    assert refused_count > 0


def test_a_backup_of_a_newer_version_is_refused_before_anything_moves(core: Core, tmp_path: Path) -> None:
    newer = Core(tmp_path / "newer")
    newer.create_or_migrate()
    store(newer, batch_of(record_of(article_of(2))))
    with newer.catalog.writing() as connection:
        connection.execute("insert into core.schema_version values (99, 'x', 'x', null)")
    back_up(newer.folder, tmp_path / "marsad.tar")
    store(core, batch_of(record_of(article_of(1))))
    with pytest.raises(WarehouseUnusable, match="written by a newer Marsad"):
        restore(tmp_path / "marsad.tar", core.folder)
    assert kept_ids(core) == {article_of(1).id}
    assert not list(core.folder.glob("before-restore*"))


def test_a_backup_holds_whole_records_only(core: Core, tmp_path: Path) -> None:
    archive = Archive(core.folder / "archive")
    pointer = archive.append(page_of(1))
    with (archive.folder / pointer.file).open("ab") as file:
        file.write(b"\x1f\x8b\x08 half a record")
    back_up(core.folder, tmp_path / "marsad.tar")
    restore(tmp_path / "marsad.tar", tmp_path / "elsewhere")
    assert len(read_through(tmp_path / "elsewhere" / "archive" / pointer.file)) == 1


@pytest.mark.parametrize("name", ["marsad.tar", "marsad.tar.gz"])
def test_half_a_backup_changes_nothing(core: Core, tmp_path: Path, name: str) -> None:
    store(core, batch_of(record_of(article_of(1))))
    back_up(core.folder, tmp_path / name)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[: len(content) // 2])
    with pytest.raises((BadInput, WarehouseUnusable), match=r"is no backup|the backup is damaged"):
        restore(tmp_path / name, core.folder)
    assert {file.name for file in core.folder.iterdir()} == {"core.lock", "core.duckdb"}


@pytest.mark.parametrize(
    ("name", "form"), [("a.tar", tarfile.open), ("a.TGZ", gzip.open), ("a.tar.bz2", bz2.open), ("a.tar.xz", lzma.open)]
)
def test_a_backup_is_what_its_name_says(core: Core, tmp_path: Path, name: str, form: Callable[..., Any]) -> None:
    store(core, batch_of(record_of(article_of(1))))
    for _ in range(2):  # it takes the place of one of the same form
        back_up(core.folder, tmp_path / name)
    with form(tmp_path / name) as content:
        content.read() if name != "a.tar" else content.getmember("core.duckdb")
    assert {file.name for file in tmp_path.iterdir()} == {"data", name}
    restore(tmp_path / name, tmp_path / "elsewhere")
    assert kept_ids(Core(tmp_path / "elsewhere")) == {article_of(1).id}


def test_a_name_that_promises_no_tar_is_refused(core: Core, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"a backup is a tar; name it \.tar, or \.tar\.gz"):
        back_up(core.folder, tmp_path / "marsad.zip")


def test_what_is_no_backup_takes_nothing_of_an_interrupted_restore(core: Core, tmp_path: Path) -> None:
    back_up(core.folder, tmp_path / "marsad.tar")
    for name in (".restore", "before-restore"):
        (core.folder / name).mkdir()
    left = core.file.read_bytes()
    core.file.rename(core.folder / ".restore" / "core.duckdb")
    (tmp_path / "x.tar").write_bytes(b"no tar")
    with pytest.raises(BadInput, match="is no backup"):
        restore(tmp_path / "x.tar", core.folder)
    assert (core.folder / ".restore" / "core.duckdb").read_bytes() == left
    restore(tmp_path / "marsad.tar", core.folder)
    core.create_or_migrate()
    assert not list(core.folder.glob(".restore*"))


def test_what_a_killed_backup_left_goes_with_the_next(core: Core, tmp_path: Path) -> None:
    for left in (".monday.tar.marsad-part", ".tuesday.tar.marsad-part", ".others.part"):
        (tmp_path / left).write_bytes(b"half a backup")
    back_up(core.folder, tmp_path / "tuesday.tar")
    assert {file.name for file in tmp_path.iterdir()} == {"data", "tuesday.tar", ".others.part"}


def test_a_backup_without_a_cycle_copies_once(core: Core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy, copies = warehouse.backup._copy, []
    monkeypatch.setattr(warehouse.backup, "_copy", lambda *asked: copies.append(copy(*asked)) or copies[-1])
    store(core, batch_of(record_of(article_of(1))))
    back_up(core.folder, tmp_path / "marsad.tar")
    assert copies == [True]


@pytest.mark.parametrize("moment", ["copied", "read"])
def test_a_cycle_writes_while_it_is_backed_up(
    core: Core, tmp_path: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(core, batch_of(record_of(article_of(1))))
    name = {"copied": "holds_whole_blocks", "read": "opens_at_full_length"}[moment]
    looks = getattr(warehouse.backup, name)
    writing: list[threading.Thread] = []

    def while_a_cycle_writes(*asked: Any) -> bool:
        if not writing:
            other = Core(core.folder)
            writing.append(
                threading.Thread(target=lambda: store(other, batch_of(record_of(article_of(2)), batch_id="b")))
            )
            writing[0].start()
            if moment == "copied":  # nobody holds it up
                writing[0].join()
        return bool(looks(*asked))

    monkeypatch.setattr(warehouse.backup, name, while_a_cycle_writes)
    back_up(core.folder, tmp_path / "marsad.tar")
    writing[0].join()
    restore(tmp_path / "marsad.tar", tmp_path / "elsewhere")
    Core(tmp_path / "elsewhere").verify()
    kept = kept_ids(Core(tmp_path / "elsewhere"))
    assert kept == kept_ids(core) or moment == "read"
    assert article_of(1).id in kept


def test_a_disk_that_cannot_be_read_is_told_of_the_data(
    core: Core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(io.FileIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(errno.EIO, f"Input/output error at {size}")

    def opened(name: str, mode: str, *asked: Any) -> Any:
        return Failing(name) if Path(name) == core.file else open(name, mode, *asked)  # noqa: PTH123

    monkeypatch.setattr(tarfile, "bltn_open", opened)
    with pytest.raises(WarehouseUnusable, match="cannot be used") as told:
        back_up(core.folder, tmp_path / "safe" / "marsad.tar")
    assert told.value.subject == str(core.folder)


def test_a_backup_that_fails_leaves_nothing(core: Core, tmp_path: Path) -> None:
    core.file.write_bytes(b"damaged" * 1000)
    with pytest.raises(WarehouseUnusable):
        back_up(core.folder, tmp_path / "safe" / "marsad.tar")
    assert list((tmp_path / "safe").iterdir()) == []


def test_a_cycle_does_not_wait_for_the_archive_to_be_backed_up(
    core: Core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Archive(core.folder / "archive").append(page_of(1))
    files = Archive.whole_files

    def while_the_archive_is_read(archive: Archive) -> list[tuple[Path, int]]:
        store(Core(core.folder, wait_seconds=0), batch_of(record_of(article_of(1))))
        return files(archive)

    monkeypatch.setattr(Archive, "whole_files", while_the_archive_is_read)
    back_up(core.folder, tmp_path / "marsad.tar")
    assert kept_ids(core) == {article_of(1).id}


@pytest.mark.parametrize(
    "content",
    [b"no tar", b"", bz2.compress(b"a tar" * 9000)[:50], lzma.compress(b"a tar" * 9000)[:50]],
    ids=["text", "empty", "half-a-bz2", "half-an-xz"],
)
def test_what_is_no_backup_changes_nothing(core: Core, tmp_path: Path, content: bytes) -> None:
    store(core, batch_of(record_of(article_of(1))))
    (tmp_path / "x.tar").write_bytes(content)
    with pytest.raises(BadInput, match="is no backup"):
        restore(tmp_path / "x.tar", core.folder)
    assert kept_ids(core) == {article_of(1).id}
    assert not list(core.folder.glob(".restore*"))


def test_a_backup_cannot_write_outside_its_folder(core: Core, tmp_path: Path) -> None:
    (tmp_path / "evil").write_text("x")
    with tarfile.open(tmp_path / "x.tar", "w") as tar:
        tar.add(tmp_path / "evil", "../../outside")
    with pytest.raises(BadInput, match="is no backup"):
        restore(tmp_path / "x.tar", core.folder)
    assert not (core.folder.parent / "outside").exists()


def test_where_the_tables_are_gone_the_newest_folder_put_aside_is_named(core: Core) -> None:
    for number in ("", *(f"-{number}" for number in range(2, 12))):
        (core.folder / f"before-restore{number}").mkdir()
    core.file.unlink()
    with pytest.raises(WarehouseUnusable, match="missing beside before-restore-11/"):
        core.create_or_migrate()


def correct(core: Core, name: str) -> None:
    core.create_or_migrate()
    core.append_correction(Correction(CorrectionKind.ENTITY, name, name), NOW)
    core.publish()


def corrected(folder: Path) -> list[str]:
    """Return what readers get of the corrections; their batches bear one name and one instant in every history."""
    return [name for (name,) in Reader(folder).query("select subject from core.correction order by batch").rows]


def test_a_restore_ended_at_any_step_leaves_readers_nothing_of_the_other_history(core: Core, tmp_path: Path) -> None:
    store(core, batch_of(record_of(article_of(1))))
    core.publish()
    back_up(core.folder, tmp_path / "marsad.tar")
    for name in ("A1", "A2"):
        correct(core, name)
    shutil.copytree(core.folder, tmp_path / "whole")
    with struck_before() as steps:
        restore(tmp_path / "marsad.tar", tmp_path / "whole")
    moments = [number for number, step in enumerate(steps) if step in {"rename", "link", "replace"}]
    assert len(moments) == 7
    for number in moments[::2]:
        trial = Core(tmp_path / f"trial-{number}")
        shutil.copytree(core.folder, trial.folder)
        with suppress(Struck), struck_before(number):
            restore(tmp_path / "marsad.tar", trial.folder)
        assert corrected(trial.folder) in (["A1", "A2"], [])
        if not trial.file.exists():
            restore(tmp_path / "marsad.tar", trial.folder)
        with trial.reading() as connection:
            kept = [name for (name,) in connection.execute("select subject from core.correction").fetchall()]
        for name in ("B1", "B2"):
            correct(trial, name)
            assert corrected(trial.folder) == [*kept, name]
            kept.append(name)
        assert kept == ["B1", "B2"] or not list(trial.folder.glob("before-restore*/core.duckdb"))


def test_a_backup_of_what_readers_have_is_restored_without_making_their_file_anew(
    core: Core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(core, batch_of(record_of(article_of(1))))
    core.publish()
    back_up(core.folder, tmp_path / "marsad.tar")
    monkeypatch.setattr(warehouse.publishing, "fill_readers_file", None)
    restore(tmp_path / "marsad.tar", core.folder)
    assert Reader(core.folder).query("select url from articles").rows == ((article_of(1).url,),)


def test_a_restore_that_cannot_be_published_says_that_it_is_done(
    core: Core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Core) -> None:
        raise WarehouseUnusable("data", "the disk is full")

    store(core, batch_of(record_of(article_of(1))))
    back_up(core.folder, tmp_path / "marsad.tar")
    monkeypatch.setattr(Core, "publish", full)
    with pytest.raises(WarehouseUnusable, match=r"it is restored, .*before-restore; but not published.*disk is full"):
        restore(tmp_path / "marsad.tar", core.folder)


def test_a_backup_goes_where_a_link_points_and_not_among_what_is_backed_up(core: Core, tmp_path: Path) -> None:
    store(core, batch_of(record_of(article_of(1))))
    (tmp_path / "link.tar").symlink_to(tmp_path / "real.tar")
    back_up(core.folder, tmp_path / "link.tar")
    assert (tmp_path / "link.tar").is_symlink()
    assert tarfile.is_tarfile(tmp_path / "real.tar")
    with pytest.raises(BadInput, match="lies in what is backed up"):
        back_up(core.folder, core.folder / "archive" / "marsad.tar")
