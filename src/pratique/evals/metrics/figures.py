"""Figures: a number that never travels without how many things it was counted over."""

import msgspec

from pratique.errors import Malformed


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One number and what stands behind it."""

    value: float
    """The number."""
    count: int
    """How many things it was counted over: its denominator."""
    counts: str
    """What those things are, in the plural."""


def share(part: int, whole: int, *, name: str, counts: str) -> Figure:
    """Return *part* of *whole* as a figure.

    Raises:
        Malformed: there is nothing to count over.
    """
    require(whole, name=name, counts=counts)
    return Figure(value=part / whole, count=whole, counts=counts)


def mean(values: list[float], *, name: str, counts: str) -> Figure:
    """Return the mean of *values* as a figure.

    Raises:
        Malformed: there are none.
    """
    require(len(values), name=name, counts=counts)
    return Figure(value=sum(values) / len(values), count=len(values), counts=counts)


def require(count: int, *, name: str, counts: str) -> None:
    """Refuse to compute *name* over nothing: a made-up 0 or 1 would pass for a result.

    Raises:
        Malformed: *count* is 0.
    """
    if count == 0:
        raise Malformed(
            f"{name} cannot be computed: there are 0 {counts}",
            hint=f"give at least one of the {counts}, or leave the figure out",
        )
