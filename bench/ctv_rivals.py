"""Other ways to decide a pair, played on the same orders of the same items.

Each takes gaps (runs by samples), the sizes of the banks, delta and alpha, and returns samples
used and verdicts: 0 nothing, 1 A, 2 B, 3 no difference that matters.
"""

import importlib.metadata
import math
from collections.abc import Callable
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from pratique.evals.replay_plans import normal_quantile

Floats = NDArray[np.float64]
Verdicts = NDArray[np.int8]
Rival = Callable[[Floats, Floats, float, float], tuple[Floats, Verdicts]]

BRIEN_FLEMING = (4.562, 3.226, 2.634, 2.281, 2.040)
"""Bounds of five equal looks at a two-sided 5 % (Jennison and Turnbull 2000, table 2.3)."""

POCOCK = (2.555,) * 10
"""Bounds of ten equal looks at a two-sided 5 % (as above, table 2.1)."""

STAKES = np.array([0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.55, 0.7, 0.85])
"""A plain mixture of bets, in shares of the largest safe one."""


def moments(gaps: Floats) -> tuple[Floats, Floats]:
    """Return the mean and the standard error after every sample."""
    n = np.arange(1, gaps.shape[1] + 1)
    mean = np.cumsum(gaps, axis=1) / n
    squares = np.cumsum(gaps * gaps, axis=1) / n - mean * mean
    return mean, np.sqrt(np.maximum(squares, 0.0) / np.maximum(n - 1, 1))


def first_look(found: Verdicts, sizes: Floats) -> tuple[Floats, Verdicts]:
    """Return when each run's first verdict came, within its size, and which it was."""
    inside = np.arange(found.shape[1]) < sizes[:, None]
    said = (found != 0) & inside
    at = said.argmax(axis=1)
    runs = np.arange(len(found))
    decided = said.any(axis=1)
    verdicts = np.where(decided, found[runs, at], 0).astype(np.int8)
    return np.where(decided, at + 1.0, sizes), verdicts


def by_bounds(low: Floats, high: Floats, delta: float) -> Verdicts:
    """Return what an interval says after every sample."""
    found = np.where((low > -delta) & (high < delta), 3, 0)
    found = np.where(high < 0, 2, found)
    return np.asarray(np.where(low > 0, 1, found), dtype=np.int8)


def grouped(bounds: tuple[float, ...]) -> Rival:
    """Return the group-sequential z test with these bounds at equal looks."""

    def play(gaps: Floats, sizes: Floats, delta: float, _: float) -> tuple[Floats, Verdicts]:
        mean, error = moments(gaps)
        used, verdicts = sizes.copy(), np.zeros(len(sizes), dtype=np.int8)
        rows = np.arange(len(sizes))
        for look, z in enumerate(bounds, 1):
            n = np.maximum(np.round(sizes * look / len(bounds)), 2).astype(int)
            middle, half = mean[rows, n - 1], z * np.maximum(error[rows, n - 1], 1e-9)
            found = by_bounds(middle - half, middle + half, delta)
            fresh = (verdicts == 0) & (found != 0)
            verdicts[fresh], used[fresh] = found[fresh], n[fresh]
        return used, verdicts

    return play


def planned(samples: int) -> Rival:
    """Return the paired z test after so many samples."""

    def play(gaps: Floats, sizes: Floats, delta: float, alpha: float) -> tuple[Floats, Verdicts]:
        n = np.minimum(samples, sizes).astype(int)
        mean, error = moments(gaps)
        rows = np.arange(len(sizes))
        middle, spread = mean[rows, n - 1], np.maximum(error[rows, n - 1], 1e-12)
        sign = np.abs(middle) > normal_quantile(1 - alpha / 2) * spread
        near = np.abs(middle) + normal_quantile(1 - alpha) * spread < delta
        found = np.where(sign, np.where(middle > 0, 1, 2), np.where(near, 3, 0))
        return n.astype(np.float64), found.astype(np.int8)

    return play


def plain_betting(replaced: bool) -> Rival:
    """Return the plain mixture of bets at alpha/2 a side; *replaced*: as if drawn with replacement."""

    def refuted(gaps: Floats, sizes: Floats, claim: float, goal: float) -> NDArray[np.bool_]:
        scores, mean = (gaps + 1) / 2, (claim + 1) / 2
        n = np.arange(gaps.shape[1])
        expected = np.full(gaps.shape, mean)
        if not replaced:
            before = np.cumsum(scores, axis=1) - scores
            left = np.maximum(sizes[:, None] - n, 1.0)
            expected = (sizes[:, None] * mean - before) / left
        safe = np.clip(expected, 1e-9, 1 - 1e-9)
        odds = scores / safe - 1.0
        wealth = np.full(gaps.shape, -np.inf)
        for stake in STAKES:
            wealth = np.logaddexp(wealth, np.cumsum(np.log1p(stake * odds), axis=1))
        wealth -= math.log(len(STAKES))
        wealth = np.where(expected >= 1, -np.inf, wealth)
        wealth[np.maximum.accumulate(expected < -1e-12, axis=1)] = np.inf
        return np.asarray(np.maximum.accumulate(wealth >= goal, axis=1))

    def play(gaps: Floats, sizes: Floats, delta: float, alpha: float) -> tuple[Floats, Verdicts]:
        goal = math.log(2 / alpha)
        above, below = refuted(gaps, sizes, 0.0, goal), refuted(-gaps, sizes, 0.0, goal)
        near = refuted(-gaps, sizes, -delta, goal) & refuted(gaps, sizes, -delta, goal)
        found = np.where(above, 1, np.where(below, 2, np.where(near, 3, 0)))
        return first_look(found.astype(np.int8), sizes)

    return play


def truescore(gaps: Floats, sizes: Floats, delta: float, alpha: float) -> tuple[Floats, Verdicts]:
    """Return what truescore's empirical-Bernstein confidence sequence decides."""
    sequence = import_module("truescore.sequential").confidence_sequence
    found = np.zeros(gaps.shape, dtype=np.int8)
    for row, size in enumerate(sizes.astype(int)):
        bounds = sequence(gaps[row, :size], alpha=alpha, bounds=(-1.0, 1.0))
        found[row, :size] = by_bounds(
            np.asarray(bounds.lower_bounds), np.asarray(bounds.upper_bounds), delta
        )
    return first_look(found, sizes)


def evalsig(gaps: Floats, sizes: Floats, _: float, alpha: float) -> tuple[Floats, Verdicts]:
    """Return what evalsig's sequential gate decides: a sign, from 30 samples on."""
    half_width = import_module("evalsig.inference.sequential")._half_width
    mean, error = moments(gaps)
    n = np.arange(1, gaps.shape[1] + 1)
    unit = np.array([half_width(int(one), 1.0, alpha, 1.0) for one in n])
    half = unit * error * np.sqrt(n)
    found = np.where((np.abs(mean) > half) & (half > 0) & (n >= 30), np.where(mean > 0, 1, 2), 0)
    return first_look(found.astype(np.int8), sizes)


def versions() -> dict[str, str]:
    """Return the versions of the rivals that are installed."""
    found = {}
    for name in ("truescore", "evalsig"):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
