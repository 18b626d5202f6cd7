"""Debian's PostgreSQL on loopback, for as long as a `with` block lasts."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MISSING = "there is no PostgreSQL here; on Debian: apt-get install postgresql"
_USER = "marsad"


def programs() -> Path | None:
    """Return the folder of the newest server's programs, None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).parent if named else None


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server that trusts whoever reaches it on 127.0.0.1."""

    bin: Path
    port: int

    def database(self, name: str) -> str:
        """Make a database and return how libpq reaches it."""
        subprocess.run([self.bin / "createdb", *self._where, name], check=True)
        return f"host=127.0.0.1 port={self.port} user={_USER} dbname={name}"

    def cut(self, session: str) -> None:
        """End the sessions that call themselves so, as a server that restarts does."""
        sql = f"select pg_terminate_backend(pid) from pg_stat_activity where application_name = '{session}'"
        command = [self.bin / "psql", *self._where, "--dbname=postgres", "--quiet", "--output=/dev/null"]
        subprocess.run([*command, "--command", sql], check=True)

    @property
    def _where(self) -> tuple[str, ...]:
        return ("--host=127.0.0.1", f"--port={self.port}", f"--username={_USER}")


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Run a server of its own in a folder of its own; root hands it to the user postgres, as it refuses root."""
    folder = programs()
    assert folder is not None, MISSING
    with tempfile.TemporaryDirectory() as name:
        owner = "postgres" if os.geteuid() == 0 else None
        if owner:
            shutil.chown(name, owner)
        data, port = Path(name) / "data", _free_port()
        _run(owner, folder / "initdb", "--pgdata", data, "--auth=trust", f"--username={_USER}", "--no-sync")
        # Without fsync a machine that loses power loses data; a process that is killed does not.
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        control = (folder / "pg_ctl", "--pgdata", data, "--log", Path(name) / "log")
        _run(owner, *control, "--wait", "--options", options, "start")
        try:
            yield Postgres(folder, port)
        finally:
            _run(owner, *control, "--wait", "--mode=immediate", "stop")


def _run(owner: str | None, *command: str | Path) -> None:
    subprocess.run(command, check=True, user=owner, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port: int = asking.getsockname()[1]
    return port
