"""Findings: what was established about one candidate on one requirement."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from pratique.assessment.standards import Requirement, Standard
from pratique.evals.runs import Cell
from pratique.evals.statistics import ConfidenceSequence, decide, family_alpha

Decision = Literal["meets", "falls_short", "undecided"]


class Finding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was established, with all that is needed to check it."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    candidate: str
    """`partner/model`."""
    digest: str
    """Digest of the variant that was measured."""
    metric: str
    """What was measured."""
    estimate: float
    """Share of the drawn samples that passed."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end of the interval."""
    samples: int
    """Samples that count, all outcomes included."""
    calls: int
    """Calls made for it, those still in flight when it was decided included."""
    full_calls: int
    """Samples of the whole suite: the calls that drawing all of it takes, were none asked twice."""
    bar: float
    """The bar."""
    finding: Decision
    """What it comes to."""
    truth: str
    """What it speaks of: the sealed bank, or the population."""
    alpha: float
    """Its share of the family's error."""
    seed: int
    """Seed of the drawing."""
    run_id: str
    """Run that it came from."""
    suite: str
    """Digest of the suite."""
    suite_id: str
    """Name of the suite."""
    seconds_per_call: float
    """Mean time of a call here; no measure of a partner's service."""

    @property
    def subject(self) -> str:
        """What was measured, for people: the feature, and the suite where it is not its own."""
        own = self.suite_id == self.feature
        return self.feature if own else f"{self.feature} ({self.suite_id})"


class Judge:
    """Allocator that draws each cell until its finding is certain, then calls no more.

    Cells are taken one after another: a model reads the unchanged beginning of a prompt once.
    """

    def __init__(self, standard: Standard, cells: Sequence[Cell]) -> None:
        self.alpha = family_alpha(standard.alpha, len(cells))
        self._truth = standard.truth
        self._sequences: dict[str, ConfidenceSequence] = {}
        self._requirements: dict[str, Requirement] = {}
        for cell in cells:
            requirement = _requirement(standard, cell)
            self._requirements[cell.key.id] = requirement
            self._sequences[cell.key.id] = self._sequence(cell, requirement)

    def _sequence(self, cell: Cell, requirement: Requirement) -> ConfidenceSequence:
        population = len(cell.order) if self._truth == "bank" else None
        return ConfidenceSequence(
            self.alpha, population=population, step=1.0, bars=(requirement.bar,)
        )

    def pick(self, cells: Sequence[Cell]) -> Cell | None:
        """Return the first cell whose finding is open, or None."""
        return next((cell for cell in cells if self.decision(cell) == "undecided"), None)

    def observe(self, cell: Cell, passed: bool) -> None:
        """Take in one result. What arrives after the decision was made changes it no more."""
        if self.decision(cell) == "undecided":
            self._sequences[cell.key.id].add(float(passed))

    def decision(self, cell: Cell) -> Decision:
        """Return what is established about *cell* so far."""
        return decide(self._sequences[cell.key.id], self._requirements[cell.key.id].bar)

    def sequence(self, cell: Cell) -> ConfidenceSequence:
        """Return the interval of *cell* with its history."""
        return self._sequences[cell.key.id]

    def finding(self, cell: Cell) -> Finding:
        """Return the finding about *cell* as it stands."""
        sequence, requirement = self._sequences[cell.key.id], self._requirements[cell.key.id]
        seconds = [result.seconds for result in cell.results.values()]
        return Finding(
            feature=cell.key.feature,
            locale=cell.key.locale,
            candidate=cell.key.candidate,
            digest=cell.key.digest,
            metric=requirement.metric,
            estimate=sequence.mean or 0.0,
            low=sequence.low,
            high=sequence.high,
            samples=sequence.n,
            calls=sum(one.asked for one in cell.results.values()) + len(cell.in_flight),
            full_calls=len(cell.order),
            bar=requirement.bar,
            finding=self.decision(cell),
            truth=self._truth,
            alpha=self.alpha,
            seed=cell.key.seed,
            run_id=cell.key.id,
            suite=cell.key.suite,
            suite_id=cell.suite.id,
            seconds_per_call=sum(seconds) / len(seconds) if seconds else 0.0,
        )


def _requirement(standard: Standard, cell: Cell) -> Requirement:
    """Return the requirement that *cell* was made for: its suite's."""
    feature = cell.key.feature
    found = standard.of(feature, cell.key.locale)
    return next(one for one in found if (one.suite or feature) == cell.suite.id)
