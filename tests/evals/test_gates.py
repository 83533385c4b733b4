"""Gates with a band: seldom wrong, sooner with what was known before."""

import numpy as np
import pytest

from bench.validity_decisions import CHUNK, DELTA, SHAPES, gate_errors
from pratique.errors import Malformed
from pratique.evals.replay_runs import drawn_orders, play
from pratique.evals.statistics import lower_bound
from pratique.evals.statistics.gates import GateBatch, GateTest
from pratique.evals.statistics.wagers import Controls


@pytest.mark.parametrize("users", [False, True])
@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("shape", ["2 % differ", "30 % differ", "lopsided"])
def test_verdicts_are_wrong_no_more_often_than_allowed(shape: str, side: int, users: bool) -> None:
    """Just outside the band, looked at after every score."""
    bank = SHAPES[shape](200, 0.0)
    scores = (bank - bank.mean()) / 2.2 + 0.5
    off = side * (DELTA / 2 + 1e-6)
    wrong = gate_errors(scores, off, 0.05, users, np.random.default_rng(5))
    assert lower_bound(wrong, CHUNK) <= 0.05


def known_bank(useful: bool, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pass-or-fail scores and what was known of the samples before."""
    rng = np.random.default_rng(seed)
    known = rng.random(400)
    chance = known if useful else rng.random(400)
    return (rng.random(400) < chance).astype(float), known


def play_known(useful: bool, off: float, with_known: bool) -> tuple[float, float]:
    """Return mean scores used and the share of `meets`."""
    scores, known = known_bank(useful, 2)
    sizes = np.full(CHUNK, 400.0)
    orders = drawn_orders(sizes, "bank", np.random.default_rng(4))
    drawn = known[orders]
    left = np.cumsum(drawn[:, ::-1], axis=1)[:, ::-1] / np.arange(400, 0, -1)
    controls = Controls(
        drawn - left, np.maximum(known.max() - left, left - known.min()), np.full(CHUNK, 0.3)
    )
    batch = GateBatch(np.full(CHUNK, scores.mean() - off), DELTA, 0.05, sizes=sizes)
    used, verdicts = play(batch, scores[orders], sizes, controls if with_known else None)
    return float(used.mean()), float((verdicts == 1).mean())


def test_what_is_known_of_the_samples_saves_scores() -> None:
    """A bank of earlier results pays where it predicts."""
    assert play_known(True, 0.1, True)[0] < 0.9 * play_known(True, 0.1, False)[0]


def test_what_is_known_and_useless_costs_little_and_no_validity() -> None:
    """It may be wrong about the candidate altogether."""
    assert play_known(False, 0.1, True)[0] < 1.15 * play_known(False, 0.1, False)[0]
    for useful in (True, False):
        wrong = play_known(useful, -DELTA / 2 - 1e-6, True)[1]
        assert lower_bound(round(wrong * CHUNK), CHUNK) <= 0.05


def test_a_gate_score_by_score_ends_with_its_bank() -> None:
    """The full bank always decides; within the band as its mean says."""
    test = GateTest(0.5, 0.06, 0.05, population=4)
    assert [test.add(score) for score in (0.0, 1.0, 0.5)] == ["undecided"] * 3
    assert test.add(0.5) == "meets"
    with pytest.raises(Malformed, match="one score more"):
        test.add(1.0)
