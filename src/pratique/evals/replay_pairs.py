"""Replay of pairs: A, B or no difference that matters; a sample costs two calls."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pratique.errors import Malformed
from pratique.evals.replay_banks import Bank, Drawn, bank_of, drawn_from, fixed_items
from pratique.evals.replay_logs import Log
from pratique.evals.replay_plans import planned_samples
from pratique.evals.replay_runs import (
    CHUNK,
    Floats,
    Played,
    Settings,
    best_models,
    drawn_ratios,
    in_flight,
    joined,
    play,
)
from pratique.evals.statistics.bets import TIE
from pratique.evals.statistics.pairs import PairBatch
from pratique.evals.statistics.wagers import MOST, Draws

EQUAL_SHARE = 0.5
"""Share of the chances that history leaves equal for all items of a pair."""

PRIOR_MODELS = 3.0
"""Models that the typical disagreement counts for beside those that ran an item."""


@dataclass(frozen=True, slots=True)
class PairRuns:
    """Some runs of pairs, as drawn: one row a run."""

    gaps: Floats
    """Gaps, A less B, in the order of the samples; 0 beyond a run's size."""

    sizes: Floats
    """Samples in each run's bank; clusters of them, where the log has some."""

    truth: Floats
    """The bank's true gap."""

    draws: Draws | None
    """How the samples were drawn; None for equal chances."""

    planned: int
    """Samples of the paired z test that is planned for delta, before any cap by a bank's size."""

    drawn: Drawn
    """The same as it was drawn, with the items behind each look."""

    fixed: Floats
    """Items of the planned test, capped."""


def play_pairs(log: Log, settings: Settings) -> Played:
    """Play random pairs of the log's models."""
    return joined([_play(runs, settings) for runs in draw_pairs(log, settings)])


def draw_pairs(log: Log, settings: Settings) -> Iterator[PairRuns]:
    """Yield the runs of random pairs, `CHUNK` at a time."""
    rng = np.random.default_rng(settings.seed)
    pairs = _pairs(log, settings)
    rng.shuffle(pairs)
    pairs = pairs[: max(1, settings.runs // 5)]
    drawn = [pairs[n % len(pairs)] for n in range(settings.runs)]
    gaps = {pair: _gaps(log, *pair) for pair in pairs}
    variance = float(np.median([one.variance for one in gaps.values()]))
    planned = planned_samples(variance, settings.delta, settings.alpha / 2)
    for begin in range(0, settings.runs, CHUNK):
        some = drawn[begin : begin + CHUNK]
        banks = [gaps[pair] for pair in some]
        weights = None
        if settings.history and settings.truth == "bank":
            weights = [pair_weights(log, *pair, settings) for pair in some]
        yield _ordered(banks, weights, settings, planned, rng)


def _pairs(log: Log, settings: Settings) -> list[tuple[int, int]]:
    """Return the pairs of models that have two items or more in common."""
    pool = best_models(log, settings.top, 2)
    run = ~np.isnan(log.scores)
    pairs = [
        (i, j)
        for n, i in enumerate(pool)
        for j in pool[n + 1 :]
        if (run[:, i] & run[:, j]).sum() > 1
    ]
    if not pairs:
        raise Malformed(
            "no two models have two items in common",
            hint="a pair is compared on items that both ran",
            path=log.path,
        )
    return pairs


def _gaps(log: Log, one: int, other: int) -> Bank:
    return bank_of(log, np.asarray(log.scores[:, one] - log.scores[:, other]))


def pair_weights(log: Log, one: int, other: int, settings: Settings) -> Floats:
    """Return how often to draw each item of a pair: more where other models disagree.

    The best chance is in proportion to the size of the gap that is to be expected; half of it
    stays equal for all, since two models need not disagree where others do. All of it where
    scores vary so little that stakes are bound by the range, which unequal chances widen.
    """
    common = ~np.isnan(log.scores[:, one] - log.scores[:, other])
    rest = np.delete(log.scores[common], [one, other], axis=1)
    ran = ~np.isnan(rest)
    count = ran.sum(axis=1)
    mean = np.where(ran, rest, 0.0).sum(axis=1) / np.maximum(count, 1)
    squares = (np.where(ran, rest - mean[:, None], 0.0) ** 2).sum(axis=1)
    typical = squares.sum() / max(1, count.sum())
    if settings.delta >= MOST * (2.0 * typical + settings.delta**2):
        return np.ones(len(rest))
    expected = np.sqrt((squares + PRIOR_MODELS * typical) / (count + PRIOR_MODELS))
    return np.asarray(EQUAL_SHARE + (1.0 - EQUAL_SHARE) * expected / expected.mean())


def _ordered(
    banks: list[Bank],
    weights: list[Floats] | None,
    settings: Settings,
    planned: int,
    rng: np.random.Generator,
) -> PairRuns:
    """Return each bank in a random order."""
    drawn = drawn_from(banks, settings, rng, weights)
    draws = None if weights is None else drawn_ratios(weights, drawn.orders)
    truth = np.array([float(bank.mean) for bank in banks])
    fixed = fixed_items(planned, drawn, banks)
    return PairRuns(drawn.scores, drawn.looks, truth, draws, planned, drawn, fixed)


def _play(runs: PairRuns, settings: Settings) -> Played:
    """Show each run's samples to the decision until it has a verdict."""
    sizes = runs.sizes
    batch = PairBatch(
        settings.delta,
        settings.alpha,
        runs=len(sizes),
        sizes=sizes if settings.truth == "bank" else None,
        fill=runs.drawn.fill,
    )
    used, verdicts = play(batch, runs.gaps, sizes, draws=runs.draws, weights=runs.drawn.weights)
    wrong = pair_wrong(verdicts, runs.truth, settings.delta)
    whole = 2.0 * runs.drawn.whole
    calls = in_flight(2.0 * runs.drawn.asked(used), whole, settings.concurrency)
    return Played(calls, whole, 2.0 * runs.fixed, wrong, verdicts == 0, np.abs(runs.truth))


def pair_wrong(verdicts: NDArray[np.int8], gap: Floats, delta: float) -> NDArray[np.bool_]:
    """Return where a pair's verdict is wrong under its true gap."""
    wrong = ((verdicts == 1) & (gap <= TIE)) | ((verdicts == 2) & (gap >= -TIE))
    return np.asarray(wrong | ((verdicts == 3) & (np.abs(gap) >= delta - TIE)))
