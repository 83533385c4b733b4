"""Reasons: why a candidate does not serve, in sentences with their figures."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from pratique.assessment.comparing import Comparison
from pratique.assessment.findings import Finding
from pratique.assessment.objectives import Entrant, Objective, Worth, value
from pratique.assessment.standings import Ground

Kind = Literal["falls_short", "undecided", "objective"] | Ground


class Reason(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that decides it."""

    kind: Kind
    """What it is: a finding, a verdict about the partner, or the objective."""
    text: str
    """It, as a sentence with its figures."""


def against_standard(one: Entrant) -> tuple[Reason, ...]:
    """Return what keeps *one* from serving whoever else there is: every bar missed, every verdict."""
    found = [
        Reason(kind=finding.finding, text=_missed(finding))
        for finding in sorted(one.findings, key=lambda each: each.finding)
        if finding.finding != "meets"
    ]
    found += [
        Reason(kind=objection.ground, text=f"{objection.ground}: {', '.join(objection.evidence)}")
        for objection in one.objections
    ]
    return tuple(found)


def lost_on_objective(one: Entrant, best: Entrant, objective: Objective, worth: Worth) -> Reason:
    """Return why *best* is preferred to *one*, which could serve as well."""
    meets = f"meets {one.own.bar:.0%}, but `{best.candidate}`"
    if objective == "estimate":
        text = f"{meets} has {best.own.estimate:.0%} against {figures(one.own)}"
    elif objective == "speed":
        text = f"{meets} answers sooner: {best.own.seconds_per_call:.2f} s against {one.own.seconds_per_call:.2f} s"
    elif objective == "price":
        text = f"{meets} costs {said(best)} against {said(one)} for 1,000 requests"
    elif one.price is None and worth.money:
        text = f"meets {one.own.bar:.0%}, but its price is unknown, and unknown never wins"
    else:
        text = f"{meets} is worth {value(best, worth):.1f} points against {value(one, worth):.1f}"
    return Reason(kind="objective", text=text)


def not_the_best(one: Entrant, leader: Comparison) -> Reason:
    """Return why *one*, which meets every bar, stands behind whoever is established as the best."""
    counts = dict(zip(leader.candidates, leader.samples, strict=True))
    text = (
        f"meets {one.own.bar:.0%}, but `{leader.best}` is the best within {leader.margin:.0%}:"
        f" established on {counts.get(leader.best or '', 0)} and {counts.get(one.candidate, 0)} samples"
    )
    return Reason(kind="objective", text=text)


def held_back(entrants: Sequence[Entrant]) -> str:
    """Return why nobody serves."""
    if any(all(f.finding == "meets" for f in one.findings) for one in entrants):
        return "whoever meets the bars is passed over for its partner: see each reason"
    findings = entrants[0].findings
    if len(findings) == 1:
        return f"no candidate meets the bar of {findings[0].bar:.0%}"
    bars = ", ".join(f"{one.bar:.1%} on {one.suite_id}" for one in findings)
    return f"no candidate meets every bar: {bars}"


def figures(finding: Finding) -> str:
    """Return estimate, interval and count of *finding*, and its suite where it is not the own one."""
    text = f"{finding.estimate:.0%} [{finding.low:.1%}, {finding.high:.1%}] of {finding.samples}"
    return text if finding.suite_id == finding.feature else f"{text} on {finding.suite_id}"


def said(one: Entrant) -> str:
    """Return the price of *one* for 1,000 requests as people write it."""
    if one.price is None:
        return "an unknown price"
    currency = one.standing.currency if one.standing else ""
    return f"{one.price:.2f} {currency}".rstrip()


def _missed(finding: Finding) -> str:
    if finding.finding == "falls_short":
        return f"falls short of {finding.bar:.0%}: {figures(finding)}"
    return f"undecided against {finding.bar:.0%}: {figures(finding)}; undecided never passes"
