"""Owns one child process of `marsad up`, whose output goes to a log file that rotates."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO

from flows.journal import rotating, write_line

STOP_SECONDS = 15.0  #: a Prefect server answers SIGTERM within 3 s, a worker within 1 (measured)


def child_words(module: str, *words: str) -> tuple[str, ...]:
    """Return the command that runs a module of ours as a child of this process, whose id it is told first."""
    return (sys.executable, "-m", module, str(os.getpid()), *words)


def prefect_words(*words: str) -> tuple[str, ...]:
    """Return the command that runs `prefect WORDS...` as a child of this process."""
    return child_words("flows.prefect_child", *words)


@dataclass(slots=True)
class Program:
    """A command that is started, looked at and stopped."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    folder: Path  #: it works in
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _reader: threading.Thread | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it, in a session of its own: Ctrl-C reaches it through us alone, in order."""
        self._process = subprocess.Popen(  # noqa: S603  our own command line
            self.command,
            cwd=self.folder,
            env=dict(self.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=_pour, args=(self._process.stdout, rotating(self.log)), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int | None:
        """The id of its process, None before the first start."""
        return self._process.pid if self._process else None

    @property
    def is_running(self) -> bool:
        """Whether its process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """How it ended: its exit code, or the negative number of a signal; None before it has."""
        return self._process.poll() if self._process else None

    def wait(self, seconds: float | None = None) -> int | None:
        """Return its exit code when it has ended, None where that takes longer than `seconds`."""
        if self._process is None:
            return None
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def drain(self, seconds: float = STOP_SECONDS) -> None:
        """Wait until what it said stands in the log; whom it started may hold its output open longer."""
        if self._reader is not None:
            self._reader.join(seconds)

    def ask_to_end(self) -> None:
        """Send it SIGTERM, where it runs."""
        if self._process is not None and self.is_running:
            self._process.terminate()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """End it: asked first, killed after `seconds`, with all that is in its session."""
        if self._process is None or not self.is_running:
            return
        self.ask_to_end()
        if self.wait(seconds) is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self.drain()


def _pour(stream: IO[bytes] | None, handler: RotatingFileHandler) -> None:
    """Write every line of the stream to the log, as it comes."""
    if stream is None:
        return
    with stream:
        for line in stream:
            text = line.decode("utf-8", "replace").rstrip("\n")
            write_line(handler, text)
    handler.close()
