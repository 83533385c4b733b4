"""Betting against a mean: capital that grows only where a candidate mean is too small."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TIE = 1e-9
"""Means closer than this are equal: what is left of a sum of floats is no shortfall."""

STAKES = np.array([0.015, 0.04, 0.1, 0.25, 0.45, 0.7, 0.99])
"""Shares of the capital at stake, one bettor each. A stake of c is the best one against a mean of
m when the truth is m + c(1 - m): the large ones settle clear cases, the small ones close calls."""

CAPITAL = np.array([0.02, 0.05, 0.13, 0.2, 0.2, 0.2, 0.2])
"""What each bettor starts with; sums to 1. Small stakes pay off late, where a start matters less."""

_FOLD_EVERY = 16
"""Scores between two moves of the capital into its logarithm; one score changes it by 1e-2 to 1e9."""

_DUST = 1e-250
"""Capital beneath this share of the richest bettor is given up (it can only slow us down)."""


class Bettors:
    """Bettors in rows, each row on its own scores: is the mean at least each of the row's points?

    points: rows by points, rising along a row, the first one 0. gap: how far beneath a point the
    next smaller mean lies that is possible; the bet is against that one. threshold: the logarithm
    of the capital that proves a point. population: as for `ConfidenceSequence`; clusters where
    scores are the means of some. fill: how full those are on average, as `Clusters` has it.
    """

    def __init__(
        self,
        points: Floats,
        *,
        gap: float,
        threshold: float,
        population: int | None,
        fill: float = 1.0,
    ) -> None:
        rows, width = points.shape
        self._points = points
        self._nulls = points - gap
        self._population = population
        self._threshold = threshold
        self._whole = None if population is None else population * fill
        self._total = np.zeros((rows, 1))
        self._weight = np.zeros((rows, 1))
        self._n = 0
        self._wealth = np.tile(CAPITAL[:, None], (rows, 1, width))
        self._log_scale = np.zeros((rows, width))
        self._proved = np.zeros((rows, width + 1), dtype=bool)
        self._mark_certain()

    @property
    def reached(self) -> NDArray[np.intp]:
        """Index, per row, of the last point that was proved with every point before it."""
        return np.asarray(self._proved.argmin(axis=1) - 1)

    def add(self, scores: Floats, weights: Floats | None = None) -> None:
        """Bet on one more score per row and mark the points that are proved by now.

        weights: where scores are means of clusters, how full each of those is; what it lacks is
        filled with the mean that is claimed.
        """
        expected, stakes = self._expected_and_stakes()
        filled = scores[:, None]
        if weights is not None:
            weights = weights[:, None]
            filled = weights * filled + (1.0 - weights) * np.maximum(self._nulls, 0.0)
        odds = filled / np.maximum(expected, TIE)
        odds -= 1.0
        factors = stakes * odds[:, None, :]
        factors += 1.0
        self._wealth *= factors
        self._weight += 1.0 if weights is None else weights
        self._total += scores[:, None] * (1.0 if weights is None else weights)
        self._n += 1
        if self._n % _FOLD_EVERY == 0:
            self._fold()
        capital = np.log(self._wealth.sum(axis=1))
        capital += self._log_scale
        self._proved[:, :-1] |= capital >= self._threshold
        self._mark_certain()

    def _expected_and_stakes(self) -> tuple[Floats, Floats]:
        """Return, under each null, the mean of the next draw and the bettors' stakes.

        Without replacement a stake stands for an alternative about the whole bank, so its share
        grows as the misses that the null allows are used up.
        """
        if self._population is None:
            return self._nulls, STAKES[:, None]
        left = self._population - self._n
        expected = (left + self._weight) * self._nulls
        expected -= self._total
        expected /= left
        misses = np.maximum(left * (1.0 - expected), TIE)
        growth = self._population * (1.0 - self._nulls) / misses
        return expected, np.minimum(STAKES[:, None] * growth[:, None, :], STAKES[-1])

    def _mark_certain(self) -> None:
        """Mark the points that need no bet, since the scores so far already make up for them."""
        if self._whole is None:
            self._proved[:, 0] = True
        else:
            self._proved[:, :-1] |= self._total >= self._whole * (self._points - TIE)

    def _fold(self) -> None:
        """Move the richest bettor's capital into the logarithm; drop what is dust beside it."""
        richest = self._wealth.max(axis=1)
        self._wealth /= richest[:, None, :]
        self._wealth[self._wealth < _DUST] = 0.0
        self._log_scale += np.log(richest)
