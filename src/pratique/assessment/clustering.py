"""Clustering: where samples of a suite share sources, what is drawn, counted and decided is a source.

A source counts once all of its samples are answered and settled; until then it is not drawn yet.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TypeVar

import msgspec

from pratique.errors import Malformed
from pratique.evals.cells import Cell
from pratique.evals.statistics import Clusters, ConfidenceSequence

T = TypeVar("T")


class Clustered(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The clusters that a figure counts, and those that there are."""

    sizes: tuple[int, ...]
    """Samples of each cluster that counts, in the order of drawing."""
    of: int
    """Clusters of the suite."""
    samples: int
    """Samples in all of them."""
    largest: int
    """Samples of the largest."""

    @property
    def known(self) -> Clusters:
        """What is known of the sizes before a draw."""
        return Clusters(self.of, self.samples, self.largest)

    @property
    def text(self) -> str:
        """The count for people."""
        return f"{len(self.sizes)} of {self.of} clusters"

    def first(self, samples: int) -> "Clustered":
        """Return the clusters that lie whole in the first *samples*."""
        return msgspec.structs.replace(self, sizes=self.sizes[: len(self._ends(samples))])

    def below(self, samples: int) -> int:
        """Return the samples of the clusters that lie whole in the first *samples*."""
        return max(self._ends(samples), default=0)

    def up_to(self, samples: int) -> int:
        """Return the samples of the fewest clusters that hold the first *samples*."""
        return next((end for end in accumulate(self.sizes) if end >= samples), self.samples)

    def _ends(self, samples: int) -> list[int]:
        return [end for end in accumulate(self.sizes) if end <= samples]


Grouping = Clustered | None
"""Clusters in the order of drawing; None where every sample stands for itself."""


def grouping_of(sizes: Sequence[int]) -> Grouping:
    """Return the clusters of *sizes*, the whole suite in the order of drawing; None without any."""
    if not sizes:
        return None
    known = Clusters.of(sizes)
    return Clustered(
        sizes=tuple(sizes), of=known.count, samples=known.samples, largest=known.largest
    )


def known_of(grouping: Grouping) -> Clusters | None:
    """Return what is known of the sizes before a draw."""
    return None if grouping is None else grouping.known


def grouped(results: Sequence[T], grouping: Grouping) -> Iterator[Sequence[T]]:
    """Yield the results of each whole cluster; of each sample where there are none."""
    begin = 0
    for size in (1,) * len(results) if grouping is None else grouping.sizes:
        if begin + size > len(results):
            return
        yield results[begin : begin + size]
        begin += size


def observations(size: int | None, grouping: Grouping) -> int | None:
    """Return how many observations a bank of *size* samples has; None for a population."""
    return size if size is None or grouping is None else grouping.of


def sequence_of(
    alpha: float, size: int | None, bar: float, passed: Sequence[bool], grouping: Grouping
) -> ConfidenceSequence:
    """Return the interval of a bar's finding after these results.

    size: samples in the sealed bank; None for the population.
    """
    sequence = ConfidenceSequence(
        alpha,
        population=observations(size, grouping),
        step=1.0,
        bars=(bar,),
        clusters=known_of(grouping),
    )
    for one in grouped(passed, grouping):
        sequence.add_cluster([float(each) for each in one])
    return sequence


def require_fair_ratings(cell: Cell, truth: str) -> None:
    """Refuse to let people's ratings, drawn by lot from samples, speak of a population of clusters.

    Raises:
        Malformed: they would.
    """
    if cell.clusters and cell.panel is not None and cell.panel.people and truth == "population":
        raise Malformed(
            f"people rate samples of `{cell.suite.name}` drawn by lot, and samples there share"
            " sources: that decides nothing about a population of sources",
            hint="let the standard speak of the bank, or let judges decide",
        )
