"""One candidate's results against one bar, as they come, those included that still wait for a judge.

What waits may turn out either way, so "meets" takes it for not passed and "falls short" for
passed: whatever a person says in the end, the finding has allowed for it.
"""

from collections.abc import Sequence
from typing import Literal

from pratique.evals.statistics import ConfidenceSequence, decide
from pratique.evals.statistics.gates import GateTest
from pratique.evals.statistics.sequences import Look
from pratique.evals.statistics.wagers import Controls

Decision = Literal["meets", "falls_short", "undecided"]


class _Line:
    """The results with what waits counted one way."""

    def __init__(self, bar: float, band: float, alpha: float, population: int | None) -> None:
        self._bar = bar
        self.sequence = ConfidenceSequence(alpha, population=population, step=1.0, bars=(bar,))
        self._gate = GateTest(bar, band, alpha, population=population) if band else None

    def add(self, passed: bool, controls: Controls | None) -> None:
        self.sequence.add(float(passed))
        if self._gate is not None:
            self._gate.add(float(passed), controls)

    @property
    def decision(self) -> Decision:
        return decide(self.sequence, self._bar) if self._gate is None else self._gate.verdict


class Held:
    """A candidate held to a bar. What arrives after the decision was made changes it no more."""

    def __init__(
        self,
        bar: float,
        band: float,
        alpha: float,
        population: int | None,
        *,
        judged: bool = False,
        whole: bool = False,
        known: Sequence[Controls] = (),
    ) -> None:
        """Hold results to *bar*.

        judged: some may wait for a judge or a person. whole: all are taken in, since people decide.
        known: what was known of each sample, in the order of drawing; a bar with a band uses it.
        """
        self._whole = whole
        self._known = known
        self._worst = _Line(bar, band, alpha, population)
        self._best = _Line(bar, band, alpha, population) if judged else self._worst

    def add(self, passed: bool, *, waits: bool = False) -> None:
        """Take in one result, unless it is decided."""
        if self.decision != "undecided" and not self._whole:
            return
        controls = self._known[self.n] if self.n < len(self._known) else None
        self._worst.add(passed and not waits, controls)
        if self._best is not self._worst:
            self._best.add(passed or waits, controls)

    @property
    def decision(self) -> Decision:
        """What is established."""
        if self._worst.decision == "meets":
            return "meets"
        return "falls_short" if self._best.decision == "falls_short" else "undecided"

    @property
    def n(self) -> int:
        """Results taken in."""
        return self._worst.sequence.n

    @property
    def mean(self) -> float:
        """Share that passed, what waits not among them; 0 before the first."""
        return self._worst.sequence.mean or 0.0

    @property
    def low(self) -> float:
        """Lower end of the interval, were nothing that waits to pass."""
        return self._worst.sequence.low

    @property
    def high(self) -> float:
        """Upper end of the interval, were all that waits to pass."""
        return self._best.sequence.high

    @property
    def trace(self) -> list[Look]:
        """The interval after each result, were nothing that waits to pass."""
        return self._worst.sequence.trace
