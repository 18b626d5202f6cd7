"""Facts about subscriptions that were renamed: what was told stays told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from marsad.composing import Told
from marsad.renaming import memory_of, told_to
from marsad.settings import Subscriber
from marsad.windows import Memory

_EARLY, _LATE = (Memory(datetime(2026, 11, day, tzinfo=UTC)) for day in (19, 20))
_MEMORIES = {"a@example.org": _EARLY, "a@example.org x": _LATE, "b@example.org": _LATE}
_TOLD = {
    "a@example.org": {1: Told(1, 2, frozenset({"opposed b"}))},
    "a@example.org x": {1: Told(1, 3), 2: Told(2, 1)},
    "b@example.org": {9: Told(9, 1)},
}


def _named(*names: str) -> tuple[Subscriber, ...]:
    return tuple(Subscriber(address="A@Example.org", name=name) for name in names)


@pytest.mark.parametrize(
    ("readers", "memory", "stories"),
    [
        pytest.param(_named(""), _EARLY, {1: 5, 2: 1}, id="his own memory, and what a name given up was told"),
        pytest.param(_named("", "x"), _EARLY, {1: 2}, id="what another still bears is the other's"),
        pytest.param(_named("y"), _LATE, {1: 5, 2: 1}, id="a name of today goes on from the newest"),
        pytest.param(_named("y", "", "x"), Memory(), {}, id="one more subscription begins anew"),
    ],
)
def test_renamed_reader_goes_on_from_what_his_address_was_told(
    readers: tuple[Subscriber, ...], memory: Memory, stories: dict[int, int]
) -> None:
    assert memory_of(readers[0], readers, _MEMORIES) == memory
    assert {key: told.own_count for key, told in told_to(readers[0], readers, _TOLD).items()} == stories
