"""Assessing a market: every candidate on every feature and locale, until each finding is certain."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import msgspec

from pratique.assessment.against import Pair, pairs, require_incumbent, rule_of
from pratique.assessment.comparing import Extra, comparisons
from pratique.assessment.decisions import Assessment, keep_assessment
from pratique.assessment.panels import bench_of
from pratique.assessment.planning import Plan
from pratique.assessment.preferring import Preference, preference
from pratique.assessment.remembered import heed, recall, take_settled_ratings
from pratique.assessment.spending import require_known, tariffs
from pratique.evals.budget import Budget
from pratique.evals.cells import Cell
from pratique.evals.judges.bench import Bench
from pratique.evals.runs import Run
from pratique.partners.pool import Pool
from pratique.serving.guard import Guard, starter_guard
from pratique.serving.safeguards import guarded
from pratique.store.canonical import canonical, digest
from pratique.workspace.opened import Opened


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
        Unavailable: partners that would be asked have no key here; one error names them all.
    """
    budget = budget or Budget()
    require_known(planned.offer, budget, at_once or {}, planned.judges)
    pool = Pool(
        planned.offer.partners,
        planned.offer.market.id,
        accesses=opened.workspace.configuration.partners,
        folder=opened.workspace.folder,
    )
    everybody = {one.name: one for one in planned.offer.candidates}
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
        ready=lambda names: pool.require_keys(
            [*(everybody[name] for name in names), *(planned.judges if names else ())]
        ),
    )
    recall(opened, planned, opening=True)
    take_settled_ratings(opened, planned)
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
        heed(opened, planned)
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
    heed(opened, planned)
    assessment = assessment_of(planned, preferences)
    found = {"findings": len(assessment.findings), "standard": assessment.standard_digest}
    with opened.ledger.decision(
        who=opened.who, kind="assessment.made", subject=assessment.id, body=found
    ) as connection:
        keep_assessment(connection, assessment, opened.clock())
    return assessment


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
