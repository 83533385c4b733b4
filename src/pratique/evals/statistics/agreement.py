"""Agreement between raters: the share of pairs that agree, and Krippendorff's alpha.

Alpha is 1 where everybody agrees, 0 where ratings agree as often as if they had been dealt out at
random, and below 0 where less. It takes any number of raters, missing ratings, and three levels:
values as names (`nominal`), as ranks (`ordinal`) or as quantities (`interval`).

Source: Krippendorff, "Content Analysis", 4th edition 2018, chapter 12. The interval is a bootstrap
over clusters (Efron 1979): the items that share a cluster are drawn together.
"""

from collections.abc import Hashable, Sequence
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from pratique.errors import Malformed
from pratique.evals.statistics.bets import Floats

Level = Literal["nominal", "ordinal", "interval"]
Ratings = Sequence[Sequence[float | None]]
"""Items in rows, raters in columns; None where a rater gave no rating."""


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """How far raters agree."""

    alpha: float | None
    """Krippendorff's alpha; None where all ratings are one value, so that chance cannot be told."""
    low: float | None
    """Lower end of its interval; None with alpha, or where too few draws have one."""
    high: float | None
    """Upper end of its interval."""
    same: float
    """Share of pairs of ratings of one item that are equal, from 0 to 1."""
    items: int
    """Items with at least two ratings: the others say nothing of agreement."""
    left_out: int
    """Items with fewer."""
    level: Level
    """How values were compared."""
    confidence: float
    """Of the interval, such as 0.95."""
    draws: int
    """Draws of the bootstrap."""
    draws_without: int
    """Of these, draws in which all ratings were one value, so that they have no alpha."""


def agreement(
    ratings: Ratings,
    *,
    level: Level,
    clusters: Sequence[Hashable] | None = None,
    confidence: float = 0.95,
    draws: int = 2000,
    seed: int = 1,
) -> Agreement:
    """Return how far the raters agree, with an interval by bootstrap.

    clusters: one a row, for items that belong together (a passage, a dialogue); None: none do.

    Raises:
        Malformed: no item has two ratings, or the clusters are not one a row.
    """
    if clusters is not None and len(clusters) != len(ratings):
        raise Malformed(
            f"{len(clusters)} clusters for {len(ratings)} items", hint="name one cluster an item"
        )
    kept = [row for row, one in enumerate(ratings) if sum(r is not None for r in one) >= 2]
    if not kept:
        raise Malformed("no item has two ratings", hint="let two raters rate the same items")
    values = np.array(sorted({r for row in kept for r in ratings[row] if r is not None}))
    counts = np.array([[ratings[row].count(value) for value in values] for row in kept], float)
    groups = [row if clusters is None else clusters[row] for row in kept]
    whole = np.ones((1, len(kept)))
    alpha = float(_alphas(whole, counts, values, level)[0])
    drawn = _alphas(_bootstrap(groups, draws, seed), counts, values, level)
    sound = drawn[~np.isnan(drawn)]
    tail = (1.0 - confidence) / 2
    certain = not np.isnan(alpha) and len(sound) > draws / 2
    pairs = _pairs(counts)
    return Agreement(
        alpha=None if np.isnan(alpha) else alpha,
        low=float(np.quantile(sound, tail)) if certain else None,
        high=float(np.quantile(sound, 1.0 - tail)) if certain else None,
        same=float(np.trace(pairs.sum(axis=0)) / pairs.sum()),
        items=len(kept),
        left_out=len(ratings) - len(kept),
        level=level,
        confidence=confidence,
        draws=draws,
        draws_without=draws - len(sound),
    )


def _pairs(counts: Floats) -> Floats:
    """Return, per item, how many ordered pairs of its ratings have each two values."""
    pairs = counts[:, :, None] * counts[:, None, :]
    same = np.arange(counts.shape[1])
    pairs[:, same, same] -= counts
    return np.asarray(pairs)


def _alphas(weights: Floats, counts: Floats, values: Floats, level: Level) -> Floats:
    """Return alpha for each row of *weights*, which say how often an item was drawn."""
    coincidences = _pairs(counts) / (counts.sum(axis=1) - 1)[:, None, None]
    observed = np.tensordot(weights, coincidences, axes=1)
    given = weights @ counts
    expected = given[:, :, None] * given[:, None, :]
    same = np.arange(len(values))
    expected[:, same, same] -= given
    expected /= (given.sum(axis=1) - 1)[:, None, None]
    distances = _distances(given, values, level)
    apart, by_chance = (distances * observed).sum((1, 2)), (distances * expected).sum((1, 2))
    known = by_chance > 0
    return np.asarray(np.where(known, 1.0 - apart / np.where(known, by_chance, 1.0), np.nan))


def _distances(given: Floats, values: Floats, level: Level) -> Floats:
    """Return the squared distance between each two values, for each row of how often they occur."""
    match level:
        case "nominal":
            apart = (values[:, None] != values[None, :]).astype(float)
        case "interval":
            apart = (values[:, None] - values[None, :]) ** 2
        case "ordinal":
            # Ranks: what lies between two values, half of each end included.
            middle = np.cumsum(given, axis=1) - given / 2
            return np.asarray((middle[:, :, None] - middle[:, None, :]) ** 2)
    return np.broadcast_to(apart, (len(given), *apart.shape))


def _bootstrap(groups: Sequence[Hashable], draws: int, seed: int) -> Floats:
    """Return how often each draw took each item, whole clusters at a time."""
    names = {group: n for n, group in enumerate(dict.fromkeys(groups))}
    member: NDArray[np.intp] = np.array([names[group] for group in groups])
    generator = np.random.default_rng(seed)
    taken = generator.multinomial(len(names), np.full(len(names), 1 / len(names)), size=draws)
    return np.asarray(taken[:, member], dtype=np.float64)
