"""Planning an assessment: who is tested on which samples, held to what, before the first call."""

from collections.abc import Mapping, Set
from types import MappingProxyType

import msgspec

from pratique.assessment.candidates import Offer
from pratique.assessment.clustering import require_fair_ratings
from pratique.assessment.findings import Judge
from pratique.assessment.panels import panels_of
from pratique.assessment.revealed import unrevealed
from pratique.assessment.standards import (
    Requirement,
    Standard,
    read_standard,
    require_decidable,
)
from pratique.assessment.standards import packaged as packaged_standards
from pratique.errors import Malformed
from pratique.evals.cells import Cell, cell_of
from pratique.evals.judges.rubrics import Rubric, read_rubric
from pratique.evals.judges.rubrics import packaged as packaged_rubrics
from pratique.evals.statistics import family_alpha
from pratique.evals.suites import Suite, read_suite
from pratique.evals.suites import packaged as packaged_suites
from pratique.partners.catalogue import Candidate
from pratique.settings.workspace import Workspace


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What an assessment is going to do, before the first call."""

    offer: Offer
    """What is tested."""
    standard: Standard
    """What it is held to."""
    suites: Mapping[tuple[str, str], Suite]
    """The samples by suite and locale."""
    cells: tuple[Cell, ...]
    """One for each variant and requirement."""
    judge: Judge
    """What decides when enough is known."""
    seed: int
    """Seed of the drawing."""
    incumbent: str = ""
    """Whose kept answers the others are held against, `partner/model`; it is not called then."""
    comparison: Rubric | None = None
    """Rubric by which judges compare two answers, where there are judges."""

    @property
    def judges(self) -> tuple[Candidate, ...]:
        """The models that judge, each once."""
        panels = [cell.panel for cell in self.cells if cell.panel is not None]
        found = {one.name: one for panel in panels for one in panel.judges}
        return tuple(found.values())

    @property
    def most_judgings(self) -> int:
        """Judgements at most, were every sample drawn and every judge asked of each."""
        return sum(len(one.order) * len(one.panel.judges) for one in self.cells if one.panel)

    @property
    def full_calls(self) -> int:
        """Calls that drawing every suite to its end takes."""
        return sum(len(cell.order) for cell in self.cells)


def plan(
    workspace: Workspace,
    offer: Offer,
    seed: int,
    gone: Mapping[tuple[str, str], Set[str]] = MappingProxyType({}),
    incumbent: str = "",
) -> Plan:
    """Return the plan for assessing *offer*.

    gone: samples by suite and locale that a partner has seen, as `revealed` says: they judge no
    more.

    Raises:
        NotFound, Malformed: a suite or the standard is missing or broken, or a requirement
            cannot be decided with the samples there are.
    """
    standard = read_standard(
        workspace.content("standards", packaged_standards()), offer.market.standard
    )
    folders = workspace.content("suites", packaged_suites())
    suites = {}
    held_to: list[tuple[Requirement, Suite]] = []
    for pack in offer.packs:
        for locale in offer.market.locales:
            for one in standard.of(pack.id, locale):
                name = one.suite or pack.id
                whole = read_suite(folders, name, locale, pack.input_schema)
                suite = suites[name, locale] = unrevealed(whole, gone)
                _require_own(suite, pack.id)
                held_to.append((one, suite))
    panels = panels_of(workspace, offer, standard)
    cells = tuple(
        cell_of(
            variant,
            suites[one.suite or variant.feature, variant.locale],
            seed,
            None if one.judge is msgspec.UNSET else panels[one.judge],
        )
        for variant in offer.variants
        for one in standard.of(variant.feature, variant.locale)
    )
    alpha = family_alpha(standard.alpha, len(cells))
    for one, suite in held_to:
        require_decidable(standard, one, suite, alpha)
    for cell in cells:
        require_fair_ratings(cell, standard.truth)
    return Plan(
        offer=offer,
        standard=standard,
        suites=suites,
        cells=cells,
        judge=Judge(standard, cells),
        seed=seed,
        incumbent=incumbent,
        comparison=read_rubric(workspace.content("rubrics", packaged_rubrics()), "comparison")
        if panels
        else None,
    )


def _require_own(suite: Suite, feature: str) -> None:
    """Refuse a suite that measures another feature.

    Raises:
        Malformed: names both.
    """
    if suite.file.feature != feature:
        raise Malformed(
            f"suite `{suite.id}` measures `{suite.file.feature}`, not `{feature}`",
            hint=f"`pratique feature list` shows the suites of `{feature}`",
        )
