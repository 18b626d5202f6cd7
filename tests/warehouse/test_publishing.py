"""The readers' file: whole, switched in one step, and nobody's to block."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import duckdb
import pytest

from marsad.errors import BadInput, WarehouseUnusable
from tests.warehouse.conftest import article_of, batch_of, polls_of, record_of, store
from warehouse import blocks, publishing
from warehouse.backup import back_up, restore
from warehouse.blocks import BLOCK_BYTES, HEADER_BYTES
from warehouse.core import Core
from warehouse.engine import reading_from
from warehouse.publishing import PUBLIC_TABLES
from warehouse.reader import Reader
from warehouse.switching import Slots, held_by_writer


def add(core: Core, number: int) -> None:
    store(core, batch_of(record_of(article_of(number)), batch_id=f"articles-{number}"))


def count(core: Core) -> int:
    found: int = Reader(core.folder).query("select count(*) from articles").rows[0][0]
    return found


@contextmanager
def other_process_reading(file: Path) -> Iterator[Callable[[], int]]:
    """Hold `file` open in another process; what is given asks it how many articles it sees."""
    code = (
        "import duckdb, sys\n"
        "c = duckdb.connect(sys.argv[1], read_only=True)\n"
        "for line in sys.stdin: print(c.execute('select count(*) from articles').fetchone()[0], flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def ask() -> int:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write("\n")
            process.stdin.flush()
            return int(process.stdout.readline())

        ask()
        yield ask


def test_each_cycle_adds_to_what_readers_see(core: Core) -> None:
    for number in range(1, 6):
        add(core, number)
        core.publish()
        assert count(core) == number


def test_two_files_take_turns(core: Core) -> None:
    used = []
    for number in range(1, 5):
        add(core, number)
        core.publish()
        used.append(Slots(core.folder).current.stat().st_ino)
    assert used[0] == used[2] != used[1] == used[3]


def test_publishing_without_news_changes_no_file(core: Core) -> None:
    add(core, 1)
    core.publish()
    before = Slots(core.folder).current.stat()
    core.publish()
    after = Slots(core.folder).current.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_published_file_equals_the_writers(core: Core) -> None:
    core.append_polls(polls_of(1, 2, batch_id="a"))
    for number in range(1, 4):
        add(core, number)
        core.append_polls(polls_of(number, number + 1, batch_id=f"b{number}"))
        core.publish()
    with duckdb.connect() as connection:
        connection.execute(f"attach '{core.file}' as writers (read_only)")
        connection.execute(f"attach '{Slots(core.folder).current}' as readers (read_only)")
        for table in PUBLIC_TABLES:
            one, other = (f"from {side}.core.{table}" for side in ("writers", "readers"))
            assert (
                connection.execute(f"({one} except all {other}) union all ({other} except all {one})").fetchall() == []
            )


def test_a_reader_open_for_days_keeps_its_snapshot_and_blocks_nothing(core: Core) -> None:
    add(core, 1)
    core.publish()
    with other_process_reading(Slots(core.folder).current) as ask:
        for number in range(2, 6):
            add(core, number)
            core.publish()
            assert ask() == 1
            assert count(core) == number


def test_readers_in_threads_see_whole_cycles_only(core: Core) -> None:
    add(core, 1)
    core.publish()
    seen: list[tuple[int, int]] = []
    wrong: list[Exception] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            try:
                sql = "select (select count(*) from core.article), (select count(*) from core.mention)"
                seen.append(Reader(core.folder).query(sql).rows[0])
            except Exception as error:  # noqa: BLE001  the test shows whatever it is
                wrong.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(2, 12):
        add(core, number)
        core.publish()
    is_over.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert seen
    assert all(articles == mentions for articles, mentions in seen)


def test_what_is_read_is_held_though_a_switch_came_while_it_was_opened(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the writer may change it under a thread whose neighbour closes the file, and with it DuckDB's lock."""
    add(core, 1)
    core.publish()
    opened: list[int] = []

    @contextmanager
    def late(file: Path, name: str) -> Iterator[duckdb.DuckDBPyConnection]:
        opened.append(len(opened))
        if len(opened) == 1:
            add(core, 2)
            core.publish()
        with reading_from(file, name) as connection:
            yield connection

    monkeypatch.setattr("warehouse.reader.reading_from", late)
    with Reader(core.folder).held() as reader, held_by_writer(reader.file) as stream:
        assert stream is None
        assert reader.topic_days(1, "UTC")[-1].article_count == 2
    assert len(opened) == 2


@pytest.mark.parametrize("left", ["fresh", "filling up", "switching", "switched"])
def test_a_killed_publishing_is_mended_by_the_next(core: Core, left: str) -> None:
    add(core, 1)
    core.publish()
    add(core, 2)
    core.publish()
    slots = Slots(core.folder)
    if left == "fresh":
        slots.fresh.write_bytes(b"half a copy")
    elif left == "filling up":
        with slots.standby.open("ab") as stream:
            stream.write(bytes(BLOCK_BYTES // 2))
    else:
        slots.standby.rename(slots._next)
    if left == "switched":
        os.link(slots.current, slots.standby)
    add(core, 3)
    core.publish()
    assert count(core) == 3
    assert not slots.standby.samefile(slots.current)
    add(core, 4)
    core.publish()
    assert count(core) == 4
    assert core.damaged_readers_files() == []


def flip_a_byte(file: Path, block: int) -> None:
    at = HEADER_BYTES + block * BLOCK_BYTES + 5000
    with file.open("r+b") as stream:
        stream.seek(at)
        (byte,) = stream.read(1)
        stream.seek(at)
        stream.write(bytes([byte ^ 255]))


def flip_each_block(file: Path) -> None:
    for block in range((file.stat().st_size - HEADER_BYTES) // BLOCK_BYTES):
        flip_a_byte(file, block)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "emptied": lambda file: file.write_bytes(b""),
    "garbage": lambda file: file.write_bytes(b"spoilt" * 5000),
    "cut": lambda file: os.truncate(file, file.stat().st_size // 2),
    "cut between blocks": lambda file: os.truncate(file, HEADER_BYTES + 3 * BLOCK_BYTES),
    "bytes flipped": flip_each_block,
    "a byte flipped": lambda file: flip_a_byte(file, 1),
    "another log": lambda file: file.with_name(f"{file.name}.wal").write_bytes(bytes(99)),
}


@pytest.mark.parametrize(
    ("names", "damage"),
    [
        *((("current",), damage) for damage in DAMAGES),
        (("standby",), "a byte flipped"),
        (("current", "standby"), "garbage"),
        (("current", "standby"), "cut"),
    ],
    ids=lambda told: "+".join(told) if isinstance(told, tuple) else told,
)
def test_damaged_readers_files_are_made_anew(core: Core, names: tuple[str, ...], damage: str) -> None:
    for number in (1, 2):
        add(core, number)
        core.publish()
    slots = Slots(core.folder)
    for name in names:
        DAMAGES[damage](getattr(slots, name))
    with suppress(WarehouseUnusable):  # it is looked at where somebody met the damage, and in the nights
        Reader(core.folder).query("select sum(length(body)), max(headline_key) from articles, core.entry")
    core.tend()
    for number in (3, 4):
        core.publish()
        assert core.damaged_readers_files() == []
        assert count(core) == number - 1
        add(core, number)


def test_what_a_reader_meets_the_next_publishing_mends(core: Core) -> None:
    add(core, 1)
    core.publish()
    flip_each_block(Reader(core.folder).file)
    for _ in range(2):
        with pytest.raises(WarehouseUnusable, match="the readers' file is damaged; marsad run makes it anew"):
            Reader(core.folder).query("from articles")
    core.publish()
    assert count(core) == 1
    assert not Slots(core.folder).is_suspected


@pytest.mark.parametrize("first", ["noted before", "first noted"])
def test_damage_met_while_it_is_published_is_looked_for_by_the_next(
    core: Core, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(core, 1)
    slots = Slots(core.folder)
    core.publish()
    if first == "noted before":
        slots.suspect()
    with monkeypatch.context() as met:
        met.setattr(Slots, "switch", lambda self, switch=Slots.switch: (switch(self), self.suspect()))
        add(core, 2)
        core.publish()
    assert slots.is_suspected
    core.publish()
    assert not slots.is_suspected


def test_a_damaged_file_is_not_brought_up_to_date(core: Core) -> None:
    for number in (1, 2):
        add(core, number)
        core.publish()
    flip_each_block(Slots(core.folder).standby)
    add(core, 3)
    core.publish()
    assert count(core) == 3
    assert core.damaged_readers_files() == []


def test_each_file_is_looked_at_part_by_part(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: dict[int, list[int]] = {}
    look = publishing.is_partly_whole

    def noting(connection: duckdb.DuckDBPyConnection, file: Path, stream: BinaryIO, turn: int) -> bool:
        is_whole = look(connection, file, stream, turn)
        looked.setdefault(file.stat().st_ino, []).append((stream.tell() - HEADER_BYTES) // BLOCK_BYTES)
        return is_whole

    monkeypatch.setattr(publishing, "is_partly_whole", noting)
    monkeypatch.setattr(blocks, "PART_BLOCKS", 1)
    for number in range(1, 8):
        add(core, number)
        core.publish()
    assert len(looked) == 2
    assert all([at - parts[0] for at in parts] == list(range(len(parts))) for parts in looked.values())
    assert all(len(parts) > 2 for parts in looked.values())


def test_a_file_that_is_brought_up_to_date_stays_locked_against_other_programs(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 3):
        add(core, number)
        core.publish()
    code = "import duckdb, sys; duckdb.connect(sys.argv[1], read_only=True)"
    index, said = publishing.index_newer, []

    def while_another_opens_it(connection: duckdb.DuckDBPyConnection) -> None:
        command = [sys.executable, "-c", code, str(Slots(core.folder).standby)]
        said.append(subprocess.run(command, capture_output=True, text=True, check=False).stderr)
        index(connection)

    monkeypatch.setattr(publishing, "index_newer", while_another_opens_it)
    add(core, 4)
    core.publish()
    assert len(said) == 1
    assert "Could not set lock" in said[0]


def test_what_fills_a_file_is_part_of_its_shape(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = {publishing.face_checksum()}
    for name, other in (("FOLD", {}), ("STORAGE_VERSION", "v9"), ("PUBLIC_TABLES", ())):
        with monkeypatch.context() as version:
            version.setattr(publishing, name, other)
            shapes.add(publishing.face_checksum())
    fillers = (
        "sql/publish.sql",
        "sql/calendar.sql",
        "sql/index.sql",
        "calendars.py",
        "indexing.py",
        "../marsad/arabic.py",
    )
    read = Path.read_text
    for name in fillers:
        file = (root / "warehouse" / name).resolve()
        assert file.is_file()
        with monkeypatch.context() as version:
            version.setattr(
                Path, "read_text", lambda path, *how, file=file, **more: read(path, *how, **more) + "-" * (path == file)
            )
            shapes.add(publishing.face_checksum())
    assert len(shapes) == 1 + 3 + len(fillers)


def test_tables_that_lack_what_was_published_are_refused_until_somebody_decides(core: Core, tmp_path: Path) -> None:
    add(core, 1)
    earlier = core.file.read_bytes()
    back_up(core.folder, tmp_path / "backup.tar")
    add(core, 2)
    core.publish()
    core.file.write_bytes(earlier)
    for work in (core.create_or_migrate, core.publish):
        with pytest.raises(WarehouseUnusable, match="lack what readers were given already; nothing was written"):
            work()
    assert (count(core), core.file.read_bytes()) == (2, earlier)
    add(core, 3)  # another batch of that number says no more
    with pytest.raises(WarehouseUnusable, match="or move published/ away and run marsad run"):
        core.publish()
    restore(tmp_path / "backup.tar", core.folder)
    assert count(core) == 1
    core.create_or_migrate()
    core.file.write_bytes(earlier)
    Slots(core.folder).current.parent.rename(tmp_path / "aside")
    core.create_or_migrate()
    core.publish()
    assert count(core) == 1


def test_a_file_of_another_shape_is_made_anew(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    add(core, 1)
    core.publish()
    with monkeypatch.context() as other_version:
        other_version.setattr("warehouse.publishing.PUBLIC_TABLES", (*PUBLIC_TABLES, "validator"))
        core.publish()
        assert Reader(core.folder).query("select count(*) from core.validator").rows == ((0,),)
    core.publish()
    tables = Reader(core.folder).query("select table_name from duckdb_tables()").rows
    assert ("validator",) not in tables


def test_only_the_published_file_has_a_visible_name(core: Core) -> None:
    for number in (1, 2, 3):
        add(core, number)
        core.publish()
    visible = [file.name for file in Slots(core.folder).current.parent.iterdir() if not file.name.startswith(".")]
    assert visible == ["marsad.duckdb"]


def test_no_query_is_told_as_such(core: Core) -> None:
    core.publish()
    with pytest.raises(BadInput, match="there is no query"):
        Reader(core.folder).query("  ;")
