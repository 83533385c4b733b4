"""Runs of a replay: what is drawn, how it is played, what comes of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pratique.errors import Malformed
from pratique.evals.replay_logs import Log
from pratique.evals.statistics.gates import GateBatch
from pratique.evals.statistics.pairs import PairBatch
from pratique.evals.statistics.planning import Truth
from pratique.evals.statistics.wagers import Controls, Draws

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

CHUNK = 500
"""Runs that are played side by side."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a log is replayed."""

    delta: float
    """The smallest gap that matters, as a share of the scale."""

    alpha: float
    """Error allowed."""

    runs: int
    """How many runs."""

    seed: int
    """Seed of the decisions and of the orders."""

    truth: Truth = "bank"
    """Whether the verdict is about the log's items or about all that they stand for."""

    concurrency: int = 1
    """Calls in flight; verdicts are looked for after each so many calls."""

    top: int = 0
    """Only among so many best models; 0 for all."""

    history: bool = False
    """Whether the other models' results on an item, known beforehand, may help."""

    bar: float | None = None
    """The bar of a gate, as a share of the scale; None puts bars around each model's mean."""

    k: int = 8
    """Candidates of a choice; all of them where a log has fewer."""

    one_by_one: bool = False
    """Whether items of drawn clusters are taken for independent: what clusters keep from happening."""


@dataclass(frozen=True, slots=True)
class Played:
    """What came of every run: one entry each."""

    calls: Floats
    """Calls until the verdict; all of them where there was none."""

    full: Floats
    """Calls of the full run."""

    fixed: Floats
    """Calls of the planned run of fixed size."""

    wrong: NDArray[np.bool_]
    """Whether the verdict was wrong."""

    undecided: NDArray[np.bool_]
    """Whether there was none."""

    gap: Floats
    """The true gap that the decision turned on, as a share of the scale."""


def play(
    batch: PairBatch | GateBatch,
    scores: Floats,
    sizes: Floats,
    controls: Controls | None = None,
    draws: Draws | None = None,
    weights: Floats | None = None,
) -> tuple[Floats, NDArray[np.int8]]:
    """Show *batch* the runs' scores until each has a verdict; return samples used and verdicts.

    A pair is shown its gap. With *weights* scores are the means of clusters, and those are counted.
    """
    used, verdicts = sizes.copy(), np.zeros(len(scores), dtype=np.int8)
    going = np.arange(len(scores))
    for n in range(scores.shape[1]):
        column = scores[going, n]
        full = None if weights is None else weights[going, n]
        if isinstance(batch, PairBatch):
            now = None if draws is None else Draws(draws.ratio[going, n], draws.widest[going, n])
            batch.add_gaps(column, now, full)
        else:
            known = None
            if controls is not None:
                known = Controls(
                    controls.value[going, n], controls.reach[going, n], controls.share[going]
                )
            batch.add(column, known, full)
        found = batch.verdicts()
        over = (found != 0) | (n + 1 >= sizes[going])
        if over.any():
            used[going[over]] = n + 1
            verdicts[going[over]] = found[over]
            going = going[~over]
            if not len(going):
                break
            batch.keep(~over)
    return used, verdicts


def best_models(log: Log, top: int, least: int) -> list[int]:
    """Return the columns of the models to draw from, the best first; those that ran."""
    ran = (~np.isnan(log.scores)).sum(axis=0)
    sums = np.where(np.isnan(log.scores), 0.0, log.scores).sum(axis=0)
    order = np.argsort(-sums / np.maximum(ran, 1), kind="stable")
    pool = [int(n) for n in order if ran[n] > 1]
    pool = pool[:top] if top else pool
    if len(pool) < least:
        raise Malformed(
            f"{len(pool)} models with two scores or more",
            hint=f"this decision takes {least} or more",
            path=log.path,
        )
    return pool


def drawn_orders(
    sizes: Floats, truth: Truth, rng: np.random.Generator, weights: list[Floats] | None = None
) -> Indices:
    """Return a random order of each run's items; with replacement where users are meant.

    With *weights* every next item is drawn from those left with chances in their proportion (the
    race of exponential clocks: Efraimidis and Spirakis 2006).
    """
    widest = int(sizes.max())
    if truth == "population":
        return np.asarray((rng.random((len(sizes), widest)) * sizes[:, None]).astype(np.intp))
    keys = rng.exponential(size=(len(sizes), widest))
    for n, weight in enumerate(weights or ()):
        keys[n, : len(weight)] /= weight
    keys[np.arange(widest) >= sizes[:, None]] = np.inf
    return np.asarray(keys.argsort(axis=1))


def drawn_ratios(weights: list[Floats], orders: Indices) -> Draws:
    """Return how each draw's chance compares with an equal one; one row a run."""
    ratio, widest = np.ones(orders.shape), np.ones(orders.shape)
    for n, weight in enumerate(weights):
        drawn = weight[orders[n, : len(weight)]]
        left = np.cumsum(drawn[::-1])[::-1] / np.arange(len(drawn), 0, -1)
        ratio[n, : len(drawn)] = left / drawn
        widest[n, : len(drawn)] = left / np.minimum.accumulate(drawn[::-1])[::-1]
    return Draws(ratio, widest)


def in_flight(calls: Floats, full: Floats, concurrency: int) -> Floats:
    """Return the calls spent when so many are in flight and verdicts wait for all of them."""
    return np.asarray(np.minimum(np.ceil(calls / concurrency) * concurrency, full))


def joined(parts: list[Played]) -> Played:
    """Return the runs of all *parts*."""
    return Played(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("calls", "full", "fixed", "wrong", "undecided", "gap")
        )
    )
