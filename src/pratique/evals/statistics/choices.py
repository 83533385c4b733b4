"""The best of several candidates, within a margin, without asking all of them everything.

The leader is the candidate with the best mean so far; a rival is settled against it when "the
rival is better by the margin or more" is refuted. The next sample goes to the leader and to the
rival whose chance is best, and the choice is made when every rival is settled.

Every pair is compared on the samples that both have answered, in one order for all. A wrong
choice refutes a true claim about the best candidate; at most K - 1 of those are made, so each
has alpha / (K - 1). Who is asked next depends on what came before, and needs no further price:
the bound holds for each pair at all sample counts at once.

Sources: Kalyanakrishnan et al., "PAC subset selection in stochastic multi-armed bandits" (LUCB),
ICML 2012.
"""

import math

import numpy as np
from numpy.typing import NDArray

from pratique.errors import Malformed
from pratique.evals.statistics.bets import TIE
from pratique.evals.statistics.pairs import check_delta
from pratique.evals.statistics.sequences import check_alpha
from pratique.evals.statistics.wagers import MOST, PRIOR_SCORES, Flags, Floats

Indices = NDArray[np.intp]

CHOICE_EFFECTS = (1.5, 4.0, 10.0)
"""Distances from the margin that the bets are made for, in margins."""

CHOICE_STARTS = (0.4, 0.35, 0.25)
"""What the bettors start with."""

CURIOSITY = 0.8
"""What a rival's mean is raised by after one answer, falling with the root of their number."""

OPENING = 3
"""Samples that everybody answers before there is a leader."""


class ChoiceBatch:
    """Choices of many runs side by side, each among as many candidates; `Choice` is one of them.

    delta: how far behind the best the chosen one may be, as a share of the scale. sizes: samples
    in each run's bank; None for all users. fill: as for `Wagers`, where scores are the means of
    clusters; *sizes* and `answered` count those then.
    """

    def __init__(
        self,
        candidates: int,
        delta: float,
        alpha: float,
        *,
        runs: int,
        sizes: Floats | None = None,
        fill: float | Floats = 1.0,
    ) -> None:
        check_alpha(alpha)
        check_delta(delta)
        if candidates < 2:
            raise Malformed(f"a choice among {candidates}", hint="a choice has two or more")
        self._delta, self._sizes = delta, sizes
        self._fill = np.broadcast_to(np.asarray(fill, dtype=np.float64), (runs,))
        self._goal = math.log((candidates - 1) / alpha)
        self._effects = delta * np.array(CHOICE_EFFECTS)
        shape = (runs, candidates, candidates)
        self._logs = np.tile(np.log(CHOICE_STARTS), (*shape, 1))
        self._total, self._squares = np.zeros(shape), np.zeros(shape)
        self._met = np.zeros(shape, dtype=np.intp)
        self._weight = np.zeros(shape)
        self._settled: Flags = np.tile(np.eye(candidates, dtype=np.bool_), (runs, 1, 1))
        self._scores = np.zeros((runs, candidates, 64))
        self._weights = np.zeros((runs, candidates, 64))
        self._sums = np.zeros((runs, candidates))
        self._counted = np.zeros((runs, candidates))
        self.answered: Indices = np.zeros((runs, candidates), dtype=np.intp)
        """Samples that each candidate has answered, per run."""

    @property
    def chosen(self) -> Indices:
        """Index of the chosen candidate per run; -1 where nobody is chosen yet."""
        done: Flags = np.asarray(self._settled.all(axis=2), dtype=np.bool_)
        best = np.where(done, self._means(), -1.0).argmax(axis=1)
        return np.where(done.any(axis=1), best, -1)

    def asks(self) -> Flags:
        """Return whom to ask for their next sample, per run: everybody first, then two at most."""
        runs = np.arange(len(self._sums))
        leader = self._means().argmax(axis=1)
        rivals = ~self._settled[runs, leader]
        reach = self._means() + CURIOSITY / np.sqrt(self.answered + 1.0)
        rival = np.where(rivals, reach, -1.0).argmax(axis=1)
        first, second = self.answered[runs, leader], self.answered[runs, rival]
        asked: Flags = np.zeros(rivals.shape, dtype=np.bool_)
        asked[runs, leader] = first <= second
        asked[runs, rival] |= second <= first
        asked[self.answered.min(axis=1) < OPENING] = True
        if self._sizes is not None:
            asked &= self.answered < self._sizes[:, None]
        return asked

    def add(self, scores: Floats, asked: Flags, weights: Floats | None = None) -> None:
        """Take the next score, in 0..1, of each candidate that was *asked*, per run.

        weights: where scores are means of clusters, how full each of those is; the same of all
        candidates at the same place.
        """
        given = scores[asked]
        if not ((given >= 0.0) & (given <= 1.0)).all():
            raise Malformed("a score is outside 0..1", hint="scale the scorer to 0..1")
        if self.answered.max() == self._scores.shape[2]:
            more = np.zeros_like(self._scores)
            self._scores = np.concatenate((self._scores, more), axis=2)
            self._weights = np.concatenate((self._weights, more), axis=2)
        run, candidate = np.nonzero(asked)
        weight = np.ones(len(given)) if weights is None else weights[asked]
        self._scores[run, candidate, self.answered[run, candidate]] = given
        self._weights[run, candidate, self.answered[run, candidate]] = weight
        self._sums[run, candidate] += given * weight
        self._counted[run, candidate] += weight
        self.answered[run, candidate] += 1
        self._compare()

    def keep(self, which: Flags) -> None:
        """Go on with the runs in *which* only."""
        self._logs, self._total, self._squares = (
            self._logs[which],
            self._total[which],
            self._squares[which],
        )
        self._met, self._settled = self._met[which], self._settled[which]
        self._scores, self._sums = self._scores[which], self._sums[which]
        self._weights, self._counted = self._weights[which], self._counted[which]
        self._weight, self._fill = self._weight[which], self._fill[which]
        self.answered = self.answered[which]
        self._sizes = None if self._sizes is None else self._sizes[which]

    def _means(self) -> Floats:
        return np.asarray(self._sums / np.where(self._counted > 0.0, self._counted, 1.0))

    def _compare(self) -> None:
        """Bet on each sample that both of an unsettled pair have answered by now."""
        common = np.minimum(self.answered[:, :, None], self.answered[:, None, :])
        at = np.nonzero((common > self._met) & ~self._settled)
        run, one, other = at
        met, total, squares = self._met[at], self._total[at], self._squares[at]
        before, weight = self._weight[at], self._weights[run, one, met]
        gap = self._scores[run, one, met] - self._scores[run, other, met]
        filled = weight * gap - (1.0 - weight) * self._delta
        claimed, growth = self._expected(run, met, total, before)
        seen = total - (met - before) * self._delta
        variance = (PRIOR_SCORES / 4.0 + squares - seen * seen / np.maximum(met, 1)) / (
            PRIOR_SCORES + met
        )
        effects = self._effects * growth[:, None]
        stakes = effects / (variance[:, None] + effects * effects)
        stakes = np.minimum(stakes, MOST / np.maximum(claimed + 1.0, TIE)[:, None])
        logs = self._logs[at] + np.log1p(stakes * (filled - claimed)[:, None])
        self._logs[at] = logs
        total = total + weight * gap
        self._total[at], self._squares[at] = total, squares + filled * filled
        self._met[at], self._weight[at] = met + 1, before + weight
        highest = logs.max(axis=1)
        wealth = highest + np.log(np.exp(logs - highest[:, None]).sum(axis=1))
        settled = wealth >= self._goal
        if self._sizes is not None:
            whole = self._sizes[run] * self._fill[run]
            worst = total - (whole - before - weight)
            settled |= worst >= whole * (-self._delta - TIE)
        self._settled[at] = settled

    def _expected(
        self, run: Indices, met: Indices, total: Floats, weight: Floats
    ) -> tuple[Floats, Floats]:
        """Return the mean gap of the next sample under the claim, and how effects have grown."""
        fill = self._fill[run]
        if self._sizes is None:
            return np.full(len(run), -self._delta), fill
        left = self._sizes[run] - met
        return (-(left + weight) * self._delta - total) / left, fill * self._sizes[run] / left


class Choice:
    """One choice, answer by answer; arguments as for `ChoiceBatch`.

    `asks` says which candidates (by index) to give their next sample, in one order for all; `add`
    takes their scores.
    """

    def __init__(
        self, candidates: int, delta: float, alpha: float, *, population: int | None = None
    ) -> None:
        sizes = None if population is None else np.array([float(population)])
        self._batch = ChoiceBatch(candidates, delta, alpha, runs=1, sizes=sizes)

    @property
    def asks(self) -> tuple[int, ...]:
        """Whom to ask next; nobody once the choice is made."""
        if self.chosen is not None:
            return ()
        return tuple(int(n) for n in np.flatnonzero(self._batch.asks()[0]))

    @property
    def answered(self) -> tuple[int, ...]:
        """Samples that each candidate has answered."""
        return tuple(int(n) for n in self._batch.answered[0])

    @property
    def chosen(self) -> int | None:
        """The chosen candidate, or None while it is undecided."""
        chosen = int(self._batch.chosen[0])
        return None if chosen < 0 else chosen

    def add(self, scores: dict[int, float]) -> int | None:
        """Take the next score of each candidate that answered and return the chosen, if any."""
        asked = np.zeros(self._batch.answered.shape, dtype=np.bool_)
        given = np.zeros(asked.shape)
        for candidate, score in scores.items():
            asked[0, candidate], given[0, candidate] = True, score
        self._batch.add(given, asked)
        return self.chosen
