from __future__ import annotations

import pytest

from marsad.turns import Voice, fisher_probability, turn_of


@pytest.mark.parametrize(
    ("counts", "has_turned"),
    [
        pytest.param((0, 8, 20, 0), True, id="supportive to opposed"),
        pytest.param((8, 0, 0, 20), True, id="opposed to supportive"),
        pytest.param((1, 7, 18, 2), True, id="not unanimous"),
        pytest.param((0, 4, 20, 0), False, id="too few now"),
        pytest.param((0, 8, 9, 0), False, id="too few before"),
        pytest.param((3, 5, 20, 0), False, id="divided now"),
        pytest.param((0, 8, 10, 10), False, id="divided before"),
        pytest.param((8, 0, 20, 0), False, id="as before"),
        pytest.param((0, 0, 0, 0), False, id="silent"),
    ],
)
def test_voice_turns_only_on_enough_stories_and_clearly(counts: tuple[int, int, int, int], has_turned: object) -> None:
    assert (turn_of(Voice("a", "A", "أ", *counts)) is not None) is has_turned


@pytest.mark.parametrize(
    ("one", "other", "probability"),
    [
        # Fisher's lady tasting tea, three cups of four; and tables worked out by hand.
        ((3, 1), (1, 3), 34 / 70),
        ((4, 0), (0, 4), 2 / 70),
        ((0, 0), (5, 5), 1.0),
        ((1, 9), (11, 3), 0.0027594561852200836),  # the table of Wikipedia's article on the test
    ],
)
def test_probability_is_that_of_fishers_exact_test(
    one: tuple[int, int], other: tuple[int, int], probability: float
) -> None:
    assert fisher_probability(one, other) == pytest.approx(probability)
