"""Archive and outbox: what is put away comes back as it was."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from marsad.deliveries import RETRY_MINUTES, put_off, refused, taken
from marsad.digests import Delivery
from marsad.errors import WarehouseUnusable
from marsad.sources import Page
from tests.warehouse.conftest import NOW, url_of
from warehouse.archive import Archive
from warehouse.core import Core
from warehouse.outbox import Outbox

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


def read_through(file: Path) -> list[tuple[str, bytes]]:
    """Read a WARC file from end to end as any tool does: target and body of every page."""
    with file.open("rb") as stream:
        records = [(r.rec_type, r.rec_headers.get_header("WARC-Target-URI"), r.content_stream().read()) for r in
                   ArchiveIterator(stream)]  # fmt: skip
    assert records[0][0] == "warcinfo"
    assert {kind for kind, _, _ in records[1:]} == {"response"}
    return [(target, body) for _, target, body in records[1:]]


def test_any_warc_tool_reads_the_archive(tmp_path: Path) -> None:
    pointers = Archive(tmp_path).append_all([page_of(number) for number in (1, 2)])
    told = [(page_of(number).final_url, page_of(number).body) for number in (1, 2)]
    assert read_through(tmp_path / pointers[0].file) == told


def test_headers_of_the_wire_do_not_mislead_a_tool_that_believes_them(tmp_path: Path) -> None:
    wire = (("Content-Encoding", "gzip"), ("content-length", "7"), ("transfer-encoding", "chunked"))
    page = replace(page_of(1), headers=(*wire, ("content-type", "text/html")))
    pointer = Archive(tmp_path).append(page)
    assert read_through(tmp_path / pointer.file) == [(page.final_url, page.body)]
    assert Archive(tmp_path).read(pointer) == page


def test_pages_around_midnight_stand_in_the_files_of_their_days(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    pages = [replace(page_of(n), fetched_at=NOW + timedelta(days=n % 2)) for n in range(6)]
    pointers = archive.append_all(pages)
    assert [archive.read(pointer) for pointer in pointers] == pages
    assert [len(read_through(tmp_path / name)) for name in sorted({p.file for p in pointers})] == [3, 3]


@pytest.mark.parametrize("lost_bytes", [1, 9, 60, 300])
@pytest.mark.parametrize("following_day", [0, 1], ids=["same-day", "next-day"])
@pytest.mark.parametrize("note", ["before", "after", "none", "damaged"])
def test_a_torn_tail_costs_that_page_alone(tmp_path: Path, lost_bytes: int, following_day: int, note: str) -> None:
    archive, end = Archive(tmp_path), tmp_path / "archive.end"
    first = archive.append(page_of(1))
    written = {"before": end.read_bytes(), "none": b"", "damaged": b"2026-03"}
    archive.append(page_of(2, random.Random(1).randbytes(400)))
    end.write_bytes(written.get(note, end.read_bytes()))
    file = tmp_path / first.file
    os.truncate(file, file.stat().st_size - lost_bytes)
    following = replace(page_of(3), fetched_at=NOW + timedelta(days=following_day))
    last = archive.append(following)
    assert archive.read(first) == page_of(1)
    assert archive.read(last) == following
    assert read_through(file)[0] == (page_of(1).final_url, page_of(1).body)
    assert sum(len(read_through(name)) for name in tmp_path.glob("*.warc.gz")) == 2
    assert read_through(tmp_path / last.file)[-1] == (following.final_url, following.body)


_ARCHIVER = """
import sys
from pathlib import Path
from tests.warehouse.test_keeping import page_of
from warehouse.archive import Archive
archive = Archive(Path(sys.argv[1]))
for number in range(10_000):
    pointers = archive.append_all([page_of(number * 10 + n, bytes(range(256)) * 400) for n in range(10)])
    print(number, flush=True)
"""


def test_after_kills_the_archive_reads_from_end_to_end(tmp_path: Path, root: Path) -> None:
    chance = random.Random(20260310)
    acknowledged = 0
    for _ in range(6):
        command = [sys.executable, "-c", _ARCHIVER, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
            assert process.stdout is not None
            process.stdout.readline()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=chance.uniform(0, 0.1))
            process.kill()
            acknowledged += 10 * (1 + len(process.stdout.read().split()))
    pointer = Archive(tmp_path).append(page_of(1))
    found = read_through(tmp_path / pointer.file)
    assert len(found) > acknowledged
    assert {body for _, body in found[:-1]} == {bytes(range(256)) * 400}


def test_a_missing_page_is_said_to_be_missing(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    pointer = archive.append(page_of(1))
    (tmp_path / pointer.file).write_bytes(b"")
    with pytest.raises(WarehouseUnusable, match=f"no page can be read at byte {pointer.offset}"):
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
    outbox.mark([taken(MAIL, "250 ok")], NOW)
    assert outbox.due(NOW + timedelta(days=9)) == []


def test_a_delayed_mail_waits_longer_each_time_and_then_dies(core: Core) -> None:
    outbox = Outbox(core)
    outbox.queue([MAIL], NOW)
    now, waits = NOW, []
    while due := outbox.due(now):
        outbox.mark([put_off(due[0], "451 later", now)], now)
        if not outbox.due(now + timedelta(days=2)):
            break
        waits.append(next(m for m in RETRY_MINUTES if outbox.due(now + timedelta(minutes=m))))
        assert outbox.due(now + timedelta(minutes=waits[-1], seconds=-1)) == []
        now += timedelta(minutes=waits[-1])
    assert tuple(waits) == RETRY_MINUTES
    assert now - NOW <= timedelta(hours=48)


def test_a_mail_that_failed_stands_behind_the_fresh_and_a_wild_clock_does_not_hold_it(core: Core) -> None:
    outbox, fresh, wild = Outbox(core), replace(MAIL, message_id="<fresh@example.org>"), NOW + timedelta(days=3650)
    outbox.queue([MAIL, fresh], NOW)
    outbox.mark([put_off(MAIL, "451 later", wild)], wild)
    assert [mail.message_id for mail in outbox.due(NOW)] == [fresh.message_id, MAIL.message_id]


def test_a_refused_mail_is_dead(core: Core) -> None:
    outbox = Outbox(core)
    outbox.queue([MAIL], NOW)
    outbox.mark([refused(MAIL, "550 no such user")], NOW)
    assert outbox.due(NOW + timedelta(days=9)) == []


def test_what_a_mail_said_is_forgotten_and_not_that_it_went(core: Core) -> None:
    outbox, waiting, later = Outbox(core), replace(MAIL, message_id="<waiting@example.org>"), NOW + timedelta(days=1)
    outbox.queue([MAIL, waiting], NOW)
    outbox.mark([taken(MAIL, "250 taken"), put_off(waiting, "451 later", NOW)], NOW)
    assert [outbox.forget(before, later) for before in (NOW, later, later)] == [0, 1, 0]
    assert outbox.queue([MAIL], later) == 0
    assert [mail.payload for mail in outbox.due(later)] == [MAIL.payload]
