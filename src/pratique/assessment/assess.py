"""Assessing a market: every candidate on every feature and locale, until each finding is certain."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from types import MappingProxyType

import msgspec

from pratique.assessment.candidates import Offer
from pratique.assessment.comparing import Extra, comparisons
from pratique.assessment.decisions import Assessment, all_assessments, keep_assessment
from pratique.assessment.findings import Judge
from pratique.assessment.outlook import Outlook, expected
from pratique.assessment.revealed import unrevealed
from pratique.assessment.standards import (
    Requirement,
    Standard,
    read_standard,
    require_decidable,
)
from pratique.assessment.standards import packaged as packaged_standards
from pratique.errors import Malformed, NotFound
from pratique.evals.budget import Budget, Tariff
from pratique.evals.runs import Cell, Run, cell_of
from pratique.evals.statistics import family_alpha
from pratique.evals.suites import Suite, read_suite
from pratique.evals.suites import packaged as packaged_suites
from pratique.partners.pool import Pool
from pratique.serving.guard import Guard, starter_guard
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


def plan(
    workspace: Workspace,
    offer: Offer,
    seed: int,
    gone: Mapping[tuple[str, str], Set[str]] = MappingProxyType({}),
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
    opened: Opened,
    planned: Plan,
    progress: Callable[[Sequence[Cell]], None],
    *,
    budget: Budget | None = None,
    at_once: Mapping[str, int] | None = None,
    guard: Guard | None = None,
) -> Assessment:
    """Carry out *planned*: draw, answer, score and keep until every finding is certain.

    What an earlier process has kept of the same runs is taken in first; no answered call is
    made again. With a *budget* it ends when the next call might pass it: what is not decided by
    then stays undecided. *at_once* bounds the calls in flight by partner. Requests and
    answers are screened by *guard*, else by the starter pack.

    Raises:
        Malformed, NotFound: as `require_known`.
    """
    budget = budget or Budget()
    require_known(planned.offer, budget, at_once or {})
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
        budget=budget,
        tariffs=tariffs(planned.offer),
        most_at_once=at_once or {},
        guard=guard or starter_guard(),
    )
    try:
        await run.finish(planned.cells)
        await _compare(run, planned)
    finally:
        await pool.close()
    return established(opened, planned)


async def _compare(run: Run, planned: Plan) -> None:
    """Draw on where several candidates meet every bar, until the best of them is certain."""
    while True:
        _, needed = comparisons(planned.standard, planned.judge, planned.cells)
        asked = [one for one in planned.cells if one.key.id in needed]
        before = sum(one.observed for one in asked)
        if asked:
            await replace(run, allocator=Extra(needed)).finish(asked)
        # Nothing new: all is settled, or the budget has no room for what is not.
        if sum(one.observed for one in asked) == before:
            return


def established(opened: Opened, planned: Plan) -> Assessment:
    """Keep what *planned* has established so far as an assessment, and return it."""
    assessment = assessment_of(planned)
    found = {"findings": len(assessment.findings), "standard": assessment.standard_digest}
    with opened.ledger.decision(
        who=opened.who, kind="assessment.made", subject=assessment.id, body=found
    ) as connection:
        keep_assessment(connection, assessment, opened.clock())
    return assessment


def without_calls(opened: Opened, planned: Plan) -> None:
    """Take in what earlier processes have kept of the runs of *planned*; no call is made."""
    Run(
        database=opened.database,
        models={},
        allocator=planned.judge,
        clock=opened.clock,
        deadline=1.0,
        progress=lambda _: None,
    ).resume(planned.cells)


def tariffs(offered: Offer) -> dict[str, Tariff]:
    """Return what calls of each candidate of *offered* come to."""
    return {one.name: Tariff(one.model) for one in offered.candidates}


def require_known(offered: Offer, budget: Budget, at_once: Mapping[str, int]) -> None:
    """Refuse a bound on money that a candidate's unknown price could pass, or on nobody's calls.

    Raises:
        Malformed: names the candidate of which no price in a bounded currency is known.
        NotFound: names the partner that is no candidate.
    """
    partners = {one.partner.id for one in offered.candidates}
    for partner in at_once:
        if partner not in partners:
            raise NotFound(
                f"no candidate is of partner `{partner}`", hint=f"partners: {', '.join(partners)}"
            )
    if not budget.money:
        return
    for one in offered.candidates:
        currencies = {price.currency for price in one.model.prices}
        unbounded = currencies - set(budget.money)
        if one.model.engine == "remote" and (not currencies or unbounded):
            known = (
                f"its prices are in {', '.join(sorted(unbounded))}"
                if unbounded
                else "none is known"
            )
            raise Malformed(
                f"a budget in {', '.join(budget.money)} cannot hold `{one.name}`: {known}",
                hint="name an amount for each currency, add `[[models.prices]]` to the partner's"
                " file, or take the candidate out of `markets/*.toml`",
            )


def outlook(opened: Opened, planned: Plan) -> Outlook:
    """Return what *planned* is going to take, without a call: what was kept is taken in first.

    A cell that has outcomes goes on at its own rate; else an earlier finding about the same
    candidate gives the rate; else every rate is as likely.
    """
    without_calls(opened, planned)
    with opened.database.connect() as connection:
        earlier = {
            (one.feature, one.locale, one.candidate, one.suite_id): one
            for made in all_assessments(connection)
            if made.market == planned.offer.market.id
            for one in made.findings
        }
    judge, costs = planned.judge, tariffs(planned.offer)
    cells = []
    for cell in planned.cells:
        key = (cell.key.feature, cell.key.locale, cell.key.candidate, cell.suite.id)
        samples, basis = judge.needed(cell), "kept outcomes" if cell.observed else "the bar alone"
        if not cell.observed and key in earlier and earlier[key].samples:
            samples, basis = judge.needed_at(cell, earlier[key].estimate), "an earlier finding"
        cells.append(
            expected(
                cell,
                bar=judge.bar(cell),
                samples=samples,
                basis=basis,
                open_=judge.decision(cell) == "undecided",
                tariff=costs[cell.key.candidate],
            )
        )
    unpriced = tuple(
        one.name
        for one in planned.offer.candidates
        if one.model.engine == "remote" and not one.model.prices
    )
    return Outlook(cells=tuple(cells), unpriced=unpriced)


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
        comparisons=comparisons(planned.standard, planned.judge, planned.cells)[0],
    )
