"""One candidate's results against one bar, as they come, those included that still wait for a judge.

What waits may turn out either way, so "meets" takes it for not passed and "falls short" for
passed: whatever a person says in the end, the finding has allowed for it.
"""

from collections.abc import Sequence
from typing import Literal

from pratique.assessment.clustering import Grouping, known_of, observations, sequence_of
from pratique.evals.statistics import decide
from pratique.evals.statistics.gates import GateTest
from pratique.evals.statistics.sequences import Look
from pratique.evals.statistics.wagers import Controls

Decision = Literal["meets", "falls_short", "undecided"]


class _Line:
    """The results with what waits counted one way."""

    def __init__(
        self, bar: float, band: float, alpha: float, size: int | None, grouping: Grouping
    ) -> None:
        self._bar = bar
        self.sequence = sequence_of(alpha, size, bar, (), grouping)
        count, known = observations(size, grouping), known_of(grouping)
        self._gate = GateTest(bar, band, alpha, population=count, clusters=known) if band else None

    def add(self, passed: bool, controls: Controls | None) -> None:
        self.sequence.add(float(passed))
        if self._gate is not None:
            self._gate.add(float(passed), controls)

    def add_cluster(self, passed: Sequence[bool]) -> None:
        scores = [float(one) for one in passed]
        self.sequence.add_cluster(scores)
        if self._gate is not None:
            self._gate.add_cluster(scores)

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
        grouping: Grouping = None,
    ) -> None:
        """Hold results to *bar*; *population* counts the samples of a sealed bank.

        judged: some may wait for a judge or a person. whole: all are taken in, since people decide.
        known: what was known of each sample, in the order of drawing; a bar with a band uses it.
        grouping: clusters in the order of drawing; each counts once its last result is in.
        """
        self._whole = whole
        self._known = known
        self._sizes = iter(()) if grouping is None else iter(grouping.sizes)
        self._open: list[tuple[bool, bool]] = []
        self._left = next(self._sizes, 0)
        self._worst = _Line(bar, band, alpha, population, grouping)
        self._best = _Line(bar, band, alpha, population, grouping) if judged else self._worst

    def add(self, passed: bool, *, waits: bool = False) -> None:
        """Take in one result, unless it is decided."""
        if self.decision != "undecided" and not self._whole:
            return
        if self._left:
            self._add_to_cluster(passed, waits)
            return
        controls = self._known[self.n] if self.n < len(self._known) else None
        self._worst.add(passed and not waits, controls)
        if self._best is not self._worst:
            self._best.add(passed or waits, controls)

    def _add_to_cluster(self, passed: bool, waits: bool) -> None:
        """Take in one result of the cluster at hand, which counts with its last one."""
        self._open.append((passed, waits))
        if len(self._open) == self._left:
            self._worst.add_cluster([good and not later for good, later in self._open])
            if self._best is not self._worst:
                self._best.add_cluster([good or later for good, later in self._open])
            self._open, self._left = [], next(self._sizes, 0)

    @property
    def decision(self) -> Decision:
        """What is established."""
        if self._worst.decision == "meets":
            return "meets"
        return "falls_short" if self._best.decision == "falls_short" else "undecided"

    @property
    def n(self) -> int:
        """Results that count, those of a cluster once it is whole."""
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
