"""Planning a standard: the error of a family, and the samples that a decision needs."""

import math
from typing import Literal

import numpy as np

from pratique.errors import Malformed
from pratique.evals.statistics.bets import CAPITAL, STAKES, TIE
from pratique.evals.statistics.proportions import binomial_tail
from pratique.evals.statistics.sequences import check_alpha, check_bar

Truth = Literal["bank", "population"]

_POWER_QUANTILE = -0.8416212335729143
"""Normal quantile at 0.2: what 80 % of runs exceed."""

_MOST = 1_000_000
"""Samples that nobody collects; margins that need more are below what our stakes resolve."""


def family_alpha(alpha: float, members: int) -> float:
    """Return the error each of *members* requirements may have so that all together have *alpha*.

    Bonferroni: alpha / members, valid however the requirements depend on each other.
    """
    check_alpha(alpha)
    if members < 1:
        raise Malformed(f"a family of {members} requirements", hint="a family has at least one")
    return alpha / members


def samples_needed(bar: float, margin: float, alpha: float, truth: Truth) -> int:
    """Return how many pass-or-fail samples decide a candidate that is *margin* off *bar*.

    population: the least n at which at least 80 % of runs at bar + margin, and of runs at
    bar - margin, stand beyond the boundary. An analytic bound, not a simulation: runs that were
    decided before n and drifted back are not counted, so the true share is a little higher. A mean
    beyond 0 or 1 is taken as 0 or 1. bank: 1, since a bank that is scored to its end is decided.
    Raises Malformed where no number of samples would do.
    """
    check_alpha(alpha)
    check_bar(bar)
    if not margin > 0.0:
        raise Malformed(f"a margin of {margin} around the bar", hint="state a margin above 0")
    if truth == "bank" or bar <= TIE:
        return 1
    if bar >= 1.0 - TIE:
        raise Malformed(
            f"bar {bar} can be established for no population",
            hint="lower the bar, or let the requirement speak of the bank",
        )
    above = _side_needed(bar, min(1.0, bar + margin), alpha)
    below = _side_needed(1.0 - bar, min(1.0, 1.0 - bar + margin), alpha)
    return max(above, below)


def _side_needed(bar: float, mean: float, alpha: float) -> int:
    """Return the least n at which the run at the 20 % quantile proves that *mean* is over *bar*."""
    win, lose = np.log1p(STAKES * (1 / bar - 1)), np.log1p(-STAKES)

    def proved(n: int) -> bool:
        passes = _lower_fifth(n, mean)
        capital = np.log(CAPITAL) + passes * win + (n - passes) * lose
        return float(np.logaddexp.reduce(capital)) >= math.log(2 / alpha)

    enough = 1
    while not proved(enough):
        enough *= 2
        if enough > _MOST:
            raise Malformed(
                f"a mean of {mean:.6g} against a line of {bar:.6g} takes more than {_MOST:,} samples",
                hint="state a larger margin, or let the requirement speak of the bank",
            )
    short = enough // 2
    while enough - short > 1:
        middle = (short + enough) // 2
        short, enough = (short, middle) if proved(middle) else (middle, enough)
    return enough


def _lower_fifth(n: int, mean: float) -> int:
    """Return the largest count that at least 80 % of runs of *n* reach (normal from 2,000 on)."""
    spread = math.sqrt(n * mean * (1.0 - mean))
    count = math.floor(n * mean + _POWER_QUANTILE * spread)
    if n >= 2000 or spread == 0.0:
        return max(0, count)
    while count < n and binomial_tail(count + 1, n, mean) >= 0.8:
        count += 1
    while count > 0 and binomial_tail(count, n, mean) < 0.8:
        count -= 1
    return count
