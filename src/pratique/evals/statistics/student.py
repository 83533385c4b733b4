"""Student's t: the quantiles that intervals from few points take."""

import math

from pratique.errors import Malformed

_MOST = 1e9
"""No quantile that an interval uses lies beyond it."""


def t_quantile(share: float, free: int) -> float:
    """Return the value that a t with *free* degrees of freedom stays beneath with this *share*.

    By bisection of the closed form for whole degrees of freedom (Abramowitz and Stegun 1964,
    26.7.3 and 26.7.4).

    Raises:
        Malformed: *share* is not between 0 and 1, or *free* is below 1.
    """
    if not 0 < share < 1 or free < 1:
        raise Malformed(f"no quantile at {share:g} with {free} degrees of freedom")
    if share < 0.5:
        return -t_quantile(1 - share, free)
    low, high = 0.0, _MOST
    for _ in range(200):
        middle = (low + high) / 2
        if _beneath(middle, free) < share:
            low = middle
        else:
            high = middle
    return high


def _beneath(value: float, free: int) -> float:
    """Return the chance that a t with *free* degrees of freedom is at most *value* >= 0."""
    angle = math.atan(value / math.sqrt(free))
    cosine, sine = math.cos(angle), math.sin(angle)
    start = 2 if free % 2 else 1
    term = total = cosine if free % 2 else 1.0
    for n in range(start + 1, free - 1, 2):
        term *= cosine * cosine * (n - 1) / n
        total += term
    if free == 1:
        return 0.5 + angle / math.pi
    if free % 2:
        return 0.5 + (angle + sine * total) / math.pi
    return 0.5 + sine * total / 2
