"""The e-processes of a share: right for every look, and quick where a partner clearly fails."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import Malformed
from pratique.evals.statistics.proportion_tests import (
    ProportionTest,
    fewest_to_meet,
    share_interval,
)

BARS = st.floats(min_value=0.5, max_value=0.97)
OUTCOMES = st.lists(st.booleans(), max_size=200)


def decided(outcomes: list[bool], bar: float = 0.95, alpha: float = 0.05) -> ProportionTest:
    """Return the test after *outcomes*."""
    test = ProportionTest(bar, alpha_meets=alpha, alpha_falls_short=alpha)
    for one in outcomes:
        test.add(one)
    return test


@settings(max_examples=25, deadline=None)
@given(BARS, st.floats(min_value=0.001, max_value=0.2))
def test_the_fewest_are_enough_and_one_fewer_is_not(bar: float, alpha: float) -> None:
    """A standard is checked by it before anything is sent."""
    n = fewest_to_meet(bar, alpha)
    assert decided([True] * n, bar, alpha).decision == "meets"
    assert decided([True] * (n - 1), bar, alpha).decision == "undecided"


@settings(max_examples=100, deadline=None)
@given(OUTCOMES)
def test_a_better_outcome_never_speaks_less_for_the_bar(outcomes: list[bool]) -> None:
    """Changing one miss to a hit raises the evidence for, and lowers the evidence against."""
    if False not in outcomes:
        return
    changed = list(outcomes)
    changed[outcomes.index(False)] = True
    worse, better = decided(outcomes).evidence, decided(changed).evidence
    assert better[0] >= worse[0] - 1e-9 and better[1] <= worse[1] + 1e-9


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 300), st.integers(0, 300), st.floats(min_value=0.01, max_value=0.2))
def test_an_interval_holds_what_was_seen_and_narrows_with_more_error(
    met: int, missed: int, alpha: float
) -> None:
    """Its ends lie on both sides of the seen share."""
    low, high = share_interval(met, met + missed, alpha)
    assert 0.0 <= low <= high <= 1.0
    if met + missed:
        assert low <= met / (met + missed) <= high
    wide = share_interval(met, met + missed, alpha / 2)
    assert wide[0] <= low + 1e-9 and high <= wide[1] + 1e-9


@pytest.mark.parametrize("bar", [0.95, 0.98])
def test_at_the_bar_itself_either_answer_is_as_rare_as_promised(bar: float) -> None:
    """Looked at after every one of 300 outcomes, in 300 runs; five standard errors of room."""
    draw = np.random.default_rng(7)
    meets = short = 0
    for _ in range(300):
        test = ProportionTest(bar, alpha_meets=0.05, alpha_falls_short=0.05)
        for one in draw.random(300) < bar:
            test.add(bool(one))
        evidence = test.evidence
        meets += evidence[0] >= np.log(20)
        short += evidence[1] >= np.log(20)
    most = 300 * 0.05 + 5 * np.sqrt(300 * 0.05 * 0.95)
    assert meets <= most and short <= most


@pytest.mark.parametrize(("share", "within"), [(0.0, 5), (0.5, 20), (0.8, 120)])
def test_a_clear_failure_takes_tens_of_requests(share: float, within: int) -> None:
    """At the alpha of four objectives on four steps."""
    draw, counts = random.Random(3), []
    for _ in range(40):
        test = ProportionTest(0.95, alpha_meets=0.05, alpha_falls_short=0.05 / 16)
        while test.decision != "falls_short":
            test.add(draw.random() < share)
        counts.append(test.n)
    assert sum(counts) / len(counts) <= within


@pytest.mark.parametrize("bar", [0.0, 1.0, -1.0, float("nan")])
def test_a_bar_must_be_a_share(bar: float) -> None:
    """Certainty takes endless requests."""
    with pytest.raises(Malformed, match="no share"):
        ProportionTest(bar, alpha_meets=0.05, alpha_falls_short=0.05)
