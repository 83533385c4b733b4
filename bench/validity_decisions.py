"""Truths at which a pair, a gate or a choice could be wrong most often, and how often each is."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pratique.evals.replay_choices import play_batch_of_choices
from pratique.evals.replay_gates import gate_wrong
from pratique.evals.replay_pairs import pair_wrong
from pratique.evals.replay_runs import drawn_orders, play
from pratique.evals.statistics import TIE
from pratique.evals.statistics.choices import ChoiceBatch
from pratique.evals.statistics.gates import GateBatch
from pratique.evals.statistics.pairs import PairBatch

Floats = NDArray[np.float64]

DELTA = 0.05
"""The margin of every decision."""

LONGEST = 400
"""Samples of a run that speaks of all users."""

CHUNK = 1000
"""Runs side by side."""


class Line(NamedTuple):
    """How often one decision was wrong at one truth."""

    decision: str
    """pair, gate or choice."""

    shape: str
    """What the scores look like."""

    of: str
    """A bank of some size, or all users."""

    gap: float
    """The true gap, or the distance from the bar."""

    wrong: int
    """Runs that were."""

    runs: int
    """Runs in all."""


def disagreeing(share: float) -> Callable[[int, float], Floats]:
    """Return banks of pass-or-fail gaps where two models disagree on this share of the samples."""

    def bank(size: int, gap: float) -> Floats:
        net = round(gap * size)
        differ = max(round(share * size), abs(net))
        differ += (differ - net) % 2
        wins = (differ + net) // 2
        return np.repeat([1.0, -1.0, 0.0], [wins, differ - wins, size - differ])

    return bank


def lopsided(size: int, gap: float) -> Floats:
    """Return a bank of many small losses and a few large wins."""
    wins = size // 12
    gaps = np.full(size, -0.01)
    gaps[:wins] = (gap * size + 0.01 * (size - wins)) / wins
    return gaps


def graded(size: int, gap: float) -> Floats:
    """Return a bank of gaps between fine grades, spread evenly."""
    return np.linspace(gap - 0.5, gap + 0.5, size)


SHAPES: dict[str, Callable[[int, float], Floats]] = {
    "2 % differ": disagreeing(0.02),
    "10 % differ": disagreeing(0.1),
    "30 % differ": disagreeing(0.3),
    "90 % differ": disagreeing(0.9),
    "lopsided": lopsided,
    "graded": graded,
}


def draw(bank: Floats, users: bool, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return runs of samples from *bank* and their sizes; with replacement where users are meant."""
    if users:
        return bank[rng.integers(0, len(bank), (CHUNK, LONGEST))], np.full(CHUNK, float(LONGEST))
    sizes = np.full(CHUNK, float(len(bank)))
    return bank[drawn_orders(sizes, "bank", rng)], sizes


def lines(runs: int, alpha: float, seed: int) -> Iterator[Line]:
    """Yield every truth."""
    rng = np.random.default_rng(seed)
    chunks = max(1, runs // CHUNK)
    for size, users in ((60, False), (400, False), (400, True)):
        of = "all users" if users else f"bank {size}"
        for shape, bank in SHAPES.items():
            for gap in (0.0, DELTA):
                scores = bank(size, gap)
                wrong = sum(pair_errors(scores, alpha, users, rng) for _ in range(chunks))
                yield Line("pair", shape, of, float(scores.mean()), wrong, chunks * CHUNK)
            for side in (-1, 1):
                off = side * (DELTA / 2 + 1e-6)
                scores = (bank(size, 0.0) - bank(size, 0.0).mean()) / 2.2 + 0.5
                wrong = sum(gate_errors(scores, off, alpha, users, rng) for _ in range(chunks))
                yield Line("gate", shape, of, off, wrong, chunks * CHUNK)
    for users in (False, True):
        wrong = sum(choice_errors(alpha, users, rng) for _ in range(chunks))
        of = "all users" if users else "bank 200"
        yield Line("choice", "one of 4 is best", of, DELTA + 0.001, wrong, chunks * CHUNK)


def pair_errors(bank: Floats, alpha: float, users: bool, rng: np.random.Generator) -> int:
    """Return wrong verdicts among `CHUNK` runs of a pair."""
    gaps, sizes = draw(bank, users, rng)
    batch = PairBatch(DELTA, alpha, runs=CHUNK, sizes=None if users else sizes)
    _, verdicts = play(batch, gaps, sizes)
    return int(pair_wrong(verdicts, np.full(CHUNK, bank.mean()), DELTA).sum())


def gate_errors(
    bank: Floats, off: float, alpha: float, users: bool, rng: np.random.Generator
) -> int:
    """Return wrong verdicts among `CHUNK` runs of a gate whose bar the mean is *off* from."""
    scores, sizes = draw(bank, users, rng)
    bars = np.full(CHUNK, bank.mean() - off)
    batch = GateBatch(bars, DELTA, alpha, sizes=None if users else sizes)
    _, verdicts = play(batch, scores, sizes)
    return int(gate_wrong(verdicts, bank.mean() - bars, DELTA - 2 * TIE).sum())


def choice_errors(alpha: float, users: bool, rng: np.random.Generator) -> int:
    """Return wrong choices among `CHUNK` runs where one of four is just over the margin better."""
    size = 200
    passes = np.repeat([1.0, 0.0], [100, 100])
    best = np.repeat([1.0, 0.0], [111, 89])
    sizes = np.full(CHUNK, float(size))
    columns = [rng.permuted(np.tile(one, (CHUNK, 1)), axis=1) for one in (best, *[passes] * 3)]
    scores = np.stack(columns, axis=1)
    if users:
        orders = rng.integers(0, size, (CHUNK, 1, LONGEST))
        scores = np.take_along_axis(scores, np.broadcast_to(orders, (CHUNK, 4, LONGEST)), axis=2)
        sizes = np.full(CHUNK, float(LONGEST))
    batch = ChoiceBatch(4, DELTA, alpha, runs=CHUNK, sizes=None if users else sizes)
    _, chosen = play_batch_of_choices(batch, scores, sizes)
    return int((chosen > 0).sum())
