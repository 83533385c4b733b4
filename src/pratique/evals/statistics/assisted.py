"""Assisted tests: a few labels by people and many scores by a judge, still valid after each label.

A label Y alone is bet upon by `bets`. Here the bet is upon

    Z = Y - r (F - f)

F is the judge's score of the same item, f the mean of its scores where the next item is drawn
from, and r from 0 to 1 how far it is relied upon. Whatever the judge is worth, F - f is 0 on
average, so Z has the mean of Y and no bias of the judge comes in; where the judge agrees with
people, Z spreads less than Y and fewer labels decide. r is chosen before each label from the labels
before it, so capital still grows only against a wrong mean (Ville's inequality). Of several
r the one is taken whose bets would grow fastest on what was seen, and 0 where the judge speeds up
nothing: a useless judge leaves the plain test, and so does one whose help is not worth the wider
range of Z.

Sources: Angelopoulos, Duchi and Zrnic, "PPI++", arXiv 2311.01453 (the best r is cov(Y, F)/var(F));
Park, Zecchin and Simeone, "R-AutoEval+", arXiv 2505.18659 (betting with an adaptive reliance);
Waudby-Smith and Ramdas, JRSS-B 2024 and arXiv 2006.04347 (the bets, with and without replacement).
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pratique.errors import Malformed
from pratique.evals.statistics.bets import CAPITAL, STAKES, TIE, Floats
from pratique.evals.statistics.sequences import Decision, check_alpha, check_bar

LOOK_EVERY = 10
"""Labels between two looks at what the judge is worth; before the first it is not relied upon."""

_CLEAR = 1.0
"""Standard errors that are taken off a correlation before it is believed."""

_PARTS = (0.0, 0.25, 0.5, 1.0)
"""Parts of the best slope that are tried as r; the first one wins a tie."""

_LONGEST = 250.0
"""Logarithm of capital beyond which it is moved out of the floats."""


class Reliance:
    """How far a judge deserves to be relied upon, learnt from the labels so far; rows are runs.

    bars: where the bets matter. fresh: whether the judge's mean comes from fresh scores.
    """

    def __init__(self, runs: int, bars: Floats, *, fresh: bool) -> None:
        self._bars = bars
        self._fresh = fresh
        self._seen: list[tuple[Floats, Floats, Floats]] = []
        self._share = np.zeros(runs)

    def add(self, labels: Floats, judged: Floats, elsewhere: Floats) -> None:
        """Take in one label a run, the judge's score of it and its mean elsewhere."""
        self._seen.append((labels, judged - elsewhere, elsewhere))
        if len(self._seen) % LOOK_EVERY == 0:
            self._share = self._chosen()

    def share(self) -> Floats:
        """Return r of each run, for the next label."""
        return self._share

    def _chosen(self) -> Floats:
        labels, ahead, elsewhere = (np.stack(one, axis=1) for one in zip(*self._seen, strict=True))
        # By chance the judge's scores ran ahead of their mean so far; that will not go on.
        ahead = ahead - ahead.mean(axis=1, keepdims=True)
        slope = self._slope(labels, ahead)
        shares = [part * slope for part in _PARTS]
        mean = elsewhere.mean(axis=1)
        growths = np.stack([self._growth(labels, ahead, mean, share) for share in shares])
        best = growths.argmax(axis=0)
        return np.asarray(np.take_along_axis(np.stack(shares), best[None], axis=0)[0])

    def _slope(self, labels: Floats, ahead: Floats) -> Floats:
        """Return the slope of the label on F - f from 0 to 1, by a correlation that is shrunk."""
        spread, ahead_spread = labels.std(axis=1), ahead.std(axis=1)
        both = spread * ahead_spread
        known = both > TIE
        together = (labels * ahead).mean(axis=1)
        correlation = np.where(known, together / np.where(known, both, 1.0), 0.0)
        error = (1.0 - correlation**2) / math.sqrt(labels.shape[1])
        believed = np.clip(correlation - _CLEAR * error, 0.0, 1.0)
        return np.asarray(np.clip(believed * spread / np.where(known, ahead_spread, 1.0), 0.0, 1.0))

    def _growth(self, labels: Floats, ahead: Floats, mean: Floats, share: Floats) -> Floats:
        """Return, per run, how fast the best stake on the better side would have grown."""
        change = share[:, None] * ahead
        worth = (labels - change, 1.0 - labels + change)
        best = np.full(len(labels), -np.inf)
        for side, floor in enumerate(lowest(share, mean, fresh=self._fresh)):
            for bar in self._bars:
                expected = bar if side == 0 else 1.0 - bar
                base = max(expected, TIE)
                most = STAKES[-1] * base / np.maximum(expected - floor, TIE)
                odds = (worth[side] - expected) / base
                for each in STAKES:
                    stake = np.minimum(each, most)[:, None]
                    # Chance may have put Z a little beneath its floor: centring moved it.
                    growth = np.log(np.maximum(1.0 + stake * odds, TIE)).mean(axis=1)
                    best = np.maximum(best, growth)
        return best


def lowest(share: Floats, elsewhere: Floats, *, fresh: bool) -> Floats:
    """Return the least that Z can be, against "no larger" and, mirrored, "no smaller".

    A bank's mean is known before the label. Fresh scores are drawn with it, and a stake that looked
    at them would not be fair, so there the floor holds for any.
    """
    if fresh:
        return np.stack((-share, -share))
    return np.stack((-share * (1.0 - elsewhere), -share * elsewhere))


class _Capital:
    """Bettors on both sides of each point, rows by runs: the mean is no larger, and no smaller."""

    def __init__(self, points: Floats, runs: int, population: int | None) -> None:
        self._nulls = np.stack((points, 1.0 - points[::-1]))[:, None, :]
        self._population = population
        self._bets = 0
        self._wealth = np.tile(CAPITAL[:, None, None, None], (1, 2, runs, len(points)))
        self._scale = np.zeros((2, runs, len(points)))

    @property
    def log(self) -> Floats:
        """Logarithm of the capital of each side, run and point."""
        return np.asarray(np.log(self._wealth.sum(axis=0)) + self._scale)

    def bet(self, labels: Floats, change: Floats, floor: Floats, total: Floats) -> None:
        """Move the capital by one label a run.

        change: what the judge takes off the label. floor: the least that Z can be on each side.
        total: sum of the labels before, on each side.
        """
        worth = np.stack((labels - change, 1.0 - labels + change))
        expected, stakes = self._expected_and_stakes(total)
        base = np.maximum(expected, TIE)
        # Stakes are those of the plain test, so that a bettor goes on as it began when r changes;
        # none is larger than what lies above the floor, so nobody goes broke.
        most = STAKES[-1] * base / np.maximum(expected - floor[:, :, None], TIE)
        self._wealth *= 1.0 + np.minimum(stakes, most) * (worth[:, :, None] - expected) / base
        self._bets += 1
        richest = self._wealth.max(axis=0)
        if np.log(richest).max() > _LONGEST or self._bets % 16 == 0:
            self._wealth = np.maximum(self._wealth / richest, 1e-250)
            self._scale += np.log(richest)

    def _expected_and_stakes(self, total: Floats) -> tuple[Floats, Floats]:
        """Return, under each null, the mean of the next draw, and the stakes (as `Bettors` has)."""
        stakes = STAKES[:, None, None, None]
        if self._population is None:
            return np.broadcast_to(self._nulls, self._scale.shape), stakes
        left = self._population - self._bets
        expected = (self._population * self._nulls - total[:, :, None]) / left
        misses = np.maximum(left * (1.0 - expected), TIE)
        growth = self._population * (1.0 - self._nulls) / misses
        return expected, np.minimum(stakes * growth, STAKES[-1])


class AssistedBatch:
    """Assisted confidence sequences of many runs side by side; `AssistedSequence` is one of them.

    Arguments as for `AssistedSequence`.
    """

    def __init__(
        self,
        alpha: float,
        *,
        runs: int,
        bars: Sequence[float],
        population: int | None = None,
        grid: int = 200,
        assisted: bool = True,
    ) -> None:
        check_alpha(alpha)
        pairs = [max(0.0, check_bar(bar) - below) for bar in bars for below in (0.0, 2 * TIE)]
        spread = np.linspace(0.0, 1.0, max(2, grid))
        self._points: Floats = np.unique([*spread, *pairs])
        self._threshold = math.log(2 / alpha)
        self._population = population
        self._assisted = assisted
        lines = np.unique(list(bars)) if len(bars) else np.array([0.5])
        self._reliance = Reliance(runs, lines, fresh=population is None)
        self.n = 0
        self.relied = np.zeros(runs)
        self._total = np.zeros((2, runs))
        self._capital = _Capital(self._points, runs, population)
        self._proved = np.zeros((2, runs, len(self._points)), dtype=bool)
        self._proved[:, :, 0] = True
        self.low, self.high = np.zeros(runs), np.ones(runs)

    def add(self, labels: Floats, judged: Floats, elsewhere: Floats) -> None:
        """Take one label per run, the judge's score of that item, and its mean where it was drawn.

        Raises:
            Malformed: a value is outside [0, 1], or the bank is used up.
        """
        for what, values in (("label", labels), ("judge's score", judged), ("mean", elsewhere)):
            wrong = values[~((values >= 0.0) & (values <= 1.0))]
            if len(wrong):
                raise Malformed(f"{what} {wrong[0]} is outside [0, 1]", hint="scale it to 0..1")
        if self.n == self._population:
            raise Malformed(
                f"one label more than the bank of {self._population} items holds",
                hint="label each item of a bank once",
            )
        floor = lowest(self.relied, elsewhere, fresh=self._population is None)
        self._capital.bet(labels, self.relied * (judged - elsewhere), floor, self._total)
        if self._assisted:
            self._reliance.add(labels, judged, elsewhere)
            self.relied = self._reliance.share()
        self._total += (labels, 1.0 - labels)
        self.n += 1
        self._tighten()

    def verdicts(self, bar: float) -> NDArray[np.int8]:
        """Return 1 where the mean meets *bar*, -1 where it falls short, 0 where it is undecided."""
        line = check_bar(bar) - TIE
        return np.asarray((self.low >= line).astype(np.int8) - (self.high < line).astype(np.int8))

    def _tighten(self) -> None:
        self._proved |= self._capital.log >= self._threshold
        if self._population is not None:
            points = np.stack((self._points, 1.0 - self._points[::-1]))[:, None, :]
            self._proved |= self._total[:, :, None] >= self._population * (points - TIE)
        width = len(self._points)
        ends = np.concatenate((self._proved, np.zeros((*self._total.shape, 1), dtype=bool)), axis=2)
        reached = ends.argmin(axis=2) - 1
        low, high = self._points[reached[0]], self._points[width - 1 - reached[1]]
        sound = low <= high
        self.low, self.high = np.where(sound, low, self.low), np.where(sound, high, self.high)


class AssistedSequence:
    """Anytime-valid two-sided interval for the mean of people's labels in [0, 1], a judge helping.

    With probability at least 1 - *alpha* the mean lies in [low, high] after every label at once,
    however good, bad or unfair the judge is. Items must be labelled in random order.

    bank: the judge's score of every item of the bank; the interval then speaks of these items.
        None: it speaks of all that the items stand for, and each label comes with fresh scores.
    bars, grid: as for `ConfidenceSequence`.
    """

    def __init__(
        self,
        alpha: float,
        *,
        bars: Sequence[float],
        bank: Sequence[float] | None = None,
        grid: int = 200,
    ) -> None:
        if bank is not None and not bank:
            raise Malformed("a bank of no items", hint="a bank holds at least one item")
        self._left = None if bank is None else (math.fsum(bank), len(bank))
        population = None if bank is None else len(bank)
        self._batch = AssistedBatch(alpha, runs=1, bars=bars, population=population, grid=grid)

    @property
    def n(self) -> int:
        """Labels so far."""
        return self._batch.n

    @property
    def low(self) -> float:
        """Lower end: the mean is at least this."""
        return float(self._batch.low[0])

    @property
    def high(self) -> float:
        """Upper end: the mean is at most this."""
        return float(self._batch.high[0])

    @property
    def relied(self) -> float:
        """How far the judge is relied upon at the next label: 0 not at all, 1 as on a person."""
        return float(self._batch.relied[0])

    def add(self, label: float, judged: float, fresh: Sequence[float] = ()) -> None:
        """Take one label, the judge's score of that item, and without a bank *fresh* scores.

        fresh: the judge's scores of items that nobody labelled and that were given for no earlier
        label. Without any, this label counts as it does in the plain test.

        Raises:
            Malformed: a value is outside [0, 1], the bank is used up, or a bank got fresh scores.
        """
        if self._left is None:
            elsewhere = math.fsum(fresh) / len(fresh) if fresh else judged
        elif fresh:
            raise Malformed("fresh scores beside a bank", hint="the bank's own scores are enough")
        else:
            total, count = self._left
            elsewhere = min(max(total / count, 0.0), 1.0) if count else judged
            self._left = (total - judged, count - 1)
        self._batch.add(np.array([label]), np.array([judged]), np.array([elsewhere]))

    def decide(self, bar: float) -> Decision:
        """Return what is established about the mean and *bar*."""
        verdict = self._batch.verdicts(bar)[0]
        return "meets" if verdict > 0 else "falls_short" if verdict < 0 else "undecided"
