"""Kills, locks, full disks, strange files: before or after, never between, and one sentence that says what to do."""

from __future__ import annotations

import base64
import errno
import fcntl
import os
import random
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from marsad.errors import WarehouseBusy, WarehouseUnusable
from tests.faults.readers import read_through
from tests.faults.writers import WRITER, kill_writers
from tests.warehouse.conftest import article_of, batch_of, kept_ids, polls_of, record_of, store
from warehouse.catalog import LOCK_FILE
from warehouse.core import Core
from warehouse.engine import logs_of
from warehouse.reader import Reader

KILLS = 3  #: a sample: each costs a second or two; bench/faults.py makes 60

#: What DuckDB 2.0 writes at the start of a file of its own storage version.
NEWER_FILE = (
    "c-rmRp$fua5Ww-zIb;tp27?7LjNufch+B{?SWLD#7Z>%j`Y3i^!EO*tB0hjVfW;ta7$S%c5d?+*uN-#=7p@(*SgzKy"
    "%Et71?ch)pZy8l>$97)#<9clnMMF1E^5>kx>CV`fTGrSo``vjc000000Kivl8&c|huUUBBR_=8*3tAR@RtEq8006+>"
    "n53tmBhBM2zdR5h-2eRl0RR910QfCenq@On"
)


@pytest.mark.timeout(600)  # four kills: seconds on a machine of one's own
def test_kills_at_any_moment_lose_and_double_nothing(tmp_path: Path) -> None:
    damage = kill_writers(tmp_path / "data", KILLS, seed=20260310)
    assert damage.found == ()
    assert damage.struck.total() == KILLS


@pytest.mark.timeout(600)
def test_readers_of_other_processes_meet_no_error_and_no_half_cycle(core: Core) -> None:
    seen = read_through(core, reader_count=6, publish_count=8, a_process=3)
    assert seen.wrong == ()
    assert seen.answer_count >= 6


def test_a_second_writer_waits_and_then_says_so(core: Core) -> None:
    with (core.folder / LOCK_FILE).open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(WarehouseBusy, match="another run is writing"):
            Core(core.folder, wait_seconds=0.05).append_polls(polls_of(1))
    assert core.append_polls(polls_of(1)) is True


def test_a_file_system_without_locks_is_named(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int, kind: int) -> None:
        raise OSError(errno.ENOLCK, f"no locks available for {descriptor} ({kind})")

    core.publish()
    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(WarehouseUnusable, match="its file system knows no locks; put the data folder on a local disk"):
        core.append_polls(polls_of(1))
    with pytest.raises(WarehouseUnusable, match="the readers' file cannot be read"):
        Reader(core.folder).query("select 1")


def test_what_stands_where_something_else_belongs_is_named(core: Core, tmp_path: Path) -> None:
    store(core, batch_of(record_of(article_of(1))))
    core.publish()
    published = ("published", "published/marsad.duckdb", "published/.standby.duckdb", "published/.suspected")
    for number, name in enumerate(("core.duckdb", "core.lock", *published)):
        other = Core(tmp_path / f"other-{number}")
        shutil.copytree(core.folder, other.folder)
        store(other, batch_of(record_of(article_of(2)), batch_id="later"))
        way = other.folder / name
        if name == "published":
            shutil.rmtree(way)
            way.write_text("a file where a folder belongs")
        else:
            way.unlink(missing_ok=True)
            way.mkdir()
        with pytest.raises(WarehouseUnusable, match=f"{name}:? .*is a f.* belongs; move it away and run again"):
            other.publish()
        if "marsad" in str(way):
            with pytest.raises(WarehouseUnusable, match=r"[^:]*: [^:]*belongs; move it away and run again"):
                Reader(other.folder).query("select 1")


def test_an_open_shell_on_the_writers_file_is_named(core: Core) -> None:
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); input()"
    command = [sys.executable, "-c", code, str(core.file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as shell:
        assert shell.stdout is not None
        shell.stdout.readline()
        with pytest.raises(WarehouseBusy, match="another program has it open; close it there"):
            core.append_polls(polls_of(1))
        shell.communicate("\n")
    assert core.append_polls(polls_of(1)) is True


def test_two_writers_at_once_take_turns(core: Core, root: Path) -> None:
    commands = [[sys.executable, "-c", WRITER, str(core.folder), str(first), str(first + 5)] for first in (0, 3)]
    writers = [subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=root) for command in commands]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert Reader(core.folder).query("select count(*), count(distinct article_id) from articles").rows == ((80, 80),)


def test_no_warehouse_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(WarehouseUnusable, match="there is no warehouse here yet; marsad run makes one"):
        Core(tmp_path).feed_states()


def test_a_new_warehouse_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    core = Core(tmp_path)
    core.file.with_name(".core.duckdb.new").write_bytes(b"what a killed one left")
    core.file.with_name("core.duckdb.wal").write_bytes(b"the log of one that was deleted")

    def no_space(self: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, f"no space left for {self} to be {target}")

    with monkeypatch.context() as full:
        full.setattr(Path, "replace", no_space)
        with pytest.raises(WarehouseUnusable, match="the disk is full"):
            core.create_or_migrate()
    assert [file.name for file in tmp_path.iterdir()] == [LOCK_FILE]
    core.create_or_migrate()
    assert core.append_polls(polls_of(1)) is True


@pytest.mark.parametrize("damage", ["garbage", "empty", "cut", "scratched"])
def test_a_damaged_file_is_said_to_be_damaged_every_time(core: Core, damage: str) -> None:
    store(core, batch_of(*(record_of(article_of(number)) for number in range(50))))
    content = bytearray(core.file.read_bytes())
    if damage == "scratched":
        content[20_000:40_000] = random.Random(1).randbytes(20_000)
    spoilt = {"garbage": b"x" * 9000, "empty": b"", "cut": bytes(content[: len(content) // 2])}.get(
        damage, bytes(content)
    )
    core.file.write_bytes(spoilt)
    for _ in range(2):
        with pytest.raises(WarehouseUnusable, match="the file is damaged; restore a backup"):
            store(core, batch_of(record_of(article_of(99)), batch_id="later"))


@pytest.fixture
def killed(core: Core, tmp_path: Path) -> Core:
    """A warehouse whose last writer was killed behind its commit: a batch stands in the log alone."""
    store(core, batch_of(record_of(article_of(1))))
    core.publish()
    with core.writing() as transaction:
        transaction.append_articles(batch_of(record_of(article_of(2)), batch_id="later"))
        transaction.connection.commit()
        shutil.copytree(core.folder, tmp_path / "killed")
        transaction.connection.begin()
    left = Core(tmp_path / "killed")
    assert logs_of(left.file)[0].exists()
    return left


def _flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]


@pytest.mark.parametrize(
    ("spoil", "kept"),
    [
        (lambda log: log + bytes(5000), 2),
        (lambda log: log + bytes(3 << 20), 2),
        (lambda log: log[: len(log) // 2], 1),
        (_flipped, 1),
        (lambda log: bytes(len(log)), 1),
        (lambda _: b"garbage" * 50, 1),
    ],
    ids=["zeros-behind", "many-zeros-behind", "cut", "flipped", "zeros", "garbage"],
)
def test_what_stands_in_the_log_alone_is_taken_over_or_comes_again(
    killed: Core, spoil: Callable[[bytes], bytes], kept: int
) -> None:
    log = logs_of(killed.file)[0]
    log.write_bytes(spoil(log.read_bytes()))
    killed.publish()
    assert not log.exists()  # so that nothing is published that the log can take with it
    assert Reader(killed.folder).query("select count(*) from articles").rows == ((kept,),)
    again = store(killed, batch_of(record_of(article_of(2)), batch_id="later"))
    assert (again is None) == (kept == 2)
    assert kept_ids(killed) == {article_of(1).id, article_of(2).id}


def test_a_log_of_another_state_is_put_aside(killed: Core) -> None:
    log = logs_of(killed.file)[0]
    content = log.read_bytes()
    assert killed.append_polls(polls_of(1)) is True
    for at in (1_773_135_000, 1_773_135_900):
        log.write_bytes(content)
        os.utime(log, (at, at))
        killed.publish()
    names = [f"core.duckdb.wal.unreadable-20260310T09{minute}00.000000Z" for minute in (30, 45)]
    assert killed.unread_logs() == [killed.folder / name for name in names]
    assert [aside.read_bytes() for aside in killed.unread_logs()] == [content] * 2
    assert len(kept_ids(killed)) == 2


def test_a_damaged_file_keeps_its_log(killed: Core) -> None:
    log = logs_of(killed.file)[0]
    content = log.read_bytes()
    killed.file.write_bytes(b"damaged" * 9000)
    with pytest.raises(WarehouseUnusable, match="the file is damaged; restore a backup"):
        kept_ids(killed)
    assert log.read_bytes() == content


def test_a_file_of_a_newer_engine_is_said_to_be_newer(tmp_path: Path) -> None:
    core = Core(tmp_path)
    core.file.write_bytes(zlib.decompress(base64.b85decode("".join(NEWER_FILE))))
    with pytest.raises(WarehouseUnusable, match="written by a newer DuckDB; upgrade Marsad"):
        core.create_or_migrate()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("insert into core.schema_version values (99, 'x', 'x', null)", "written by a newer Marsad"),
        ("update core.schema_version set checksum = 'x'", "schema 1 is not this version's"),
    ],
    ids=["newer", "altered"],
)
def test_a_schema_that_is_not_ours_is_not_touched(core: Core, change: str, said: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{core.file}' as warehouse")
        connection.execute("use warehouse")
        connection.execute(change)
    with pytest.raises(WarehouseUnusable, match=said):
        core.create_or_migrate()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_a_read_only_folder_is_said_to_be_read_only(open_folder: Path) -> None:
    core = Core(open_folder / "data")
    core.create_or_migrate()
    core.file.chmod(0o444)
    core.folder.chmod(0o555)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)  # root may write anything
    try:
        with pytest.raises(WarehouseUnusable, match="cannot be written; check the permissions"):
            core.append_polls(polls_of(1))
        with pytest.raises(WarehouseUnusable, match="cannot be written; check the permissions"):
            core.publish()
    finally:
        if is_root:
            os.seteuid(0)
        core.folder.chmod(0o755)


_FILLER = """
import random, resource, sys
from pathlib import Path
from tests.faults.readers import read_through
from tests.faults.writers import WRITER, kill_writers
from tests.warehouse.conftest import article_of, batch_of, record_of, store
from warehouse.core import Core
core = Core(Path(sys.argv[1]))
noise = random.Random(1)
records = [record_of(article_of(n, body=noise.randbytes(20_000).hex())) for n in range(100, 200)]
resource.setrlimit(resource.RLIMIT_FSIZE, (core.file.stat().st_size + 200_000,) * 2)
try:
    store(core, batch_of(*records, batch_id="big"))
except Exception as error:
    print(type(error).__name__, error)
"""


def test_a_full_disk_is_said_to_be_full_and_loses_nothing(core: Core, root: Path) -> None:
    store(core, batch_of(record_of(article_of(1))))
    command = [sys.executable, "-c", _FILLER, str(core.folder)]
    said = subprocess.run(command, capture_output=True, text=True, cwd=root, check=True).stdout
    assert said.startswith("WarehouseUnusable")
    assert "the disk is full; free some space and run again" in said
    kept = kept_ids(core)
    assert article_of(1).id in kept
    assert len(kept) in {1, 101}
    assert core.append_polls(polls_of(1)) is True
