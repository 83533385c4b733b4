"""Clusters: samples that share a source are one observation, and the mean is still that of all samples."""

from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pratique.errors import Malformed
from pratique.evals.statistics import TIE, Clusters, ConfidenceSequence, SequenceBatch, lower_bound
from pratique.evals.statistics.choices import ChoiceBatch
from pratique.evals.statistics.clusters import sizes_of
from pratique.evals.statistics.gates import GateBatch, GateTest
from pratique.evals.statistics.pairs import PairBatch, PairTest

Floats = NDArray[np.float64]

ALPHA, DELTA, RUNS = 0.05, 0.05, 1000
SIZES = np.array([6, 6, 4, 3, 1] * 40)
"""Two hundred sources with one to six samples."""

CLUSTERS = Clusters.of(SIZES.tolist())

SCORES = st.lists(
    st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=5), min_size=1, max_size=25
)


def sources(share: float, seed: int = 4) -> Floats:
    """Return each source's mean: all of its samples pass or none, *share* of the samples in all."""
    means, left = np.zeros(len(SIZES)), round(share * SIZES.sum())
    for number in np.random.default_rng(seed).permutation(len(SIZES)):
        if SIZES[number] <= left:
            means[number], left = 1.0, left - SIZES[number]
    assert left == 0
    return means


def drawn(users: bool, seed: int) -> NDArray[np.intp]:
    """Return runs of sources: with replacement where users are meant, else each once."""
    rng = np.random.default_rng(seed)
    if users:
        return rng.integers(0, len(SIZES), (RUNS, len(SIZES)))
    return rng.permuted(np.tile(np.arange(len(SIZES)), (RUNS, 1)), axis=1)


def firsts(
    batch: SequenceBatch | GateBatch | PairBatch,
    bar: float,
    looks: list[tuple[Floats, Floats | None]],
) -> NDArray[np.int8]:
    """Return each run's first verdict; *looks* are scores or gaps, with weights or sizes if any."""
    found = np.zeros(RUNS, dtype=np.int8)
    for scores, sizes in looks:
        if isinstance(batch, SequenceBatch):
            batch.add(scores, sizes)
            now = batch.verdicts(bar)
        else:
            weights = None if sizes is None else sizes / CLUSTERS.largest
            if isinstance(batch, GateBatch):
                batch.add(scores, weights=weights)
            else:
                batch.add_gaps(scores, weights=weights)
            now = batch.verdicts()
        found = np.where(found == 0, now, found)
    return found


def by_cluster(means: Floats, order: NDArray[np.intp]) -> list[tuple[Floats, Floats | None]]:
    """Return each look of the cluster method."""
    return [(means[one], SIZES[one].astype(float)) for one in order.T]


def by_sample(means: Floats, order: NDArray[np.intp]) -> list[tuple[Floats, Floats | None]]:
    """Return each look of the method that takes every sample for itself, in the same draws."""
    rows = [np.repeat(means[one], SIZES[one])[:400] for one in order]
    return [(column, None) for column in np.array([row[:400] for row in rows]).T]


@pytest.mark.parametrize("users", [True, False], ids=["population", "bank"])
def test_correlated_samples_mislead_where_they_are_taken_one_by_one_and_not_by_cluster(
    users: bool,
) -> None:
    """All samples of a source pass or fail together; the bar lies just above the true share.

    Taken for independent they say `meets` far more often than they may; sources keep alpha.
    """
    means, order = sources(0.75), drawn(users, 11)
    bar = 0.75 + 1e-6
    bank = None if users else len(SIZES)
    whole = SequenceBatch(ALPHA, runs=RUNS, population=bank, bars=(bar,), grid=0, clusters=CLUSTERS)
    apart = SequenceBatch(
        ALPHA, runs=RUNS, population=bank and CLUSTERS.samples, bars=(bar,), grid=0
    )
    wrong = int((firsts(whole, bar, by_cluster(means, order)) > 0).sum())
    fooled = int((firsts(apart, bar, by_sample(means, order)) > 0).sum())
    assert lower_bound(wrong, RUNS) <= ALPHA / 2, wrong / RUNS
    assert lower_bound(fooled, RUNS) > 3 * ALPHA / 2, fooled / RUNS


@pytest.mark.parametrize("users", [True, False], ids=["population", "bank"])
def test_a_gate_by_clusters_keeps_alpha_and_one_by_samples_does_not(users: bool) -> None:
    """At the lower end of the band only `meets` is wrong."""
    means, order = sources(0.75), drawn(users, 12)
    bars = np.full(RUNS, 0.75 + DELTA / 2 + 1e-6)
    size = None if users else np.full(RUNS, float(len(SIZES)))
    whole = GateBatch(bars, DELTA, ALPHA, sizes=size, fill=CLUSTERS.fill)
    wrong = int((firsts(whole, 0.0, by_cluster(means, order)) > 0).sum())
    samples = None if users else np.full(RUNS, float(CLUSTERS.samples))
    apart = GateBatch(bars, DELTA, ALPHA, sizes=samples)
    fooled = int((firsts(apart, 0.0, by_sample(means, order)) > 0).sum())
    assert lower_bound(wrong, RUNS) <= ALPHA, wrong / RUNS
    assert lower_bound(fooled, RUNS) > 2 * ALPHA, fooled / RUNS


@pytest.mark.parametrize("users", [True, False], ids=["population", "bank"])
def test_equal_candidates_are_rarely_told_apart_by_clusters(users: bool) -> None:
    """Each source is won whole by A or by B: the samples taken one by one name a winner too often."""
    gaps = sources(0.5) * 2.0 - 1.0
    order = drawn(users, 13)
    size = None if users else np.full(RUNS, float(len(SIZES)))
    whole = PairBatch(DELTA, ALPHA, runs=RUNS, sizes=size, fill=CLUSTERS.fill)
    wrong = int(np.isin(firsts(whole, 0.0, by_cluster(gaps, order)), (1, 2)).sum())
    samples = None if users else np.full(RUNS, float(CLUSTERS.samples))
    apart = PairBatch(DELTA, ALPHA, runs=RUNS, sizes=samples)
    fooled = int(np.isin(firsts(apart, 0.0, by_sample(gaps, order)), (1, 2)).sum())
    assert lower_bound(wrong, RUNS) <= ALPHA, wrong / RUNS
    assert lower_bound(fooled, RUNS) > 3 * ALPHA, fooled / RUNS


def test_the_best_by_clusters_is_rarely_missed() -> None:
    """The best of three leads by just over the margin, on sources that are won whole."""
    best, rest, other = sources(0.55), sources(0.5), sources(0.5, seed=5)
    order = drawn(users=True, seed=14)
    batch = ChoiceBatch(3, DELTA - 0.001, ALPHA, runs=RUNS, fill=CLUSTERS.fill)
    chosen = np.full(RUNS, -1)
    everybody = np.ones((RUNS, 3), dtype=np.bool_)
    for one in order.T:
        scores = np.stack([best[one], rest[one], other[one]], axis=1)
        weights = np.repeat(SIZES[one][:, None] / CLUSTERS.largest, 3, axis=1)
        batch.add(scores, everybody, weights)
        chosen = np.where(chosen < 0, batch.chosen, chosen)
    assert lower_bound(int((chosen > 0).sum()), RUNS) <= ALPHA


# shapes that hold for any scores


@given(SCORES, st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_a_bank_of_clusters_ends_as_the_share_of_all_samples(
    scores: list[list[float]], seed: int
) -> None:
    """Whatever the order and the sizes: no mean of means, and nothing is left undecided."""
    clusters = Clusters.of([len(one) for one in scores])
    samples = [score for one in scores for score in one]
    mean = sum(samples) / len(samples)
    sequence = ConfidenceSequence(
        0.05, population=clusters.count, step=0.5, bars=(0.6,), grid=50, clusters=clusters
    )
    gate = GateTest(0.6, 0.1, 0.05, population=clusters.count, clusters=clusters)
    pair = PairTest(0.1, 0.05, population=clusters.count, clusters=clusters)
    low, high = 0.0, 1.0
    for number in np.random.default_rng(seed).permutation(len(scores)):
        sequence.add_cluster(scores[number])
        gate.add_cluster(scores[number])
        pair.add_cluster(scores[number], [1.0 - score for score in scores[number]])
        assert low - TIE <= sequence.low <= sequence.high <= high + TIE or sequence.contradicted
        low, high = sequence.low, sequence.high
    assert (sequence.n, sequence.observed) == (len(samples), len(scores))
    assert sequence.low == pytest.approx(mean, abs=1e-9) == sequence.high
    assert sequence.decide(0.6) == ("meets" if mean >= 0.6 - TIE else "falls_short")
    assert gate.verdict != "undecided" and pair.verdict != "undecided"


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=40), st.booleans())
@settings(max_examples=40, deadline=None)
def test_clusters_of_one_are_samples(scores: list[float], sealed: bool) -> None:
    """The same interval and the same verdicts, to the last digit."""
    clusters = Clusters.of([1] * len(scores))
    bank = len(scores) if sealed else None
    plain = ConfidenceSequence(0.05, population=bank, bars=(0.6,), grid=50)
    other = ConfidenceSequence(0.05, population=bank, bars=(0.6,), grid=50, clusters=clusters)
    gate = GateTest(0.6, 0.1, 0.05, population=bank)
    whole = GateTest(0.6, 0.1, 0.05, population=bank, clusters=clusters)
    for score in scores:
        plain.add(score)
        other.add_cluster([score])
        assert gate.add(score) == whole.add_cluster([score])
    assert plain.trace == other.trace


def test_clusters_of_one_size_are_their_means() -> None:
    """Nothing is filled then: a cluster's mean is a score like any other."""
    rng = np.random.default_rng(2)
    scores = (rng.random((30, 4)) < 0.7).astype(float)
    clusters = Clusters.of([4] * 30)
    plain = ConfidenceSequence(0.05, bars=(0.6,), grid=100)
    other = ConfidenceSequence(0.05, bars=(0.6,), grid=100, clusters=clusters)
    for one in scores:
        plain.add(float(one.mean()))
        other.add_cluster(one.tolist())
    assert (plain.low, plain.high) == pytest.approx((other.low, other.high))


@pytest.mark.parametrize(
    ("scores", "words"),
    [([], "without samples"), ([0.5, 1.5], "outside"), ([1.0] * 5, "where the largest has 4")],
)
def test_a_cluster_that_cannot_be_is_refused(scores: list[float], words: str) -> None:
    """Empty, out of the scale, or larger than what the test was made for."""
    clusters = Clusters.of([4, 2])
    with pytest.raises(Malformed, match=words):
        ConfidenceSequence(0.05, clusters=clusters).add_cluster(scores)
    with pytest.raises(Malformed, match=words):
        GateTest(0.5, 0.1, 0.05, clusters=clusters).add_cluster(scores)
    with pytest.raises(Malformed, match="a cluster of 2 samples"):
        PairTest(0.1, 0.05).add_cluster([1.0, 0.0], [0.0, 0.0])
    with pytest.raises(Malformed, match="bank of 3 with 2 clusters"):
        ConfidenceSequence(0.05, population=3, clusters=clusters)


@given(st.lists(st.integers(0, 3), max_size=30))
def test_sizes_are_those_of_runs_of_equal_keys(keys: list[int]) -> None:
    """They add up, and there is one for each change of the key."""
    found = sizes_of(keys)
    assert sum(found) == len(keys)
    assert len(found) == len(list(groupby(keys)))
