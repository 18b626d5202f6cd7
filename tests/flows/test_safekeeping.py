"""What doctor says of damage, and of backups that cannot be brought back."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest
from click import UsageError
from click.testing import CliRunner, Result

from flows.command import marsad
from flows.exits import NO_WAREHOUSE
from marsad.errors import BadInput
from tests.warehouse.conftest import article_of, batch_of, record_of, store
from tests.warehouse.test_publishing import flip_each_block
from warehouse.blocks import Looked
from warehouse.core import Core
from warehouse.switching import Slots


@pytest.fixture
def core(tmp_path: Path) -> Core:
    made = Core(tmp_path / "data")
    made.create_or_migrate()
    store(made, batch_of(record_of(article_of(1))))
    made.publish()
    return made


def doctor(core: Core, *more: str) -> Result:
    return CliRunner().invoke(marsad, ["doctor", "--data", str(core.folder), *more], standalone_mode=False)


def test_doctor_reads_all_and_says_what_is_damaged_and_what_to_do(core: Core) -> None:
    flip_each_block(Slots(core.folder).current)
    done = doctor(core, "--json")
    found = {finding["name"]: finding for finding in json.loads(done.stdout)}
    assert found["warehouse"]["state"] == "ok"
    assert "damaged: " in found["published"]["said"]
    assert found["published"]["remedy"].endswith("run, which makes them anew")
    core.publish()
    assert core.damaged_readers_files() == []
    flip_each_block(core.file)
    done = doctor(core, "--json")
    found = {finding["name"]: finding for finding in json.loads(done.stdout)}
    assert done.return_value == NO_WAREHOUSE
    assert found["warehouse"]["said"].endswith("the file is damaged")
    assert found["warehouse"]["remedy"].startswith("restore a backup")
    assert found["published"]["state"] == "ok"


def test_half_a_compressed_backup_is_one_sentence(core: Core, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "backup.tar.gz", "w:gz") as tar:
        tar.add(core.file, "core.duckdb")
    content = (tmp_path / "backup.tar.gz").read_bytes()
    (tmp_path / "backup.tar.gz").write_bytes(content[: len(content) // 2])
    done = doctor(core, "--restore", str(tmp_path / "backup.tar.gz"))
    assert isinstance(done.exception, BadInput)  # the command line says it and ends with 2
    assert done.exception.reason == "is no backup that marsad doctor --backup wrote"


def test_a_backup_and_a_restore_are_not_asked_for_at_once(core: Core, tmp_path: Path) -> None:
    kept = tmp_path / "kept.tar"
    doctor(core, "--backup", str(kept))
    before = kept.read_bytes()
    done = doctor(core, "--backup", str(kept), "--restore", str(kept))
    assert isinstance(done.exception, UsageError)
    assert kept.read_bytes() == before


def test_doctor_says_what_it_looked_at_and_names_logs_put_aside(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Core, "verify", lambda _: Looked.ROWS)
    log = core.folder / "core.duckdb.wal.unreadable-20260310T093000.000000Z"
    log.write_bytes(b"garbage")
    (found,) = [one for one in json.loads(doctor(core, "--json").stdout) if one["name"] == "warehouse"]
    assert "every block" not in found["said"]
    assert Looked.ROWS.value in found["said"]
    assert str(log) in found["said"]
    assert found["state"] == "warn"
