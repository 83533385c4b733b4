"""Choices: within the margin of the best, for fewer calls than asking everybody everything."""

import numpy as np
import pytest

from bench.validity_decisions import CHUNK, choice_errors
from pratique.errors import Malformed
from pratique.evals.replay_choices import play_batch_of_choices
from pratique.evals.statistics import lower_bound
from pratique.evals.statistics.choices import Choice, ChoiceBatch


def test_choices_are_wrong_no_more_often_than_allowed() -> None:
    """One of four is just over the margin better than the rest."""
    assert lower_bound(choice_errors(0.05, False, np.random.default_rng(1)), CHUNK) <= 0.05


def test_the_best_is_chosen_for_a_fraction_of_all_calls() -> None:
    """Rivals that are clearly behind are soon left alone."""
    rng = np.random.default_rng(2)
    rates = np.array([0.9, 0.5, 0.4, 0.3, 0.2])
    scores = (rng.random((50, 5, 500)) < rates[:, None]).astype(float)
    batch = ChoiceBatch(5, 0.03, 0.05, runs=50, sizes=np.full(50, 500.0))
    calls, chosen = play_batch_of_choices(batch, scores, np.full(50, 500.0))
    assert (chosen == 0).all()
    assert calls.mean() < 5 * 500 / 8


def test_a_choice_says_whom_to_ask_and_ends() -> None:
    """Everybody first, then the leader and a rival, then nobody."""
    scores = (np.random.default_rng(3).random((3, 80)) < [[0.9], [0.5], [0.4]]).astype(float)
    choice = Choice(3, 0.05, 0.05, population=80)
    first = choice.asks
    while choice.asks:
        at = choice.answered
        choice.add({one: float(scores[one, at[one]]) for one in choice.asks})
    assert first == (0, 1, 2)
    assert choice.chosen == 0
    assert sum(choice.answered) < 240


def test_a_bank_used_up_always_chooses() -> None:
    """Equal candidates: either is right, and the bank's end says so."""
    choice = Choice(2, 0.01, 0.05, population=6)
    while choice.asks:
        choice.add({one: float(choice.answered[one] % 2) for one in choice.asks})
    assert choice.chosen is not None


def test_a_choice_among_one_is_refused() -> None:
    """There is nothing to choose."""
    with pytest.raises(Malformed, match="choice among 1"):
        Choice(1, 0.05, 0.05)
