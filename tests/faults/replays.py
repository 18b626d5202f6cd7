"""Replays that are killed at random moments, over what older rules had read."""

from __future__ import annotations

import random
import shutil
import signal
import time
from collections import Counter
from pathlib import Path

from tests.faults.kills import DEADLINE_SECONDS, ITEMS_A_DAY, TRIES_A_KILL, Damage, GrowingWorld, Nursery
from tests.newsworld import settings_for
from warehouse.core import Core
from warehouse.engine import writing_to
from warehouse.reader import Reader

#: What an older version would have kept of the same pages.
_OLD_RULES = (
    "update core.article set body = 'قديم', method = 'extract/0' where id % 2 = 0",  # old
    "update core.tagging set method = 'rules/0', relevance_score = 0.5",
    "delete from core.mention",
    "delete from core.statement",
    "update core.story set novelty = 'new', story_id = article_id",
    "delete from core.relation",
)
_SEEN = (
    "articles.url, articles.title, body, kind, novelty, story_id, relevance, articles.method from articles",
    "article_id, start_char, surface, entity_id, method from mentions",
    "article_id, speaker, stance, evidence, method from statements",
)


def kill_replays(folder: Path, count: int, seed: int) -> Damage:
    """Kill `count` replays of what older rules had read at random moments, run one to its end, and look."""
    chance, found, killed = random.Random(seed), list[str](), 0
    with GrowingWorld() as world, Nursery(settings_for(world, folder)) as nursery:
        core = Core(folder / "data")
        nursery.run()
        if _doubled(core):  # a world that answers slowly says nothing of replays
            return Damage(Counter(), (f"the first cycle kept {_doubled(core)[0]}: nothing to replay",))
        told, whole_seconds = _seen(core), 0.0
        for number in range(TRIES_A_KILL * count):
            _age(core)
            started = time.monotonic()
            status = nursery.run("replay", chance.uniform(0, whole_seconds) if number else DEADLINE_SECONDS)
            if status == 0:
                whole_seconds = time.monotonic() - started
                found += _difference(told, _seen(core))
            killed += status == signal.SIGKILL
            found += [] if status in (0, signal.SIGKILL) else ["a replay failed"]
            found += _doubled(core)
            if killed == count:
                break
        found += ["the last replay failed"] if nursery.run("replay") else []
        found += _difference(told, _seen(core))
    return Damage(Counter({"while it replayed": killed}), tuple(found))


def _age(core: Core) -> None:
    """Change what is kept; what readers got of it is made anew by the replay."""
    shutil.rmtree(core.folder / "published", ignore_errors=True)
    with writing_to(core.file) as connection:
        for statement in _OLD_RULES:
            connection.execute(statement)


def _seen(core: Core) -> list[tuple[tuple[object, ...], ...]]:
    return [Reader(core.folder).query(f"select {view} order by all").rows for view in _SEEN]


def _difference(told: list[tuple[tuple[object, ...], ...]], seen: list[tuple[tuple[object, ...], ...]]) -> list[str]:
    names = [view.rsplit(" ", 1)[1] for view in _SEEN]
    return [f"{name} are told otherwise" for name, one, other in zip(names, told, seen, strict=True) if one != other]


def _doubled(core: Core) -> list[str]:
    with core.reading() as connection:
        ((articles, urls),) = connection.execute("select count(*), count(distinct url) from core.article").fetchall()
    return [] if articles == urls == ITEMS_A_DAY else [f"{articles} articles of {urls} addresses"]
