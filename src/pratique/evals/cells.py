"""Cells: one candidate on one suite, and how far its run has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pratique.evals.judges.panel import Panel
from pratique.evals.kept import Kept, Tally
from pratique.evals.outcomes import Result, RunKey
from pratique.evals.suites import Sample, Suite, cluster_sizes
from pratique.serving.variant import Variant, digest_of


@dataclass(slots=True)
class Cell:
    """One candidate on one suite: what was drawn so far, and what came of it."""

    variant: Variant
    """The candidate."""
    suite: Suite
    """The samples."""
    key: RunKey
    """What makes this the same run."""
    order: Sequence[Sample]
    """The samples in the order in which they are drawn."""
    results: Mapping[int, Result] = field(default_factory=dict)
    """Results by position; in a run they stay in the store until they are read."""
    in_flight: set[int] = field(default_factory=set)
    """Positions that are being answered now."""
    observed: int = 0
    """How many results the allocator has seen: always an unbroken beginning of the order."""
    made: int = 0
    """Samples answered by this process; the rest were kept from before."""
    tally: Tally = field(default_factory=Tally)
    """Running sums over all results."""
    lowest: int = 0
    """No position below this one is free."""
    panel: Panel | None = None
    """Judges of the answers that met their checks; None where checks alone decide."""
    clusters: tuple[int, ...] = ()
    """Sizes of clusters in the order of drawing; empty where every sample stands for itself."""

    @property
    def left(self) -> int:
        """How many samples have not been drawn."""
        return len(self.order) - len(self.results) - len(self.in_flight)

    def waits(self, position: int) -> bool:
        """Return whether the result at *position* waits for a judge or a person."""
        if isinstance(self.results, Kept):
            return self.results.waits(position)
        return self.results[position].waits

    def draw(self) -> int:
        """Return the first position that is neither answered nor in flight."""
        while self.lowest in self.results or self.lowest in self.in_flight:
            self.lowest += 1
        return self.lowest

    def give_back(self, position: int) -> None:
        """Make *position*, drawn and not answered, free again."""
        self.in_flight.discard(position)
        self.lowest = min(self.lowest, position)


def cell_of(variant: Variant, suite: Suite, seed: int, panel: Panel | None = None) -> Cell:
    """Return the cell for *variant* on *suite*, judged by *panel*, nothing drawn yet."""
    key = RunKey(
        market=variant.market,
        feature=variant.feature,
        locale=variant.locale,
        candidate=variant.candidate,
        digest=digest_of(variant),
        suite=suite.digest,
        seed=seed,
        judge="" if panel is None else panel.name,
    )
    order = suite.order(seed)
    return Cell(
        variant=variant,
        suite=suite,
        key=key,
        order=order,
        panel=panel,
        clusters=cluster_sizes(order),
    )
