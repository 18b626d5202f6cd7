"""Days of news under kills leave the warehouse that an undisturbed watch of them leaves."""

from __future__ import annotations

import random
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from tests.faults.soaking import READERS, SoakWorld, cycles_of, differences, kept
from tests.mailbox import serving
from tests.newsworld import settings_for

BEFORE, STEPS = (
    4,
    6,
)  #: of its first half day the world has nothing to tell; then it edits, deletes, breaks, copies, floods


@pytest.mark.timeout(900)  # twelve cycles of a second or two each, which a machine that others use makes minutes
def test_a_watch_under_kills_holds_what_an_undisturbed_one_holds(tmp_path: Path) -> None:
    chance = random.Random(20261121)
    with SoakWorld(seed=3) as world, serving() as (box, port), ExitStack() as held:
        settings = settings_for(world, tmp_path, more=READERS.format(port=port))
        calm, struck = (held.enter_context(cycles_of(settings, tmp_path / name)) for name in ("calm", "struck"))
        for _ in range(BEFORE):
            world.advance()
        statuses = []
        for number in range(STEPS):
            world.advance()
            statuses.append(calm.run(world.now))
            later = timedelta()
            if number % 2:
                struck.run(world.now, kill_after=chance.uniform(0.05, 1.5))
                later = timedelta(minutes=5)
            statuses.append(struck.run(world.now + later))
        statuses += [one.run(world.now + timedelta(days=1)) for one in (calm, struck)]
        statuses += [one.send(world.now + timedelta(days=1)) for one in (calm, struck)]
        assert set(statuses) == {0}
    one, other = kept(tmp_path / "calm"), kept(tmp_path / "struck")
    assert len(box.mails) == 2 * len(one["mails"])
    assert differences(one, other) == {}
    assert all(one.values()), {kind: len(rows) for kind, rows in one.items()}  # all of it happened
