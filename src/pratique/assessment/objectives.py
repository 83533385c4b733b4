"""Objectives: what decides between candidates that meet the standard."""

import msgspec

from pratique.assessment.findings import Finding
from pratique.assessment.standings import Objection, Standing
from pratique.settings.workspace import Objective, Worth

__all__ = ["Entrant", "Objective", "Worth", "rank", "value"]


class Entrant(msgspec.Struct, frozen=True, kw_only=True):
    """One candidate for one feature in one locale, with all that is known of it."""

    candidate: str
    """`partner/model`."""
    findings: tuple[Finding, ...]
    """One for each requirement."""
    objections: tuple[Objection, ...]
    """What speaks against its partner here."""
    standing: Standing | None
    """What it costs, where that was counted."""
    own: Finding
    """The finding on the feature's own suite, by which it is compared."""

    @property
    def able(self) -> bool:
        """Whether it meets every bar and nothing speaks against its partner."""
        return not self.objections and all(one.finding == "meets" for one in self.findings)

    @property
    def price(self) -> float | None:
        """What 1,000 requests cost; None is unknown."""
        return self.standing.price if self.standing else None


def value(one: Entrant, worth: Worth) -> float:
    """Return the points of *one*: its estimate less what its price and its time are worth.

    Minus infinity where money counts and its price is unknown: unknown never wins.
    """
    points = 100 * one.own.estimate - worth.second * one.own.seconds_per_call
    if worth.money == 0.0:
        return points
    return float("-inf") if one.price is None else points - worth.money * one.price


def rank(one: Entrant, objective: Objective, worth: Worth) -> tuple[float, float, float, str]:
    """Return what candidates are ordered by, the best first; the name breaks every tie."""
    quality, time = -one.own.estimate, one.own.seconds_per_call
    price = float("inf") if one.price is None else one.price
    if objective == "estimate":
        return (quality, time, price, one.candidate)
    if objective == "speed":
        return (time, quality, price, one.candidate)
    if objective == "price":
        return (price, quality, time, one.candidate)
    return (-value(one, worth), quality, time, one.candidate)
