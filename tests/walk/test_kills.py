"""A cycle that is killed at any moment loses nothing, doubles nothing, and no validator runs ahead of its data."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.kills import NOTHING_STORED, kill_cycles

KILLS = 6  #: a seeded sample; bench/faults.py makes a hundred


@pytest.mark.timeout(600)  # eight cycles: 20 s of computing, which a machine that others use makes minutes
def test_kills_at_random_moments_lose_nothing_and_leave_no_validator_ahead(tmp_path: Path) -> None:
    damage = kill_cycles(tmp_path, KILLS, seed=20261121)
    assert damage.found == ()
    assert damage.struck.total() == KILLS
    assert damage.struck[NOTHING_STORED] < KILLS  # every other one strikes where something is to be torn
