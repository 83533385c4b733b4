"""Selection: who serves which feature in which locale, and why the others do not."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from pratique.assessment.findings import Finding
from pratique.store.canonical import canonical, digest

Objective = Literal["estimate", "speed"]


class PassedOver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A candidate that does not serve."""

    candidate: str
    """`partner/model`."""
    reason: str
    """What decided it, with the figures."""


class Choice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was decided for one feature in one locale."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    serves: str | None
    """`partner/model` that serves; None when nobody meets the standard."""
    digest: str | None
    """Digest of its variant."""
    fallbacks: tuple[str, ...]
    """Other candidates that meet the standard, best first."""
    passed_over: tuple[PassedOver, ...]
    """Everybody else, each with the reason."""
    held_back: str | None
    """Why the feature is not offered, when nobody serves it."""


class Selection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The decision for a market."""

    market: str
    """Market."""
    assessment: str
    """Assessment that it rests on."""
    objective: Objective
    """What decided between candidates that meet the standard."""
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
    market: str, assessment: str, objective: Objective, findings: Sequence[Finding]
) -> Selection:
    """Return the selection that follows from *findings*: standards first, then the objective.

    It depends on the findings alone, so that anybody can make it again from the store.
    """
    cells: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        cells.setdefault((finding.feature, finding.locale), []).append(finding)
    choices = tuple(
        _choice(feature, locale, found, objective) for (feature, locale), found in cells.items()
    )
    return Selection(market=market, assessment=assessment, objective=objective, choices=choices)


def _choice(feature: str, locale: str, findings: Sequence[Finding], objective: Objective) -> Choice:
    """Decide one feature in one locale: who meets every bar, and of them the best on its own suite."""
    of: dict[str, list[Finding]] = {}
    for one in findings:
        of.setdefault(one.candidate, []).append(one)
    able = sorted(
        (_own(found) for found in of.values() if all(one.finding == "meets" for one in found)),
        key=lambda f: _rank(f, objective),
    )
    best = able[0] if able else None
    passed_over = [
        PassedOver(candidate=name, reason=_reason(_deciding(found), best, objective))
        for name, found in of.items()
        if best is None or name != best.candidate
    ]
    return Choice(
        feature=feature,
        locale=locale,
        serves=best.candidate if best else None,
        digest=best.digest if best else None,
        fallbacks=tuple(f.candidate for f in able[1:]),
        passed_over=tuple(passed_over),
        held_back=None if best else _held_back(next(iter(of.values()))),
    )


def _own(findings: Sequence[Finding]) -> Finding:
    """Return the finding on the feature's own suite, or the first where the standard has none."""
    return next((one for one in findings if one.suite_id == one.feature), findings[0])


def _deciding(findings: Sequence[Finding]) -> Finding:
    """Return the finding that a candidate is passed over for: the worst kind, else its own suite's."""
    for kind in ("falls_short", "undecided"):
        for one in findings:
            if one.finding == kind:
                return one
    return _own(findings)


def _held_back(findings: Sequence[Finding]) -> str:
    if len(findings) == 1:
        return f"no candidate meets the bar of {findings[0].bar:.0%}"
    bars = ", ".join(f"{one.bar:.1%} on {one.suite_id}" for one in findings)
    return f"no candidate meets every bar: {bars}"


def _rank(finding: Finding, objective: Objective) -> tuple[float, float, str]:
    """Order candidates that meet the bar; the name comes last so that ties are always broken."""
    quality, time = -finding.estimate, finding.seconds_per_call
    return (
        (quality, time, finding.candidate)
        if objective == "estimate"
        else (time, quality, finding.candidate)
    )


def _reason(finding: Finding, best: Finding | None, objective: Objective) -> str:
    figures = f"{finding.estimate:.0%} [{finding.low:.1%}, {finding.high:.1%}] of {finding.samples}"
    if finding.suite_id != finding.feature:
        figures += f" on {finding.suite_id}"
    if finding.finding == "falls_short":
        return f"falls short of {finding.bar:.0%}: {figures}"
    if finding.finding == "undecided":
        return f"undecided against {finding.bar:.0%}: {figures}; undecided never passes"
    assert best is not None  # noqa: S101  (somebody meets the bar, so there is a best)
    if objective == "estimate":
        return f"meets {finding.bar:.0%}, but `{best.candidate}` has {best.estimate:.0%} against {figures}"
    return f"meets {finding.bar:.0%}, but `{best.candidate}` answers sooner"
