"""Assessing a market: every candidate on every feature and locale, until each finding is certain."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from pratique.assessment.candidates import Offer
from pratique.assessment.decisions import Assessment, keep_assessment
from pratique.assessment.findings import Judge
from pratique.assessment.standards import (
    Requirement,
    Standard,
    read_standard,
    require_decidable,
)
from pratique.assessment.standards import packaged as packaged_standards
from pratique.errors import Malformed
from pratique.evals.runs import Cell, Run, cell_of
from pratique.evals.statistics import family_alpha
from pratique.evals.suites import Suite, read_suite
from pratique.evals.suites import packaged as packaged_suites
from pratique.partners.pool import Pool
from pratique.settings.workspace import Workspace
from pratique.store.canonical import canonical, digest
from pratique.workspace.opened import Opened


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

    @property
    def full_calls(self) -> int:
        """Calls that drawing every suite to its end takes."""
        return sum(len(cell.order) for cell in self.cells)


def plan(workspace: Workspace, offer: Offer, seed: int) -> Plan:
    """Return the plan for assessing *offer*.

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
                suite = suites[name, locale] = read_suite(folders, name, locale, pack.input_schema)
                _require_own(suite, pack.id)
                held_to.append((one, suite))
    cells = tuple(
        cell_of(variant, suites[one.suite or variant.feature, variant.locale], seed)
        for variant in offer.variants
        for one in standard.of(variant.feature, variant.locale)
    )
    alpha = family_alpha(standard.alpha, len(cells))
    for one, suite in held_to:
        require_decidable(standard, one, suite, alpha)
    return Plan(
        offer=offer,
        standard=standard,
        suites=suites,
        cells=cells,
        judge=Judge(standard, cells),
        seed=seed,
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


async def assess(
    opened: Opened, planned: Plan, progress: Callable[[Sequence[Cell]], None]
) -> Assessment:
    """Carry out *planned*: draw, answer, score and keep until every finding is certain.

    What an earlier process has kept of the same runs is taken in first; no answered call is
    made again.
    """
    pool = Pool(
        {one.partner.id: one.partner for one in planned.offer.candidates},
        planned.offer.market.id,
        accesses=opened.workspace.configuration.partners,
        folder=opened.workspace.folder,
    )
    run = Run(
        database=opened.database,
        models={one.name: pool.connected(one) for one in planned.offer.candidates},
        allocator=planned.judge,
        clock=opened.clock,
        deadline=opened.workspace.configuration.serve.deadline_seconds,
        progress=progress,
    )
    try:
        await run.finish(planned.cells)
    finally:
        await pool.close()
    assessment = assessment_of(planned)
    found = {"findings": len(assessment.findings), "standard": assessment.standard_digest}
    with opened.ledger.decision(
        who=opened.who, kind="assessment.made", subject=assessment.id, body=found
    ) as connection:
        keep_assessment(connection, assessment, opened.clock())
    return assessment


def assessment_of(planned: Plan) -> Assessment:
    """Return what is established so far."""
    return Assessment(
        market=planned.offer.market.id,
        standard=planned.standard.id,
        standard_digest=digest(canonical(planned.standard)),
        seed=planned.seed,
        alpha=planned.standard.alpha,
        family=planned.standard.family,
        left_out=planned.offer.left_out,
        findings=tuple(planned.judge.finding(cell) for cell in planned.cells),
    )
