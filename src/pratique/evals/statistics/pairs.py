"""Two candidates on the same samples: A, B, or no difference that matters.

What can be wrong depends on the true gap g (A less B): at g = 0 a sign, at g <= -delta also "no
difference", in between only the other sign. Each verdict therefore refutes just the gaps at which
it is wrong, and each gap has an error of alpha in all: a sign takes alpha/2 against g = 0 (either
sign is wrong there) and alpha against a gap of delta the other way; "no difference" takes alpha
against either end, since never are both ends true.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pratique.errors import Malformed
from pratique.evals.statistics.bets import TIE
from pratique.evals.statistics.clusters import Clusters, mean_of, weights_of
from pratique.evals.statistics.sequences import check_alpha
from pratique.evals.statistics.wagers import Draws, Flags, Floats, Null, Wagers

PairVerdict = Literal["A", "B", "no_difference", "undecided"]

VERDICTS: tuple[PairVerdict, ...] = ("undecided", "A", "B", "no_difference")
"""What the numbers of `PairBatch.verdicts` mean."""

SIGN_EFFECTS = (1.0, 2.0, 4.0, 8.0)
"""Gaps that the bets on a sign are made for, in multiples of delta."""

SIGN_STARTS = (0.3, 0.4, 0.2, 0.1)
"""What the bettors on a sign start with."""

NEAR_EFFECTS = (0.5, 1.0, 2.0, 4.0)
"""Distances from delta that the bets on "no difference" are made for, in multiples of delta."""

NEAR_STARTS = (0.2, 0.55, 0.15, 0.1)
"""What the bettors on "no difference" start with."""

GUESS = 0.25
"""Variance of a gap to start from: models that disagree on a quarter of pass-or-fail samples."""


class PairBatch:
    """Paired comparisons of many runs side by side; `PairTest` is a batch of one.

    delta: the smallest gap that matters, as a share of the scale. sizes: samples in each run's
    bank; the verdict then speaks of the bank. None: of all users. fill: as for `Wagers`, where
    gaps are the means of clusters.
    """

    def __init__(
        self,
        delta: float,
        alpha: float,
        *,
        runs: int,
        sizes: Floats | None = None,
        fill: float | Floats = 1.0,
    ) -> None:
        check_alpha(alpha)
        check_delta(delta)
        self._sizes = sizes
        sign = tuple(delta * effect for effect in SIGN_EFFECTS)
        near = tuple(delta * effect for effect in NEAR_EFFECTS)
        self._wagers = Wagers(
            (
                Null(0.0, 1, sign, SIGN_STARTS, alpha / 2),
                Null(0.0, -1, sign, SIGN_STARTS, alpha / 2),
                Null(delta, -1, near, NEAR_STARTS, alpha),
                Null(-delta, 1, near, NEAR_STARTS, alpha),
            ),
            runs=runs,
            low=-1.0,
            high=1.0,
            sizes=sizes,
            guess=GUESS,
            fill=fill,
        )

    @property
    def n(self) -> Floats:
        """Samples so far, per run."""
        return self._wagers.n

    def add(self, first: Floats, second: Floats) -> None:
        """Take one sample's scores of A and of B per run, each in 0..1."""
        self.add_gaps(first - second)

    def add_gaps(
        self, gaps: Floats, draws: Draws | None = None, weights: Floats | None = None
    ) -> None:
        """Take one sample's gap, A less B, per run; *draws* where chances were not equal.

        weights: where gaps are means of clusters, as for `Wagers.add`.
        """
        if not (np.abs(gaps) <= 1.0).all():
            raise Malformed("a score is outside 0..1", hint="scale the scorer to 0..1")
        self._wagers.add(gaps, draws=draws, weights=weights)

    def verdicts(self) -> NDArray[np.int8]:
        """Return an index into `VERDICTS` per run."""
        above_zero, below_zero, below_delta, above_delta = self._wagers.refuted
        found = np.zeros(len(self.n), dtype=np.int8)
        found[below_delta & above_delta] = 3
        found[below_zero & below_delta] = 2
        found[above_zero & above_delta] = 1
        if self._sizes is not None:
            ended = (self.n >= self._sizes) & (found == 0)
            gap = self._wagers.total / np.maximum(self._wagers.weight, TIE)
            exact = np.where(gap > TIE, 1, np.where(gap < -TIE, 2, 3))
            found[ended] = exact[ended]
        return found

    def keep(self, which: Flags) -> None:
        """Go on with the runs in *which* only."""
        self._wagers.keep(which)
        self._sizes = None if self._sizes is None else self._sizes[which]


class PairTest:
    """One paired comparison, sample by sample; arguments as for `PairBatch`.

    clusters: what is known of the clusters that are drawn; *population* counts those then.
    """

    def __init__(
        self,
        delta: float,
        alpha: float,
        *,
        population: int | None = None,
        clusters: Clusters | None = None,
    ) -> None:
        sizes = None if population is None else np.array([float(population)])
        self._population = population
        self._clusters = clusters
        fill = 1.0 if clusters is None else clusters.fill
        self._batch = PairBatch(delta, alpha, runs=1, sizes=sizes, fill=fill)
        self.verdict: PairVerdict = "undecided"
        """What is established; the first verdict stays."""

    @property
    def n(self) -> int:
        """Samples so far, or clusters of them."""
        return int(self._batch.n[0])

    def add(self, first: float, second: float) -> PairVerdict:
        """Take one sample's scores of A and of B and return the verdict."""
        return self._add(first, second, None if self._clusters is None else 1)

    def add_cluster(self, first: Sequence[float], second: Sequence[float]) -> PairVerdict:
        """Take A's and B's scores of one whole cluster, sample by sample, and return the verdict."""
        if len(first) != len(second):
            raise Malformed(
                f"{len(first)} scores of A beside {len(second)} of B",
                hint="a pair is compared on samples that both have answered",
            )
        return self._add(mean_of(first), mean_of(second), len(first))

    def _add(self, first: float, second: float, size: int | None) -> PairVerdict:
        if self.n == self._population:
            raise Malformed(
                f"one sample more than the bank of {self._population} holds",
                hint="score each sample of a bank once; `population=None` speaks of all users",
            )
        self._batch.add_gaps(np.array([first - second]), weights=weights_of(self._clusters, size))
        if self.verdict == "undecided":
            self.verdict = VERDICTS[int(self._batch.verdicts()[0])]
        return self.verdict


def check_delta(delta: float) -> None:
    """Refuse a margin that is no share of the scale."""
    if not 0.0 < delta < 1.0:
        raise Malformed(
            f"delta {delta} is no share of the scale", hint="5 points of 100 are delta 0.05"
        )
