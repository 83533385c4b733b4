"""Comparing: which of the candidates that meet every bar is the best, and when that is certain."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from pratique.assessment.clustering import (
    Clustered,
    Grouping,
    grouped,
    grouping_of,
    known_of,
    observations,
)
from pratique.assessment.findings import Judge
from pratique.assessment.standards import ChoiceRule, Standard
from pratique.evals.cells import Cell
from pratique.evals.kept import Kept
from pratique.evals.statistics.choices import ChoiceBatch


class Comparison(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was established about the candidates that meet every bar of one feature and locale."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    candidates: tuple[str, ...]
    """Who was compared, `partner/model`."""
    run_ids: tuple[str, ...]
    """Their runs on the feature's own suite, in the same order."""
    samples: tuple[int, ...]
    """Samples of each that it rests on."""
    size: int | None
    """Samples of the sealed bank that it speaks of; None where it speaks of the population."""
    margin: float
    """How far behind the best the chosen one may be, as a share of the samples."""
    alpha: float
    """Its share of the error that the standard allows its choices."""
    best: str | None
    """Who is chosen; None while it is open."""
    clusters: Clustered | msgspec.UnsetType = msgspec.UNSET
    """Clusters that somebody's samples came in; absent where every sample stands for itself."""

    @property
    def grouping(self) -> Grouping:
        """These clusters; None where every sample stands for itself."""
        return self.clusters if isinstance(self.clusters, Clustered) else None


class Settled(NamedTuple):
    """How far some results settle a choice."""

    best: int | None
    """Index of the chosen candidate, or None."""
    samples: tuple[int, ...]
    """Results of each that were used."""
    asked: tuple[bool, ...]
    """Whose next result is needed; nobody's when it is settled or cannot be."""


def compare(
    passed: Sequence[Sequence[bool]],
    size: int | None,
    margin: float,
    alpha: float,
    grouping: Grouping = None,
) -> Settled:
    """Return what the results of each candidate, all on the same samples in one order, settle.

    size: samples in the sealed bank, drawn without replacement; None for the population.
    grouping: clusters in the order of drawing, which are taken in whole.
    The results are taken in as the choice asks for them, so it comes to the same however many
    more are there.
    """
    count, known = observations(size, grouping), known_of(grouping)
    choice = ChoiceBatch(
        len(passed),
        margin,
        alpha,
        runs=1,
        sizes=None if count is None else np.array([float(count)]),
        fill=1.0 if known is None else known.fill,
    )
    each = [list(grouped(results, grouping)) for results in passed]
    nobody = (False,) * len(passed)
    while True:
        looks = [int(one) for one in choice.answered[0]]
        answered = tuple(sum(map(len, mine[:at])) for mine, at in zip(each, looks, strict=True))
        best = int(choice.chosen[0])
        if best >= 0:
            return Settled(best, answered, nobody)
        asks = choice.asks()
        asked = tuple(bool(one) for one in asks[0])
        if not any(asked):
            return Settled(None, answered, nobody)
        if any(
            wanted and at >= len(mine) for wanted, at, mine in zip(asked, looks, each, strict=True)
        ):
            return Settled(None, answered, asked)
        given = [
            mine[at] if wanted else (False,)
            for wanted, at, mine in zip(asked, looks, each, strict=True)
        ]
        weights = None if known is None else np.array([[known.weight(len(one)) for one in given]])
        choice.add(np.array([[sum(one) / len(one) for one in given]]), asks, weights)


STEP, GROWTH = 8, 10
"""Samples that are asked for at a time, and the share of those at hand, whichever is more; a choice
that is settled sooner rests on fewer."""


def more(samples: int, most: int, grouping: Grouping) -> int:
    """Return how many samples to have where so many leave it open: whole clusters, *most* at most."""
    wanted = min(most, samples + max(STEP, samples // GROWTH))
    return wanted if grouping is None else min(most, grouping.up_to(wanted))


class Extra:
    """Allocator that draws so many samples of each cell, by its run's name."""

    def __init__(self, samples: Mapping[str, int]) -> None:
        self._samples = samples

    def pick(self, cells: Sequence[Cell]) -> Cell | None:
        """Return the first cell of which too few samples were drawn, or None."""
        return next(
            (one for one in cells if one.left and one.draw() < self._samples.get(one.key.id, 0)),
            None,
        )

    def observe(self, cell: Cell, passed: bool) -> None:
        """Take in a result: its finding stands already."""


def comparisons(
    standard: Standard, judge: Judge, cells: Sequence[Cell]
) -> tuple[tuple[Comparison, ...], dict[str, int]]:
    """Return what is settled between candidates that meet every bar, and the samples still needed.

    The second is by run: how many of its samples the choice asks for in all. Both are empty where
    the standard states no margin for a choice.
    """
    rule = standard.choice
    if rule is None:
        return (), {}
    places: dict[tuple[str, str], dict[str, list[Cell]]] = {}
    for cell in cells:
        of = places.setdefault((cell.key.feature, cell.key.locale), {})
        of.setdefault(cell.key.candidate, []).append(cell)
    found: list[Comparison] = []
    needed: dict[str, int] = {}
    for place, of in places.items():
        able = [
            next((one for one in mine if one.suite.id == place[0]), mine[0])
            for _, mine in sorted(of.items())
            if all(judge.decision(one) == "meets" for one in mine)
        ]
        if len(able) < 2:
            continue
        made, asked = _compared(place, able, standard, rule, rule.alpha / len(places))
        found.append(made)
        needed |= asked
    return tuple(found), needed


def _compared(
    place: tuple[str, str],
    able: Sequence[Cell],
    standard: Standard,
    rule: ChoiceRule,
    alpha: float,
) -> tuple[Comparison, dict[str, int]]:
    size = len(able[0].order) if standard.truth == "bank" else None
    grouping = grouping_of(able[0].clusters)
    settled = compare([passed_of(one) for one in able], size, rule.margin, alpha, grouping)
    made = Comparison(
        feature=place[0],
        locale=place[1],
        candidates=tuple(one.key.candidate for one in able),
        run_ids=tuple(one.key.id for one in able),
        samples=settled.samples,
        size=size,
        margin=rule.margin,
        alpha=alpha,
        best=None if settled.best is None else able[settled.best].key.candidate,
        clusters=msgspec.UNSET if grouping is None else grouping.first(max(settled.samples)),
    )
    asked = {
        one.key.id: more(at, len(one.order), grouping)
        for one, at, wanted in zip(able, settled.samples, settled.asked, strict=True)
        if wanted and at < len(one.order)
    }
    return made, asked


def passed_of(cell: Cell) -> list[bool]:
    """Return the results of *cell* without a gap, from the first sample on.

    They end before the first one that waits for a judge or a person.
    """
    kept, found = cell.results, []
    for at in range(cell.observed):
        if cell.panel is not None and cell.waits(at):
            break
        found.append(kept.passed(at) if isinstance(kept, Kept) else kept[at].passed)
    return found
