"""Ends a piece of work before any one of its steps: each statement that changes a file, each commit, each rename.

What a crash leaves is then known for every place in which it can strike, not only for those that kills happen to hit.
Before a statement that only reads, it leaves what it leaves before the change that follows.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

_READS = (
    "select",
    "with",
    "describe",
    "from",
    "set",
    "create or replace temp",
    "drop table",
)  #: or change memory alone
_CALLS = ("link", "rename", "replace", "unlink", "fsync", "truncate")  #: of os; pathlib goes through them


class Struck(BaseException):
    """The work was ended; no `except Exception` is to take it for an error."""


class _Counted:
    """A connection each statement of which is a step."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, step: Callable[[str], None]) -> None:
        self._connection = connection
        self._step = step

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str, *arguments: Any) -> Any:
        bare = "\n".join(line for line in sql.splitlines() if not line.startswith("--"))
        if not bare.startswith(_READS):
            self._step(bare)
        return self._connection.execute(sql, *arguments)

    def begin(self) -> Any:
        self._step("begin")
        return self._connection.begin()

    def commit(self) -> Any:
        self._step("commit")
        return self._connection.commit()


@contextmanager
def struck_before(number: int | None = None) -> Iterator[list[str]]:
    """Raise Struck before step `number` (from 0) of the block; give the steps that were reached, all without one."""
    reached: list[str] = []

    def step(name: str) -> None:
        if len(reached) == number:
            reached.append("")  # rolling back and closing are no steps
            raise Struck(name)
        if number is None or len(reached) < number:
            reached.append(name)

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*arguments: Any, **named: Any) -> Any:
            step(call.__name__)
            return call(*arguments, **named)

        return counting

    connect = duckdb.connect
    with (
        patch.multiple(os, **{name: counted(getattr(os, name)) for name in _CALLS}),
        patch.object(shutil, "copyfile", counted(shutil.copyfile)),
        patch.object(duckdb, "connect", lambda *a, **k: _Counted(connect(*a, **k), step)),
    ):
        yield reached


def strike_everywhere(
    before: Path, folder: Path, work: Callable[[Path], object], picture: Callable[[Path], object]
) -> tuple[int, list[str]]:
    """Do `work` on copies of the folder `before`, ended at each step; once more to its end on each kind of remains.

    Returns how often it was ended, and what was found wrong: a picture of the folder that is neither that before the
    work nor that after it, or another one after the second try.
    """
    whole = _copy(before, folder / "whole")
    was = picture(whole)
    with struck_before() as steps:
        work(whole)
    done, found = picture(whole), list[str]()
    seen: list[tuple[object, list[str]]] = []
    for number, step in enumerate(steps):
        trial = _copy(before, folder / "trial")
        with suppress(Struck), struck_before(number):
            work(trial)
        remains = sorted(str(file) for file in trial.rglob("*"))
        left = picture(trial)
        found += [] if left in (was, done) else [f"between, before step {number}: {step[:60]}"]
        if (left, remains) not in seen:
            seen.append((left, remains))
            work(trial)
            found += [] if picture(trial) == done else [f"otherwise after step {number}: {step[:60]}"]
    return len(steps), found


def _copy(source: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    return target
