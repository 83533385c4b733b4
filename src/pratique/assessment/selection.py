"""Selection: who serves which feature in which locale, and why the others do not."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from pratique.assessment.comparing import Comparison
from pratique.assessment.findings import Finding
from pratique.assessment.objectives import Entrant, Objective, Worth, rank
from pratique.assessment.reasons import (
    Reason,
    against_standard,
    held_back,
    lost_on_objective,
    not_the_best,
)
from pratique.assessment.sensitivity import Switch, switches
from pratique.assessment.standings import Objection, Standing
from pratique.store.canonical import canonical, digest

Role = Literal["serve", "extend"]


class PassedOver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A candidate that does not serve."""

    candidate: str
    """`partner/model`."""
    reasons: tuple[Reason, ...]
    """What decided it, with the figures; each one alone would have."""

    @property
    def reason(self) -> str:
        """All of it as one sentence."""
        return "; ".join(one.text for one in self.reasons)


class Choice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was decided for one feature in one locale."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    role: Role = "serve"
    """What the chosen one does: it serves, or extends with consent at each request."""
    serves: str | None
    """`partner/model` that serves; None when nobody meets the standard."""
    digest: str | None
    """Digest of its variant."""
    fallbacks: tuple[str, ...]
    """Other candidates that meet the standard, best first."""
    safeguards: tuple[str, ...] = ()
    """Whose filters judge it, the first one first; as the market names them, not measured here."""
    passed_over: tuple[PassedOver, ...]
    """Everybody else, each with the reasons."""
    held_back: str | None
    """Why the feature is not offered, when nobody serves it."""
    switches: tuple[Switch, ...] = ()
    """What would have to change for the choice to change, nearest first."""


class Selection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The decision for a market."""

    market: str
    """Market."""
    assessment: str
    """Assessment that it rests on."""
    objective: Objective
    """What decided between candidates that meet the standard."""
    worth: Worth = Worth()
    """What money and time are worth, where the objective is `value`."""
    objections: tuple[Objection, ...] = ()
    """What spoke against partners when it was made."""
    standings: tuple[Standing, ...] = ()
    """What the candidates cost when it was made."""
    safeguards: tuple[str, ...] = ()
    """Safeguards that the market names, in its order."""
    extending: tuple[str, ...] = ()
    """Features of which the model extends rather than serves."""
    choices: tuple[Choice, ...]
    """One for each feature and locale."""

    @property
    def id(self) -> str:
        """Name, derived from all of the above."""
        return "selection-" + digest(canonical(self)).removeprefix("sha256:")[:16]

    @property
    def served(self) -> tuple[Choice, ...]:
        """The choices in which somebody serves."""
        return tuple(choice for choice in self.choices if choice.serves is not None)


def select(
    market: str,
    assessment: str,
    objective: Objective,
    findings: Sequence[Finding],
    *,
    worth: Worth | None = None,
    objections: Sequence[Objection] = (),
    standings: Sequence[Standing] = (),
    safeguards: Sequence[str] = (),
    extending: Sequence[str] = (),
    comparisons: Sequence[Comparison] = (),
) -> Selection:
    """Return the selection that follows: standards first, then objections, then the objective.

    It depends on the arguments alone, and keeps them, so that anybody can make it again.
    """
    worth = worth or Worth()
    prices = {one.run_id: one for one in standings}
    leaders = {(one.feature, one.locale): one for one in comparisons if one.best}
    cells: dict[tuple[str, str], dict[str, list[Finding]]] = {}
    for one in findings:
        cells.setdefault((one.feature, one.locale), {}).setdefault(one.candidate, []).append(one)
    entrants = {
        place: [
            Entrant(
                candidate=name,
                findings=tuple(found),
                objections=tuple(_about(objections, name, *place)),
                standing=prices.get(_own(found).run_id),
                own=_own(found),
            )
            for name, found in of.items()
        ]
        for place, of in cells.items()
    }
    choices = tuple(
        _choice(
            place,
            of,
            objective,
            worth,
            tuple(safeguards),
            "extend" if place[0] in extending else "serve",
            leaders.get(place),
        )
        for place, of in entrants.items()
    )
    return Selection(
        market=market,
        assessment=assessment,
        objective=objective,
        worth=worth,
        objections=tuple(objections),
        standings=tuple(standings),
        safeguards=tuple(safeguards),
        extending=tuple(extending),
        choices=choices,
    )


def again(
    selection: Selection, findings: Sequence[Finding], comparisons: Sequence[Comparison] = ()
) -> Selection:
    """Return the selection that *findings* and *comparisons* give under what *selection* kept."""
    return select(
        selection.market,
        selection.assessment,
        selection.objective,
        findings,
        worth=selection.worth,
        objections=selection.objections,
        standings=selection.standings,
        safeguards=selection.safeguards,
        extending=selection.extending,
        comparisons=comparisons,
    )


def _choice(
    place: tuple[str, str],
    entrants: Sequence[Entrant],
    objective: Objective,
    worth: Worth,
    safeguards: tuple[str, ...],
    role: Role,
    leader: Comparison | None,
) -> Choice:
    """Decide one feature in one locale.

    Where the estimate decides, whoever is established as the best stands before a higher estimate:
    estimates of runs that stopped at different counts are no comparison.
    """
    able = sorted(
        (one for one in entrants if one.able), key=lambda one: rank(one, objective, worth)
    )
    if objective == "estimate" and leader is not None:
        able.sort(key=lambda one: one.candidate != leader.best)
    best = able[0] if able else None
    passed_over = [
        PassedOver(candidate=one.candidate, reasons=_reasons(one, best, objective, worth, leader))
        for one in entrants
        if one is not best
    ]
    return Choice(
        feature=place[0],
        locale=place[1],
        role=role,
        serves=best.candidate if best else None,
        digest=best.own.digest if best else None,
        fallbacks=tuple(one.candidate for one in able[1:]),
        safeguards=safeguards,
        passed_over=tuple(passed_over),
        held_back=None if best else held_back(entrants),
        switches=switches(entrants, able, objective, worth),
    )


def _reasons(
    one: Entrant,
    best: Entrant | None,
    objective: Objective,
    worth: Worth,
    leader: Comparison | None,
) -> tuple[Reason, ...]:
    found = against_standard(one)
    if found or best is None:
        return found
    if objective == "estimate" and leader is not None and leader.best == best.candidate:
        return (not_the_best(one, leader),)
    return (lost_on_objective(one, best, objective, worth),)


def _own(findings: Sequence[Finding]) -> Finding:
    """Return the finding on the feature's own suite, or the first where the standard has none."""
    return next((one for one in findings if one.suite_id == one.feature), findings[0])


def _about(
    objections: Sequence[Objection], candidate: str, feature: str, locale: str
) -> list[Objection]:
    partner = candidate.partition("/")[0]
    return [
        one
        for one in objections
        if one.subject in (partner, candidate)
        and one.feature in ("", feature)
        and one.locale in ("", locale)
    ]
