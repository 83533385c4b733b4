"""Forecasts: a line through measured releases, when it crosses a bar, and how sure that is.

It is a model, not a proof: releases are taken to improve along a straight line, each off it by a
scatter of its own beside the error of its measurement. A confidence sequence says what was; this
says what follows if things go on as they went, and nothing beyond the horizon it is given.

Sources: scatter between releases by moments, DerSimonian and Laird 1986, as for a regression on
one quantity; interval of the line by Knapp and Hartung 2003 with the factor kept at 1 or above;
interval of a new release by Higgins, Thompson and Spiegelhalter 2009, section 4.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pratique.errors import Malformed
from pratique.evals.statistics.student import t_quantile

Floats = NDArray[np.float64]

LEAST_POINTS = 3
"""A line takes two points; the third is the first that says how far releases stray from it."""


class Point(NamedTuple):
    """One measured release."""

    day: float
    """When it was measured, in days from any fixed day."""
    passed: float
    """Samples that passed, from 0 to `samples`."""
    samples: int
    """Samples drawn, above 0."""
    population: int | None = None
    """Samples of the bank that they were drawn from without replacement; None for no bank."""

    @property
    def share(self) -> float:
        """Share that passed, drawn towards one half as if four more had been seen, two passed.

        Agresti and Coull 1998: so a release that failed three of three is not taken for a
        certain zero.
        """
        return (self.passed + 2) / (self.samples + 4)

    @property
    def variance(self) -> float:
        """Variance of the share by its measurement alone."""
        left = 1.0
        if self.population is not None and self.population > 1:
            left = (self.population - self.samples) / (self.population - 1)
        # What is left of a bank drawn to its end is rounding, never a perfect certainty.
        return self.share * (1 - self.share) / (self.samples + 4) * max(left, 1e-3)


class Band(NamedTuple):
    """What a release of one day is expected to pass."""

    day: float
    """The day."""
    middle: float
    """The line, between 0 and 1."""
    low: float
    """What it falls beneath with a chance of at most one minus the certainty, by the model."""
    high: float
    """What it rises above with a chance of at most one minus the certainty, by the model."""


class Crossing(NamedTuple):
    """When the bar is reached, in days as the points count them; None is 'not by the horizon'."""

    expected: float | None
    """First day on which the line is at the bar."""
    earliest: float | None
    """First day on which the upper end is at the bar."""
    latest: float | None
    """First day from which the lower end stays at the bar."""


class Forecast:
    """A line through the *points* of one partner's releases.

    *certainty*, above one half, is what each single end of an interval holds with. *horizon* is
    the last day that may be asked for.

    Raises:
        Malformed: fewer than `LEAST_POINTS` points, days that do not rise, or a value that can't be.
    """

    def __init__(self, points: Sequence[Point], *, certainty: float, horizon: float) -> None:
        _require_sound(points, certainty, horizon)
        self.points = tuple(points)
        self.certainty = certainty
        self.horizon = horizon
        self._days = np.array([one.day for one in points])
        self._shares = np.array([one.share for one in points])
        noise = np.array([one.variance for one in points])
        self.scatter = _scatter(self._days, self._shares, noise)
        """Variance of releases around the line, beside what measuring explains."""
        self._weights = 1.0 / (noise + self.scatter)
        self._middle = float(np.average(self._days, weights=self._weights))
        self._spread = float(self._weights @ (self._days - self._middle) ** 2)
        self._level = float(np.average(self._shares, weights=self._weights))
        self.slope = float(
            self._weights @ ((self._days - self._middle) * self._shares) / self._spread
        )
        """Change of the share in a day."""
        free = len(points) - 2
        rest = self._shares - self._line(self._days)
        self._factor = max(1.0, float(self._weights @ rest**2) / free)
        self._quantile = t_quantile(certainty, free)

    @property
    def slope_interval(self) -> tuple[float, float]:
        """Ends of the interval of the slope, each with the certainty."""
        half = self._quantile * float(np.sqrt(self._factor / self._spread))
        return self.slope - half, self.slope + half

    def at(self, day: float) -> Band:
        """Return what a release of *day* is expected to pass.

        Raises:
            Malformed: *day* is beyond the horizon.
        """
        if day > self.horizon:
            raise Malformed(
                f"day {day:g} is beyond the horizon of day {self.horizon:g}",
                hint="wait for further releases: a line may not be drawn as far as one likes",
            )
        middle, low, high = self._bands(np.array([day]))
        return Band(day, float(middle[0]), float(low[0]), float(high[0]))

    def crossing(self, bar: float) -> Crossing:
        """Return when *bar* is reached, from the day of the last release to the horizon."""
        start = self.points[-1].day
        days = np.append(np.arange(start, self.horizon, 1.0), self.horizon)
        middle, low, high = self._bands(days)
        # The lower end may touch the bar and sink again where the line is drawn far: it must stay.
        under = np.flatnonzero(low < bar)
        after = 0 if not under.size else int(under[-1]) + 1
        return Crossing(
            expected=_first(days, middle >= bar),
            earliest=_first(days, high >= bar),
            latest=float(days[after]) if after < len(days) else None,
        )

    def _line(self, days: Floats) -> Floats:
        return np.asarray(self._level + self.slope * (days - self._middle))

    def _bands(self, days: Floats) -> tuple[Floats, Floats, Floats]:
        line = self._line(days)
        of_line = 1.0 / self._weights.sum() + (days - self._middle) ** 2 / self._spread
        half = self._quantile * np.sqrt(self._factor * of_line + self.scatter)
        return line.clip(0, 1), (line - half).clip(0, 1), (line + half).clip(0, 1)


def _scatter(days: Floats, shares: Floats, noise: Floats) -> float:
    """Return the variance between releases by moments: what the measurements' errors leave over."""
    weights = 1.0 / noise
    design = np.column_stack([np.ones_like(days), days - days.mean()])
    weighted = design * weights[:, None]
    normal = np.linalg.inv(design.T @ weighted)
    rest = shares - design @ (normal @ (weighted.T @ shares))
    over = float(weights @ rest**2) - (len(days) - 2)
    scale = float(weights.sum() - np.trace(normal @ (weighted.T @ weighted)))
    return max(0.0, over / scale)


def _first(days: Floats, reached: NDArray[np.bool_]) -> float | None:
    return float(days[int(reached.argmax())]) if reached.any() else None


def _require_sound(points: Sequence[Point], certainty: float, horizon: float) -> None:
    if len(points) < LEAST_POINTS:
        raise Malformed(
            f"{len(points)} releases, and a trend takes {LEAST_POINTS}",
            hint="assess the next release: what is known until then is its finding alone",
        )
    if not 0.5 < certainty < 1:
        raise Malformed(f"the certainty is {certainty:g}, must be above 0.5 and below 1")
    days = [one.day for one in points]
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise Malformed("the days of the releases do not rise", hint="give them in order of time")
    if horizon < days[-1]:
        raise Malformed(f"the horizon, day {horizon:g}, lies before the last release")
    for one in points:
        fits = 0 <= one.passed <= one.samples and one.samples > 0
        if not fits or (one.population is not None and one.population < one.samples):
            raise Malformed(f"{one.passed:g} of {one.samples} from {one.population} cannot be")
