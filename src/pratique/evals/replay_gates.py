"""Replay of gates: a model against a bar."""

import numpy as np
from numpy.typing import NDArray

from pratique.errors import Malformed
from pratique.evals.history import explained_shares
from pratique.evals.replay_banks import Bank, bank_of, drawn_from, fixed_items
from pratique.evals.replay_logs import Log
from pratique.evals.replay_plans import planned_samples
from pratique.evals.replay_runs import (
    CHUNK,
    Floats,
    Indices,
    Played,
    Settings,
    best_models,
    in_flight,
    joined,
    play,
)
from pratique.evals.statistics.bets import TIE
from pratique.evals.statistics.gates import GateBatch
from pratique.evals.statistics.planning import Truth
from pratique.evals.statistics.wagers import Controls

GATE_OFFSETS = (0.02, 0.05, 0.1, 0.2)
"""How far a bar is put from a model's mean where no bar is stated, as shares of the scale."""


def play_gates(log: Log, settings: Settings) -> Played:
    """Play random models, each against the stated bar or one around its mean."""
    rng = np.random.default_rng(settings.seed)
    pool = best_models(log, settings.top, 1)
    banks = {model: bank_of(log, log.scores[:, model]) for model in pool}
    if settings.bar is not None:
        choices = [(model, settings.bar) for model in pool]
    else:
        choices = [
            (model, float(banks[model].mean) + sign * offset)
            for model in pool
            for offset in GATE_OFFSETS
            for sign in (1, -1)
            if 0.03 < float(banks[model].mean) + sign * offset < 0.97
        ]
    if not choices:
        raise Malformed("no bar lies inside the scale", hint="state one with --bar", path=log.path)
    order = rng.permutation(len(choices))
    drawn = [choices[order[n % len(choices)]] for n in range(settings.runs)]
    binary = bool(np.isin(log.scores[~np.isnan(log.scores)], (0.0, 1.0)).all())
    binary &= log.clusters is None
    variance = float(np.median([bank.variance for bank in banks.values()]))
    parts = []
    for begin in range(0, settings.runs, CHUNK):
        some = drawn[begin : begin + CHUNK]
        plans = [
            planned_samples(
                bar * (1 - bar) if binary else variance, settings.delta / 2, settings.alpha / 2
            )
            for _, bar in some
        ]
        parts.append(_play_gates(log, some, banks, np.array(plans, dtype=float), settings, rng))
    return joined(parts)


def _play_gates(
    log: Log,
    some: list[tuple[int, float]],
    banks: dict[int, Bank],
    plans: Floats,
    settings: Settings,
    rng: np.random.Generator,
) -> Played:
    mine = [banks[model] for model, _ in some]
    bars = np.array([bar for _, bar in some])
    drawn = drawn_from(mine, settings, rng)
    sizes = drawn.looks
    controls = known_before(log, some, drawn.orders, settings.truth) if settings.history else None
    batch = GateBatch(
        bars,
        settings.delta,
        settings.alpha,
        sizes=sizes if settings.truth == "bank" else None,
        fill=drawn.fill,
    )
    used, verdicts = play(batch, drawn.scores, sizes, controls, weights=drawn.weights)
    gap = np.array([float(bank.mean) for bank in mine]) - bars
    wrong = gate_wrong(verdicts, gap, settings.delta)
    calls = in_flight(drawn.asked(used), drawn.whole, settings.concurrency)
    fixed = fixed_items(plans, drawn, mine)
    return Played(calls, drawn.whole, fixed, wrong, verdicts == 0, np.abs(gap))


def gate_wrong(verdicts: NDArray[np.int8], gap: Floats, band: float) -> NDArray[np.bool_]:
    """Return where a gate's verdict is wrong; within half the *band* around the bar none is."""
    low, high = -band / 2 - TIE, band / 2 + TIE
    return np.asarray(((verdicts == 1) & (gap < low)) | ((verdicts == -1) & (gap > high)))


def known_before(
    log: Log, some: list[tuple[int, float]], orders: Indices, truth: Truth
) -> Controls:
    """Return, per run and draw, the other models' mean on the item less that of those left."""
    run = ~np.isnan(log.scores)
    sums, counts = np.where(run, log.scores, 0.0).sum(axis=1), run.sum(axis=1)
    values, reach = np.zeros(orders.shape), np.zeros(orders.shape)
    explained = explained_shares(log.scores)
    share = np.array(
        [np.delete(explained, model).mean() if len(explained) > 1 else 0.0 for model, _ in some]
    )
    for n, (model, _) in enumerate(some):
        own = run[:, model]
        others = counts[own] - 1
        if not others.any():
            continue
        known = (sums[own] - log.scores[own, model]) / np.maximum(others, 1)
        known = np.where(others > 0, known, known[others > 0].mean())
        size = len(known)
        drawn = known[orders[n, :size]]
        left = np.full(size, known.mean())
        if truth == "bank":
            left = np.cumsum(drawn[::-1])[::-1] / np.arange(size, 0, -1)
        values[n, :size] = drawn - left
        reach[n, :size] = np.maximum(known.max() - left, left - known.min())
    return Controls(values, reach, share)
