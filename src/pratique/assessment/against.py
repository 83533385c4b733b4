"""Against: challengers beside an incumbent on the same samples, of which only the challengers are called.

The incumbent's kept answers are its half of each pair. Verdicts are A (the incumbent), B (the
challenger) or no difference that matters, by `evals.statistics.pairs`; the error is shared over
all pairs. Pairs end where the incumbent's kept answers end: what it was not asked is not guessed.
"""

from collections.abc import Mapping, Sequence

import msgspec

from pratique.assessment.clustering import (
    Clustered,
    Grouping,
    grouped,
    grouping_of,
    known_of,
    observations,
)
from pratique.assessment.comparing import more, passed_of
from pratique.assessment.preferring import Preference
from pratique.assessment.standards import ChoiceRule, PairRule, Standard
from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.evals.cells import Cell
from pratique.evals.outcomes import Result
from pratique.evals.statistics.pairs import PairTest, PairVerdict


class Pair(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was established about an incumbent and one challenger on one suite."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    suite_id: str
    """Suite, by name."""
    incumbent: str
    """A: whose kept answers were used, `partner/model`."""
    challenger: str
    """B: who was called, `partner/model`."""
    run_ids: tuple[str, str]
    """Runs of A and of B, in one order of the same samples."""
    samples: int
    """Samples that the verdict rests on."""
    kept: int
    """Samples of which the incumbent's answer is kept and settled: no pair goes further."""
    size: int | None
    """Samples of the sealed bank that it speaks of; None where it speaks of the population."""
    margin: float
    """Smallest gap that matters, as a share of the samples."""
    alpha: float
    """Its share of the error that the standard allows its pairs."""
    gap: float
    """Share that A passed less the share that B did, over these samples."""
    verdict: PairVerdict
    """A, B, no difference that matters, or undecided."""
    preference: Preference | msgspec.UnsetType = msgspec.UNSET
    """What a judge of pairs prefers, lengths and order told apart; absent without judges."""
    clusters: Clustered | msgspec.UnsetType = msgspec.UNSET
    """Clusters that the verdict rests on; absent where every sample stands for itself."""

    @property
    def grouping(self) -> Grouping:
        """These clusters; None where every sample stands for itself."""
        return self.clusters if isinstance(self.clusters, Clustered) else None

    @property
    def text(self) -> str:
        """The verdict for people."""
        better = {
            "A": f"`{self.incumbent}` is better",
            "B": f"`{self.challenger}` is better",
            "no_difference": f"no difference of {self.margin:.0%} or more",
            "undecided": "undecided",
        }[self.verdict]
        counted = (
            f"after {self.samples} of {self.kept} kept and settled answers, gap {self.gap:+.1%}"
        )
        where = (
            self.feature if self.suite_id == self.feature else f"{self.feature} ({self.suite_id})"
        )
        if self.grouping is not None:
            counted += f", {self.grouping.text}"
        words = (
            f"{where} {self.locale}, {self.challenger} against {self.incumbent}: {better} {counted}"
        )
        if isinstance(self.preference, Preference):
            words += f"; {self.preference.text}"
        return words


def settle(
    first: Sequence[bool],
    second: Sequence[bool],
    size: int | None,
    margin: float,
    alpha: float,
    grouping: Grouping = None,
) -> tuple[PairVerdict, int]:
    """Return the verdict on two candidates' results on the same samples, and how many it took.

    grouping: clusters in the order of drawing, which are taken in whole.
    """
    test = PairTest(
        margin, alpha, population=observations(size, grouping), clusters=known_of(grouping)
    )
    taken = 0
    for one, other in zip(grouped(first, grouping), grouped(second, grouping), strict=False):
        taken += len(one)
        if test.add_cluster([float(each) for each in one], [float(each) for each in other]) != (
            "undecided"
        ):
            break
    return test.verdict, taken


def require_incumbent(cells: Sequence[Cell], name: str) -> None:
    """Refuse an incumbent that is not tested here, or of which no answer was kept.

    Raises:
        NotFound, NotAllowed: as said.
    """
    mine = [cell for cell in cells if cell.key.candidate == name]
    if not mine:
        known = ", ".join(sorted({cell.key.candidate for cell in cells}))
        raise NotFound(f"no candidate `{name}` in this market", hint=f"candidates: {known}")
    if not any(cell.observed for cell in mine):
        raise NotAllowed(
            f"no answer of `{name}` is kept for these suites, this seed and its prompt",
            hint="`pratique assess` without `--against` asks it once",
        )


def rule_of(standard: Standard) -> PairRule | ChoiceRule:
    """Return the margin and the error by which *standard* lets pairs be decided.

    Raises:
        Malformed: it states neither.
    """
    if isinstance(standard.pair, PairRule):
        return standard.pair
    if standard.choice is not None:
        return standard.choice
    raise Malformed(
        f"standard `{standard.id}` states no margin for a pair",
        hint="add `[pair]` with `margin = 0.05`: the gap that matters is settled beforehand",
    )


def pairs(
    standard: Standard, cells: Sequence[Cell], incumbent: str
) -> tuple[tuple[Pair, ...], dict[str, int]]:
    """Return what is settled between *incumbent* and each challenger, and what is still needed.

    The second is by the challengers' runs: how many samples each has to answer in all.
    """
    rule = rule_of(standard)
    held = {
        (cell.key.feature, cell.key.locale, cell.suite.id): cell
        for cell in cells
        if cell.key.candidate == incumbent
    }
    challengers = [cell for cell in cells if cell.key.candidate != incumbent]
    found: list[Pair] = []
    needed: dict[str, int] = {}
    for cell in challengers:
        own = held[cell.key.feature, cell.key.locale, cell.suite.id]
        made = _pair(own, cell, standard, rule.margin, rule.alpha / len(challengers))
        found.append(made)
        if made.verdict == "undecided" and made.samples < made.kept:
            needed[cell.key.id] = more(made.samples, made.kept, grouping_of(own.clusters))
    return tuple(found), needed


def _pair(own: Cell, other: Cell, standard: Standard, margin: float, alpha: float) -> Pair:
    first, second = passed_of(own), passed_of(other)
    size = len(own.order) if standard.truth == "bank" else None
    grouping = grouping_of(own.clusters)
    verdict, samples = settle(first, second, size, margin, alpha, grouping)
    gap = sum(first[:samples]) - sum(second[:samples])
    return Pair(
        feature=own.key.feature,
        locale=own.key.locale,
        suite_id=own.suite.id,
        incumbent=own.key.candidate,
        challenger=other.key.candidate,
        run_ids=(own.key.id, other.key.id),
        samples=samples,
        kept=len(first) if grouping is None else grouping.below(len(first)),
        size=size,
        margin=margin,
        alpha=alpha,
        gap=gap / samples if samples else 0.0,
        verdict=verdict,
        clusters=msgspec.UNSET if grouping is None else grouping.first(samples),
    )


def pair_again(pair: Pair, kept: Mapping[str, Sequence[Result]]) -> list[str]:
    """Return a sentence where the *kept* outcomes, by run, do not give what *pair* says."""
    first, second = (
        [one.passed for at, one in enumerate(kept[run][: pair.samples]) if one.position == at]
        for run in pair.run_ids
    )
    verdict, samples = settle(first, second, pair.size, pair.margin, pair.alpha, pair.grouping)
    if (verdict, samples) == (pair.verdict, pair.samples):
        return []
    return [
        f"pair {pair.feature} {pair.locale} {pair.challenger}: it is given as `{pair.verdict}` after"
        f" {pair.samples} samples, the outcomes give `{verdict}` after {samples}"
    ]
