"""Measure how often the evals' decisions are wrong when runs are looked at after every score.

    python -m bench.validity --runs 20000

Each line is one truth: scores of a kind, a bank of a size or a population, a mean beside the bar.
A run stops at its first decision. Then the same for pairs, gates with a band, and choices, and for
samples that share sources, beside what samples taken one by one would say. Exit 1 when a rate of
wrong decisions is above alpha beyond doubt: its lower 95 % bound is.
"""

import argparse
import os
import platform
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.validity_clusters import lines as clustered
from bench.validity_decisions import lines
from pratique import __version__
from pratique.evals.statistics import TIE, SequenceBatch, lower_bound, upper_bound

Floats = NDArray[np.float64]

CHUNK = 1000
LONGEST = 400
STEPS = {"pass/fail": 1.0, "three-point": 0.5, "continuous": None}


@dataclass(frozen=True, slots=True)
class Setting:
    """A truth that runs are drawn from."""

    kind: str
    """Which scores: a key of STEPS."""

    size: int | None
    """Samples in the bank; None for a population."""

    bar: float
    """What the mean is held to."""

    mean: float
    """The true mean."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What became of the runs of a setting."""

    runs: int
    """How many there were."""

    meets: int
    """Runs that stopped at `meets`."""

    falls_short: int
    """Runs that stopped at `falls_short`."""

    samples: float
    """Mean samples until the decision; an undecided run counts in full."""


def settings(bar: float) -> Iterator[Setting]:
    """Yield every truth: at the bar, just below it, and clearly on either side."""
    for kind, step in STEPS.items():
        for size in (60, 200, None):
            nearest = 0.001 if size is None else (step or 0.25) / size
            for offset in (0.0, -nearest, 0.1, -0.2):
                yield Setting(kind, size, bar, bar + offset)


def bank(kind: str, size: int, mean: float, rng: np.random.Generator) -> Floats:
    """Return the scores of a bank with exactly this mean, in no particular order."""
    total = mean * size
    if kind == "continuous":
        scores = rng.beta(4 * mean, 4 * (1 - mean), size)
        while abs(scores.mean() - mean) > TIE / 1000:
            scores = np.clip(scores + mean - scores.mean(), 0.0, 1.0)
        return np.asarray(scores)
    halves = (
        0 if kind == "pass/fail" else 2 * int(min(total, size - total) / 2) + round(2 * total) % 2
    )
    ones = round(total - halves / 2)
    return np.repeat([1.0, 0.5, 0.0], [ones, halves, size - ones - halves])


def draw(setting: Setting, runs: int, rng: np.random.Generator) -> Floats:
    """Return scores in the order they are drawn, runs by samples."""
    mean, shape = setting.mean, (runs, LONGEST)
    if setting.size is not None:
        scores = bank(setting.kind, setting.size, mean, rng)
        return rng.permuted(np.tile(scores, (runs, 1)), axis=1)
    if setting.kind == "continuous":
        return rng.beta(4 * mean, 4 * (1 - mean), shape)
    if setting.kind == "pass/fail":
        return (rng.random(shape) < mean).astype(np.float64)
    half = min(mean, 1 - mean) / 2
    return rng.choice([1.0, 0.5, 0.0], shape, p=[mean - half / 2, half, 1 - mean - half / 2])


def play(setting: Setting, alpha: float, scores: Floats) -> Measured:
    """Look after every score and stop each run at its first decision."""
    runs, length = scores.shape
    batch = SequenceBatch(
        alpha,
        runs=runs,
        population=setting.size,
        step=STEPS[setting.kind],
        bars=(setting.bar,),
        grid=0,
    )
    first = np.zeros(runs, dtype=np.int8)
    used = np.full(runs, length)
    for column in scores.T:
        batch.add(np.ascontiguousarray(column))
        fresh = (first == 0) & (batch.verdicts(setting.bar) != 0)
        first[fresh] = batch.verdicts(setting.bar)[fresh]
        used[fresh] = batch.n
        if first.all():
            break
    return Measured(runs, int((first > 0).sum()), int((first < 0).sum()), float(used.mean()))


def measure(setting: Setting, alpha: float, runs: int, seed: int) -> Measured:
    """Play *runs* runs in chunks that fit the cache; bank scores are drawn anew for each chunk."""
    rng = np.random.default_rng(seed)
    parts = [
        play(setting, alpha, draw(setting, min(CHUNK, runs - begin), rng))
        for begin in range(0, runs, CHUNK)
    ]
    return Measured(
        runs,
        sum(part.meets for part in parts),
        sum(part.falls_short for part in parts),
        sum(part.samples * part.runs for part in parts) / runs,
    )


def wrong(setting: Setting, measured: Measured) -> int:
    """Return how many runs stopped at the decision that is not true."""
    met = setting.mean >= setting.bar - TIE
    return measured.falls_short if met else measured.meets


def main() -> int:
    """Print the table and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20_000)
    parser.add_argument("--alpha", type=float, default=0.05)
    parser.add_argument("--bar", type=float, default=0.8)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    began, alpha, invalid = time.perf_counter(), arguments.alpha, 0
    print(
        f"pratique {__version__}, numpy {np.__version__}, Python {platform.python_version()},"
        f" {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    )
    print(
        f"{arguments.runs} runs a line, alpha {alpha:g} (half a side), bar {arguments.bar:g},"
        f" a look after every score, seed {arguments.seed}"
    )
    print(f"{'scores':<12}{'of':>11}{'mean':>9}{'wrong':>8}{'upper 95 %':>12}", end="")
    print(f"{'meets':>8}{'short':>8}{'open':>8}{'samples':>9}")
    for index, setting in enumerate(settings(arguments.bar)):
        seen = measure(setting, alpha, arguments.runs, arguments.seed * 1000 + index)
        errors, runs = wrong(setting, seen), seen.runs
        bad = lower_bound(errors, runs) > alpha
        invalid += bad
        of = "population" if setting.size is None else f"bank {setting.size}"
        undecided = runs - seen.meets - seen.falls_short
        print(
            f"{setting.kind:<12}{of:>11}{setting.mean:>9.5f}{errors / runs:>8.4f}"
            f"{upper_bound(errors, runs):>12.4f}{seen.meets / runs:>8.3f}"
            f"{seen.falls_short / runs:>8.3f}{undecided / runs:>8.3f}{seen.samples:>9.1f}"
            + ("  ABOVE ALPHA" if bad else ""),
            flush=True,
        )
    print("\npair, gate and choice at the truths where each could be wrong most often")
    for found in lines(arguments.runs, alpha, arguments.seed):
        bad = lower_bound(found.wrong, found.runs) > alpha
        invalid += bad
        print(
            f"{found.decision:<8}{found.shape:<18}{found.of:>11}{found.gap:>9.4f}"
            f"{found.wrong / found.runs:>8.4f}{upper_bound(found.wrong, found.runs):>12.4f}"
            + ("  ABOVE ALPHA" if bad else ""),
            flush=True,
        )
    print("\nsources that pass or fail whole: by clusters, and the same draws by samples")
    for one in clustered(arguments.runs, alpha, arguments.seed):
        bad = lower_bound(one.wrong, one.runs) > one.alpha
        invalid += bad
        print(
            f"{one.decision:<9}{one.of:<12} allowed {one.alpha:.3f}, by clusters"
            f" {one.wrong / one.runs:.4f} (at most {upper_bound(one.wrong, one.runs):.4f}),"
            f" by samples {one.fooled / one.runs:.4f}" + ("  ABOVE ALPHA" if bad else ""),
            flush=True,
        )
    print(f"{invalid} lines above alpha; {time.perf_counter() - began:.0f} s on one core")
    return 1 if invalid else 0


if __name__ == "__main__":
    sys.exit(main())
