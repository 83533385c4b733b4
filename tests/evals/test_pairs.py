"""Pairs: what each verdict takes, and how seldom it is wrong."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.validity_decisions import CHUNK, DELTA, SHAPES, draw
from pratique.errors import Malformed
from pratique.evals.replay_pairs import pair_wrong
from pratique.evals.replay_runs import drawn_orders, drawn_ratios, play
from pratique.evals.statistics import lower_bound
from pratique.evals.statistics.pairs import VERDICTS, PairBatch, PairTest

SCORES = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=60)


@pytest.mark.parametrize("users", [False, True])
@pytest.mark.parametrize("gap", [0.0, DELTA])
@pytest.mark.parametrize("shape", ["2 % differ", "30 % differ", "lopsided"])
def test_verdicts_are_wrong_no_more_often_than_allowed(shape: str, gap: float, users: bool) -> None:
    """Looked at after every sample, at the gaps where most can be wrong."""
    bank = SHAPES[shape](200, gap)
    gaps, sizes = draw(bank, users, np.random.default_rng(7))
    batch = PairBatch(DELTA, 0.05, runs=CHUNK, sizes=None if users else sizes)
    _, verdicts = play(batch, gaps, sizes)
    wrong = int(pair_wrong(verdicts, np.full(CHUNK, bank.mean()), DELTA).sum())
    assert lower_bound(wrong, CHUNK) <= 0.05


def test_unequal_chances_of_drawing_cost_no_validity() -> None:
    """Items drawn more often count for less, so that a tie stays a tie."""
    rng = np.random.default_rng(3)
    bank = SHAPES["30 % differ"](200, 0.0)
    weights = np.where(bank > 0, 3.0, 1.0)
    sizes = np.full(CHUNK, 200.0)
    orders = drawn_orders(sizes, "bank", rng, [weights] * CHUNK)
    batch = PairBatch(DELTA, 0.05, runs=CHUNK, sizes=sizes)
    draws = drawn_ratios([weights] * CHUNK, orders)
    _, verdicts = play(batch, bank[orders], sizes, draws=draws)
    wrong = int(pair_wrong(verdicts, np.zeros(CHUNK), DELTA).sum())
    assert lower_bound(wrong, CHUNK) <= 0.05


@settings(max_examples=40, deadline=None)
@given(SCORES)
def test_a_bank_scored_to_its_end_always_has_a_verdict_that_the_margin_allows(
    scores: list[tuple[float, float]],
) -> None:
    """The full run decides, whatever the scores."""
    test = PairTest(0.05, 0.05, population=len(scores))
    for first, second in scores:
        test.add(first, second)
    assert test.verdict != "undecided"


@settings(max_examples=25, deadline=None)
@given(SCORES)
def test_one_test_and_a_batch_of_it_say_the_same(scores: list[tuple[float, float]]) -> None:
    """The replay runs what assess runs."""
    test = PairTest(0.1, 0.1)
    batch = PairBatch(0.1, 0.1, runs=2)
    first_found = 0
    for first, second in scores:
        test.add(first, second)
        batch.add(np.array([first, second]), np.array([second, first]))
        first_found = first_found or int(batch.verdicts()[0])
    assert test.verdict == VERDICTS[first_found]


def test_swapping_the_two_swaps_the_verdict() -> None:
    """No side is favoured."""
    one, other = PairTest(0.05, 0.05), PairTest(0.05, 0.05)
    rng = np.random.default_rng(1)
    for _ in range(200):
        first, second = float(rng.random() < 0.9), float(rng.random() < 0.5)
        one.add(first, second)
        other.add(second, first)
    assert (one.verdict, other.verdict, one.n) == ("A", "B", other.n)


def test_equal_answers_are_no_difference_long_before_the_bank_ends() -> None:
    """Materiality is what stops it, not a sign."""
    test = PairTest(0.05, 0.05, population=1000)
    while test.verdict == "undecided":
        test.add(1.0, 1.0)
    assert test.verdict == "no_difference"
    assert test.n < 150


def test_what_cannot_be_is_refused() -> None:
    """Scores beyond the scale, samples beyond the bank, margins that are none."""
    with pytest.raises(Malformed, match=r"outside 0\.\.1"):
        PairTest(0.05, 0.05).add(2.0, 0.0)
    with pytest.raises(Malformed, match="no share"):
        PairTest(5.0, 0.05)
    test = PairTest(0.05, 0.05, population=1)
    test.add(1.0, 0.0)
    with pytest.raises(Malformed, match="one sample more"):
        test.add(1.0, 0.0)
