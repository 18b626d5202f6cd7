"""The files of a lake in S3: written, published, merged and deleted there, and refused in one sentence."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from marsad.errors import WarehouseUnusable
from tests.faults.operating import free_port, listening_addresses, wait_for
from tests.postgres import MISSING, postgres, programs
from tests.warehouse.conftest import article_of, batch_of, record_of, store
from warehouse.core import Core
from warehouse.lake import Lake
from warehouse.reader import Reader

pytestmark = [pytest.mark.skipif(programs() is None, reason=MISSING), pytest.mark.timeout(600)]

RECORDS = [record_of(article_of(number)) for number in range(40)]  #: a few rows alone would stay in the catalog


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a bucket on loopback, told to DuckDB as docs/scale.md says."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("moto_server")), "--host=127.0.0.1", f"--port={port}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for("an S3 on loopback", lambda: "127.0.0.1" in listening_addresses(port))
            urlopen(Request(f"http://127.0.0.1:{port}/lake", method="PUT")).close()
            told = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
            told |= {"DUCKDB_S3_ENDPOINT": f"127.0.0.1:{port}", "DUCKDB_S3_USE_SSL": "false"}
            for name, value in told.items():
                monkeypatch.setenv(name, value)
            yield f"http://127.0.0.1:{port}/lake"
        finally:
            server.terminate()


def test_files_of_a_lake_may_lie_in_s3(bucket: str, tmp_path: Path) -> None:
    with postgres() as server:
        core = Core(tmp_path, lake=Lake(server.database("s3"), "s3://lake/files"))
        core.create_or_migrate()
        for number in (0, 1):
            store(core, batch_of(*RECORDS[number::2], batch_id=f"b{number}"))
        core.tend()
        core.publish()
        assert Reader(tmp_path).query("select count(*) from articles").rows == ((40,),)
        assert b"files/core/article/" in urlopen(bucket).read()
        elsewhere = Core(tmp_path / "elsewhere", lake=Lake(server.database("other"), "s3://nowhere/files"))
        elsewhere.create_or_migrate()
        with pytest.raises(WarehouseUnusable, match="its files on S3 cannot be reached"):
            store(elsewhere, batch_of(*RECORDS))
