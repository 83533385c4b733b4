"""Replay of decisions on a log: how many calls until the verdict, and how often it is wrong.

Each run draws a decision (a pair, a model and its bar, a set of candidates) and an order of the
items, then asks the very classes that assess asks. A pair's sample costs two calls.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import msgspec
import numpy as np

from pratique.errors import Malformed
from pratique.evals.replay_choices import play_choices
from pratique.evals.replay_gates import play_gates
from pratique.evals.replay_logs import Log
from pratique.evals.replay_pairs import play_pairs
from pratique.evals.replay_runs import Played, Settings
from pratique.evals.statistics.bets import TIE
from pratique.evals.statistics.pairs import check_delta
from pratique.evals.statistics.proportions import upper_bound
from pratique.evals.statistics.sequences import check_alpha

__all__ = ["Band", "Played", "Replay", "Settings", "replay", "summary"]

DecisionKind = Literal["pair", "gate", "choice"]

BANDS = (0.5, 1.0, 2.0, 4.0)
"""Ends of the bands of true gaps, in deltas; the last band is open."""


@dataclass(frozen=True, slots=True)
class Band:
    """Runs whose true gap lies in one band."""

    runs: int
    """How many."""

    mean_calls: float
    """Mean calls until the verdict."""

    ratio_full: float
    """Calls of full runs for one of ours."""

    wrong: float
    """Share of wrong verdicts."""

    undecided: float
    """Share without a verdict."""


@dataclass(frozen=True, slots=True)
class OneByOne:
    """What comes of the very same draws when the items of a cluster are taken for independent."""

    mean_calls: float
    """Mean calls until the verdict, undecided runs in full."""

    wrong: float
    """Share of wrong verdicts."""

    wrong_upper95: float
    """Upper 95 % bound of that share (Clopper-Pearson)."""

    undecided: float
    """Share of runs without a verdict."""


@dataclass(frozen=True, slots=True)
class Clustered:
    """Clusters of a log, which are drawn whole, and what they changed."""

    clusters: int
    """Clusters of the log."""

    items: int
    """Items in all of them."""

    largest: int
    """Items of the largest."""

    one_by_one: OneByOne
    """The same draws without regard to clusters."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay found."""

    decision: DecisionKind
    """Which decision."""

    log: str
    """The file that was replayed."""

    runs: int
    """Runs played."""

    mean_calls: float
    """Mean calls until the verdict, undecided runs in full."""

    full_calls: float
    """Mean calls of the full run."""

    fixed_calls: float
    """Mean calls of the run planned for the same error and 80 % power at delta."""

    ratio_full: float
    """full_calls / mean_calls."""

    ratio_fixed: float
    """fixed_calls / mean_calls."""

    wrong: float
    """Share of wrong verdicts."""

    wrong_upper95: float
    """Upper 95 % bound of that share (Clopper-Pearson)."""

    undecided: float
    """Share of runs without a verdict."""

    by_gap: dict[str, Band]
    """The same by the true gap, in points of 100."""

    clusters: Clustered | msgspec.UnsetType = msgspec.UNSET
    """What clusters changed; absent without them."""


def replay(decision: DecisionKind, log: Log, settings: Settings) -> Replay:
    """Play *settings.runs* runs of a decision on *log*."""
    _check(settings)
    if settings.history and log.clusters is not None:
        raise Malformed(
            "history says something of an item, not of a cluster",
            hint="leave out --history or --cluster",
        )
    player = {"pair": play_pairs, "gate": play_gates, "choice": play_choices}[decision]
    found = summary(decision, str(log.path), player(log, settings), settings.delta)
    if log.clusters is None:
        return found
    played = player(log, dataclasses.replace(settings, one_by_one=True))
    apart = summary(decision, str(log.path), played, settings.delta)
    counts = np.bincount(log.clusters)
    one_by_one = OneByOne(apart.mean_calls, apart.wrong, apart.wrong_upper95, apart.undecided)
    clusters = Clustered(len(counts), len(log.clusters), int(counts.max()), one_by_one)
    return dataclasses.replace(found, clusters=clusters)


def summary(decision: DecisionKind, log: str, played: Played, delta: float) -> Replay:
    """Return the figures of *played*."""
    calls, full, fixed = played.calls.mean(), played.full.mean(), played.fixed.mean()
    wrong, runs = int(played.wrong.sum()), len(played.calls)
    return Replay(
        decision,
        log,
        runs,
        float(calls),
        float(full),
        float(fixed),
        float(full / calls),
        float(fixed / calls),
        wrong / runs,
        upper_bound(wrong, runs),
        float(played.undecided.mean()),
        dict(_bands(played, delta)),
    )


def _bands(played: Played, delta: float) -> Iterator[tuple[str, Band]]:
    ends = [0.0, *(delta * end for end in BANDS), np.inf]
    for low, high in pairwise(ends):
        inside = (played.gap >= low - TIE) & (played.gap < high - TIE)
        if not inside.any():
            continue
        name = f"{100 * low:g}-{100 * high:g}" if high < np.inf else f">{100 * low:g}"
        calls = played.calls[inside]
        yield (
            name,
            Band(
                int(inside.sum()),
                float(calls.mean()),
                float(played.full[inside].mean() / calls.mean()),
                float(played.wrong[inside].mean()),
                float(played.undecided[inside].mean()),
            ),
        )


def _check(settings: Settings) -> None:
    check_alpha(settings.alpha)
    check_delta(settings.delta)
    for name, value in (("runs", settings.runs), ("concurrency", settings.concurrency)):
        if value < 1:
            raise Malformed(f"{name} {value}", hint=f"{name} is 1 or more")
    if settings.bar is not None and not 0.0 <= settings.bar <= 1.0:
        raise Malformed("the bar is outside the scale", hint="state it in the log's own unit")
