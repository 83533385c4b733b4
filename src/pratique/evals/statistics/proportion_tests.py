"""Tests of a share against a bar, looked at after every outcome: one-sided binomial e-processes.

The evidence against "the share is at least the bar" is a mixture of likelihood ratios, each of a
lower share against the bar itself; the evidence for the other side mirrors it. Under the claim
that it speaks against, a ratio's expectation is at most 1 after every outcome, whatever came
before, so by Ville's inequality it passes 1/α with a chance of at most α over all looks together
(Wald 1945; Ramdas, Grünwald, Vovk and Shafer 2023). Outcomes may depend on each other: the claim
is then that the next one's chance, given all before, is never below (or above) the bar.
"""

import math
from collections.abc import Callable, Sequence

from pratique.errors import Malformed
from pratique.evals.statistics.sequences import Decision, check_alpha

_LOWER = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98)
"""Lower shares to hold against the bar, as parts of it."""
_UPPER = (0.25, 0.5, 0.75, 0.9)
"""Higher shares, as parts of the way from the bar to 1; 1 itself weighs as much as all of them."""


class ProportionTest:
    """Whether a share is at least *bar*, with a chance of error of its own for each answer."""

    def __init__(self, bar: float, *, alpha_meets: float, alpha_falls_short: float) -> None:
        _check_bar(bar)
        check_alpha(alpha_meets)
        check_alpha(alpha_falls_short)
        self.bar = bar
        """Least share, above 0 and below 1."""
        self.n = 0
        """Outcomes so far."""
        self.met = 0
        """Of these, those that met what was asked."""
        self._against = _Mixture(bar, _equal([bar * part for part in _LOWER]))
        self._for = _Mixture(bar, _above(bar))
        self._limits = (-math.log(alpha_meets), -math.log(alpha_falls_short))
        self._highest = [0.0, 0.0]

    def add(self, met: bool) -> None:
        """Take one outcome."""
        self.n += 1
        self.met += met
        for side, mixture in enumerate((self._for, self._against)):
            mixture.add(met)
            self._highest[side] = max(self._highest[side], mixture.log)

    @property
    def evidence(self) -> tuple[float, float]:
        """Logarithms of the greatest evidence so far: that it meets the bar, that it falls short."""
        return self._highest[0], self._highest[1]

    @property
    def decision(self) -> Decision:
        """What is established. Should both be, which happens by accident only, neither counts."""
        meets, short = (
            high >= limit for high, limit in zip(self._highest, self._limits, strict=True)
        )
        return "undecided" if meets == short else "meets" if meets else "falls_short"


class _Mixture:
    """Likelihood ratios of some shares against one, mixed by their weights; kept as logarithms."""

    def __init__(self, bar: float, shares: Sequence[tuple[float, float]]) -> None:
        self._steps = [(_log(p / bar), _log((1 - p) / (1 - bar))) for p, _ in shares]
        self._logs = [math.log(weight) for _, weight in shares]

    def add(self, met: bool) -> None:
        self._logs = [
            log + (hit if met else miss)
            for log, (hit, miss) in zip(self._logs, self._steps, strict=True)
        ]

    @property
    def log(self) -> float:
        highest = max(self._logs)
        if highest == -math.inf:
            return highest
        return highest + math.log(sum(math.exp(one - highest) for one in self._logs))


def fewest_to_meet(bar: float, alpha: float) -> int:
    """Return how many outcomes it takes at least to establish that a share meets *bar*."""
    _check_bar(bar)
    check_alpha(alpha)
    test = ProportionTest(bar, alpha_meets=alpha, alpha_falls_short=0.5)
    while test.decision != "meets":
        test.add(True)
    return test.n


def share_interval(met: int, n: int, alpha: float) -> tuple[float, float]:
    """Return the ends between which a share lies, however often it was looked at before.

    The shares that a uniform mixture of all shares does not beat by 1/*alpha* (Robbins 1970;
    Waudby-Smith and Ramdas 2020, the prior-posterior ratio).
    """
    check_alpha(alpha)
    if not 0 <= met <= n:
        raise Malformed(f"{met} of {n} outcomes", hint="count what was met among all outcomes")
    if n == 0:
        return 0.0, 1.0
    missed = n - met
    mixed = math.lgamma(met + 1) + math.lgamma(missed + 1) - math.lgamma(n + 2)

    def inside(share: float) -> bool:
        likely = _times(met, _log(share)) + _times(missed, _log(1 - share))
        return mixed - likely < -math.log(alpha)

    seen = met / n
    return _edge(inside, seen, 0.0), _edge(inside, seen, 1.0)


def _edge(inside: Callable[[float], bool], within: float, beyond: float) -> float:
    """Return the last share outside, on the way from *within* to *beyond*; *beyond* if none is."""
    if inside(beyond):
        return beyond
    for _ in range(60):
        middle = (within + beyond) / 2
        within, beyond = (middle, beyond) if inside(middle) else (within, middle)
    return beyond


def _above(bar: float) -> list[tuple[float, float]]:
    return [(1.0, 0.5), *((bar + (1 - bar) * part, 0.5 / len(_UPPER)) for part in _UPPER)]


def _equal(shares: Sequence[float]) -> list[tuple[float, float]]:
    return [(share, 1 / len(shares)) for share in shares]


def _log(value: float) -> float:
    return math.log(value) if value > 0 else -math.inf


def _times(count: int, log: float) -> float:
    return count * log if count else 0.0


def _check_bar(bar: float) -> None:
    if not 0.0 < bar < 1.0:
        raise Malformed(f"bar {bar} is no share", hint="state one above 0 and below 1, as 0.95")
