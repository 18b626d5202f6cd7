"""A question is answered while a cycle runs, from what the last one published."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.newsworld import DRONES, PROTEST, VISIT, NewsWorld, feed_of, page_of, settings_for
from transport.site import Answer

MARSAD = Path(sys.executable).with_name("marsad")
DEADLINE_SECONDS = 60
LATE_COUNT = 30


def test_a_question_is_answered_while_a_cycle_runs(tmp_path: Path) -> None:
    with NewsWorld() as world:
        settings = settings_for(world, tmp_path)
        environment = os.environ | {"MARSAD_SETTINGS": str(settings)}
        count = [MARSAD, "sql", "--csv", "select count(*) from articles"]
        subprocess.run([MARSAD, "run"], env=environment, check=True, capture_output=True)
        before = subprocess.run(count, env=environment, check=True, capture_output=True, text=True).stdout

        late = [(f"/late/{n}", (f"{PROTEST[0]} ({n})", *VISIT[1:], *DRONES[1:])) for n in range(LATE_COUNT)]
        world.site.put("/river.xml", Answer(feed_of(world.site.url(""), late), "application/rss+xml"))
        for path, article in late:
            world.site.put(path, Answer(page_of(article)))
        slow = settings.with_name("slow.toml")
        slow.write_text(settings.read_text("utf-8").replace("host_gap_seconds = 0", "host_gap_seconds = 1"), "utf-8")
        cycle = subprocess.Popen([MARSAD, "run", "--settings", slow], stdout=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + DEADLINE_SECONDS
            while not any(heard.path.startswith("/late/") for heard in world.site.requests):
                assert time.monotonic() < deadline
                time.sleep(0.1)
            asked = subprocess.run(count, env=environment, check=False, capture_output=True, text=True)
            assert cycle.poll() is None, "the cycle ended before the question was answered"
        finally:
            cycle.kill()
            cycle.wait()
    assert (asked.returncode, asked.stdout) == (0, before), asked.stderr
