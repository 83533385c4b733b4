"""Detectors: an alarm when a mean has sunk, at a time nobody knows, with false alarms bounded.

An e-detector (Shin, Ramdas and Rinaldo, "E-detectors: a nonparametric framework for sequential
change detection", arXiv 2203.03532) starts a new bet against "it has not sunk" at every score and
adds up what they have become. While nothing has sunk each bet keeps its worth of 1 on average, so
that the sum after n scores is n on average, and the mean time to a false alarm at 1/alpha is at
least 1/alpha scores (their Shiryaev-Roberts e-detector; theorem 2.4). No model of the scores is
needed; they only have to lie between 0 and 1.
"""

from collections.abc import Iterable

import numpy as np

from pratique.errors import Malformed
from pratique.evals.statistics.bets import STAKES

_WEIGHTS = np.full(len(STAKES), 1.0 / len(STAKES))
"""Share of each stake in the sum: a mixture of e-detectors is one, too."""


class Detector:
    """Alarm when scores have sunk beneath *floor*; at least 1/*alpha* scores to a false one, on average.

    What it supposes: whatever came before, the next score's mean is at least *floor* as long as
    nothing has changed. So canaries are drawn with replacement, and *floor* is the lower end of
    what was established before, not its middle.

    Raises:
        Malformed: *floor* or *alpha* is not between 0 and 1.
    """

    def __init__(self, floor: float, alpha: float) -> None:
        for name, value in (("floor", floor), ("alpha", alpha)):
            if not 0 < value < 1:
                raise Malformed(f"`{name}` is {value:g}, must be between 0 and 1")
        self.floor = floor
        self.alpha = alpha
        self.n = 0
        """Scores so far."""
        self.alarm: int | None = None
        """After how many scores the first alarm came, or None."""
        self.began = 0
        """After how many scores the fall most likely began, of use once there is an alarm."""
        self._sums = np.zeros(len(STAKES))
        self._logs = np.zeros(len(STAKES))
        self._starts = np.zeros(len(STAKES), dtype=np.intp)

    @property
    def evidence(self) -> float:
        """What the bets add up to; the alarm is at 1/alpha."""
        return float(_WEIGHTS @ self._sums)

    def add(self, score: float) -> bool:
        """Take in *score*, from 0 to 1, and say whether the alarm is on. It stays on.

        Raises:
            Malformed: *score* is not between 0 and 1.
        """
        if not 0 <= score <= 1:
            raise Malformed(f"the score {score!r} is not between 0 and 1")
        # Worth of one score against the floor: at most 1 on average while the mean is no lower.
        worth = 1.0 + STAKES * (self.floor - score) / (1.0 - self.floor)
        if self.alarm is None:
            self._sums = worth * (self._sums + 1.0)
            self._locate(worth)
        self.n += 1
        if self.alarm is None and self.evidence >= 1.0 / self.alpha:
            self.alarm = self.n
            self.began = int(self._starts[int(self._logs.argmax())])
        return self.alarm is not None

    def extend(self, scores: Iterable[float]) -> bool:
        """Take in *scores* in their order and say whether the alarm is on."""
        for score in scores:
            self.add(score)
        return self.alarm is not None

    def _locate(self, worth: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
        """Follow, for each stake, the bet that has become most: where it was begun is the change."""
        ruined = self._logs <= 0
        self._starts[ruined] = self.n
        self._logs = np.where(ruined, 0.0, self._logs) + np.log(worth)
