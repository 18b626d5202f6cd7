"""Writers that are killed while they store and publish, each batch of theirs said aloud once it is stored."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.faults.kills import Damage
from warehouse.core import Core
from warehouse.reader import Reader

ROOT = Path(__file__).resolve().parent.parent.parent
ARTICLES_A_BATCH = 10
#: Stores batches from a number on, publishes after each, and prints the number once the batch is stored.
WRITER = """
import sys
from pathlib import Path
from tests.warehouse.conftest import article_of, batch_of, record_of, store
from warehouse.core import Core
core = Core(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), int(sys.argv[3])):
    store(core, batch_of(*(record_of(article_of(number * 10 + i)) for i in range(10)), batch_id=f"b{number}"))
    print(number, flush=True)
    core.publish()
"""


def kill_writers(folder: Path, count: int, seed: int) -> Damage:
    """Kill `count` writers at random moments; after each, look whether all that was acknowledged is there, once."""
    chance, core, found = random.Random(seed), Core(folder), list[str]()
    core.create_or_migrate()
    acknowledged: list[int] = []
    killed = 0
    while killed < count:
        command = [sys.executable, "-c", WRITER, str(folder), str(len(acknowledged)), "1000000"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout is not None
            acknowledged.append(int(process.stdout.readline()))
            try:
                process.wait(timeout=chance.uniform(0, 0.4))
            except subprocess.TimeoutExpired:
                process.kill()
                killed += 1
            acknowledged += [int(line) for line in process.stdout.read().split()]
        core.publish()
        found += _wrong(core, acknowledged)
    return Damage(Counter({"while it stored or published": killed}), tuple(found))


def _wrong(core: Core, acknowledged: list[int]) -> list[str]:
    sql = "select count(*), count(distinct article_id), (select count(*) from core.mention) from articles"
    ((articles, different, mentions),) = Reader(core.folder).query(sql).rows
    said = {
        f"{articles} articles, {different} different": articles != different,
        f"{articles} articles, {mentions} mentions": articles != mentions,
        f"{articles} articles are no whole batches": articles % ARTICLES_A_BATCH,
        f"{articles} articles, {len(acknowledged)} batches acknowledged": articles
        < ARTICLES_A_BATCH * len(acknowledged),
        "a batch was acknowledged that was there before": acknowledged != list(range(len(acknowledged))),
    }
    return [line for line, is_wrong in said.items() if is_wrong]
