"""Banks of a replay: what a decision is made on, item by item or by whole clusters of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pratique.evals.replay_logs import Log
from pratique.evals.replay_runs import Settings, drawn_orders
from pratique.evals.statistics.bets import TIE

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Bank:
    """Items that a decision can draw, those of a cluster side by side."""

    items: Floats
    """A score or gap an item; for a choice, a row of them."""

    starts: Indices
    """Where each cluster begins; every item where there are none."""

    @property
    def counts(self) -> Indices:
        """Items in each cluster."""
        return np.diff(np.append(self.starts, len(self.items)))

    @property
    def mean(self) -> Floats:
        """The mean over all items."""
        return np.asarray(self.items.mean(axis=0))

    @property
    def observations(self) -> Floats:
        """Each cluster's own mean."""
        if len(self.starts) == len(self.items):
            return self.items
        sums = np.add.reduceat(self.items, self.starts, axis=0)
        return np.asarray((sums.T / self.counts).T)

    @property
    def variance(self) -> float:
        """Variance, an observation, of the estimate of the mean (of one column of items)."""
        counts = self.counts
        apart = counts * (self.observations - self.mean)
        return float((apart**2).mean() / counts.mean() ** 2)


def bank_of(log: Log, scores: Floats) -> Bank:
    """Return the items of *log* that have all of their *scores* (a row an item, or one number)."""
    missing = np.isnan(scores)
    ran = ~(missing.any(axis=1) if scores.ndim > 1 else missing)
    if log.clusters is None:
        return Bank(np.asarray(scores[ran]), np.arange(int(ran.sum())))
    keys = log.clusters[ran]
    order = np.argsort(keys, kind="stable")
    return Bank(np.asarray(scores[ran][order]), np.unique(keys[order], return_index=True)[1])


@dataclass(frozen=True, slots=True)
class Drawn:
    """Runs on banks, as drawn: a row a run."""

    scores: Floats
    """What is looked at, in order; for choices runs by looks by candidates. 0 beyond a run's end."""

    orders: Indices
    """Which observation each look is, by its place in the run's bank."""

    looks: Floats
    """Looks of each run."""

    items: Floats | None
    """Items behind each look; None where it is always one."""

    whole: Floats
    """Items of each run's bank: what a full run asks."""

    fill: Floats
    """How full clusters are on average beside the largest, a run each; 1 where there are none."""

    largest: Floats
    """Items of the largest cluster of each run's bank."""

    @property
    def weights(self) -> Floats | None:
        """How full the cluster behind each look is; None where there are none."""
        return None if self.items is None else np.asarray(self.items / self.largest[:, None])

    def asked(self, looks: Floats) -> Floats:
        """Return the items of so many *looks* of each run."""
        if self.items is None:
            return looks
        sums = np.cumsum(self.items, axis=1)
        return np.asarray(sums[np.arange(len(looks)), looks.astype(np.intp) - 1])


def drawn_from(
    banks: list[Bank],
    settings: Settings,
    rng: np.random.Generator,
    weights: list[Floats] | None = None,
) -> Drawn:
    """Return a random order of each run's bank, by whole clusters where it has some.

    With *settings.one_by_one* the same draws are looked at item by item.
    """
    sizes = np.array([float(len(bank.starts)) for bank in banks])
    orders = drawn_orders(sizes, settings.truth, rng, weights)
    whole = np.array([float(len(bank.items)) for bank in banks])
    if settings.one_by_one:
        return _one_by_one(banks, orders, sizes, whole)
    clustered = bool((whole > sizes).any())
    scores = np.zeros((*orders.shape, *banks[0].items.shape[1:]))
    items = np.zeros(orders.shape) if clustered else None
    fill, largest = np.ones(len(banks)), np.ones(len(banks))
    for n, bank in enumerate(banks):
        own = orders[n, : len(bank.starts)]
        scores[n, : len(own)] = bank.observations[own]
        if items is not None:
            items[n, : len(own)] = bank.counts[own]
            largest[n] = bank.counts.max()
            fill[n] = bank.counts.mean() / largest[n]
    return Drawn(scores, orders, sizes, items, whole, fill, largest)


def _one_by_one(banks: list[Bank], orders: Indices, sizes: Floats, whole: Floats) -> Drawn:
    """Return the items behind the drawn clusters, each for itself."""
    rows = []
    for n, bank in enumerate(banks):
        ends = bank.starts + bank.counts
        own = orders[n, : int(sizes[n])]
        rows.append(np.concatenate([np.arange(bank.starts[at], ends[at]) for at in own]))
    looks = np.array([float(len(row)) for row in rows])
    expanded = np.zeros((len(rows), int(looks.max())), dtype=np.intp)
    scores = np.zeros((*expanded.shape, *banks[0].items.shape[1:]))
    for n, (bank, row) in enumerate(zip(banks, rows, strict=True)):
        expanded[n, : len(row)] = row
        scores[n, : len(row)] = bank.items[row]
    ones = np.ones(len(banks))
    return Drawn(scores, expanded, looks, None, whole, ones, ones)


def fixed_items(planned: Floats | float, drawn: Drawn, banks: list[Bank]) -> Floats:
    """Return the items of a planned test of so many observations, no more than a bank has."""
    each = np.array([len(bank.items) / len(bank.starts) for bank in banks])
    return np.minimum(np.ceil(planned * each - TIE), drawn.whole)
