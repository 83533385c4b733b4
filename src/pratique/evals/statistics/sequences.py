"""Statistics of a run: what the scores so far prove about a mean, after every single score.

The interval is a confidence sequence: it may be looked at after each score, and stopped at any
look, without its error growing. For every candidate mean somebody bets against "the mean is no
larger" (and, mirrored, "no smaller"); where that is true, capital does not grow on average, so by
Ville's inequality it reaches 2/alpha with probability at most alpha/2. A candidate whose bettor
got there is ruled out for good.

Sources: Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting",
JRSS-B 2024; for a bank drawn without replacement, arXiv 2006.04347.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pratique.errors import Malformed
from pratique.evals.statistics.bets import TIE, Bettors, Floats
from pratique.evals.statistics.clusters import Clusters, mean_of

Decision = Literal["meets", "falls_short", "undecided"]


class Look(NamedTuple):
    """What was known after a number of scores."""

    n: int
    """Scores so far, those of every cluster counted."""

    mean: float
    """Their mean."""

    low: float
    """Lower end of the interval."""

    high: float
    """Upper end of the interval."""


class SequenceBatch:
    """Confidence sequences of many runs side by side; `ConfidenceSequence` is a batch of one.

    Arrays have one entry a run. Arguments as for `ConfidenceSequence`.
    """

    def __init__(
        self,
        alpha: float,
        *,
        runs: int,
        population: int | None = None,
        step: float | None = None,
        bars: Sequence[float] = (),
        grid: int = 1000,
        clusters: Clusters | None = None,
    ) -> None:
        check_alpha(alpha)
        if population is not None and population < 1:
            raise Malformed(
                f"a bank of {population} samples", hint="a bank holds at least one sample"
            )
        if clusters is not None and population not in (None, clusters.count):
            raise Malformed(
                f"a bank of {population} with {clusters.count} clusters",
                hint="`population` counts clusters where there are some",
            )
        self.population = population
        self._clusters = clusters or Clusters(1, 1, 1)
        self._whole = population if clusters is None or population is None else clusters.samples
        self._parts = None if step is None else _parts(step)
        lattice = self._whole * self._parts if self._whole and self._parts else None
        self._points = _candidates([check_bar(bar) for bar in bars], grid, lattice)
        gap = 1.0 / lattice if lattice else 0.0
        sides = (self._points, 1.0 - self._points[::-1])
        self._bettors = Bettors(
            np.repeat(sides, runs, axis=0),
            gap=gap,
            threshold=math.log(2 / alpha),
            population=population,
            fill=self._clusters.fill,
        )
        self.n = 0
        self._total = np.zeros(runs)
        self._counted = np.zeros(runs)
        self._first = np.zeros(runs, dtype=np.intp)
        self._last = np.full(runs, len(self._points) - 1, dtype=np.intp)
        self.contradicted = np.zeros(runs, dtype=bool)
        self._tighten()

    @property
    def mean(self) -> Floats:
        """Mean of the scores so far; not a number before the first."""
        return self._total / self._counted if self.n else np.full_like(self._total, np.nan)

    def add(self, scores: Floats, sizes: Floats | None = None) -> None:
        """Take one score per run, or the mean of a cluster of so many, by *sizes*.

        Raises Malformed for a score that cannot be one.
        """
        if self.n == self.population:
            raise Malformed(
                f"one score more than the bank of {self.population} samples holds",
                hint="score each sample of a bank once; `population=None` speaks of all users",
            )
        sizes = np.ones(len(scores)) if sizes is None else sizes
        scores = self._checked(scores, sizes)
        weights = sizes / self._clusters.largest
        self._bettors.add(
            np.concatenate((scores, 1.0 - scores)),
            None if self._clusters.largest == 1 else np.concatenate((weights, weights)),
        )
        self._total = self._total + scores * sizes
        self._counted = self._counted + sizes
        self.n += 1
        self._tighten()

    def verdicts(self, bar: float) -> NDArray[np.int8]:
        """Return 1 where the mean meets *bar*, -1 where it falls short, 0 where it is undecided.

        A mean within `TIE` of the bar meets it.
        """
        line = check_bar(bar) - TIE
        return np.asarray((self.low >= line).astype(np.int8) - (self.high < line).astype(np.int8))

    def _checked(self, scores: Floats, sizes: Floats) -> Floats:
        wrong = scores[~((scores >= 0.0) & (scores <= 1.0))]
        if len(wrong):
            raise Malformed(f"score {wrong[0]} is outside [0, 1]", hint="scale the scorer to 0..1")
        self._clusters.weight(int(sizes.min()))
        self._clusters.weight(int(sizes.max()))
        if self._parts is None:
            return scores
        parts = self._parts * sizes
        snapped = np.round(scores * parts) / parts
        wrong = scores[np.abs(snapped - scores) > TIE]
        if len(wrong):
            raise Malformed(
                f"score {wrong[0]} is no multiple of the step 1/{self._parts}",
                hint="leave `step` out when a scorer gives any fraction",
            )
        return np.asarray(snapped)

    def _tighten(self) -> None:
        reached = self._bettors.reached.reshape(2, -1)
        first, last = reached[0], len(self._points) - 1 - reached[1]
        self.contradicted = first > last
        if self.contradicted.any():
            first = np.where(self.contradicted, self._first, first)
            last = np.where(self.contradicted, self._last, last)
        self._first, self._last = first, last
        self.low, self.high = self._points[first], self._points[last]
        if self._whole is not None:
            floor = np.minimum(self._total / self._whole, 1.0)
            left = self._whole - self._counted
            ceiling = np.where(
                left > 0.0, np.minimum((self._total + left) / self._whole, 1.0), floor
            )
            self.low = np.minimum(np.maximum(self.low, floor), ceiling)
            self.high = np.minimum(np.maximum(self.high, floor), ceiling)


class ConfidenceSequence:
    """Anytime-valid two-sided interval for the mean of scores in [0, 1].

    With probability at least 1 - *alpha* the mean lies in [low, high] after every score at once.
    The interval only narrows; ends are rounded outward to the candidate means.

    alpha: two-sided error, above 0 and below 1; each side takes half.
    population: samples in the bank that is drawn from, in random order, without replacement; the
        interval then speaks of the bank's mean and ends as exactly that. None: it speaks of the
        mean of all users that the samples stand for.
    step: scores are multiples of this, 1 for pass or fail, 0.5 for three grades. A bank's mean is
        then a multiple of step / population, which decides sooner. None: any fraction.
    bars: bars that will be decided upon. They become candidate means, so that no evidence at the
        bar is lost to the grid; any other bar is decided validly, but up to 1 / grid later.
    grid: how many candidate means to keep, at most, besides the bars.
    clusters: what is known of the clusters, where samples share sources and those are what is drawn;
        *population* counts clusters then, and the mean stays that of all samples.
    """

    def __init__(
        self,
        alpha: float,
        *,
        population: int | None = None,
        step: float | None = None,
        bars: Sequence[float] = (),
        grid: int = 1000,
        clusters: Clusters | None = None,
    ) -> None:
        self._batch = SequenceBatch(
            alpha,
            runs=1,
            population=population,
            step=step,
            bars=bars,
            grid=grid,
            clusters=clusters,
        )
        self._looks: list[Look] = []

    @property
    def n(self) -> int:
        """Scores so far, those of every cluster counted."""
        return self._looks[-1].n if self._looks else 0

    @property
    def observed(self) -> int:
        """Clusters so far; scores, where there are no clusters."""
        return self._batch.n

    @property
    def mean(self) -> float | None:
        """Mean of the scores so far; None before the first."""
        return self._looks[-1].mean if self._looks else None

    @property
    def low(self) -> float:
        """Lower end: the mean is at least this."""
        return float(self._batch.low[0])

    @property
    def high(self) -> float:
        """Upper end: the mean is at most this."""
        return float(self._batch.high[0])

    @property
    def contradicted(self) -> bool:
        """True when the scores rule out every mean: a rare accident, or no random order.

        The interval then stays as it last was, inside what is certain about the bank.
        """
        return bool(self._batch.contradicted[0])

    @property
    def trace(self) -> list[Look]:
        """What was known after each score, or each cluster, first to last."""
        return list(self._looks)

    def add(self, score: float) -> None:
        """Take one score; raises Malformed when it is outside [0, 1] or the bank is used up."""
        self._add(score, 1)

    def add_cluster(self, scores: Sequence[float]) -> None:
        """Take the scores of one whole cluster; raises Malformed as `add`, and when it is too large."""
        self._add(mean_of(scores), len(scores))

    def _add(self, score: float, size: int) -> None:
        self._batch.add(np.array([score], dtype=np.float64), np.array([float(size)]))
        seen = Look(self.n + size, float(self._batch.mean[0]), self.low, self.high)
        self._looks.append(seen)

    def add_many(self, scores: Iterable[float]) -> None:
        """Take scores in the order given."""
        for score in scores:
            self.add(score)

    def decide(self, bar: float) -> Decision:
        """Return what is established about the mean and *bar*; see `decide`."""
        verdict = self._batch.verdicts(bar)[0]
        return "meets" if verdict > 0 else "falls_short" if verdict < 0 else "undecided"


def decide(sequence: ConfidenceSequence, bar: float) -> Decision:
    """Return `meets` when the mean is established as at least *bar*, `falls_short` when as less.

    A mean equal to the bar (to within `TIE`) meets it. A wrong `meets`, and a wrong `falls_short`,
    has a probability of at most alpha/2 over all looks together.
    """
    return sequence.decide(bar)


def check_alpha(alpha: float) -> None:
    if not 0.0 < alpha < 1.0:
        raise Malformed(f"alpha {alpha} is no error probability", hint="choose one such as 0.05")


def check_bar(bar: float) -> float:
    if not 0.0 <= bar <= 1.0:
        raise Malformed(f"bar {bar} is outside [0, 1]", hint="state the bar as a mean score, 0..1")
    return bar


def _parts(step: float) -> int:
    """Return how many steps make 1."""
    parts = round(1 / step) if 0.0 < step <= 1.0 else 0
    if parts < 1 or abs(parts * step - 1.0) > TIE:
        raise Malformed(f"step {step} does not divide 1", hint="use 1, 0.5, 0.25, … or no step")
    return parts


def _candidates(bars: Sequence[float], grid: int, lattice: int | None) -> Floats:
    """Return the candidate means, rising, 0 and 1 among them.

    At a bar there are two, so that both answers can be read off an end of the interval: the bar,
    and the mean next below it.
    """
    if lattice is None:
        pairs = (max(0.0, bar - below) for bar in bars for below in (0.0, 2 * TIE))
        return np.unique([*np.linspace(0.0, 1.0, max(2, grid)), *pairs])
    spread = np.round(np.linspace(0, lattice, max(2, min(grid, lattice + 1))))
    at = (math.ceil((bar - TIE) * lattice) for bar in bars)
    return np.unique([*spread, *(max(0, k - below) for k in at for below in (0, 1))]) / lattice
