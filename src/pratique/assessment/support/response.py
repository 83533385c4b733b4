"""Response: how soon tickets were taken up and mended, with intervals, and by how many people."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from math import comb
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from pratique.assessment.support.objectives import Incidents, Office, Severity, State
from pratique.assessment.support.tickets import Ticket
from pratique.evals.statistics import lower_bound, upper_bound

What = Literal["acknowledge", "resolve"]
"""Taking a ticket up, or mending what it is about."""

_DRAWS = 4_000
"""Resamples of a bootstrap."""


class Times(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long something took over the tickets of one severity, in minutes."""

    severity: str
    """Which."""
    what: What
    """Taking up or mending."""
    tickets: int
    """Tickets that count: done, or open for longer than the objective."""
    open: int
    """Of these, those that are still open; they count with their age so far, which is too little."""
    too_early: int
    """Tickets that are open, and younger than the objective: they count nowhere yet."""
    objective: float
    """Longest mean."""
    mean: float | None
    """Mean; None without a ticket."""
    mean_low: float | None
    """Lower end of the mean's interval, by bootstrap."""
    mean_high: float | None
    """Upper end."""
    median: float | None
    """Median."""
    median_low: float | None
    """Lower end of the median's interval, an order statistic; None where there are too few tickets."""
    median_high: float | None
    """Upper end."""
    in_time: int
    """Tickets that kept the objective, one by one."""
    state: State
    """What is established."""


class OddHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tickets that were opened at night, on a day off or on a holiday, and taken up in time."""

    tickets: int
    """Tickets opened in odd hours."""
    in_time: int
    """Of these, those that were acknowledged within the objective of their severity."""
    bar: float
    """Least share."""
    low: float
    """Lower end of the interval for the share (Clopper and Pearson)."""
    high: float
    """Upper end."""
    office_tickets: int
    """Tickets opened in office hours, for comparison."""
    office_in_time: int
    """Of these, those in time."""
    state: State
    """What is established."""


class Fixers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who mended."""

    resolved: int
    """Tickets that were mended."""
    unnamed: int
    """Of these, those that name nobody."""
    people: int
    """Different people."""
    bus_factor: int
    """Fewest of them who together mended half of what names somebody; 0 where nobody is named."""
    least_fixers: int
    """Fewest people that are asked for."""
    least_bus_factor: int
    """Fewest that must carry half of it."""


def times(
    tickets: Sequence[Ticket],
    severity: Severity,
    what: What,
    least: int,
    now: datetime,
    alpha: float,
    seed: int,
) -> Times:
    """Return how long *what* took, and whether the mean keeps the objective of *severity*."""
    mine = [one for one in tickets if one.severity == severity.name]
    objective = severity.acknowledge_minutes if what == "acknowledge" else severity.resolve_minutes
    taken = [_minutes(one, what, now) for one in mine]
    counted = [(m, done) for m, done in taken if done or m > objective]
    minutes = sorted(m for m, _ in counted)
    low, high = _mean_interval(minutes, alpha, f"{severity.name}/{what}", seed)
    open_ = sum(not done for _, done in counted)
    middle = _median_interval(minutes, alpha)
    return Times(
        severity=severity.name,
        what=what,
        tickets=len(minutes),
        open=open_,
        too_early=len(taken) - len(counted),
        objective=objective,
        mean=float(np.mean(minutes)) if minutes else None,
        mean_low=low,
        mean_high=high,
        median=float(np.median(minutes)) if minutes else None,
        median_low=middle[0] if middle else None,
        median_high=middle[1] if middle else None,
        in_time=sum(done and m <= objective for m, done in counted),
        state=_times_state(len(minutes), open_, low, high, least, objective),
    )


def _times_state(
    count: int, open_: int, low: float | None, high: float | None, least: int, objective: float
) -> State:
    if count < least or low is None or high is None:
        return "unknown"
    if low > objective:
        return "missed"
    # An open ticket counts with too little: nothing is met by it.
    return "met" if high <= objective and not open_ else "unknown"


def _minutes(ticket: Ticket, what: What, now: datetime) -> tuple[float, bool]:
    """Return how long it took and whether it is done; what was mended was taken up by then."""
    done = ticket.resolved
    if what == "acknowledge":
        done = ticket.acknowledged or ticket.resolved
    return ((done or now) - ticket.opened).total_seconds() / 60, done is not None


def _mean_interval(
    minutes: Sequence[float], alpha: float, name: str, seed: int
) -> tuple[float | None, float | None]:
    """Return the ends of a percentile bootstrap of the mean (Efron 1979).

    With few tickets of very different length it is too narrow, which is why a standard names the
    fewest that count.
    """
    if not minutes:
        return None, None
    draw = np.random.default_rng([seed, *name.encode()])
    picked = draw.choice(np.asarray(minutes), size=(_DRAWS, len(minutes)))
    low, high = np.quantile(picked.mean(axis=1), [alpha / 2, 1 - alpha / 2])
    return float(low), float(high)


def _median_interval(minutes: Sequence[float], alpha: float) -> tuple[float, float] | None:
    """Return the order statistics that hold the median with 1 - *alpha*, whatever the law."""
    n, below = len(minutes), 0.0
    rank = 0
    while rank < n // 2:
        below += comb(n, rank) / 2**n
        if below > alpha / 2:
            break
        rank += 1
    return None if rank == 0 else (minutes[rank - 1], minutes[n - rank])


def is_odd(moment: datetime, zone: ZoneInfo, office: Office) -> bool:
    """Say whether *moment* lies outside the *office*'s hours in its own *zone*."""
    local = moment.astimezone(zone)
    day = local.date()
    worked = day in office.workdays or (
        day.isoweekday() in office.days and day not in office.holidays
    )
    return not (worked and office.begins <= local.hour < office.ends)


def odd_hours(
    tickets: Sequence[Ticket], incidents: Incidents, now: datetime, alpha: float
) -> OddHours:
    """Return how tickets of odd hours were taken up, whatever their severity."""
    zone = ZoneInfo(incidents.time_zone)
    limits = {one.name: one.acknowledge_minutes for one in incidents.severities}
    odd, office = list[bool](), list[bool]()
    for one in tickets:
        minutes, done = _minutes(one, "acknowledge", now)
        if not done and minutes <= limits[one.severity]:
            continue  # too early to say
        side = odd if is_odd(one.opened, zone, incidents.office) else office
        side.append(done and minutes <= limits[one.severity])
    kept, count = sum(odd), len(odd)
    low = lower_bound(kept, count, 1 - alpha / 2) if count else 0.0
    high = upper_bound(kept, count, 1 - alpha / 2) if count else 1.0
    state: State = "unknown"
    if count >= incidents.least_tickets:
        state = (
            "met"
            if low >= incidents.in_time
            else "missed"
            if high < incidents.in_time
            else "unknown"
        )
    return OddHours(
        tickets=count,
        in_time=kept,
        bar=incidents.in_time,
        low=low,
        high=high,
        office_tickets=len(office),
        office_in_time=sum(office),
        state=state,
    )


def fixers(tickets: Sequence[Ticket], incidents: Incidents) -> Fixers:
    """Return how many people mended, and how few of them carry half of it."""
    resolved = [one for one in tickets if one.resolved is not None]
    by_person = Counter(one.fixer.casefold() for one in resolved if one.fixer)
    named, reached, carry = sum(by_person.values()), 0, 0
    for _, count in by_person.most_common():
        if reached * 2 >= named:
            break
        reached += count
        carry += 1
    return Fixers(
        resolved=len(resolved),
        unnamed=len(resolved) - named,
        people=len(by_person),
        bus_factor=carry,
        least_fixers=incidents.least_fixers,
        least_bus_factor=incidents.least_bus_factor,
    )


def people_state(count: int, least: int, found: Fixers, least_tickets: int) -> State:
    """Return what *count* people out of *least* say; too few tickets, or unnamed ones, say little."""
    if count >= least:
        return "met"
    return "missed" if found.resolved >= least_tickets and not found.unnamed else "unknown"
