from __future__ import annotations

import pytest

from marsad.balance import Balance, balance_of
from marsad.digests import SpeakerStance


def test_every_speaker_has_one_voice() -> None:
    loud = SpeakerStance("a", "a", supportive_count=40, opposed_count=1)
    others = [SpeakerStance(name, name, opposed_count=1) for name in "bcd"]
    torn = SpeakerStance("e", "e", 2, 2, 9)
    assert balance_of([loud, *others, torn]) == Balance(1, 3, 1)


@pytest.mark.parametrize("count", [1, 5, 40])
def test_interval_holds_the_share_and_narrows_with_more_voices(count: int) -> None:
    balance = Balance(3 * count, count, count)
    low, high = balance.interval
    assert -1 <= low < balance.share < high <= 1
    assert high - low < (Balance(3, 1, 1).interval[1] - Balance(3, 1, 1).interval[0]) / count**0.5 + 0.1


def test_no_voices_are_no_balance_and_nothing_is_known() -> None:
    low, high = Balance().interval
    assert Balance().share == 0
    assert high - low > 1
