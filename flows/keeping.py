"""Owns the order in which `marsad up` starts Prefect's server and worker, keeps them alive, and ends them.

Up: server, then what is installed in it, then the worker, each when the one before answers. Down: the worker, which
lets no further run begin and waits for the cycle at work (told to end, it finishes what it is storing and publishes),
then the server.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flows.engine import POOL, Engine
from flows.programs import STOP_SECONDS, Program, child_words, prefect_words
from marsad.errors import EngineDown
from warehouse.engine import is_held
from warehouse.prefect_file import give_back_free_pages, put_aside_if_damaged

_START_SECONDS = 300.0  #: a server answers within 8 s and a worker within 6 on an idle machine; a loaded one has time
_LOOK_SECONDS = 0.5
_HEALTH_SECONDS = 15.0  #: between two questions whether server and worker still answer
_SILENT_SECONDS = 120.0  #: then one that lives and does not answer is started again, unless it begins just now
_CYCLE_SECONDS = 90.0  #: a transaction holds the lock for seconds, a page in flight is given up at once
END_SECONDS = _CYCLE_SECONDS + 2 * STOP_SECONDS  #: of cycle, worker and server; what stops us from outside waits longer
_FIRST_WAIT_SECONDS = 2.0  #: before a program that died is started again; doubled with each further death
_LONGEST_WAIT_SECONDS = 60.0
_CALM_SECONDS = 120.0  #: a program that lived so long begins with the first wait again
_LATE = timedelta(minutes=5)  #: what is due so long waits for a worker that is paused; see prefect.yaml

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What whoever runs us has asked for."""

    stop: threading.Event = field(default_factory=threading.Event)
    hurry: threading.Event = field(default_factory=threading.Event)  #: stop, and wait for nothing but the data

    def end(self) -> None:
        """Ask for the end; asked again, for a quick one."""
        (self.hurry if self.stop.is_set() else self.stop).set()


@dataclass(slots=True)
class Tended:
    """A program with the memory of its deaths."""

    program: Program
    starts_at: float = 0.0  #: by the monotonic clock: not before
    started_at: float = 0.0
    heard_at: float = 0.0  #: when it answered last
    wait_seconds: float = 0.0

    def start(self) -> None:
        """Start it."""
        self.program.start()
        self.started_at, self.starts_at = time.monotonic(), 0.0

    def look(self, say: Say) -> None:
        """Start it again where it died and its time has come."""
        now = time.monotonic()
        if self.program.is_running:
            return
        if not self.starts_at:
            calm = not self.wait_seconds or now - self.started_at > _CALM_SECONDS
            self.wait_seconds = _FIRST_WAIT_SECONDS if calm else min(2 * self.wait_seconds, _LONGEST_WAIT_SECONDS)
            self.starts_at = now + self.wait_seconds
            ended = f"the {self.program.name} ended ({self.program.exit_code})"
            say(f"{ended}; it is started again in {self.wait_seconds:.0f} s, its words are in {self.program.log}")
        elif now >= self.starts_at:
            self.start()
            say(f"the {self.program.name} is started again")

    def listen(self, answers: Callable[[], bool], say: Say) -> bool:
        """Stop it where it lives and has not answered for long, so that the next look finds it dead."""
        now = time.monotonic()
        if not self.program.is_running:
            return False
        if answers():
            self.heard_at = now
            return True
        if now > max(self.heard_at + _SILENT_SECONDS, self.started_at + _START_SECONDS):
            say(f"the {self.program.name} lives and does not answer; it is stopped")
            self.program.stop()
        return False


@dataclass(slots=True)
class Keeper:
    """Server and worker of one data folder."""

    engine: Engine
    wishes: Wishes
    say: Say
    _server: Tended = field(init=False)
    _worker: Tended = field(init=False)
    _asked_at: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        address = ("--host", self.engine.host, "--port", str(self.engine.port))
        self._server = Tended(self._program("server", *prefect_words("server", "start", *address)))
        self._worker = Tended(self._program("worker", *child_words("flows.worker")))

    def keep(self) -> None:
        """Start all, and keep it running until the end is asked for; then end all, in order.

        Raises:
            EngineDown: a program ended, or did not answer, before all was up.
        """
        try:
            self._begin()
            while not self.wishes.stop.wait(_LOOK_SECONDS):
                self._look()
        finally:
            self._end()

    def _program(self, name: str, *command: str) -> Program:
        log = self.engine.logs / f"{name}.log"
        return Program(name, command, self.engine.environment(), log, self.engine.folder)

    def _begin(self) -> None:
        shutil.rmtree(self.engine.temporary, ignore_errors=True)
        self.engine.temporary.mkdir(parents=True, exist_ok=True)
        history = self.engine.folder / "prefect.db"
        if aside := put_aside_if_damaged(history, datetime.now(UTC)):
            self.say(f"the Prefect database is damaged; another is begun without its runs and blocks, it is {aside}")
        if given_back := give_back_free_pages(history):
            self.say(f"the Prefect database gave back {given_back >> 20} MB that old runs had taken")
        self.engine.note_address()
        self.say("starting the Prefect server ...")
        self._server.start()
        self._wait_for(self._server.program, self.engine.server.answers)
        self.say("installing work pool, automation and deployments ...")
        installer = self._program("installer", *child_words("flows.installing"))
        installer.start()
        self._wait_for(installer, lambda: not installer.is_running)
        if not self.wishes.stop.is_set() and installer.exit_code:
            raise EngineDown("the installer", f"ended with {installer.exit_code}; its words are in {installer.log}")
        if self.wishes.stop.is_set():
            installer.stop()
            return
        self.say("starting the worker ...")
        self.engine.server.catch_up_once(timedelta())
        self._worker.start()
        self._wait_for(self._worker.program, self._has_worker)
        if not self.wishes.stop.is_set():
            self.say(f"all is up: {self.engine.ui}")

    def _has_worker(self) -> bool:
        return self.engine.server.has_worker(POOL)

    def _wait_for(self, program: Program, is_there: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not is_there() and not self.wishes.stop.wait(_LOOK_SECONDS):
            if not program.is_running and not is_there():
                raise EngineDown(
                    f"the {program.name}", f"ended with {program.exit_code}; its words are in {program.log}"
                )
            if time.monotonic() > deadline:
                raise EngineDown(f"the {program.name}", f"does not answer; its words are in {program.log}")

    def _look(self) -> None:
        self._server.look(self.say)
        self._worker.look(self.say)
        if time.monotonic() - self._asked_at < _HEALTH_SECONDS:
            return
        self._asked_at = time.monotonic()
        if self._server.listen(self.engine.server.answers, self.say):
            self._worker.listen(self._has_worker, self.say)
            self.engine.server.catch_up_once(_LATE)
        else:  # who cannot be asked after is not silent
            self._worker.heard_at = time.monotonic()

    def _end(self) -> None:
        if self._worker.program.is_running:
            self.say("stopping the worker; a cycle at work stores what it has ...")
        self._worker.program.ask_to_end()
        self._wait_for_the_cycle()
        for tended in (self._worker, self._server):
            tended.program.stop(0 if self.wishes.hurry.is_set() else STOP_SECONDS)
        self.say("all is down")

    def _wait_for_the_cycle(self) -> None:
        """Wait until the runs in hand have ended, or none of them is a cycle's any more."""
        deadline = time.monotonic() + _CYCLE_SECONDS
        while self._worker.program.exit_code != 0 and is_held(self.engine.place.data / "cycle.lock"):
            if time.monotonic() > deadline:
                self.say("a cycle is still at work and is not waited for; what it stored stays")
                return
            time.sleep(_LOOK_SECONDS)
