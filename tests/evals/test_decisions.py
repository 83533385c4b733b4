"""Pair, gate and choice: looked at after every sample, wrong no oftener than they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.evals.statistics import upper_bound
from pratique.evals.statistics.gates import GateBatch, GateTest
from pratique.evals.statistics.pairs import VERDICTS, PairBatch, PairTest

ALPHA, DELTA, RUNS = 0.05, 0.05, 2000


def first_verdicts(batch: PairBatch | GateBatch, draws: np.ndarray) -> np.ndarray:
    """Return each run's first verdict when *draws*, samples by runs, are looked at one by one."""
    found = np.zeros(draws.shape[1], dtype=np.int8)
    for scores in draws:
        if isinstance(batch, PairBatch):
            batch.add_gaps(scores)
        else:
            batch.add(scores)
        now = batch.verdicts()
        found = np.where(found == 0, now, found)
    return found


@pytest.mark.parametrize("sizes", [None, 300], ids=["population", "bank"])
@pytest.mark.parametrize("busy", [0.05, 0.3, 0.9], ids=["sparse", "usual", "busy"])
def test_equal_candidates_are_told_apart_no_oftener_than_alpha(
    sizes: int | None, busy: float
) -> None:
    """The true gap is 0: A and B are both wrong, at whatever look they are said."""
    chance = np.random.default_rng(3)
    if sizes is None:
        draws = chance.choice([-1.0, 0.0, 1.0], p=[busy / 2, 1 - busy, busy / 2], size=(300, RUNS))
    else:
        half = round(sizes * busy / 2)
        bank = np.array([1.0] * half + [-1.0] * half + [0.0] * (sizes - 2 * half))
        draws = np.stack([chance.permutation(bank) for _ in range(RUNS)], axis=1)
    batch = PairBatch(
        DELTA, ALPHA, runs=RUNS, sizes=None if sizes is None else np.full(RUNS, float(sizes))
    )
    wrong = np.isin(first_verdicts(batch, draws), [VERDICTS.index("A"), VERDICTS.index("B")])
    assert wrong.mean() <= ALPHA, upper_bound(int(wrong.sum()), RUNS)


def test_a_gap_of_delta_is_called_no_difference_no_oftener_than_alpha() -> None:
    """At delta the other sign and `no_difference` are wrong."""
    chance = np.random.default_rng(5)
    draws = chance.choice([-1.0, 0.0, 1.0], p=[0.075, 0.8, 0.125], size=(600, RUNS))
    found = first_verdicts(PairBatch(DELTA, ALPHA, runs=RUNS), draws)
    wrong = np.isin(found, [VERDICTS.index("B"), VERDICTS.index("no_difference")])
    assert wrong.mean() <= ALPHA


@pytest.mark.parametrize(("rate", "wrong"), [(0.775, -1), (0.725, 1)])
def test_a_gate_at_the_end_of_its_band_is_wrong_no_oftener_than_alpha(
    rate: float, wrong: int
) -> None:
    """Bar 0.75, band 0.05: from 0.775 up only `falls_short` is wrong, from 0.725 down only `meets`."""
    chance = np.random.default_rng(7)
    draws = (chance.random((400, RUNS)) < rate).astype(float)
    found = first_verdicts(GateBatch(np.full(RUNS, 0.75), 0.05, ALPHA), draws)
    assert (found == wrong).mean() <= ALPHA


def test_a_clear_gap_takes_few_samples() -> None:
    """Forty points are not worth two hundred calls."""
    test, n = PairTest(DELTA, ALPHA), 0
    chance = np.random.default_rng(1)
    while test.verdict == "undecided":
        test.add(float(chance.random() < 0.9), float(chance.random() < 0.4))
        n += 1
    assert (test.verdict, test.n) == ("A", n) and n < 60


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_a_bank_that_is_drawn_to_its_end_is_decided(scores: list[tuple[bool, bool]]) -> None:
    """Nothing is undecided about what is known in full."""
    pair = PairTest(DELTA, ALPHA, population=len(scores))
    gate = GateTest(0.5, 0.05, ALPHA, population=len(scores))
    for first, second in scores:
        pair.add(float(first), float(second))
        gate.add(float(first))
    assert pair.verdict != "undecided" and gate.verdict != "undecided"


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=60))
def test_swapping_the_candidates_swaps_the_verdict(scores: list[tuple[float, float]]) -> None:
    """A and B have no place of their own."""
    one, other = PairTest(DELTA, ALPHA), PairTest(DELTA, ALPHA)
    for first, second in scores:
        one.add(first, second)
        other.add(second, first)
    swapped = {"A": "B", "B": "A"}
    assert other.verdict == swapped.get(one.verdict, one.verdict)
