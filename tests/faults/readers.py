"""Readers that ask all the while a writer publishes: processes of this package's Reader and of plain DuckDB."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.warehouse.conftest import article_of, batch_of, record_of, store
from warehouse.core import Core

ROOT = Path(__file__).resolve().parent.parent.parent
#: Threads that ask until standard input ends; prints how many answers there were, and what was wrong with others.
_READERS = """
import os, sys, threading
from pathlib import Path
import duckdb
from warehouse.reader import Reader
folder, way, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
os.nice(10)  # fifty that ask without rest leave two cores nothing to publish with
SQL = "select (select count(*) from articles), (select count(*) from mentions), (select max(batch) from core.ledger)"
answers, wrong, over = [0] * count, [], threading.Event()

def ask():
    if way == "reader":
        return Reader(folder).query(SQL).rows[0]
    with duckdb.connect(str(Reader(folder).file), read_only=True) as connection:
        connection.execute("set enable_progress_bar = false")  # it would be drawn into the answers
        return connection.execute(SQL).fetchone()

def read(number):
    last = (0, 0, 0)
    while not over.is_set():
        try:
            found = ask()
            if found[0] != found[1] or found < last:
                wrong.append(f"{found} after {last}")
            last = found
            answers[number] += 1
        except Exception as error:
            wrong.append(repr(error))
        over.wait(0.2)

threads = [threading.Thread(target=read, args=(number,)) for number in range(count)]
for thread in threads:
    thread.start()
print("asking", flush=True)
sys.stdin.read()
over.set()
for thread in threads:
    thread.join()
print(sum(answers), *wrong, sep="\\n")
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What readers got while others published."""

    answer_count: int
    wrong: tuple[str, ...]  #: errors, half cycles, and older answers after newer ones


def read_through(core: Core, reader_count: int, publish_count: int, a_process: int = 5) -> Reading:
    """Publish so many times, an article more each, while so many readers ask; every other process is plain DuckDB."""
    store(core, batch_of(record_of(article_of(0)), batch_id="first"))
    core.publish()
    ways = ("reader", "plain")
    commands = [
        [sys.executable, "-c", _READERS, str(core.folder), ways[number % 2], str(a_process)]
        for number in range(reader_count // a_process)
    ]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    processes = [subprocess.Popen(command, text=True, cwd=ROOT, **pipes) for command in commands]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for number in range(1, publish_count + 1):
        store(core, batch_of(record_of(article_of(number)), batch_id=f"more-{number}"))
        core.publish()
    said = [process.communicate()[0].splitlines() for process in processes]
    failed = [f"a reader ended with {process.returncode}" for process in processes if process.returncode]
    return Reading(sum(int(lines[0]) for lines in said), (*(line for lines in said for line in lines[1:]), *failed))
