"""What the statistics promise: valid at every look, exact at the end of a bank, tight enough."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pratique.errors import Malformed
from pratique.evals.statistics import (
    TIE,
    ConfidenceSequence,
    Look,
    SequenceBatch,
    decide,
    family_alpha,
    lower_bound,
    samples_needed,
    upper_bound,
)
from pratique.evals.statistics.bets import CAPITAL, STAKES
from pratique.evals.statistics.proportions import binomial_tail

Floats = NDArray[np.float64]

STRICT = 0.05 / 24
ANY_SCORES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=40)


def scores_until_decided(score: float, bar: float, sequence: ConfidenceSequence) -> int:
    """Return how many equal scores it takes until *sequence* decides about *bar*."""
    while decide(sequence, bar) == "undecided":
        sequence.add(score)
    return sequence.n


# the first steps, by hand


def test_nothing_is_known_before_the_first_score() -> None:
    """No score, no mean: the interval is everything."""
    sequence = ConfidenceSequence(0.05, bars=(0.8,))
    assert (sequence.n, sequence.mean, sequence.low, sequence.high) == (0, None, 0.0, 1.0)
    assert decide(sequence, 0.8) == "undecided"
    assert sequence.trace == []


def test_one_failure_rules_out_by_the_capital_that_a_hand_can_compute() -> None:
    """After a 0 the capital against `mean >= m` is the sum of start * (1 + stake * m / (1 - m))."""
    sequence = ConfidenceSequence(0.5, grid=1001)
    sequence.add(0.0)
    staked = float(CAPITAL @ STAKES)
    odds = (4.0 - 1.0) / staked
    assert sequence.high == pytest.approx(odds / (1 + odds), abs=1e-3)
    assert sequence.high >= odds / (1 + odds)
    assert sequence.low == 0.0


def test_three_of_four_samples_leave_what_is_certain() -> None:
    """1, 1, 0 of a bank of 4: the mean is 0.5 or 0.75, whatever the last sample gives."""
    sequence = ConfidenceSequence(0.01, population=4)
    sequence.add_many([1.0, 1.0, 0.0])
    assert (sequence.low, sequence.high) == (0.5, 0.75)


def test_the_bettors_start_with_one_unit_between_them() -> None:
    """Ville's inequality is about capital that starts at 1; a stake of 1 could lose it all."""
    assert CAPITAL.sum() == pytest.approx(1.0, abs=1e-15)
    assert (STAKES > 0).all() and (STAKES < 1).all()


# early stops


@pytest.mark.parametrize(
    ("score", "bar", "step", "most"),
    [(0.0, 0.6, None, 9), (0.0, 0.6, 1.0, 9), (1.0, 0.8, None, 28), (1.0, 0.8, 1.0, 26)],
)
def test_a_clear_case_is_decided_early(
    score: float, bar: float, step: float | None, most: int
) -> None:
    """A bank of 60 at a family of 24: nobody pays for 60 calls to a partner that fails them all."""
    sequence = ConfidenceSequence(STRICT, population=60, bars=(bar,), step=step)
    assert scores_until_decided(score, bar, sequence) <= most
    assert decide(sequence, bar) == ("meets" if score else "falls_short")


def test_a_known_step_never_decides_later() -> None:
    """Fewer means are possible, so each one is ruled out against a farther neighbour."""
    scores = np.random.default_rng(4).permutation([1.0] * 54 + [0.0] * 6)
    used = []
    for step in (1.0, None):
        sequence = ConfidenceSequence(STRICT, population=60, bars=(0.8,), step=step)
        sequence.add_many(scores)
        used.append(next(look.n for look in sequence.trace if look.low >= 0.8))
    assert used[0] <= used[1] < 60


# ties and ends


@pytest.mark.parametrize("step", [1.0, None])
@pytest.mark.parametrize(("passed", "expected"), [(48, "meets"), (47, "falls_short")])
def test_a_bank_that_is_used_up_is_decided_exactly(
    passed: int, expected: str, step: float | None
) -> None:
    """A mean equal to the bar meets it; one sample less falls short."""
    sequence = ConfidenceSequence(STRICT, population=60, bars=(0.8,), step=step)
    sequence.add_many([0.0, 1.0] * (60 - passed) + [1.0] * (2 * passed - 60))
    assert (sequence.low, sequence.high) == (passed / 60, passed / 60)
    assert decide(sequence, 0.8) == expected


def test_the_rounding_of_a_sum_is_no_shortfall() -> None:
    """Ten times 0.1 sums to less than 1 in floats; the bank still has the mean 0.1."""
    sequence = ConfidenceSequence(0.05, population=10, bars=(0.1,))
    sequence.add_many([0.1] * 10)
    assert decide(sequence, 0.1) == "meets"


@pytest.mark.parametrize(("bar", "score"), [(0.0, 0.0), (1.0, 1.0)])
def test_a_bar_at_an_end_of_the_scale_is_decided_by_a_bank(bar: float, score: float) -> None:
    """Bar 0 is met before the first call; bar 1 is met when the last sample passed."""
    sequence = ConfidenceSequence(0.05, population=5, bars=(bar,))
    assert (decide(sequence, bar) == "meets") == (bar == 0.0)
    sequence.add_many([score] * 5)
    assert decide(sequence, bar) == "meets"


def test_one_failure_decides_a_bar_of_one_for_a_bank() -> None:
    """What is certain needs no bet."""
    sequence = ConfidenceSequence(0.001, population=60, bars=(1.0,))
    sequence.add(0.0)
    assert decide(sequence, 1.0) == "falls_short"


@pytest.mark.parametrize("score", [0.0, 1.0])
def test_a_population_keeps_an_end_that_can_be_the_truth(score: float) -> None:
    """Nothing but equal scores never rules out that all scores are so."""
    sequence = ConfidenceSequence(0.05)
    sequence.add_many([score] * 500)
    assert sequence.low <= score <= sequence.high
    assert sequence.high - sequence.low < 0.02
    assert not sequence.contradicted


# shapes that hold for any scores


@given(ANY_SCORES, st.integers(0, 30), st.sampled_from([None, "bank"]))
@settings(max_examples=60, deadline=None)
def test_an_interval_narrows_and_stays_within_what_is_certain(
    scores: list[float], unseen: int, truth: str | None
) -> None:
    """Looks are nested unless contradicted; a bank's look holds no mean that cannot be."""
    bank = len(scores) + unseen if truth else None
    sequence = ConfidenceSequence(0.05, population=bank, grid=200)
    before = Look(0, math.nan, 0.0, 1.0)
    for count, score in enumerate(scores, start=1):
        sequence.add(score)
        look = sequence.trace[-1]
        assert look.n == sequence.n == count
        assert look.mean == pytest.approx(sum(scores[:count]) / count)
        assert 0.0 <= look.low <= look.high <= 1.0
        if bank:
            assert look.low >= sum(scores[:count]) / bank - TIE
            assert look.high <= (sum(scores[:count]) + bank - count) / bank + TIE
        if not sequence.contradicted:
            assert look.low >= before.low - TIE and look.high <= before.high + TIE
        before = look


@given(ANY_SCORES, st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_a_bank_ends_as_its_mean_in_any_order(scores: list[float], seed: int) -> None:
    """At n = N the interval is a point, the same for every order of the same scores."""
    shuffled = list(np.random.default_rng(seed).permutation(scores))
    ends = []
    for order in (scores, shuffled, sorted(scores)):
        sequence = ConfidenceSequence(0.05, population=len(scores), grid=100)
        sequence.add_many(order)
        assert sequence.low == sequence.high == sequence.mean
        ends.append(sequence.low)
    assert ends == pytest.approx([math.fsum(scores) / len(scores)] * 3, abs=1e-12)


def test_every_order_of_a_small_bank_keeps_the_error() -> None:
    """All 252 orders of five passes in ten, each as likely: 0.5 is ruled out in alpha of them."""
    orders = np.array(
        [[float(i in chosen) for i in range(10)] for chosen in itertools.combinations(range(10), 5)]
    )
    batch = SequenceBatch(0.2, runs=len(orders), population=10, step=1.0, bars=(0.5,))
    lost = np.zeros(len(orders), dtype=bool)
    for column in orders.T[:-1]:
        batch.add(column.copy())
        lost |= (batch.low > 0.5 + TIE) | (batch.high < 0.5 - TIE)
    assert 0 < lost.mean() <= 0.2


def test_scores_in_no_random_order_are_reported() -> None:
    """No mean explains 300 failures and then 300 passes; the interval stays where it was."""
    sequence = ConfidenceSequence(0.05, grid=100)
    sequence.add_many([0.0] * 300)
    kept = (sequence.low, sequence.high)
    sequence.add_many([1.0] * 300)
    assert sequence.contradicted
    assert kept[0] <= sequence.low <= sequence.high <= kept[1]


def test_a_view_of_one_run_is_the_batch_that_is_validated() -> None:
    """Rows do not touch each other."""
    rng = np.random.default_rng(5)
    scores = rng.random((3, 30))
    batch = SequenceBatch(0.05, runs=3, population=30, bars=(0.5,), grid=50)
    singles = [ConfidenceSequence(0.05, population=30, bars=(0.5,), grid=50) for _ in range(3)]
    for column in scores.T:
        batch.add(column.copy())
        for sequence, score in zip(singles, column, strict=True):
            sequence.add(float(score))
        assert [one.low for one in singles] == batch.low.tolist()
        assert [one.high for one in singles] == batch.high.tolist()


def test_long_runs_stay_finite() -> None:
    """Capital lives in a logarithm: thousands of losses and wins warn of no overflow."""
    sequence = ConfidenceSequence(0.01, population=20_000, bars=(0.5,), grid=50)
    sequence.add_many([0.0] * 3000 + [1.0] * 3000)
    assert math.isfinite(sequence.low) and math.isfinite(sequence.high)


# validity: 2,000 runs, looked at after every score


def wrong_decisions(scores: Floats, bar: float, bank: int | None, step: float | None) -> list[int]:
    """Return how many runs (a row each) first decided `meets` and how many `falls_short`."""
    batch = SequenceBatch(0.05, runs=len(scores), population=bank, step=step, bars=(bar,), grid=0)
    first = np.zeros(len(scores), dtype=np.int8)
    for column in scores.T:
        batch.add(column.copy())
        first = np.where(first == 0, batch.verdicts(bar), first)
    return [int((first > 0).sum()), int((first < 0).sum())]


def bank_of(kind: str, mean: float) -> Floats:
    """Return a bank of 60 with this mean."""
    ones = round(mean * 60)
    if kind == "graded":
        return np.repeat([1.0, 0.75, 0.25, 0.0], [ones - 10, 10, 10, 60 - ones - 10])
    return np.repeat([1.0, 0.0], [ones, 60 - ones])


@pytest.mark.parametrize("step", [None, 0.25])
@pytest.mark.parametrize("kind", ["pass/fail", "graded"])
@pytest.mark.parametrize("passes", [47, 48, 49])
def test_a_bank_is_rarely_misjudged(kind: str, passes: int, step: float | None) -> None:
    """Without replacement, at the bar and one sample beside it: each error within its half."""
    rng = np.random.default_rng(passes)
    scores = rng.permuted(np.tile(bank_of(kind, passes / 60), (2000, 1)), axis=1)
    meets, falls_short = wrong_decisions(scores, 0.8, 60, step)
    assert meets + falls_short == 2000
    wrong = meets if passes < 48 else falls_short
    assert wrong / 2000 <= 0.05
    assert lower_bound(wrong, 2000) <= 0.025


@pytest.mark.parametrize("kind", ["pass/fail", "graded", "continuous"])
@pytest.mark.parametrize("mean", [0.599, 0.6, 0.601])
def test_a_population_is_rarely_misjudged(kind: str, mean: float) -> None:
    """With replacement, at the bar and just beside it, looked at 250 times."""
    rng, shape = np.random.default_rng(round(mean * 1000)), (2000, 250)
    if kind == "continuous":
        scores = rng.beta(2 * mean, 2 * (1 - mean), shape)
    else:
        scores = (rng.random(shape) < mean).astype(np.float64)
        if kind == "graded":
            scores = (scores + (rng.random(shape) < mean)) / 2
    meets, falls_short = wrong_decisions(scores, 0.6, None, None)
    wrong = meets if mean < 0.6 else falls_short
    assert wrong / 2000 <= 0.05
    assert lower_bound(wrong, 2000) <= 0.025


def test_the_validity_runs_would_notice_a_boundary_that_is_too_near() -> None:
    """At the bar the error is spent, not left over: a test that never errs would prove nothing."""
    rng = np.random.default_rng(7)
    scores = (rng.random((2000, 250)) < 0.6).astype(np.float64)
    meets, falls_short = wrong_decisions(scores, 0.6, None, None)
    assert meets > 10 and falls_short > 10


def test_intervals_hold_the_truth_at_every_look() -> None:
    """The whole grid, not the bar alone: 1,000 runs on a bank of 40 fractions."""
    rng = np.random.default_rng(8)
    bank = rng.beta(2, 1, 40)
    batch = SequenceBatch(0.05, runs=1000, population=40, grid=100)
    lost = np.zeros(1000, dtype=bool)
    for column in rng.permuted(np.tile(bank, (1000, 1)), axis=1).T:
        batch.add(column.copy())
        lost |= (batch.low > bank.mean() + TIE) | (batch.high < bank.mean() - TIE)
    assert lower_bound(int(lost.sum()), 1000) <= 0.05


# planning


def test_a_family_shares_its_error() -> None:
    """Bonferroni: 24 findings at 0.05 together have 0.05 / 24 each."""
    assert family_alpha(0.05, 24) == pytest.approx(0.05 / 24)
    assert family_alpha(0.05, 1) == 0.05


@pytest.mark.parametrize(("bar", "margin"), [(0.8, 0.1), (0.6, 0.15), (0.9, 0.08)])
def test_the_samples_needed_decide_four_runs_in_five(bar: float, margin: float) -> None:
    """The bound is on the safe side of 80 %, and of the right size."""
    n = samples_needed(bar, margin, 0.05, "population")
    rng = np.random.default_rng(9)
    shares = []
    for mean in (bar + margin, bar - margin):
        scores = (rng.random((600, n)) < mean).astype(np.float64)
        meets, falls_short = wrong_decisions(scores, bar, None, None)
        shares.append((meets if mean > bar else falls_short) / 600)
    assert 0.78 <= min(shares) <= 0.93


def test_samples_needed_grow_as_the_question_gets_finer() -> None:
    """A smaller margin or a smaller alpha takes more samples; a bank is always decided."""
    coarse = samples_needed(0.8, 0.1, 0.05, "population")
    assert coarse < samples_needed(0.8, 0.05, 0.05, "population")
    assert coarse < samples_needed(0.8, 0.1, STRICT, "population")
    assert samples_needed(0.8, 0.05, 0.05, "bank") == 1
    assert samples_needed(0.0, 0.05, 0.05, "population") == 1


@pytest.mark.parametrize(
    ("bar", "margin", "names"), [(1.0, 0.1, "bar 1"), (0.8, 1e-6, "0.8"), (0.8, 0.0, "margin of 0")]
)
def test_a_standard_that_no_suite_can_decide_is_refused(
    bar: float, margin: float, names: str
) -> None:
    """Better a refusal when the standard is loaded than a finding that stays open for ever."""
    with pytest.raises(Malformed, match=names):
        samples_needed(bar, margin, 0.05, "population")


# bounds of a counted rate


@pytest.mark.parametrize(
    ("events", "trials", "confidence", "expected"),
    [
        (0, 20, 0.95, 1 - 0.05 ** (1 / 20)),
        (20, 20, 0.95, 1.0),
        (1, 1, 0.95, 1.0),
        (0, 100, 0.99, 1 - 0.01 ** (1 / 100)),
        (5, 100, 0.95, 0.102253),
    ],
)
def test_an_upper_bound_is_the_rate_that_makes_so_few_rare(
    events: int, trials: int, confidence: float, expected: float
) -> None:
    """Clopper-Pearson: no events has the closed form 1 - (1 - confidence) ** (1 / n)."""
    assert upper_bound(events, trials, confidence) == pytest.approx(expected, abs=1e-6)


def test_a_lower_bound_mirrors_the_upper_one() -> None:
    """All of n: the rate whose nth power is 0.05."""
    assert lower_bound(20, 20) == pytest.approx(0.05 ** (1 / 20))
    assert lower_bound(0, 20) == 0.0
    assert lower_bound(3, 40) < 3 / 40 < upper_bound(3, 40)


def test_a_binomial_tail_is_the_sum_one_writes_out() -> None:
    """At least 2 of 3 at one half: 3/8 + 1/8."""
    assert binomial_tail(2, 3, 0.5) == pytest.approx(0.5)
    assert binomial_tail(0, 3, 0.5) == 1.0
    assert (binomial_tail(1, 3, 0.0), binomial_tail(3, 3, 1.0)) == (0.0, 1.0)


# refusals


@pytest.mark.parametrize("score", [-0.01, 1.5, math.nan, math.inf])
def test_a_score_outside_the_scale_is_named(score: float) -> None:
    """A scorer that leaves the scale is a mistake to mend, not to clip; nothing is counted."""
    sequence = ConfidenceSequence(0.05)
    with pytest.raises(Malformed, match=f"score {score}"):
        sequence.add(score)
    assert sequence.n == 0 and sequence.trace == []


def test_a_bank_takes_no_more_scores_than_it_holds() -> None:
    """The second use of a sample would break the draw without replacement."""
    sequence = ConfidenceSequence(0.05, population=2)
    sequence.add_many([1.0, 0.0])
    with pytest.raises(Malformed, match="2 samples"):
        sequence.add(1.0)


def test_a_score_off_the_step_is_named() -> None:
    """A half point with pass or fail scores would make the interval wrong."""
    with pytest.raises(Malformed, match=r"score 0\.5"):
        ConfidenceSequence(0.05, population=4, step=1.0).add(0.5)


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({"alpha": 0.0}, "alpha 0"),
        ({"alpha": 1.0}, "alpha 1"),
        ({"alpha": 0.05, "population": 0}, "bank of 0"),
        ({"alpha": 0.05, "step": 0.4}, "step 0.4"),
        ({"alpha": 0.05, "step": 0.0}, "step 0"),
        ({"alpha": 0.05, "bars": (1.2,)}, "bar 1.2"),
    ],
)
def test_an_impossible_argument_is_named(arguments: dict[str, float], names: str) -> None:
    """The message names the value."""
    with pytest.raises(Malformed, match=names):
        ConfidenceSequence(**arguments)  # type: ignore[arg-type]


def test_impossible_questions_are_named() -> None:
    """A bar off the scale, an empty family, more events than trials."""
    with pytest.raises(Malformed, match=r"bar 1\.2"):
        decide(ConfidenceSequence(0.05), 1.2)
    with pytest.raises(Malformed, match="family of 0"):
        family_alpha(0.05, 0)
    with pytest.raises(Malformed, match="3 events in 2 trials"):
        upper_bound(3, 2)
