"""Archive, outbox, backup: what is put away comes back as it was."""

from __future__ import annotations

import tarfile
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from marsad.digests import Delivery
from marsad.errors import BadInput, WarehouseUnusable
from marsad.sources import Page
from tests.warehouse.conftest import NOW, article_of, batch_of, kept_ids, record_of, store, url_of
from warehouse.archive import Archive
from warehouse.backup import back_up, restore
from warehouse.core import Core
from warehouse.outbox import RETRY_MINUTES, Outbox
from warehouse.reader import Reader

MAIL = Delivery("<1@example.org>", "reader@example.org", "كوريا", b"Subject: x\r\n\r\n\xff\x00", NOW)  # Korea


def page_of(number: int, body: bytes = b"<p>\xe3\xe6\xd3\xdf\xe6</p>") -> Page:
    headers = (("content-type", "text/html; charset=windows-1256"), ("x-note", "a"), ("x-note", "b"))
    return Page(url_of(number), f"{url_of(number)}/final", 200, headers, body, NOW)


def test_a_page_comes_back_byte_for_byte(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    pages = [page_of(1), page_of(2, b""), page_of(3, bytes(range(256)) * 100)]
    pointers = [archive.append(page) for page in pages]
    assert [archive.read(pointer) for pointer in pointers] == pages
    assert {pointer.file for pointer in pointers} == {"2026-03-10.warc.gz"}


def test_any_warc_tool_reads_the_archive(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    pointers = [archive.append(page_of(number)) for number in (1, 2)]
    with (tmp_path / pointers[0].file).open("rb") as stream:
        targets = [record.rec_headers.get_header("WARC-Target-URI") for record in ArchiveIterator(stream)]
    assert targets == [page_of(1).final_url, page_of(2).final_url]


def test_a_torn_tail_costs_that_page_alone(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    first = archive.append(page_of(1))
    with (tmp_path / first.file).open("ab") as file:
        file.write(b"\x1f\x8b\x08 half a record")
    second = archive.append(page_of(2))
    assert archive.read(first) == page_of(1)
    assert archive.read(second) == page_of(2)


def test_a_missing_page_is_said_to_be_missing(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    pointer = archive.append(page_of(1))
    (tmp_path / pointer.file).write_bytes(b"")
    with pytest.raises(WarehouseUnusable, match="no page can be read at byte 0"):
        archive.read(pointer)


def test_a_mail_is_queued_once_and_its_bytes_stay(core: Core) -> None:
    outbox = Outbox(core)
    assert outbox.queue([MAIL], NOW) == 1
    assert outbox.queue([MAIL, MAIL], NOW) == 0
    assert outbox.due(NOW) == [MAIL]
    assert outbox.due(NOW)[0].payload == MAIL.payload


def test_a_sent_mail_is_not_due_again(core: Core) -> None:
    outbox = Outbox(core)
    outbox.queue([MAIL], NOW)
    outbox.mark_sent(MAIL, "250 ok", NOW)
    assert outbox.due(NOW + timedelta(days=9)) == []


def test_a_delayed_mail_waits_longer_each_time_and_then_dies(core: Core) -> None:
    outbox = Outbox(core)
    outbox.queue([MAIL], NOW)
    now, waits = NOW, []
    while due := outbox.due(now):
        outbox.mark_delayed(due[0], "451 later", now)
        if not outbox.due(now + timedelta(days=2)):
            break
        waits.append(next(m for m in RETRY_MINUTES if outbox.due(now + timedelta(minutes=m))))
        assert outbox.due(now + timedelta(minutes=waits[-1], seconds=-1)) == []
        now += timedelta(minutes=waits[-1])
    assert tuple(waits) == RETRY_MINUTES
    assert now - NOW <= timedelta(hours=48)


def test_a_refused_mail_is_dead(core: Core) -> None:
    outbox = Outbox(core)
    outbox.queue([MAIL], NOW)
    outbox.mark_dead(MAIL, "550 no such user", NOW)
    assert outbox.due(NOW + timedelta(days=9)) == []


def test_a_backup_brings_everything_back(core: Core, tmp_path: Path) -> None:
    pointer = Archive(core.folder / "archive").append(page_of(1))
    store(core, batch_of(record_of(article_of(1))))
    back_up(core.folder, tmp_path / "safe" / "marsad.tar")
    store(core, batch_of(record_of(article_of(2)), batch_id="later"))
    core.publish()
    (core.folder / "archive" / pointer.file).unlink()
    restore(tmp_path / "safe" / "marsad.tar", core.folder)
    assert Reader(core.folder).query("select url from articles").rows == ((article_of(1).url,),)
    assert Archive(core.folder / "archive").read(pointer) == page_of(1)


def test_a_backup_replaces_a_damaged_file(core: Core, tmp_path: Path) -> None:
    store(core, batch_of(record_of(article_of(1))))
    back_up(core.folder, tmp_path / "marsad.tar")
    core.file.write_bytes(b"damaged" * 1000)
    restore(tmp_path / "marsad.tar", core.folder)
    assert kept_ids(core) == {article_of(1).id}


@pytest.mark.parametrize("content", [b"no tar", b""], ids=["text", "empty"])
def test_what_is_no_backup_changes_nothing(core: Core, tmp_path: Path, content: bytes) -> None:
    store(core, batch_of(record_of(article_of(1))))
    (tmp_path / "x.tar").write_bytes(content)
    with pytest.raises(BadInput, match="is no backup"):
        restore(tmp_path / "x.tar", core.folder)
    assert kept_ids(core) == {article_of(1).id}


def test_a_backup_cannot_write_outside_its_folder(core: Core, tmp_path: Path) -> None:
    (tmp_path / "evil").write_text("x")
    with tarfile.open(tmp_path / "x.tar", "w") as tar:
        tar.add(tmp_path / "evil", "../../outside")
    with pytest.raises(BadInput, match="is no backup"):
        restore(tmp_path / "x.tar", core.folder)
    assert not (core.folder.parent / "outside").exists()
