"""Clusters: samples that share a source, and how one of them becomes one bounded score.

Questions on one article, or turns of one dialogue, are right and wrong together. What is drawn at
random is the article, so the article is the observation (Miller 2024, arXiv 2411.00640: errors by
the unit of randomisation).

The mean that is estimated is the share over all samples, a ratio of two sums: what passed, by what
there is. A large cluster counts for as much as its samples do, so a bar means what it means without
clusters. A test of a claim "the mean is m" fills a smaller cluster up to the largest one with
samples of exactly m: the filled score, size/largest of the cluster's own mean and the rest m, lies
in the range of a score, and its mean is m exactly where the ratio is (Cochran 1977, chapter 6: a
ratio is m where the sums of "score less m" are 0). With clusters of one size nothing is filled. The
price of unequal sizes is plain: a cluster half as large as the largest moves the test half as far.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from pratique.errors import Malformed


@dataclass(frozen=True, slots=True)
class Clusters:
    """What is known of the sizes of clusters before one is drawn."""

    count: int
    """Clusters of the bank; of a population, those of the suite that stands for it."""

    samples: int
    """Samples in all of them."""

    largest: int
    """Samples of the largest: in a population, too, no cluster may be larger."""

    @classmethod
    def of(cls, sizes: Sequence[int]) -> "Clusters":
        """Return what is known of clusters of *sizes*, each 1 or more."""
        if not sizes or min(sizes) < 1:
            raise Malformed("a cluster without samples", hint="a cluster holds one or more")
        return cls(len(sizes), sum(sizes), max(sizes))

    @property
    def fill(self) -> float:
        """How full a cluster is on average, beside the largest: 1 where all have one size."""
        return self.samples / (self.count * self.largest)

    def weight(self, size: int) -> float:
        """Return how far a cluster of *size* moves a test, beside the largest.

        Raises:
            Malformed: it is larger than the largest.
        """
        if not 1 <= size <= self.largest:
            raise Malformed(
                f"a cluster of {size} samples where the largest has {self.largest}",
                hint="the size of the largest cluster is settled before the first draw",
            )
        return size / self.largest


def sizes_of(keys: Iterable[Hashable]) -> list[int]:
    """Return the sizes of the runs of equal *keys*, in their order."""
    return [sum(1 for _ in together) for _, together in groupby(keys)]


def mean_of(scores: Sequence[float]) -> float:
    """Return the mean of the scores of one cluster.

    Raises:
        Malformed: it has none, or one is outside 0..1.
    """
    if not scores:
        raise Malformed("a cluster without samples", hint="a cluster holds one or more")
    if not (min(scores) >= 0.0 and max(scores) <= 1.0):
        raise Malformed("a score is outside 0..1", hint="scale the scorer to 0..1")
    return sum(scores) / len(scores)


def weights_of(clusters: Clusters | None, size: int | None) -> NDArray[np.float64] | None:
    """Return the weight of one cluster of *size* for one run; None where samples are on their own.

    Raises:
        Malformed: there are several samples, and no clusters were stated.
    """
    if clusters is None:
        if size not in (None, 1):
            raise Malformed(
                f"a cluster of {size} samples", hint="state what is known of the sizes: `clusters`"
            )
        return None
    return np.array([clusters.weight(size or 1)])
