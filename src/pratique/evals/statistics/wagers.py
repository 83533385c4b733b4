"""Wagers on a gap: capital that grows where a mean cannot be what a null says it is.

A null says "the mean is at most m" (or, mirrored, "at least m"). Against it somebody bets on every
score as it arrives; where the null is true the capital does not grow on average, so it ever
reaches 1/alpha with a probability of at most alpha (Ville's inequality), however often one looks.

Each of a few bettors believes in one effect, a distance of the mean from the null, and stakes
what is best for it under the variance of the scores before: effect / (variance + effect squared). Where
something is known of the samples beforehand, it bets on what that leaves to be known, unless the
wider range of it would cost more than the smaller variance gains.
Of a bank drawn without replacement the null fixes the mean of the scores that are left, and an
effect about the bank is a larger one about what is left.

Sources: Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting",
JRSS-B 2024 (the predictable variance and the approximate best stake); arXiv 2006.04347 (without
replacement). A control of known mean beneath the same stakes: Glynn and Szechtman 2002.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pratique.evals.statistics.bets import TIE

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST = 0.98
"""Largest share of the capital that one score may take."""

PRIOR_SCORES = 4.0
"""Scores that the guess at the variance counts for."""

PRIOR_SLOPE_SCORES = 10.0
"""Scores that the guess at a control's slope, 1, counts for."""

_FOLD_EVERY = 8
"""Scores between two moves of the capital into its logarithm."""

_DUST = 1e-200
"""Capital beneath this share of the richest bettor is given up (it can only slow us down)."""


@dataclass(frozen=True, slots=True)
class Null:
    """One claim about the mean, and what it takes to refute it."""

    mean: float
    """The claimed mean, in the unit of the scores."""

    side: int
    """1 where the claim is "at most", -1 where it is "at least"."""

    effects: tuple[float, ...]
    """Distances of the mean from the claim that the bettors believe in, above 0."""

    starts: tuple[float, ...]
    """What each bettor starts with; sums to 1."""

    error: float
    """Probability with which a true claim may be refuted."""


@dataclass(frozen=True, slots=True)
class Draws:
    """How samples were drawn from their banks where not all had the same chance; one a run."""

    ratio: Floats
    """Chance of the drawn sample under equal chances, for one of the chance that it had."""

    widest: Floats
    """The largest such ratio among the samples that were left."""


@dataclass(frozen=True, slots=True)
class Controls:
    """What was known of the samples before they were drawn; one a run."""

    value: Floats
    """The known figure of the drawn sample, less the mean of it over those left to draw."""

    reach: Floats
    """How far that could be from 0 at most."""

    share: Floats
    """Share of the scores' variance that it is expected to explain, 0..1."""


class Wagers:
    """Bets of many runs side by side against the same nulls.

    low, high: what a score can be, one for all runs or one a run. sizes: samples in each run's bank,
    drawn in random order without replacement; None speaks of all users. Where scores are the means
    of clusters, *sizes* counts those, and *fill* says how full they are on average (see `Clusters`).
    """

    def __init__(
        self,
        nulls: tuple[Null, ...],
        *,
        runs: int,
        low: float | Floats,
        high: float | Floats,
        sizes: Floats | None,
        guess: float,
        fill: float | Floats = 1.0,
    ) -> None:
        column = (-1, 1)
        self._means = np.array([null.mean for null in nulls]).reshape(column)
        self._sides = np.array([float(null.side) for null in nulls]).reshape(column)
        self._effects = np.array([null.effects for null in nulls]).T[:, :, None]
        self._goal = np.log([1.0 / null.error for null in nulls]).reshape(column)
        self._low, self._high, self._guess = low, high, guess
        self._sizes = sizes
        self._fill = np.broadcast_to(np.asarray(fill, dtype=np.float64), (runs,))
        starts = np.array([null.starts for null in nulls]).T[:, :, None]
        self._capital = np.repeat(starts, runs, axis=2)
        self._scale = np.zeros((len(nulls), runs))
        self.refuted: Flags = np.zeros((len(nulls), runs), dtype=np.bool_)
        self.n = np.zeros(runs)
        self.total = np.zeros(runs)
        self.weight = np.zeros(runs)
        self._weighted = np.zeros(runs)
        self._squares = np.zeros(runs)
        self._control_squares = np.zeros(runs)
        self._products = np.zeros(runs)
        self._steps = 0

    def add(
        self,
        scores: Floats,
        controls: Controls | None = None,
        draws: Draws | None = None,
        weights: Floats | None = None,
    ) -> None:
        """Bet on one more score per run.

        controls: what was known of the samples; None for nothing. draws: how they were drawn; None
        for equal chances. weights: where scores are means of clusters, how full each of those is;
        clusters come without controls and with equal chances.
        """
        means, growth = self._expected()
        effects = self._effects * growth
        weighted = scores if draws is None else np.asarray(scores * draws.ratio)
        if weights is not None:
            weighted = weights * scores + (1.0 - weights) * self._means
        surprise = (weighted - means) * self._sides
        room = self._room(means, draws)
        stakes, hope = self._stakes(effects, room, self._variance())
        if controls is None:
            stakes *= surprise
        else:
            slope = self._slope()
            room = room + slope * controls.reach
            left = self._variance(slope, controls.share)
            other, better = self._stakes(effects, room, left)
            changed = surprise - slope * controls.value * self._sides
            stakes = np.where(better > hope, other * changed, stakes * surprise)
        stakes += 1.0
        self._capital *= stakes
        self._learn(scores, weighted, controls, weights)
        self._look()

    def _room(self, means: Floats, draws: Draws | None) -> Floats:
        """Return how far the next score may lie on the losing side of each null's mean."""
        low, high = np.asarray(self._low), np.asarray(self._high)
        if draws is not None:
            low, high = np.minimum(low * draws.widest, 0.0), np.maximum(high * draws.widest, 0.0)
        return np.where(self._sides > 0, means - low, high - means)

    def _stakes(self, effects: Floats, room: Floats, variance: Floats) -> tuple[Floats, Floats]:
        """Return the bettors' stakes and what each hopes that its capital grows by."""
        spread = variance + effects * effects
        stakes = np.minimum(effects / spread, MOST / np.maximum(room, TIE))
        return stakes, stakes * (effects - stakes * spread / 2.0)

    def keep(self, which: Flags) -> None:
        """Go on with the runs in *which* only."""
        self._capital = self._capital[:, :, which]
        self._scale = self._scale[:, which]
        self.refuted = self.refuted[:, which]
        self._sizes = None if self._sizes is None else self._sizes[which]
        self._low = self._low[which] if isinstance(self._low, np.ndarray) else self._low
        self._high = self._high[which] if isinstance(self._high, np.ndarray) else self._high
        self.n, self.total, self.weight = self.n[which], self.total[which], self.weight[which]
        self._fill = self._fill[which]
        self._weighted = self._weighted[..., which]
        self._squares = self._squares[..., which]
        self._control_squares = self._control_squares[which]
        self._products = self._products[which]

    def _expected(self) -> tuple[Floats, Floats]:
        """Return, under each null, the mean of the next score, and how effects have grown."""
        if self._sizes is None:
            return self._means, self._fill
        left = self._sizes - self.n
        claimed = (left + self.weight) * self._means
        return (claimed - self.total) / left, self._fill * self._sizes / left

    def _variance(self, slope: Floats | None = None, share: Floats | float = 0.0) -> Floats:
        """Return the variance as the scores so far have it, less what the control explains.

        share: what the control is expected to explain of the guess.
        """
        n = np.maximum(self.n, 1.0)
        squares = self._squares - self._weighted * self._weighted / n
        if slope is not None:
            explained = 2.0 * slope * self._products - slope * slope * self._control_squares
            squares = np.maximum(squares - explained, 0.05 * squares)
        guess = PRIOR_SCORES * self._guess * (1.0 - share)
        return np.asarray((guess + squares) / (PRIOR_SCORES + self.n))

    def _slope(self) -> Floats:
        """Return the slope of the scores on their control; models follow their own mean by 1."""
        n = np.maximum(self.n, 1.0)
        trust = np.maximum(self._control_squares / n, TIE) * PRIOR_SLOPE_SCORES
        slope = (trust + self._products) / (trust + self._control_squares)
        return np.asarray(np.clip(slope, 0.0, 1.5))

    def _learn(
        self, scores: Floats, weighted: Floats, controls: Controls | None, weights: Floats | None
    ) -> None:
        if controls is not None:
            centre = self.total / np.maximum(self.n, 1.0)
            self._products += controls.value * (scores - np.where(self.n > 0, centre, scores))
            self._control_squares += controls.value * controls.value
        self.total = self.total + (scores if weights is None else scores * weights)
        self.weight = self.weight + (1.0 if weights is None else weights)
        self._weighted = self._weighted + weighted
        self._squares = self._squares + weighted * weighted
        self.n += 1.0

    def _look(self) -> None:
        """Mark what is refuted by now, by capital or because the scores leave no room for it."""
        self._steps += 1
        if self._steps % _FOLD_EVERY == 0:
            richest = np.maximum(self._capital.max(axis=0), _DUST)
            self._capital /= richest
            self._capital[self._capital < _DUST] = 0.0
            self._scale += np.log(richest)
        with np.errstate(divide="ignore"):
            wealth = np.log(self._capital.sum(axis=0))
        wealth += self._scale
        self.refuted |= wealth >= self._goal
        if self._sizes is not None:
            whole = self._sizes * self._fill
            left = whole - self.weight
            at_least, at_most = self.total + left * self._low, self.total + left * self._high
            claimed = whole * self._means
            slack = TIE * self._sizes
            self.refuted |= (self._sides > 0) & (at_least > claimed + slack)
            self.refuted |= (self._sides < 0) & (at_most < claimed - slack)
