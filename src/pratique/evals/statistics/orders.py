"""Order bias: whether a judge of pairs favours what it is shown first, and the share without that.

The order of each pair is drawn by a fair coin, so showing both orders, which doubles the calls, is
not needed: without order bias, A does as well when shown first as when shown second. Against that
somebody bets after each judgement; the bet is on how far A did better than it has so far, with the
sign of the coin, so a judge that is sure of A and does not look at the order gives it nothing.

Sources: Zheng et al., "Judging LLM-as-a-judge", arXiv 2306.05685 (the bias; the mean over both
orders); Waudby-Smith and Ramdas, JRSS-B 2024 (betting); the coin is what makes the bet fair.
"""

import random
from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec
import numpy as np

from pratique.errors import Malformed
from pratique.evals.statistics.sequences import ConfidenceSequence, check_alpha

_STAKES = np.array([-0.6, -0.3, -0.12, -0.05, 0.05, 0.12, 0.3, 0.6])
"""Bets on an order effect of either sign, large and small, each with an equal start."""


class Judged(NamedTuple):
    """One judgement of a pair."""

    a_first: bool
    """Whether A was shown first: a fair coin's fall, fixed before the answers were seen."""
    score: float
    """What A got: 1 where it is better, 0 where B is, 0.5 for a tie."""


class OrderEffect(msgspec.Struct, frozen=True, kw_only=True):
    """What the order does to a judge, and the share once that is taken out."""

    n: int
    """Judgements."""
    first: float
    """Mean score of what was shown first; 0.5 where the order does nothing."""
    effect: float | None
    """A's mean score when shown first less that when shown second; None with one order only."""
    evidence: float
    """Largest capital of a bet against "no effect"; it reaches 1/alpha by chance with alpha."""
    finding: Literal["biased", "not shown"]
    """`biased` where the evidence reached 1/alpha at some look; no order bias is ever proved."""
    share: float
    """A's share, as the mean over both orders (over all where there was one only)."""
    low: float
    """Lower end of an anytime-valid interval for it: the coin makes both orders count alike."""
    high: float
    """Upper end."""
    alpha: float
    """Error of the finding, and of the interval."""


def shown_first(seed: int, sample_id: str) -> bool:
    """Return whether A is shown first for a sample: a coin that falls the same way each time."""
    return random.Random(f"order/{seed}/{sample_id}").random() < 0.5  # noqa: S311  (drawing)


def order_effect(judged: Sequence[Judged], alpha: float = 0.05) -> OrderEffect:
    """Return what the order of showing does to *judged*, in the order in which they came.

    Raises:
        Malformed: there are none, or a score is outside [0, 1].
    """
    check_alpha(alpha)
    if not judged:
        raise Malformed("no judgements", hint="judge at least one pair")
    sequence = ConfidenceSequence(alpha)
    sequence.add_many(one.score for one in judged)
    evidence = max(order_evidence(judged))
    firsts = [one.score for one in judged if one.a_first]
    seconds = [one.score for one in judged if not one.a_first]
    ups = [one.score if one.a_first else 1.0 - one.score for one in judged]
    both = bool(firsts and seconds)
    means = [sum(scores) / len(scores) for scores in (firsts, seconds) if scores]
    return OrderEffect(
        n=len(judged),
        first=sum(ups) / len(ups),
        effect=means[0] - means[1] if both else None,
        evidence=evidence,
        finding="biased" if evidence >= 1.0 / alpha else "not shown",
        share=sum(means) / len(means),
        low=sequence.low,
        high=sequence.high,
        alpha=alpha,
    )


def order_evidence(judged: Sequence[Judged]) -> list[float]:
    """Return the capital of the bet against "the order has no effect" after each judgement."""
    capital = np.full(len(_STAKES), 1.0 / len(_STAKES))
    found = []
    usual, total = 0.5, 0.0
    for n, one in enumerate(judged, 1):
        sign = 1.0 if one.a_first else -1.0
        capital = capital * (1.0 + _STAKES * sign * (one.score - usual))
        found.append(float(capital.sum()))
        total += one.score
        usual = (total + 0.5) / (n + 1)
    return found
