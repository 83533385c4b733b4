"""Bounds of a rate that was counted, for the benches."""

import math

import numpy as np

from pratique.errors import Malformed


def upper_bound(events: int, trials: int, confidence: float = 0.95) -> float:
    """Return the one-sided upper Clopper-Pearson bound of a rate seen *events* in *trials* times."""
    _check_counts(events, trials)
    return 1.0 - lower_bound(trials - events, trials, confidence)


def lower_bound(events: int, trials: int, confidence: float = 0.95) -> float:
    """Return the one-sided lower Clopper-Pearson bound of a rate seen *events* in *trials* times.

    The rate at which this many events or more have a probability of 1 - confidence, by bisection.
    """
    _check_counts(events, trials)
    if events == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if binomial_tail(events, trials, middle) < 1.0 - confidence:
            low = middle
        else:
            high = middle
    return low


def _check_counts(events: int, trials: int) -> None:
    if not 0 <= events <= trials or trials < 1:
        raise Malformed(
            f"{events} events in {trials} trials", hint="count events among at least one trial"
        )


def binomial_tail(events: int, trials: int, rate: float) -> float:
    """Return the probability of at least *events* in *trials* at *rate*."""
    if events <= 0 or rate >= 1.0:
        return 1.0
    if rate <= 0.0:
        return 0.0
    taken = np.arange(1, trials + 1)
    choose = np.concatenate(([0.0], np.cumsum(np.log((trials - taken + 1) / taken))))
    counts = np.arange(events, trials + 1)
    logs = choose[events:] + counts * math.log(rate) + (trials - counts) * math.log1p(-rate)
    return min(1.0, float(np.exp(logs).sum()))
