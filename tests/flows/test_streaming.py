"""Answers of a stream come in order, each as soon as it is ready, and nothing waits for a line that does not come."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue

import pytest

from flows.streaming import in_order
from tests.extractors.pages import TITLE, html


def done(value: int) -> Future[int]:
    future: Future[int] = Future()
    future.set_result(value)
    return future


def test_answers_come_in_the_order_of_the_items() -> None:
    futures = [Future[int]() for _ in range(3)]
    answers = in_order(range(3), lambda number: futures[number], 5)
    for number in (2, 0, 1):
        futures[number].set_result(number)
    assert [(item, future.result()) for item, future in answers] == [(0, 0), (1, 1), (2, 2)]


def test_answer_comes_while_the_next_item_is_still_waited_for() -> None:
    lines: SimpleQueue[int | None] = SimpleQueue()
    answers = in_order(iter(lines.get, None), done, 5)
    for number in range(3):
        lines.put(number)
        assert next(answers)[0] == number
    lines.put(None)
    assert list(answers) == []


def test_no_more_is_read_ahead_than_allowed() -> None:
    begun: list[int] = []

    def begin(number: int) -> Future[int]:
        begun.append(number)
        return done(number)

    answers = in_order(range(1_000), begin, 4)
    next(answers)
    assert len(begun) <= 5


def test_what_reading_raises_is_raised_where_the_answers_are_taken() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise OSError("the pipe is gone")

    with pytest.raises(OSError, match="the pipe is gone"):
        list(in_order(broken(), done, 5))


def test_client_that_waits_for_each_answer_gets_it_and_ctrl_c_ends_at_once(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(html(), "utf-8")
    marsad = Path(sys.executable).with_name("marsad")
    command = [str(marsad), "--data", str(tmp_path / "data"), "extract", "--jsonl"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ, text=True) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        answers = []
        for line in ({"id": 1, "path": str(page)}, {"id": 2}, {"id": 3, "path": str(page)}):
            program.stdin.write(json.dumps(line) + "\n")
            program.stdin.flush()
            answers.append(json.loads(program.stdout.readline()))
        program.send_signal(signal.SIGINT)
        assert program.wait(60) == 130
    assert [answer["id"] for answer in answers] == [1, 2, 3]
    assert [answer.get("title") for answer in answers] == [TITLE, None, TITLE]
