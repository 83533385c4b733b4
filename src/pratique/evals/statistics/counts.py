"""What counts and sums prove about a mean, at any look: all that is needed is n and the sum.

The bettor against a mean m holds the likelihood ratio of every other mean to m, mixed by Jeffreys'
Beta(1/2, 1/2). For yes or no its capital is a martingale where the mean is m; for figures in
[0, 1] it does not grow on average, since q^x (1-q)^(1-x) lies beneath its chord in x. So it ever
reaches 1/alpha with a probability of at most alpha (Ville's inequality). It depends on n and the
sum alone: replicas may add up, and nobody needs the order.

Sources: Robbins, "Statistical methods related to the law of the iterated logarithm", Ann. Math.
Stat. 1970 (mixtures); Waudby-Smith and Ramdas, JRSS-B 2024 (bounded means). For figures it is wide
where their variance is small: a bettor that sees every score learns the variance, this one cannot.
"""

import math
from typing import Literal, NamedTuple

from pratique.errors import Malformed
from pratique.evals.statistics.sequences import check_alpha

_HALF = 0.5
_STEPS = 60
"""Halvings of an interval's end: beyond the precision of a float."""


class Interval(NamedTuple):
    """Where the mean lies, at every look at once."""

    low: float
    """Lower end."""
    high: float
    """Upper end."""


def log_capital(n: float, total: float, mean: float) -> float:
    """Return the logarithm of the capital against *mean* after *n* scores in [0, 1] that sum to *total*."""
    misses = n - total
    mixed = _log_beta(total + _HALF, misses + _HALF) - _log_beta(_HALF, _HALF)
    return mixed - _times_log(total, mean) - _times_log(misses, 1.0 - mean)


def side_of(n: float, total: float, bound: float, alpha: float) -> Literal[-1, 0, 1]:
    """Return 1 where the mean is established as above *bound*, -1 as at most it, 0 where neither.

    It agrees with `interval_of`: above, when its lower end is; at most, when its upper end is.
    """
    if n == 0 or log_capital(n, total, bound) < math.log(1.0 / alpha):
        return 0
    return 1 if total > n * bound else -1


def interval_of(n: float, total: float, alpha: float) -> Interval:
    """Return the interval that holds the mean with probability 1 - *alpha*, however often one looks.

    Raises:
        Malformed: *total* is not between 0 and *n*, or *alpha* is no error probability.
    """
    check_alpha(alpha)
    if not 0 <= total <= n:
        raise Malformed(f"a sum of {total:g} over {n:g} scores in [0, 1]")
    if n == 0:
        return Interval(0.0, 1.0)
    middle, goal = total / n, math.log(1.0 / alpha)
    return Interval(
        _end(n, total, goal, middle, 0.0) if total > 0 else 0.0,
        _end(n, total, goal, middle, 1.0) if total < n else 1.0,
    )


def _end(n: float, total: float, goal: float, inside: float, outside: float) -> float:
    """Return where, from *inside* towards *outside*, the capital reaches *goal*."""
    for _ in range(_STEPS):
        middle = (inside + outside) / 2
        if log_capital(n, total, middle) < goal:
            inside = middle
        else:
            outside = middle
    return outside


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _times_log(count: float, share: float) -> float:
    """Return count times log(share), 0 where there is nothing to count."""
    if count <= 0:
        return 0.0
    return count * math.log(share) if share > 0 else -math.inf
