"""Detectors: false alarms are as rare as promised, and a fall is found."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import Malformed
from pratique.evals.statistics.detector import Detector


def first_alarm(
    draws: np.random.Generator, mean: float, floor: float, alpha: float, most: int
) -> int:
    """Return after how many scores of 0 or 1 the alarm comes, *most* where none comes."""
    detector = Detector(floor, alpha)
    for score in draws.random(most) < mean:
        if detector.add(float(score)):
            break
    return detector.alarm or most


@pytest.mark.parametrize("floor", [0.5, 0.9])
def test_false_alarms_are_as_rare_as_promised(floor: float) -> None:
    """Scores right at the floor, for ever: the mean time to an alarm is at least 1/alpha.

    A run is cut at ten times that, which can only make the mean smaller.
    """
    alpha, draws = 0.02, np.random.default_rng(3)
    times = [first_alarm(draws, floor, floor, alpha, most=500) for _ in range(250)]
    assert np.mean(times) >= 1 / alpha


def test_a_promise_holds_for_scores_that_depend_on_the_past() -> None:
    """Only the next score's mean counts, whatever came before: a spiteful partner gains nothing."""
    alpha, floor, draws, times = 0.02, 0.6, np.random.default_rng(4), []
    for _ in range(250):
        detector = Detector(floor, alpha)
        while not detector.alarm and detector.n < 500:
            # Near the alarm it takes the most chancy scores of this mean, else the calmest.
            chancy = detector.evidence > 0.2 / alpha
            detector.add(float(draws.random() < floor) if chancy else floor)
        times.append(detector.n)
    assert np.mean(times) >= 1 / alpha


def test_a_fall_is_found_soon_and_where_it_began_is_told() -> None:
    """From 95 % to 70 % after 200 scores, with one false alarm in 1,000 scores at most."""
    draws = np.random.default_rng(7)
    waits: list[int] = []
    misplaced: list[int] = []
    for _ in range(60):
        detector = Detector(0.9, 0.001)
        assert not detector.extend((draws.random(200) < 0.95).astype(float))
        assert detector.extend((draws.random(300) < 0.70).astype(float))
        assert detector.alarm is not None
        waits.append(detector.alarm - 200)
        misplaced.append(abs(detector.began - 200))
    assert np.mean(waits) < 60 and np.median(misplaced) < 25


def test_a_worse_fall_is_found_sooner() -> None:
    """By the scores that it takes."""
    waits = []
    for mean in (0.8, 0.5, 0.0):
        draws = np.random.default_rng(1)
        waits.append(np.mean([first_alarm(draws, mean, 0.9, 0.001, 2_000) for _ in range(40)]))
    assert waits[0] > waits[1] > waits[2]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 1), max_size=200), st.floats(0.05, 0.95))
def test_an_alarm_stays_and_scores_at_the_best_never_raise_one(
    scores: list[float], floor: float
) -> None:
    """Evidence is never negative; perfect scores take it down."""
    detector = Detector(floor, 0.01)
    seen = [detector.add(score) for score in scores]
    assert seen == sorted(seen) and detector.evidence >= 0 and detector.n == len(scores)
    perfect = Detector(floor, 0.01)
    assert not perfect.extend([1.0] * 300)


@pytest.mark.parametrize(("floor", "alpha", "score"), [(0, 0.1, 1), (0.5, 1, 1), (0.5, 0.1, 1.01)])
def test_what_cannot_be_is_refused(floor: float, alpha: float, score: float) -> None:
    """The error names it."""
    with pytest.raises(Malformed):
        Detector(floor, alpha).add(score)
    with pytest.raises(Malformed):
        Detector(0.5, 0.1).add(float("nan"))
