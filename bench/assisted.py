"""Measure how many labels of people a judge saves, and how often an assisted finding is wrong.

    python -m bench.assisted --runs 2000

Each line is one truth and one judge against a bar of 80 %, alpha 5 %, looked at after every label.
All of it is simulated: a label is pass or fail, and the judge agrees with it as often as the line
says. `plain` is the same test without the judge.
"""

import argparse
from typing import Literal

import msgspec
import numpy as np

from pratique.evals.statistics.assisted import AssistedBatch
from pratique.evals.statistics.proportions import upper_bound

BAR = 0.8
FRESH = 4
"""Items that the judge scores without a label, for each labelled one (a population only)."""


class Replayed(msgspec.Struct, frozen=True):
    """What came of the runs with one test."""

    labels: float
    """Mean labels until the decision, or until there were no more."""
    meets: float
    """Share of runs that found `meets`."""
    falls_short: float
    """Share that found `falls_short`."""


def replay(
    truth: float,
    bar: float,
    sensitivity: float,
    specificity: float,
    *,
    bank: bool,
    runs: int,
    items: int,
    seed: int,
) -> dict[Literal["plain", "assisted"], Replayed]:
    """Return what came of *runs* with and without the judge, on the very same labels.

    bank: *items* in a bank that the judge scored in full; else labels from a population, *items*
    at most. sensitivity, specificity: how often the judge agrees with a pass, and with a fail.
    """
    rng = np.random.default_rng(seed)
    if bank:
        labels = np.zeros((runs, items))
        labels[:, : round(truth * items)] = 1.0
        labels = rng.permuted(labels, axis=1)
    else:
        labels = (rng.random((runs, items)) < truth).astype(float)
    luck = rng.random((runs, items))
    judged = np.where(labels == 1.0, luck < sensitivity, luck >= specificity).astype(float)
    if bank:
        elsewhere = np.cumsum(judged[:, ::-1], axis=1)[:, ::-1] / np.arange(items, 0, -1)
    else:
        passes = truth * sensitivity + (1.0 - truth) * (1.0 - specificity)
        elsewhere = rng.binomial(FRESH, passes, (runs, items)) / FRESH
    found: dict[Literal["plain", "assisted"], Replayed] = {}
    for assisted in (False, True):
        population = items if bank else None
        batch = AssistedBatch(
            0.05, runs=runs, bars=[bar], population=population, grid=2, assisted=assisted
        )
        ended, verdicts = np.full(runs, items), np.zeros(runs, dtype=np.int8)
        for n in range(items):
            batch.add(labels[:, n], judged[:, n], elsewhere[:, n])
            fresh = (verdicts == 0) & (batch.verdicts(bar) != 0)
            verdicts = np.where(fresh, batch.verdicts(bar), verdicts)
            ended[fresh] = n + 1
            if (verdicts != 0).all():
                break
        key: Literal["plain", "assisted"] = "assisted" if assisted else "plain"
        found[key] = Replayed(
            float(ended.mean()), float((verdicts > 0).mean()), float((verdicts < 0).mean())
        )
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--items", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print("draws       truth  judge  plain   assisted  fewer   wrong   95 % upper")
    for bank in (True, False):
        for truth in (0.7, 0.75, BAR, 0.85, 0.9, 0.95):
            for agrees in (0.1, 0.5, 0.7, 0.85, 0.95, 0.99):
                found = replay(
                    truth,
                    BAR,
                    agrees,
                    agrees,
                    bank=bank,
                    runs=given.runs,
                    items=given.items,
                    seed=given.seed,
                )
                plain, helped = found["plain"], found["assisted"]
                wrong = helped.falls_short if truth >= BAR else helped.meets
                bound = upper_bound(round(wrong * given.runs), given.runs)
                print(
                    f"{'bank' if bank else 'population':<11} {truth:<6} {agrees:<6} "
                    f"{plain.labels:<7.1f} {helped.labels:<9.1f} "
                    f"×{plain.labels / helped.labels:<6.2f} {wrong:<7.2%} {bound:.2%}"
                )


if __name__ == "__main__":
    main()
