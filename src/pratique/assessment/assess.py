"""Assessing a market: every candidate on every feature and locale, until each finding is certain."""

import asyncio
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from types import MappingProxyType

import msgspec

from pratique.assessment.against import Pair, pairs, require_incumbent, rule_of
from pratique.assessment.candidates import Offer
from pratique.assessment.clustering import require_fair_ratings
from pratique.assessment.comparing import Extra, comparisons
from pratique.assessment.decisions import Assessment, all_assessments, keep_assessment
from pratique.assessment.findings import Judge
from pratique.assessment.judging import judging_of, take_ratings
from pratique.assessment.outlook import Outlook, expected
from pratique.assessment.panels import bench_of, panels_of
from pratique.assessment.preferring import Preference, preference
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
from pratique.evals.history import controls_for, history_of, known_of, settled_history
from pratique.evals.judges.bench import Bench
from pratique.evals.judges.rubrics import Rubric, read_rubric
from pratique.evals.judges.rubrics import packaged as packaged_rubrics
from pratique.evals.outcomes import open_run
from pratique.evals.rescore import Rescored, rescore
from pratique.evals.runs import Cell, Run, cell_of
from pratique.evals.statistics import family_alpha
from pratique.evals.suites import Suite, read_suite
from pratique.evals.suites import packaged as packaged_suites
from pratique.partners.catalogue import Candidate
from pratique.partners.pool import Pool
from pratique.serving.guard import Guard, starter_guard
from pratique.serving.safeguards import guarded
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


async def assess(
    opened: Opened,
    planned: Plan,
    progress: Callable[[Sequence[Cell]], None],
    *,
    budget: Budget | None = None,
    at_once: Mapping[str, int] | None = None,
    guard: Guard | None = None,
) -> Assessment:
    """Carry out *planned* (see `measure`) and keep what it established as the market's assessment.

    Raises:
        Malformed, NotFound: as `require_known`.
    """
    preferences = await measure(
        opened, planned, progress, budget=budget, at_once=at_once, guard=guard
    )
    return established(opened, planned, preferences)


async def measure(
    opened: Opened,
    planned: Plan,
    progress: Callable[[Sequence[Cell]], None],
    *,
    budget: Budget | None = None,
    at_once: Mapping[str, int] | None = None,
    guard: Guard | None = None,
) -> dict[str, Preference]:
    """Carry out *planned*: draw, answer, score and keep until every finding is certain.

    What an earlier process has kept of the same runs is taken in first; no answered call is
    made again. With a *budget* it ends when the next call might pass it: what is not decided by
    then stays undecided. *at_once* bounds the calls in flight by partner. Requests and
    answers are screened by *guard*, else by the starter pack.

    Returns what judges of pairs prefer, by the challenger's run; findings are the plan's judge's.

    Raises:
        Malformed, NotFound: as `require_known`.
    """
    budget = budget or Budget()
    require_known(planned.offer, budget, at_once or {}, planned.judges)
    pool = Pool(
        planned.offer.partners,
        planned.offer.market.id,
        accesses=opened.workspace.configuration.partners,
        folder=opened.workspace.folder,
    )
    bench = bench_of(opened, planned.judges, pool, budget)
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
        bench=bench,
        guard=guarded(guard or starter_guard(), pool, planned.offer.safeguards),
    )
    _recall(opened, planned, opening=True)
    _take_ratings(opened, planned)
    preferences: dict[str, Preference] = {}
    try:
        called = [cell for cell in planned.cells if cell.key.candidate != planned.incumbent]
        if planned.incumbent:
            rule_of(planned.standard)
            held = [cell for cell in planned.cells if cell.key.candidate == planned.incumbent]
            await run.judge_kept(held)
            run.resume(held)
            require_incumbent(planned.cells, planned.incumbent)
        await run.finish(called)
        _heed(opened, planned)
        await _compare(run, planned)
        if planned.incumbent:
            await _pit(run, planned, called)
            preferences = await _prefer(bench, planned)
    finally:
        await pool.close()
    return preferences


async def _pit(run: Run, planned: Plan, called: Sequence[Cell]) -> None:
    """Draw on for challengers until each is told from the incumbent, or its kept answers end."""
    while True:
        _, needed = pairs(planned.standard, planned.cells, planned.incumbent)
        asked = [one for one in called if one.key.id in needed]
        before = sum(one.observed for one in asked)
        if asked:
            await replace(run, allocator=Extra(needed)).finish(asked)
        if sum(one.observed for one in asked) == before:
            return


async def _prefer(bench: Bench, planned: Plan) -> dict[str, Preference]:
    """Return, by the challenger's run, what judges of pairs prefer, where there are judges."""
    made, _ = pairs(planned.standard, planned.cells, planned.incumbent)
    cells = {cell.key.id: cell for cell in planned.cells}
    found = {}
    for one in made:
        own, other = (cells[run] for run in one.run_ids)
        if other.panel is not None and planned.comparison is not None and one.samples:
            found[other.key.id] = await preference(
                bench, other.panel, planned.comparison, own, other, one.samples
            )
    return found


def _recall(opened: Opened, planned: Plan, *, opening: bool) -> None:
    """Let earlier runs on the same samples help gates; which do is settled when a run is *opening*."""
    judge = planned.judge
    cells = [cell for cell in planned.cells if judge.recalls(cell) and not cell.observed]
    if not cells:
        return
    with opened.database.begin() if opening else opened.database.connect() as connection:
        for cell in cells:
            if opening:
                open_run(connection, cell.key, opened.clock())
                earlier = settled_history(connection, cell.key, len(cell.order))
            else:
                earlier = history_of(connection, cell.key.id) or ()
            if earlier:
                names = [sample.id for sample in cell.order]
                known = controls_for(known_of(connection, earlier), names, len(names))
                judge.recall(cell, earlier, known)


def _take_ratings(opened: Opened, planned: Plan) -> None:
    """Let people's settled ratings settle what judges left for them."""
    judged = [cell for cell in planned.cells if cell.panel is not None]
    if judged:
        with opened.database.begin() as connection:
            for cell in judged:
                take_ratings(connection, cell, opened.clock())


def _heed(opened: Opened, planned: Plan) -> None:
    """Tell the allocator what judges and people did for each finding."""
    judge = planned.judge
    with opened.database.connect() as connection:
        for cell in planned.cells:
            found = judging_of(
                connection,
                cell,
                bar=judge.bar(cell),
                alpha=judge.alpha,
                truth=planned.standard.truth,
            )
            if found is not None:
                judge.heed(cell, found)


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


def established(
    opened: Opened, planned: Plan, preferences: Mapping[str, Preference] = MappingProxyType({})
) -> Assessment:
    """Keep what *planned* has established so far as an assessment, and return it.

    preferences: what judges of pairs prefer, by the challenger's run.
    """
    _heed(opened, planned)
    assessment = assessment_of(planned, preferences)
    found = {"findings": len(assessment.findings), "standard": assessment.standard_digest}
    with opened.ledger.decision(
        who=opened.who, kind="assessment.made", subject=assessment.id, body=found
    ) as connection:
        keep_assessment(connection, assessment, opened.clock())
    return assessment


def rescore_kept(opened: Opened, planned: Plan) -> list[Rescored]:
    """Score kept answers again for the runs of *planned*, by kept judgements where it has judges.

    No call is made: what nobody has judged waits for the next assessment.
    """
    found = rescore(opened.database, planned.cells, opened.clock)
    run = _offline(opened, planned)
    asyncio.run(run.judge_kept(planned.cells))
    without_calls(opened, planned)
    return found


def _offline(opened: Opened, planned: Plan) -> Run:
    """Return a run that makes no call."""
    return Run(
        database=opened.database,
        models={},
        allocator=planned.judge,
        clock=opened.clock,
        deadline=1.0,
        progress=lambda _: None,
        bench=Bench(opened.database, opened.clock, {}, {}, Budget(), 1.0),
    )


def without_calls(opened: Opened, planned: Plan) -> None:
    """Take in what earlier processes have kept of the runs of *planned*; no call is made."""
    _recall(opened, planned, opening=False)
    _offline(opened, planned).resume(planned.cells)
    _heed(opened, planned)


def tariffs(offered: Offer) -> dict[str, Tariff]:
    """Return what calls of each candidate of *offered* come to."""
    return {one.name: Tariff(one.model) for one in offered.candidates}


def require_known(
    offered: Offer,
    budget: Budget,
    at_once: Mapping[str, int],
    judges: Sequence[Candidate] = (),
) -> None:
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
    for one in (*offered.candidates, *judges):
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


def assessment_of(
    planned: Plan, preferences: Mapping[str, Preference] = MappingProxyType({})
) -> Assessment:
    """Return what is established so far."""
    against: tuple[Pair, ...] | msgspec.UnsetType = msgspec.UNSET
    if planned.incumbent:
        made, _ = pairs(planned.standard, planned.cells, planned.incumbent)
        against = tuple(
            msgspec.structs.replace(one, preference=preferences.get(one.run_ids[1], msgspec.UNSET))
            for one in made
        )
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
        pairs=against,
    )
