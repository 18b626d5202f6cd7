"""Taking pages out of the archive: what goes, and that nothing else moves."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from marsad.errors import BadInput, WarehouseUnusable
from marsad.sources import Page
from warehouse.archive import Archive
from warehouse.forgetting import forget_page, trim_archive

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
WANTED = "https://example.org/news/2"
ENCODED = "https://example.org/%D8%AE%D8%A8%D8%B1"  # news


def page_of(url: str, body: bytes = b"<p>text</p>", at: datetime = AT, final_url: str = "") -> Page:
    return Page(url, final_url or url, 200, (("content-type", "text/html"),), body, at)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def test_one_page_goes_and_all_others_stay_where_they_are(archive: Archive) -> None:
    pages = [page_of(f"https://example.org/news/{n}", b"<p>%d</p>" % n * 200) for n in range(4)]
    pointers = archive.append_all(pages)
    file = archive.folder / pointers[0].file
    size = file.stat().st_size
    assert forget_page(archive, WANTED) == 1
    assert archive.find(pointers[2]) is None
    assert [archive.read(pointers[n]).body for n in (0, 1, 3)] == [pages[n].body for n in (0, 1, 3)]
    assert file.stat().st_size == size
    with pytest.raises(WarehouseUnusable):
        archive.read(pointers[2])
    with file.open("rb") as stream:
        told = [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI")) for record in ArchiveIterator(stream)
        ]
    kinds = {0: "warcinfo", 3: "metadata"}
    left = {1: pages[0].url, 2: pages[1].url, 4: pages[3].url}
    assert told == [(kinds.get(place, "response"), left.get(place)) for place in range(5)]


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        pytest.param(page_of(ENCODED), "https://example.org/خبر?utm_source=rss", id="another spelling"),
        pytest.param(page_of("https://example.org/r/1", final_url=WANTED), WANTED, id="behind a redirect"),
        pytest.param(page_of(WANTED, final_url="https://example.org/n/2"), WANTED, id="before a redirect"),
        pytest.param(page_of(WANTED, b""), WANTED, id="empty page"),
        pytest.param(page_of(WANTED, bytes(range(256)) * 20_000), WANTED, id="large page"),
    ],
)
def test_a_page_is_found_however_it_was_reached(archive: Archive, kept: Page, asked: str) -> None:
    pointer, other = archive.append_all([kept, page_of("https://example.org/other")])
    assert forget_page(archive, asked) == 1
    assert archive.find(pointer) is None
    assert archive.read(other).url == "https://example.org/other"
    assert forget_page(archive, asked) == 0


def test_what_is_appended_after_that_can_be_read(archive: Archive) -> None:
    archive.append(page_of(WANTED))
    forget_page(archive, WANTED)
    assert archive.read(archive.append(page_of(WANTED, b"again"))).body == b"again"


def test_every_fetch_of_a_page_on_every_day_goes(archive: Archive) -> None:
    for day in (18, 19, 20):
        archive.append_all(
            [page_of(WANTED, at=AT.replace(day=day)), page_of("https://example.org/x", at=AT.replace(day=day))]
        )
    assert forget_page(archive, WANTED) == 3


@pytest.mark.parametrize("start", [0, 10, 150, 400], ids=["head", "head's middle", "behind the head", "page"])
def test_a_damaged_file_is_named_and_left_alone(archive: Archive, start: int) -> None:
    pointer = archive.append(page_of(WANTED))
    file = archive.folder / pointer.file
    whole = file.read_bytes()
    file.write_bytes(whole[:start] + bytes(100) + whole[start + 100 :])
    before = file.read_bytes()
    with pytest.raises(WarehouseUnusable):
        forget_page(archive, WANTED)
    assert file.read_bytes() == before


def test_a_torn_tail_is_cut_off_first(archive: Archive) -> None:
    pointers = archive.append_all([page_of(WANTED), page_of("https://example.org/other")])
    file = archive.folder / pointers[0].file
    with file.open("ab") as stream:
        stream.write(file.read_bytes()[pointers[0].offset : pointers[1].offset - 20])
    assert forget_page(archive, WANTED) == 1
    assert archive.read(pointers[1]).url == "https://example.org/other"


def test_what_is_no_address_is_refused_and_an_archive_that_is_not_there_holds_nothing(archive: Archive) -> None:
    with pytest.raises(BadInput):
        forget_page(archive, "news/2")
    assert forget_page(archive, WANTED) == 0
    assert trim_archive(archive, date(2026, 11, 20)) == 0


def test_old_days_go_and_the_archive_goes_on(archive: Archive) -> None:
    pointers = archive.append_all([page_of(WANTED, at=AT.replace(day=day)) for day in (17, 18, 19)])
    assert trim_archive(archive, date(2026, 11, 19)) == 2
    assert [archive.find(pointer) is None for pointer in pointers] == [True, True, False]
    assert trim_archive(archive, date(2026, 12, 1)) == 1
    assert archive.read(archive.append(page_of(WANTED, b"new"))).body == b"new"
