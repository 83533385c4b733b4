"""Sensitivity: what would have to change for a choice to change, one thing at a time."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from pratique.assessment.objectives import Entrant, Objective, Worth, rank, value

Lever = Literal["bar", "estimate", "price", "speed", "money", "second", "partner"]
"""What moves: a bar of the standard, a candidate's figures, what money or time are worth, or the
verdict about a partner."""


class Switch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One change that would change who serves, all else equal."""

    lever: Lever
    """What would move."""
    of: str
    """Whose it is: a candidate, a suite for a bar, `market` for what money or time are worth."""
    now: float | None
    """Where it stands; None where it is no number."""
    at: float | None
    """Where the choice turns."""
    then: str | None
    """Who would serve; None when nobody would."""
    text: str
    """It, as a sentence."""


def switches(
    entrants: Sequence[Entrant], able: Sequence[Entrant], objective: Objective, worth: Worth
) -> tuple[Switch, ...]:
    """Return each single change that would change the choice; *able* is ranked, best first.

    A bar is taken to turn where the established interval ends: above the low end of whoever
    serves, and at the low end of whoever does not meet it yet.
    """
    found = _higher_bars(able)
    if able:
        found += [one for rival in able[1:] for one in _rival(able[0], rival, objective, worth)]
    else:
        found += _lower_bars(entrants)
    found += _partners(entrants, able[0] if able else None, objective, worth)
    return tuple(found)


def _higher_bars(able: Sequence[Entrant]) -> list[Switch]:
    """Return at which bar whoever serves would no longer be established as meeting it."""
    if not able:
        return []
    best = able[0]
    found = []
    for finding in best.findings:
        heirs = [
            one.candidate
            for one in able[1:]
            if any(f.suite_id == finding.suite_id and f.low > finding.low for f in one.findings)
        ]
        then = heirs[0] if heirs else None
        text = (
            f"a bar above {finding.low:.1%} on {finding.suite_id}: `{best.candidate}` is not"
            f" established there; {f'`{then}` would serve' if then else 'nobody would serve'}"
        )
        found.append(
            Switch(
                lever="bar",
                of=finding.suite_id,
                now=finding.bar,
                at=finding.low,
                then=then,
                text=text,
            )
        )
    return found


def _lower_bars(entrants: Sequence[Entrant]) -> list[Switch]:
    """Return at which bar somebody would serve, where one bar alone stands in the way."""
    found = []
    for one in entrants:
        missed = [finding for finding in one.findings if finding.finding != "meets"]
        if len(missed) == 1 and not one.objections:
            finding = missed[0]
            text = (
                f"a bar of {finding.low:.1%} or less on {finding.suite_id}:"
                f" `{one.candidate}` would serve"
            )
            found.append(
                Switch(
                    lever="bar",
                    of=finding.suite_id,
                    now=finding.bar,
                    at=finding.low,
                    then=one.candidate,
                    text=text,
                )
            )
    return sorted(found, key=lambda switch: (-(switch.at or 0.0), switch.then or ""))


def _rival(best: Entrant, rival: Entrant, objective: Objective, worth: Worth) -> list[Switch]:
    """Return what would put *rival*, which meets every bar, before *best*."""
    who = rival.candidate
    if objective == "estimate":
        text = f"an estimate of `{who}` above {best.own.estimate:.1%}: it would serve"
        return [_of(rival, "estimate", rival.own.estimate, best.own.estimate, text)]
    if objective == "speed":
        there = best.own.seconds_per_call
        text = f"answers of `{who}` within {there:.2f} s: it would serve"
        return [_of(rival, "speed", rival.own.seconds_per_call, there, text)]
    if objective == "price":
        if best.price is None:
            return []
        text = f"a price of `{who}` under {best.price:.2f} for 1,000 requests: it would serve"
        return [_of(rival, "price", rival.price, best.price, text)]
    return _weighed(best, rival, worth)


def _weighed(best: Entrant, rival: Entrant, worth: Worth) -> list[Switch]:
    """Return what would put *rival* before *best* where quality, price and time are weighed."""
    gap = value(best, worth) - value(rival, worth)
    found = []
    if gap == float("inf"):
        text = f"a known price of `{rival.candidate}`: unknown never wins"
        return [_of(rival, "price", None, None, text)]
    if worth.money > 0 and rival.price is not None and best.price is not None:
        there = rival.price - gap / worth.money
        if there > 0:
            text = f"a price of `{rival.candidate}` under {there:.2f} for 1,000 requests: it would serve"
            found.append(_of(rival, "price", rival.price, there, text))
        dearer = best.price + gap / worth.money
        text = f"a price of `{best.candidate}` above {dearer:.2f} for 1,000 requests: `{rival.candidate}` would serve"
        found.append(
            Switch(
                lever="price",
                of=best.candidate,
                now=best.price,
                at=dearer,
                then=rival.candidate,
                text=text,
            )
        )
    if rival.price is not None and best.price is not None:
        found += _weight("money", worth.money, best.price - rival.price, gap, rival)
    time = best.own.seconds_per_call - rival.own.seconds_per_call
    found += _weight("second", worth.second, time, gap, rival)
    return found


def _weight(
    lever: Literal["money", "second"], now: float, more: float, gap: float, rival: Entrant
) -> list[Switch]:
    """Return the weight at which *rival* draws level: the best one costs *more* of it a unit."""
    if more == 0.0:
        return []
    there = now + gap / more
    if there < 0.0:
        return []
    side = "above" if more > 0 else "below"
    text = f"`worth.{lever}` {side} {there:.3g} points: `{rival.candidate}` would serve"
    return [Switch(lever=lever, of="market", now=now, at=there, then=rival.candidate, text=text)]


def _partners(
    entrants: Sequence[Entrant], best: Entrant | None, objective: Objective, worth: Worth
) -> list[Switch]:
    """Return who would serve if the verdict about its partner were another."""
    found = []
    for one in entrants:
        meets = all(finding.finding == "meets" for finding in one.findings)
        if not one.objections or not meets:
            continue
        if best is None or rank(one, objective, worth) < rank(best, objective, worth):
            grounds = " and ".join(objection.ground for objection in one.objections)
            text = f"without {grounds}: `{one.candidate}` would serve"
            found.append(_of(one, "partner", None, None, text))
    return found


def _of(one: Entrant, lever: Lever, now: float | None, at: float | None, text: str) -> Switch:
    return Switch(lever=lever, of=one.candidate, now=now, at=at, then=one.candidate, text=text)
