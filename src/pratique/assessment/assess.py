"""Assessing a market: every candidate on every feature and locale, until each finding is certain."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from pratique.assessment.candidates import Offer
from pratique.assessment.decisions import Assessment, keep_assessment
from pratique.assessment.findings import Judge
from pratique.assessment.standards import Standard, read_standard, require_decidable
from pratique.assessment.standards import packaged as packaged_standards
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
    """The samples by feature and locale."""
    cells: tuple[Cell, ...]
    """One for each variant."""
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
    alpha = family_alpha(standard.alpha, len(offer.variants))
    suites = {}
    for pack in offer.packs:
        for locale in offer.market.locales:
            suite = read_suite(folders, pack.id, locale, pack.input_schema)
            require_decidable(standard, suite, alpha)
            suites[pack.id, locale] = suite
    cells = tuple(cell_of(one, suites[one.feature, one.locale], seed) for one in offer.variants)
    return Plan(
        offer=offer,
        standard=standard,
        suites=suites,
        cells=cells,
        judge=Judge(standard, cells),
        seed=seed,
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
