"""Replay of choices: the best of several models, within a margin."""

import numpy as np

from pratique.errors import Malformed
from pratique.evals.replay_banks import Bank, Drawn, bank_of, drawn_from, fixed_items
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
)
from pratique.evals.statistics.bets import TIE
from pratique.evals.statistics.choices import ChoiceBatch


def play_choices(log: Log, settings: Settings) -> Played:
    """Play random sets of the log's models on the items that all of a set have run."""
    rng = np.random.default_rng(settings.seed)
    pool = best_models(log, settings.top, 2)
    k = min(settings.k, len(pool))
    if k < 2:
        raise Malformed(f"a choice among {settings.k}", hint="state --k 2 or more")
    parts = []
    for begin in range(0, settings.runs, CHUNK):
        count = min(CHUNK, settings.runs - begin)
        sets = [rng.permutation(pool)[:k] for _ in range(max(1, count // 2))]
        banks = [bank_of(log, log.scores[:, one]) for one in sets]
        if any(len(bank.starts) < 2 for bank in banks):
            raise Malformed(
                f"{k} models have fewer than two items in common",
                hint="leave models that ran few items out with --skip, or state a smaller --k",
                path=log.path,
            )
        parts.append(_play_choices([banks[n % len(banks)] for n in range(count)], settings, rng))
    return joined(parts)


def _play_choices(banks: list[Bank], settings: Settings, rng: np.random.Generator) -> Played:
    k = banks[0].items.shape[1]
    drawn = drawn_from(banks, settings, rng)
    sizes, scores = drawn.looks, drawn.scores.transpose(0, 2, 1)
    batch = ChoiceBatch(
        k,
        settings.delta,
        settings.alpha,
        runs=len(banks),
        sizes=sizes if settings.truth == "bank" else None,
        fill=drawn.fill,
    )
    calls, chosen = play_batch_of_choices(batch, scores, sizes, drawn)
    means = np.array([bank.mean for bank in banks])
    best = np.sort(means, axis=1)
    picked = means[np.arange(len(banks)), np.maximum(chosen, 0)]
    wrong = (chosen >= 0) & (picked < best[:, -1] - settings.delta - TIE)
    full = k * drawn.whole
    variance = [
        np.median(
            [Bank(bank.items[:, 0] - bank.items[:, n], bank.starts).variance for n in range(1, k)]
        )
        for bank in banks
    ]
    planned = planned_samples(
        float(np.median(variance)), settings.delta, settings.alpha / (2 * (k - 1))
    )
    return Played(
        in_flight(calls, full, settings.concurrency),
        full,
        k * fixed_items(planned, drawn, banks),
        wrong,
        chosen < 0,
        best[:, -1] - best[:, -2],
    )


def play_batch_of_choices(
    batch: ChoiceBatch, scores: Floats, sizes: Floats, drawn: Drawn | None = None
) -> tuple[Floats, Indices]:
    """Give *batch* what it asks for until every run has chosen; return calls and the chosen.

    drawn: how the runs were drawn, where it may have been by clusters.
    """
    runs = len(scores)
    items, weights = (None, None) if drawn is None else (drawn.items, drawn.weights)
    calls, chosen = np.zeros(runs), np.full(runs, -1, dtype=np.intp)
    going = np.arange(runs)
    while len(going):
        asked = batch.asks()
        asked &= batch.answered < sizes[going, None]
        row, column = np.nonzero(asked)
        given = np.zeros(asked.shape)
        given[row, column] = scores[going[row], column, batch.answered[row, column]]
        if items is None or weights is None:
            batch.add(given, asked)
            calls[going] += asked.sum(axis=1)
        else:
            at = np.minimum(batch.answered, items.shape[1] - 1)
            batch.add(given, asked, weights[going[:, None], at])
            calls[going] += (items[going[:, None], at] * asked).sum(axis=1)
        found = batch.chosen
        over = (found >= 0) | ~asked.any(axis=1)
        if over.any():
            chosen[going[over]] = found[over]
            going = going[~over]
            batch.keep(~over)
    return calls, chosen
