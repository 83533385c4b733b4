"""Promises: what a partner said it would mend, and what its next runs show of it."""

from datetime import date
from typing import Literal

import msgspec
from sqlalchemy import Connection

from pratique.assessment.causes import cause_of
from pratique.assessment.plans import Fix, Plan
from pratique.assessment.releases import Release, releases_of
from pratique.evals.outcomes import results_of

State = Literal["gone", "fewer", "still_there", "unmeasured"]
"""`gone`: the last run has no such failure. `fewer`: a smaller share of its samples than before.
`unmeasured`: no run since it was agreed."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One promise beside the runs."""

    fix: Fix
    """What was promised."""
    state: State
    """What came of it, by the last run. By counts alone: no test stands behind `fewer`."""
    overdue: bool
    """Whether its day has passed and it is not gone."""
    before: tuple[int, int] | None
    """Samples that failed of the cause, and samples, in the last run before it was agreed."""
    now: tuple[int, int] | None
    """The same in the last run since."""
    at_most: float | None
    """Where it is gone: the largest share of such failures that the last run leaves possible, with
    95 % certainty."""
    run_id: str
    """The last run since, or empty."""


def kept_promises(connection: Connection, market: str, plan: Plan, today: date) -> tuple[Kept, ...]:
    """Return each promise of *plan* with what came of it by *today*."""
    releases = releases_of(connection, market, plan.partner)
    return tuple(_kept(connection, one, plan.agreed, releases, today) for one in plan.fixes)


def _kept(
    connection: Connection,
    fix: Fix,
    agreed: date,
    releases: tuple[Release, ...],
    today: date,
) -> Kept:
    mine = [
        one
        for one in releases
        if (one.finding.feature, one.finding.locale, one.finding.suite_id)
        == (fix.feature, fix.locale, fix.feature)
    ]
    earlier = [one for one in mine if one.day <= agreed]
    later = [one for one in mine if one.day > agreed]
    before = _counted(connection, earlier[-1], fix.cause) if earlier else None
    now = _counted(connection, later[-1], fix.cause) if later else None
    state = _state(before, now)
    return Kept(
        fix=fix,
        state=state,
        overdue=today > fix.date and state != "gone",
        before=before,
        now=now,
        at_most=1 - 0.05 ** (1 / now[1]) if now and state == "gone" else None,
        run_id=later[-1].finding.run_id if later else "",
    )


def _counted(connection: Connection, release: Release, cause: str) -> tuple[int, int]:
    results = results_of(connection, [release.finding.run_id])[release.finding.run_id]
    failed = [one for one in results if not one.passed]
    return sum(cause_of(one) == cause for one in failed), len(results)


def _state(before: tuple[int, int] | None, now: tuple[int, int] | None) -> State:
    if now is None:
        return "unmeasured"
    if now[0] == 0:
        return "gone"
    fewer = before is not None and now[0] * before[1] < before[0] * now[1]
    return "fewer" if fewer else "still_there"
