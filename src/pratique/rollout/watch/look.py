"""One look of the watch: everything that may change beneath a release, in a fixed order."""

from collections.abc import Iterator, Sequence

from pratique.assessment.plans import read_plan
from pratique.assessment.trend import progress_of
from pratique.errors import PratiqueError
from pratique.evals.budget import Budget
from pratique.filing.clocks import clocks
from pratique.filing.lapses import suspend_lapsed
from pratique.ledger.chain import entries
from pratique.partners.catalogue import find_candidate, packaged, read_partners
from pratique.partners.pool import Pool
from pratique.rollout.gate import Rules
from pratique.rollout.packs import duties
from pratique.rollout.state import Cell, read_state
from pratique.rollout.steps import gate_rules
from pratique.rollout.watch.acts import Act, note
from pratique.rollout.watch.canaries import Flown, fly
from pratique.rollout.watch.confirming import confirm, frozen_releases
from pratique.rollout.watch.identity import Served, inventories, replies
from pratique.rollout.watch.notices import Notice, Retiring, plans, retiring
from pratique.rollout.watch.report import Forecast, Report
from pratique.screening.suspensions import forget
from pratique.store.moments import stamp
from pratique.workspace.opened import Opened

FORECAST = "watch.forecast"
"""Kind of the entry of a milestone whose verdict has changed."""

RETIRING = "watch.retirement"
"""Kind of the entry of a notice that touches a release."""


async def look(opened: Opened, market: str, budget: Budget | None = None) -> Report:
    """Look at everything beneath the releases of *market*, do what follows, and report.

    A second look on the same day does nothing new; it goes on where *budget* ended the first.

    Raises:
        PratiqueError: the workspace or the store cannot be read. A partner that cannot be reached
            is reported, and the rest is looked at.
    """
    rules = gate_rules(opened, market)
    budget = budget or Budget()
    acts: list[Act] = [
        Act(kind=f"approval.{one.kind}", subject=one.approval, says=one.reason, turned_off=True)
        for one in suspend_lapsed(opened, market)
    ]
    with opened.database.connect() as connection:
        state = read_state(connection, rules, opened.clock())
    on = [cell for cell in state.cells.values() if cell.release.state == "on"]
    served, unwatched = _served(opened, on)
    pool = Pool(
        read_partners(opened.workspace.content("partners", packaged())),
        market,
        accesses=opened.workspace.configuration.partners,
        folder=opened.workspace.folder,
    )
    try:
        listed, found = await inventories(opened, pool, served)
        acts += found
        canaries, found, faults = await _flown(opened, pool, on, budget)
        unwatched += faults
        acts += found + replies(opened, served)
    finally:
        await pool.close()
    found, faults = await _confirmed(opened, on, served, budget)
    acts += found
    unwatched += faults
    gone = [
        Notice(partner=one.partner, models=one.gone, ends=opened.clock().date(), source="inventory")
        for one in listed
        if one.gone
    ]
    ending = plans(opened, rules) + [one for one in retiring(opened, rules, gone) if one.exposed]
    acts += _retirements(opened, ending)
    forecasts = _forecasts(opened, market, rules)
    acts += _changed(opened, forecasts)
    with opened.database.begin() as connection:
        forgotten = forget(connection, opened.clock())
    with opened.database.connect() as connection:
        screening = duties(connection, rules.market, opened.verifies, opened.clock())
    return Report(
        market=market,
        at=stamp(opened.clock()),
        releases=len(on),
        acts=tuple(acts),
        frozen=frozen_releases(opened, [one.release for one in on]),
        inventories=tuple(listed),
        canaries=tuple(canaries),
        unwatched=tuple(dict.fromkeys(unwatched)),
        due=tuple(clocks(opened, market)),
        duties=tuple(screening),
        forecasts=tuple(forecasts),
        retiring=tuple(ending),
        calls=budget.spent.calls,
        forgotten=forgotten,
    )


def _served(opened: Opened, cells: Sequence[Cell]) -> tuple[list[Served], list[str]]:
    partners = read_partners(opened.workspace.content("partners", packaged()))
    found, faults = [], []
    for cell in cells:
        if cell.variant is None:
            faults.append(f"`{cell.release.id}`: {cell.fault}; it is off")
            continue
        try:
            candidate = find_candidate(partners, cell.variant.candidate)
        except PratiqueError as error:
            faults.append(f"`{cell.release.id}`: {error.message.partition(';')[0]}")
            continue
        found.append(Served(release=cell.release, candidate=candidate))
    return found, faults


async def _flown(
    opened: Opened, pool: Pool, cells: Sequence[Cell], budget: Budget
) -> tuple[list[Flown], list[Act], list[str]]:
    flown, acts, faults = [], [], []
    for cell in cells:
        if cell.variant is None:
            continue
        try:
            found, act = await fly(opened, pool, cell.release, cell.variant, budget)
        except PratiqueError as error:
            faults.append(f"`{cell.release.id}`: {error.message}")
            continue
        flown.append(found)
        if found.waiting:
            faults.append(
                f"`{cell.release.id}`: the look's budget of {budget.calls} calls is used up:"
                f" {found.waiting} canaries wait for the next look"
            )
        if act is not None:
            acts.append(act)
    return flown, acts, faults


async def _confirmed(
    opened: Opened, cells: Sequence[Cell], served: Sequence[Served], budget: Budget
) -> tuple[list[Act], list[str]]:
    acts, faults = [], []
    candidates = {one.release.id: one.candidate for one in served}
    for cell in cells:
        candidate = candidates.get(cell.release.id)
        if cell.variant is None or candidate is None:
            continue
        try:
            act = await confirm(opened, cell.release, cell.variant, candidate, budget)
        except PratiqueError as error:
            faults.append(f"`{cell.release.id}`: {error.message}")
            continue
        if act is not None:
            acts.append(act)
    return acts, faults


def _retirements(opened: Opened, ending: Sequence[Retiring]) -> Iterator[Act]:
    for one in ending:
        if not one.exposed:
            continue
        names = " ".join(sorted(one.notice.names))
        key = f"{one.notice.ends} {' '.join(gone.release for gone in one.exposed)}"
        done = note(opened, RETIRING, names, key, "; ".join(map(str.strip, one.sentences)))
        if done is not None:
            yield done


def _forecasts(opened: Opened, market: str, rules: Rules) -> list[Forecast]:
    """Return where each partner with a plan stands today."""
    today = opened.clock().date()
    partners = sorted({name.partition("/")[0] for name in rules.market.candidates})
    found = []
    for partner in partners:
        plan = read_plan(opened.workspace, market, partner)
        if plan is None:
            continue
        with opened.database.connect() as connection:
            progress = progress_of(connection, market, partner, plan, today)
        found += [
            Forecast(partner=partner, milestone=one.milestone.id, verdict=one.verdict, why=one.why)
            for one in progress
            if one.milestone is not None and one.verdict is not None
        ]
    return found


def _changed(opened: Opened, forecasts: Sequence[Forecast]) -> Iterator[Act]:
    for one in forecasts:
        subject = f"{one.partner} {one.milestone}"
        with opened.database.connect() as connection:
            last = ""
            for entry in entries(connection, kind=FORECAST, subject=subject):
                last = str(entry.facts().get("verdict", ""))
        if last != one.verdict:
            says, key = f"{one.verdict}: {one.why}", stamp(opened.clock())
            done = note(opened, FORECAST, subject, key, says, verdict=one.verdict)
            if done is not None:
                yield done
