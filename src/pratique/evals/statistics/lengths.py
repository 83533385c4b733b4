"""Length-controlled share: how often a judge would prefer a model were its answers as long as B's.

Judges favour long answers. A logistic regression explains each preference by the model and by how
much longer its answer is; then the length's part is set to 0:

    preference = s(m + w tanh(d)),   share = s(m)

with s the logistic function and d the difference of lengths in its standard deviations.

Source: Dubois, Galambosi, Liang and Hashimoto, "Length-Controlled AlpacaEval", arXiv 2404.04475
(without their term for the difficulty of an item, which takes other models' results). The interval
is a sandwich estimate: it does not believe the model's variance (Huber 1967).
"""

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from pratique.errors import Malformed
from pratique.evals.statistics.bets import Floats

_RIDGE = np.diag([1e-3, 1.0])
"""Penalty on squares of m and of w: keeps both finite where a judge never wavers."""

_NORMAL = 1.959963984540054
"""Quantile of the normal distribution for 95 %."""


class LengthControlled(msgspec.Struct, frozen=True, kw_only=True):
    """A share as it was judged, and with equal lengths."""

    n: int
    """Judgements."""
    raw: float
    """Mean preference as judged."""
    share: float
    """Share with the length's part set to 0."""
    low: float
    """Lower end of its 95 % interval, for a number of judgements fixed beforehand."""
    high: float
    """Upper end."""
    weight: float
    """w: above 0 the judge favours length; 0 where all differences are equal."""
    longer: float
    """Mean difference of length, in characters."""


def length_controlled(
    preferences: Sequence[float], own: Sequence[int], other: Sequence[int]
) -> LengthControlled:
    """Return the share of *preferences* (0 to 1 for the model) with lengths taken out.

    own, other: characters of the model's answer and of the one that it was held against.

    Raises:
        Malformed: the three are not of one length, are empty, or a preference is outside [0, 1].
    """
    if not preferences or not len(preferences) == len(own) == len(other):
        raise Malformed(
            f"{len(preferences)} preferences, {len(own)} and {len(other)} lengths",
            hint="give one preference and two lengths for each judgement",
        )
    wanted = np.asarray(preferences, dtype=np.float64)
    wrong = wanted[~((wanted >= 0.0) & (wanted <= 1.0))]
    if len(wrong):
        raise Malformed(f"preference {wrong[0]} is outside [0, 1]", hint="scale it to 0..1")
    difference = np.asarray(own, dtype=np.float64) - np.asarray(other, dtype=np.float64)
    spread = float(difference.std())
    length = np.tanh(difference / spread) if spread > 0.0 else np.zeros_like(difference)
    columns = np.column_stack((np.ones_like(length), length))
    weights = _fitted(columns, wanted)
    error = math.sqrt(_variance_of_model(columns, wanted, weights))
    return LengthControlled(
        n=len(wanted),
        raw=float(wanted.mean()),
        share=_logistic(weights[0]),
        low=_logistic(weights[0] - _NORMAL * error),
        high=_logistic(weights[0] + _NORMAL * error),
        weight=float(weights[1]),
        longer=float(difference.mean()),
    )


def _logistic(value: float) -> float:
    return float(0.5 * (1.0 + math.tanh(value / 2.0)))


def _expected(columns: Floats, weights: Floats) -> Floats:
    return np.asarray(0.5 * (1.0 + np.tanh(columns @ weights / 2.0)))


def _fitted(columns: Floats, wanted: Floats) -> Floats:
    """Return m and w by Newton's steps, halved where a step would make the fit worse."""
    weights = np.zeros(2)
    for _ in range(100):
        slope = columns.T @ (wanted - _expected(columns, weights)) - _RIDGE @ weights
        step = np.linalg.solve(_curvature(columns, weights), slope)
        while _cost(columns, wanted, weights + step) > _cost(columns, wanted, weights) + 1e-12:
            step /= 2.0
        weights = weights + step
        if float(np.abs(step).max()) < 1e-9:
            return np.asarray(weights)
    raise Malformed(
        "the preferences fit no logistic model",
        hint="look at the judge's scores: are they numbers?",
    )


def _cost(columns: Floats, wanted: Floats, weights: Floats) -> float:
    at = columns @ weights
    return float(np.sum(np.logaddexp(0.0, at) - wanted * at) + weights @ _RIDGE @ weights / 2.0)


def _curvature(columns: Floats, weights: Floats) -> Floats:
    expected = _expected(columns, weights)
    return np.asarray((columns.T * (expected * (1.0 - expected))) @ columns + _RIDGE)


def _variance_of_model(columns: Floats, wanted: Floats, weights: Floats) -> float:
    inverse = np.linalg.inv(_curvature(columns, weights))
    scores = columns * (wanted - _expected(columns, weights))[:, None]
    return float((inverse @ (scores.T @ scores) @ inverse)[0, 0])
