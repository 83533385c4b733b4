"""Sources that pass or fail whole: how often verdicts by clusters are wrong, and verdicts by samples.

Sizes are unequal and all samples of a source come out alike, which is the worst that there can be.
The truth lies where a verdict could be wrong most often; both methods see the very same draws.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pratique.evals.replay_pairs import pair_wrong
from pratique.evals.statistics import Clusters, SequenceBatch
from pratique.evals.statistics.gates import GateBatch
from pratique.evals.statistics.pairs import PairBatch

Floats = NDArray[np.float64]

DELTA, CHUNK = 0.05, 1000
SIZES = np.array([6, 6, 4, 3, 1] * 40)
CLUSTERS = Clusters.of(SIZES.tolist())
BESIDE = 1e-6
"""How far the truth lies on the wrong side of a line."""


class Line(NamedTuple):
    """How often one decision was wrong at one truth, by clusters and by samples."""

    decision: str
    """interval, gate or pair."""

    of: str
    """A bank drawn by whole clusters, or all users."""

    wrong: int
    """Runs that were wrong by clusters."""

    fooled: int
    """Runs that were wrong by samples taken for independent."""

    runs: int
    """Runs in all."""

    alpha: float
    """What is allowed."""


Look = tuple[Floats, Floats | None]
"""Scores of one look of each run, with the sizes of the clusters they are means of."""


def sources(share: float, rng: np.random.Generator) -> Floats:
    """Return sources of which those that pass hold just *share* of the samples."""
    while True:
        means, left = np.zeros(len(SIZES)), round(share * SIZES.sum())
        for number in rng.permutation(len(SIZES)):
            if SIZES[number] <= left:
                means[number], left = 1.0, left - SIZES[number]
        if left == 0:
            return means


def share_of(means: Floats) -> float:
    """Return the share over all samples."""
    return float(means @ SIZES / SIZES.sum())


def lines(runs: int, alpha: float, seed: int) -> Iterator[Line]:
    """Yield every truth."""
    rng = np.random.default_rng(seed)
    chunks = max(1, runs // CHUNK)
    players: dict[str, Callable[[bool, float, np.random.Generator], tuple[int, int]]] = {
        "interval": interval_errors,
        "gate": gate_errors,
        "pair": pair_errors,
    }
    for name, player in players.items():
        for users in (False, True):
            errors = np.array([player(users, alpha, rng) for _ in range(chunks)]).sum(axis=0)
            of = "all users" if users else "200 sources"
            allowed = alpha / 2 if name == "interval" else alpha
            yield Line(name, of, int(errors[0]), int(errors[1]), chunks * CHUNK, allowed)


def drawn(users: bool, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return runs of sources; with replacement where users are meant."""
    if users:
        return rng.integers(0, len(SIZES), (CHUNK, len(SIZES)))
    return rng.permuted(np.tile(np.arange(len(SIZES)), (CHUNK, 1)), axis=1)


def looks(means: Floats, order: NDArray[np.intp], whole: bool) -> Iterator[Look]:
    """Yield what is looked at: *whole* clusters, or their samples one by one."""
    if whole:
        yield from ((means[one], SIZES[one].astype(float)) for one in order.T)
        return
    rows = [np.repeat(means[one], SIZES[one]) for one in order]
    shortest = min(len(row) for row in rows)
    yield from ((column, None) for column in np.array([row[:shortest] for row in rows]).T)


def interval_errors(users: bool, alpha: float, rng: np.random.Generator) -> tuple[int, int]:
    """Return runs whose first verdict is `meets` where the bar lies just above the share."""
    means, order = sources(0.75, rng), drawn(users, rng)
    bar = share_of(means) + BESIDE
    found = []
    for whole in (True, False):
        clusters = CLUSTERS if whole else None
        size = None if users else CLUSTERS.count if whole else CLUSTERS.samples
        batch = SequenceBatch(
            alpha, runs=CHUNK, population=size, bars=(bar,), grid=0, clusters=clusters
        )
        first = np.zeros(CHUNK, dtype=np.int8)
        for scores, sizes in looks(means, order, whole):
            batch.add(scores, sizes)
            first = np.where(first == 0, batch.verdicts(bar), first)
        found.append(int((first > 0).sum()))
    return found[0], found[1]


def gate_errors(users: bool, alpha: float, rng: np.random.Generator) -> tuple[int, int]:
    """Return runs whose verdict is `meets` where the share lies just below the band."""
    means, order = sources(0.75, rng), drawn(users, rng)
    bars = np.full(CHUNK, share_of(means) + DELTA / 2 + BESIDE)
    found = []
    for whole in (True, False):
        size, fill = _size(users, whole)
        batch = GateBatch(bars, DELTA, alpha, sizes=size, fill=fill)
        first = np.zeros(CHUNK, dtype=np.int8)
        for scores, sizes in looks(means, order, whole):
            batch.add(scores, weights=_weights(sizes))
            first = np.where(first == 0, batch.verdicts(), first)
        found.append(int((first > 0).sum()))
    return found[0], found[1]


def pair_errors(users: bool, alpha: float, rng: np.random.Generator) -> tuple[int, int]:
    """Return runs with a wrong verdict where every source is won whole, half of the samples by each."""
    gaps, order = 2.0 * sources(0.5, rng) - 1.0, drawn(users, rng)
    found = []
    for whole in (True, False):
        size, fill = _size(users, whole)
        batch = PairBatch(DELTA, alpha, runs=CHUNK, sizes=size, fill=fill)
        first = np.zeros(CHUNK, dtype=np.int8)
        for scores, sizes in looks(gaps, order, whole):
            batch.add_gaps(scores, weights=_weights(sizes))
            first = np.where(first == 0, batch.verdicts(), first)
        found.append(int(pair_wrong(first, np.full(CHUNK, share_of(gaps)), DELTA).sum()))
    return found[0], found[1]


def _size(users: bool, whole: bool) -> tuple[Floats | None, float]:
    count = CLUSTERS.count if whole else CLUSTERS.samples
    return None if users else np.full(CHUNK, float(count)), CLUSTERS.fill if whole else 1.0


def _weights(sizes: Floats | None) -> Floats | None:
    return None if sizes is None else sizes / CLUSTERS.largest
