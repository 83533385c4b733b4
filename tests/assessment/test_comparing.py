"""Comparing candidates that meet every bar: who is best within a margin, and how soon."""

import random

from hypothesis import given
from hypothesis import strategies as st

from pratique.assessment.comparing import compare

RESULTS = st.lists(st.booleans(), min_size=40, max_size=40)


def drawn(rates: list[float], count: int, seed: int) -> list[list[bool]]:
    """Return results of candidates with these rates of passing."""
    chance = random.Random(seed)
    return [[chance.random() < rate for _ in range(count)] for rate in rates]


def test_a_clear_winner_is_chosen_long_before_the_end() -> None:
    """Nobody draws 400 samples each to see that 95 % is more than 40 %."""
    found = compare(drawn([0.4, 0.95, 0.5], 400, 1), 400, 0.05, 0.05)
    assert found.best == 1 and sum(found.samples) < 400


def test_what_is_missing_is_asked_for() -> None:
    """While it is open, whoever is asked next is named; everybody at first."""
    assert compare([[], []], 50, 0.05, 0.05).asked == (True, True)
    results = drawn([0.8, 0.8], 20, 2)
    found = compare(results, 400, 0.05, 0.05)
    assert found.best is None and any(found.asked)
    assert all(at <= 20 for at in found.samples)


@given(st.lists(RESULTS, min_size=2, max_size=4))
def test_a_bank_drawn_to_its_end_always_decides_and_never_beyond_the_margin(
    results: list[list[bool]],
) -> None:
    """The chosen one is within the margin of the best whenever the error has not struck.

    Here the error is so small that it never does in so few samples: nothing but what is certain
    about the bank is left to decide by.
    """
    found = compare(results, 40, 0.1, 1e-12)
    assert found.best is not None
    counts = [sum(one) for one in results]
    assert counts[found.best] >= max(counts) - 4


@given(st.lists(RESULTS, min_size=2, max_size=3), st.integers(0, 40))
def test_more_results_than_were_asked_for_change_nothing(
    results: list[list[bool]], more: int
) -> None:
    """What was decided early stays decided, however many results are kept besides."""
    whole = compare(results, 40, 0.1, 0.05)
    cut = [one[: max(at, more)] for one, at in zip(results, whole.samples, strict=True)]
    assert compare(cut, 40, 0.1, 0.05) == whole
