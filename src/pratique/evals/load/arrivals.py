"""Arrivals: when the requests of a load are due, in seconds from its start."""

import random
from typing import Literal

from pratique.errors import Malformed

Law = Literal["even", "poisson"]
"""How requests follow each other: at equal distances, or by chance as those of many users do."""


def arrivals(law: Law, rate: float, count: int, seed: int) -> tuple[float, ...]:
    """Return when each of *count* requests is due at *rate* requests a second.

    *seed* decides the draws of a Poisson process; the same seed gives the same times.

    Raises:
        Malformed: the rate or the count is none.
    """
    if not rate > 0 or count < 1:
        raise Malformed(
            f"{count} requests at {rate:g} a second are no load",
            hint="name at least one request and a rate above 0",
        )
    if law == "even":
        return tuple(number / rate for number in range(count))
    draw = random.Random(f"arrivals/{seed}/{rate!r}")  # noqa: S311  (drawing, not secrecy)
    due, at = [], 0.0
    for _ in range(count):
        due.append(at)
        at += draw.expovariate(rate)
    return tuple(due)
