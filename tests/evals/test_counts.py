"""What counts prove: the interval holds at every look, and means are held to it, too."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import Malformed
from pratique.evals.statistics.counts import interval_of, side_of


@given(st.integers(0, 5000), st.floats(0, 1), st.floats(0.01, 0.99), st.sampled_from([0.05, 0.001]))
def test_the_side_of_a_bound_is_that_of_the_interval(
    n: int, share: float, bound: float, alpha: float
) -> None:
    """Two ways to the same answer."""
    total = n * share
    found = interval_of(n, total, alpha)
    assert 0 <= found.low <= found.high <= 1
    side = side_of(n, total, bound, alpha)
    if abs(found.low - bound) > 1e-9 and abs(found.high - bound) > 1e-9:
        assert side == (1 if found.low > bound else -1 if found.high < bound else 0)


def test_nothing_is_known_before_the_first_score_and_no_sum_is_beyond_the_count() -> None:
    """The ends."""
    assert interval_of(0, 0, 0.05) == (0.0, 1.0)
    assert interval_of(50, 0, 0.05).low == 0.0 and interval_of(50, 50, 0.05).high == 1.0
    with pytest.raises(Malformed, match="a sum of"):
        interval_of(2, 3, 0.05)
    with pytest.raises(Malformed, match="no error probability"):
        interval_of(2, 1, 0.0)


@pytest.mark.parametrize("mean", [0.01, 0.05, 0.3])
def test_the_mean_leaves_the_interval_at_some_look_as_rarely_as_it_says(mean: float) -> None:
    """1,000 runs of 2,000 looks at alpha 0.05; seeded, so it is this figure or another's bug."""
    chance = np.random.default_rng(7)
    wrong = 0
    for _ in range(1_000):
        totals = np.cumsum(chance.random(2_000) < mean)
        looks = np.unique(np.geomspace(1, 2_000, 40).astype(int))
        wrong += any(side_of(int(n), float(totals[n - 1]), mean, 0.05) for n in looks)
    assert wrong <= 65


def test_figures_between_are_held_to_it_as_well() -> None:
    """Times cut at what they count at most: never more wrong than yes or no would be."""
    chance = np.random.default_rng(8)
    wrong = 0
    for _ in range(400):
        totals = np.cumsum(np.minimum(chance.exponential(0.1, 1_000), 1.0))
        mean = 0.1 * (1 - np.exp(-10))
        wrong += any(side_of(n, float(totals[n - 1]), mean, 0.05) for n in range(20, 1_001, 20))
    assert wrong <= 20
