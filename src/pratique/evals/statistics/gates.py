"""A candidate against a bar: meets it, or falls short of it.

Of the two verdicts only one can be wrong at any true mean, so each takes the whole alpha. A band
around the bar is where both are right: "meets" refutes a mean of bar - band/2 or less, "falls
short" one of bar + band/2 or more.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pratique.errors import Malformed
from pratique.evals.statistics.bets import TIE
from pratique.evals.statistics.clusters import Clusters, mean_of, weights_of
from pratique.evals.statistics.pairs import check_delta
from pratique.evals.statistics.sequences import Decision, check_alpha, check_bar
from pratique.evals.statistics.wagers import Controls, Flags, Floats, Null, Wagers

GATE_EFFECTS = (0.7, 1.4, 2.5, 4.5, 9.0)
"""Distances from the nearer end of the band that the bets are made for, in half bands."""

GATE_STARTS = (0.15, 0.3, 0.25, 0.2, 0.1)
"""What the bettors start with."""

GUESS = 0.125
"""Variance of a score to start from: half of the largest that there can be."""


class GateBatch:
    """Gates of many runs side by side, each run with its own bar; `GateTest` is a batch of one.

    bars: one a run, 0..1. band: width around the bar where either verdict is right, above 0. sizes:
    samples in each run's bank, None for all users. fill: as for `Wagers`, where scores are the means
    of clusters.
    """

    def __init__(
        self,
        bars: Floats,
        band: float,
        alpha: float,
        *,
        sizes: Floats | None = None,
        fill: float | Floats = 1.0,
    ) -> None:
        check_alpha(alpha)
        check_delta(band)
        for bar in np.unique(bars):
            check_bar(float(bar))
        half = band / 2
        self._bars, self._sizes = bars, sizes
        effects = tuple(half * effect for effect in GATE_EFFECTS)
        # Scores are counted from the bar: then one null serves runs with different bars.
        self._wagers = Wagers(
            (
                Null(-half, 1, effects, GATE_STARTS, alpha),
                Null(half, -1, effects, GATE_STARTS, alpha),
            ),
            runs=len(bars),
            low=-bars,
            high=1.0 - bars,
            sizes=sizes,
            guess=GUESS,
            fill=fill,
        )

    @property
    def n(self) -> Floats:
        """Samples so far, per run."""
        return self._wagers.n

    def add(
        self, scores: Floats, controls: Controls | None = None, weights: Floats | None = None
    ) -> None:
        """Take one score per run; *controls* and *weights* as for `Wagers.add`."""
        if not ((scores >= 0.0) & (scores <= 1.0)).all():
            raise Malformed("a score is outside 0..1", hint="scale the scorer to 0..1")
        self._wagers.add(scores - self._bars, controls, weights=weights)

    def verdicts(self) -> NDArray[np.int8]:
        """Return 1 where the bar is met, -1 where the mean falls short, 0 where undecided."""
        met, short = self._wagers.refuted
        found = met.astype(np.int8) - (short & ~met).astype(np.int8)
        if self._sizes is not None:
            ended = (self.n >= self._sizes) & (found == 0)
            exact = np.where(self._wagers.total >= -TIE * self._sizes, 1, -1)
            found[ended] = exact[ended]
        return np.asarray(found)

    def keep(self, which: Flags) -> None:
        """Go on with the runs in *which* only."""
        self._wagers.keep(which)
        self._bars = self._bars[which]
        self._sizes = None if self._sizes is None else self._sizes[which]


class GateTest:
    """One candidate against one bar, score by score; arguments as for `GateBatch`.

    clusters: what is known of the clusters that are drawn; *population* counts those then.
    """

    def __init__(
        self,
        bar: float,
        band: float,
        alpha: float,
        *,
        population: int | None = None,
        clusters: Clusters | None = None,
    ) -> None:
        sizes = None if population is None else np.array([float(population)])
        self._population = population
        self._clusters = clusters
        fill = 1.0 if clusters is None else clusters.fill
        self._batch = GateBatch(np.array([bar]), band, alpha, sizes=sizes, fill=fill)
        self.verdict: Decision = "undecided"
        """What is established; the first verdict stays."""

    @property
    def n(self) -> int:
        """Scores so far, or clusters of them."""
        return int(self._batch.n[0])

    def add(self, score: float, controls: Controls | None = None) -> Decision:
        """Take one score, with what was known of its sample, and return the verdict."""
        return self._add(score, controls, None if self._clusters is None else 1)

    def add_cluster(self, scores: Sequence[float]) -> Decision:
        """Take the scores of one whole cluster and return the verdict."""
        return self._add(mean_of(scores), None, len(scores))

    def _add(self, score: float, controls: Controls | None, size: int | None) -> Decision:
        if self.n == self._population:
            raise Malformed(
                f"one score more than the bank of {self._population} samples holds",
                hint="score each sample of a bank once; `population=None` speaks of all users",
            )
        self._batch.add(np.array([score]), controls, weights_of(self._clusters, size))
        if self.verdict == "undecided":
            found = int(self._batch.verdicts()[0])
            self.verdict = "meets" if found > 0 else "falls_short" if found < 0 else "undecided"
        return self.verdict
