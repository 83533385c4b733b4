"""Findings: what was established about one candidate on one requirement."""

from collections.abc import Sequence

import msgspec

from pratique.assessment.bars import Decision, Held
from pratique.assessment.clustering import Clustered, Grouping, grouping_of, observations
from pratique.assessment.judging import Judging
from pratique.assessment.outlook import samples_from_nothing, samples_to_decide
from pratique.assessment.standards import Requirement, Standard
from pratique.evals.cells import Cell
from pratique.evals.history import Earlier
from pratique.evals.statistics import family_alpha
from pratique.evals.statistics.sequences import Look
from pratique.evals.statistics.wagers import Controls

__all__ = ["Decision", "Finding", "Judge"]


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
    band: float = 0.0
    """Width around the bar in which either finding is right; the interval is as without it."""
    failed: int = 0
    """Of the samples answered, those for which the partner gave nothing; they count as not passed."""
    judging: Judging | msgspec.UnsetType = msgspec.UNSET
    """What judges and people did for it; absent where checks alone decide."""
    history: tuple[Earlier, ...] | msgspec.UnsetType = msgspec.UNSET
    """Earlier runs that helped the gate; absent where none did."""
    clusters: Clustered | msgspec.UnsetType = msgspec.UNSET
    """Clusters that count, where samples share sources; absent where each stands for itself."""

    @property
    def grouping(self) -> Grouping:
        """The clusters that count; None where every sample stands for itself."""
        return self.clusters if isinstance(self.clusters, Clustered) else None

    @property
    def counted(self) -> str:
        """The samples that count, for people, with their clusters where there are some."""
        samples = f"{self.samples} of {self.full_calls}"
        return samples if self.grouping is None else f"{samples} in {self.grouping.text}"

    @property
    def subject(self) -> str:
        """What was measured, for people: the feature, and the suite where it is not its own."""
        own = self.suite_id == self.feature
        return self.feature if own else f"{self.feature} ({self.suite_id})"


_WORTH_STAYING = 2.0
"""How many times as many samples as the soonest decided cell a cell may need to be stayed with."""


class Judge:
    """Allocator that draws each cell until its finding is certain, then calls no more.

    It keeps fewer calls of a cell in flight than the cell is expected to need, so that few are
    wasted when it is decided; they go to the cell that will be decided soonest. A candidate
    stays with a cell as long as that holds: a model reads the unchanged beginning of a prompt once.
    Each cell's interval holds at every look, so that the order of cells may follow from results.
    """

    def __init__(self, standard: Standard, cells: Sequence[Cell]) -> None:
        self.alpha = family_alpha(standard.alpha, len(cells))
        self._truth = standard.truth
        self._held: dict[str, Held] = {}
        self._judging: dict[str, Judging] = {}
        self._history: dict[str, tuple[Earlier, ...]] = {}
        self._requirements: dict[str, Requirement] = {}
        self._grouping: dict[str, Grouping] = {}
        self._needed: dict[str, float] = {}
        self._staying: dict[str, str] = {}
        for cell in cells:
            requirement = requirement_of(standard, cell)
            self._requirements[cell.key.id] = requirement
            self._grouping[cell.key.id] = grouping_of(cell.clusters)
            self._held[cell.key.id] = self._hold(cell)
            self._needed[cell.key.id] = self._each(cell) * samples_from_nothing(
                requirement.bar, self.alpha, self._observations(cell)
            )

    def _hold(self, cell: Cell, known: Sequence[Controls] = ()) -> Held:
        requirement = self._requirements[cell.key.id]
        return Held(
            requirement.bar,
            requirement.band,
            self.alpha,
            self._population(cell),
            judged=cell.panel is not None,
            whole=cell.panel is not None and cell.panel.people,
            known=known,
            grouping=self._grouping[cell.key.id],
        )

    def recalls(self, cell: Cell) -> bool:
        """Return whether earlier runs can help *cell*: a sealed bank, a band, no judges or clusters."""
        return (
            self._truth == "bank"
            and self._requirements[cell.key.id].band > 0.0
            and cell.panel is None
            and not cell.clusters
        )

    def recall(self, cell: Cell, earlier: Sequence[Earlier], known: Sequence[Controls]) -> None:
        """Let *earlier* runs help *cell*, by what was *known* of each sample in order; before any result."""
        if earlier and not cell.observed:
            self._history[cell.key.id] = tuple(earlier)
            self._held[cell.key.id] = self._hold(cell, known)

    def _population(self, cell: Cell) -> int | None:
        return len(cell.order) if self._truth == "bank" else None

    def _observations(self, cell: Cell) -> int | None:
        return observations(self._population(cell), self._grouping[cell.key.id])

    def _each(self, cell: Cell) -> float:
        """Return the mean samples of an observation. Forecasts take those of a cluster for alike."""
        return len(cell.order) / len(cell.clusters) if cell.clusters else 1.0

    def pick(self, cells: Sequence[Cell]) -> Cell | None:
        """Return the cell of one candidate to draw from next, or None when all are decided."""
        open_ = [cell for cell in cells if self.needed(cell) > 0.0]
        if not open_:
            return None
        wanting = [cell for cell in open_ if len(cell.in_flight) < self._at_once(cell)]
        found = min(wanting or open_, key=self._turn)
        for cell in wanting:
            staying = self._staying.get(cell.key.candidate) == cell.key.id
            if staying and self.needed(cell) <= _WORTH_STAYING * self.needed(found):
                return cell
        self._staying[found.key.candidate] = found.key.id
        return found

    def _at_once(self, cell: Cell) -> float:
        """Return how many calls of *cell* are few enough to be in flight: at first as many as decide
        the clearest case, later half of what is expected."""
        if cell.observed == 0:
            return min(self.needed_at(cell, 0.0), self.needed_at(cell, 1.0))
        return max(1.0, self.needed(cell) / 2.0)

    def _turn(self, cell: Cell) -> float:
        """Return what decides between cells: what is needed, or how far beyond it one is."""
        needed = self.needed(cell)
        beyond = len(cell.in_flight) / needed
        return needed if beyond < 1.0 else beyond

    def needed(self, cell: Cell) -> float:
        """Return about how many samples more decide *cell*, those in flight included; 0 if it is."""
        return self._needed[cell.key.id]

    def observe(self, cell: Cell, passed: bool) -> None:
        """Take in one result. What arrives after the decision was made changes it no more."""
        held = self._held[cell.key.id]
        held.add(passed, waits=cell.panel is not None and cell.waits(cell.observed - 1))
        if cell.panel is not None and cell.panel.people:
            self._needed[cell.key.id] = float(len(cell.order) - held.n)
            return
        if held.decision != "undecided":
            self._needed[cell.key.id] = 0.0
            return
        # Half a pass and half a miss more (Krichevsky and Trofimov 1981): no rate is 0 or 1 yet.
        rate = (held.mean * held.n + 0.5) / (held.n + 1.0)
        self._needed[cell.key.id] = max(1.0, self.needed_at(cell, rate) - held.n)

    def heed(self, cell: Cell, judging: Judging) -> None:
        """Take in what judges and people did for *cell*."""
        self._judging[cell.key.id] = judging

    def needed_at(self, cell: Cell, rate: float) -> float:
        """Return about how many samples decide *cell* from nothing, if it passes at *rate*."""
        return self._each(cell) * samples_to_decide(
            rate, self.bar(cell), self.alpha, self._observations(cell)
        )

    def bar(self, cell: Cell) -> float:
        """Return the bar that *cell* is held to."""
        return self._requirements[cell.key.id].bar

    def decision(self, cell: Cell) -> Decision:
        """Return what is established about *cell* so far."""
        if cell.panel is not None and cell.panel.people:
            said = self._judging.get(cell.key.id)
            return said.people.finding if said and said.people else "undecided"
        return self._held[cell.key.id].decision

    def trace(self, cell: Cell) -> list[Look]:
        """Return the interval of *cell* after each of its results."""
        return self._held[cell.key.id].trace

    def finding(self, cell: Cell) -> Finding:
        """Return the finding about *cell* as it stands."""
        held, requirement = self._held[cell.key.id], self._requirements[cell.key.id]
        grouping = self._grouping[cell.key.id]
        return Finding(
            feature=cell.key.feature,
            locale=cell.key.locale,
            candidate=cell.key.candidate,
            digest=cell.key.digest,
            metric=requirement.metric,
            estimate=held.mean,
            low=held.low,
            high=held.high,
            samples=held.n,
            calls=cell.tally.calls + len(cell.in_flight),
            full_calls=len(cell.order),
            bar=requirement.bar,
            finding=self.decision(cell),
            truth=self._truth,
            alpha=self.alpha,
            seed=cell.key.seed,
            run_id=cell.key.id,
            suite=cell.key.suite,
            suite_id=cell.suite.id,
            seconds_per_call=cell.tally.seconds / cell.tally.samples if cell.results else 0.0,
            failed=cell.tally.failed,
            band=requirement.band,
            judging=self._judging.get(cell.key.id, msgspec.UNSET),
            history=self._history.get(cell.key.id, msgspec.UNSET),
            clusters=msgspec.UNSET if grouping is None else grouping.first(held.n),
        )


def requirement_of(standard: Standard, cell: Cell) -> Requirement:
    """Return the requirement that *cell* was made for: its suite's."""
    feature = cell.key.feature
    found = standard.of(feature, cell.key.locale)
    return next(one for one in found if (one.suite or feature) == cell.suite.id)
