"""Notices: a partner says when a model ends; what that asks for, by when, and whom it touches."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import UTC, date
from math import ceil
from typing import Literal

import msgspec

from pratique.assessment.decisions import latest_assessment
from pratique.errors import Malformed, NotFound
from pratique.filing.public_list import latest_public_list, partner_filed
from pratique.partners.catalogue import Candidate, Partner, find_candidate, packaged, read_partners
from pratique.regimes.citations import Confidence
from pratique.regimes.procedures import Procedure
from pratique.regimes.regime import Regime, load_regime
from pratique.regimes.routes import RouteFacts, route
from pratique.rollout.gate import Rules
from pratique.rollout.releases import Release
from pratique.rollout.state import read_state
from pratique.rollout.steps import fallbacks
from pratique.serving.variant import RoleModel, Variant
from pratique.settings.toml import read_toml
from pratique.settings.workspace import Workspace
from pratique.workspace.opened import Opened

Measured = Literal["meets", "untested", "undecided", "falls_short"]
"""What is known of a candidate's quality."""

_RANK: tuple[Measured, ...] = ("meets", "untested", "undecided", "falls_short")
"""Who is looked at first."""

FOLDER = "notices"
"""Folder of the workspace in which notices are, a file each."""


class Notice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file `notices/NAME.toml`: what a partner wrote."""

    partner: str
    """The partner."""
    models: tuple[str, ...]
    """Its models that end, by their names below it."""
    announced: date | None = None
    """Day of the notice; quotas may be cut from then on. None is unknown."""
    ends: date
    """Day from which on they no longer answer."""
    source: str = ""
    """Where it was read."""

    @property
    def names(self) -> frozenset[str]:
        """The models as `partner/model`."""
        return frozenset(f"{self.partner}/{model}" for model in self.models)


class Alternative(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A candidate of the market that could take over, with what that asks for."""

    candidate: str
    """`partner/model`."""
    change: str
    """What the regime calls the change: `partner` or `model`."""
    asks: str
    """`none`, `notify` or `file_again`."""
    procedure: Procedure
    """Which procedure is due for it."""
    months: tuple[float, float] | None
    """Shortest and longest time that it took others; None where nobody has said."""
    file_by: date | None
    """Last day to submit, by the longest time; None where there is no time to go by."""
    confidence: Confidence
    """How far the rule may be trusted."""
    measured: Measured
    """What the latest assessment found of it on this feature and locale."""

    def is_open(self, today: date) -> bool:
        """Whether it can still be submitted in time, as far as anybody knows."""
        in_time = self.file_by is None or self.file_by >= today
        return in_time and self.measured != "falls_short"


class Exposed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A release that ends with its model."""

    release: str
    """The release."""
    feature: str
    """Feature."""
    locale: str
    """Locale."""
    candidate: str
    """`partner/model`."""
    state: str
    """Whether it serves."""
    user_fraction: float
    """Share of eligible devices that it serves."""
    fallbacks: tuple[str, ...]
    """Candidates that an approval in force covers already, best first."""
    alternatives: tuple[Alternative, ...]
    """Who else could take over, what meets the bars first; empty where a fallback is approved."""
    late: bool
    """Whether it has no approved fallback, and no day to submit another is left."""

    @property
    def says(self) -> str:
        """What is to be done, for people."""
        who = f"`{self.release}` ({self.user_fraction:.0%} of eligible devices, {self.candidate})"
        if self.fallbacks:
            return (
                f"{who}: `pratique rollout switch {self.feature} --locale {self.locale}` to"
                f" `{self.fallbacks[0]}`, which is approved"
            )
        if not self.alternatives:
            return f"{who}: LATE, no other candidate in the market"
        best = self.alternatives[0]
        by = f"by {best.file_by}" if best.file_by else "at once: nobody says how long it takes"
        act = {"none": "carry over to", "notify": "give notice of", "file_again": "file"}[best.asks]
        mark = "LATE, " if self.late else ""
        found = best.measured.replace("_", " ")
        return f"{who}: {mark}{act} `{best.candidate}` ({found}) {by} ({best.procedure})"


class Retiring(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one notice comes to."""

    notice: Notice
    """The notice."""
    days_left: int
    """Days until the models end; below 0 afterwards."""
    exposed: tuple[Exposed, ...]
    """The releases that end with them."""

    @property
    def late(self) -> bool:
        """Whether a release cannot be replaced in time any more."""
        return any(one.late for one in self.exposed)

    @property
    def sentences(self) -> list[str]:
        """The plan for people, a line each."""
        models = ", ".join(sorted(self.notice.names))
        head = f"{models} ends on {self.notice.ends}, in {self.days_left} days"
        if not self.exposed:
            return [f"{head}: no release rests on it"]
        return [head, *(f"  {one.says}" for one in self.exposed)]


def plans(opened: Opened, rules: Rules) -> list[Retiring]:
    """Return what the workspace's notices come to, and those of the catalogue that touch a release.

    Raises:
        Malformed, NotFound: as `read_notices`.
    """
    partners = read_partners(opened.workspace.content("partners", packaged()))
    own = read_notices(opened.workspace, partners)
    told = {name for one in own for name in one.names}
    others = [one for one in _of_catalogue(partners.values()) if not one.names & told]
    found = retiring(opened, rules, [*own, *others])
    return [one for one in found if one.exposed or one.notice in own]


def read_notices(workspace: Workspace, partners: Mapping[str, Partner]) -> list[Notice]:
    """Return the workspace's notices.

    Raises:
        Malformed: a notice is not what it should be.
        NotFound: it names a partner or a model that is not among *partners*.
    """
    found = []
    for path in sorted((workspace.folder / FOLDER).glob("*.toml")):
        one = read_toml(path, Notice)
        if not one.models or (one.announced and one.announced > one.ends):
            what = "names no model" if not one.models else "was announced after its end"
            raise Malformed(f"the notice {what}", path=path)
        for name in one.names:
            find_candidate(partners, name)
        found.append(one)
    return found


def _of_catalogue(partners: Iterable[Partner]) -> list[Notice]:
    return [
        Notice(
            partner=partner.id,
            models=(model.id,),
            announced=model.retires.announced,
            ends=model.retires.on,
            source=model.retires.source,
        )
        for partner in partners
        for model in partner.models
        if model.retires
    ]


def retiring(opened: Opened, rules: Rules, notices: Iterable[Notice]) -> list[Retiring]:
    """Return what each of *notices* comes to in the market of *rules*, the soonest first."""
    today = opened.clock().astimezone(UTC).date()
    with opened.database.connect() as connection:
        state = read_state(connection, rules, opened.clock())
    running = [
        (cell.release, cell.variant) for cell in state.cells.values() if cell.variant is not None
    ]
    every = list(notices)
    ending = frozenset(name for one in every for name in one.names)
    found = [
        Retiring(
            notice=one,
            days_left=(one.ends - today).days,
            exposed=tuple(
                _exposed(opened, rules, release, variant, one, ending, today)
                for release, variant in running
                if variant.candidate in one.names
            ),
        )
        for one in every
    ]
    return sorted(found, key=lambda one: (one.notice.ends, sorted(one.notice.names)))


def _exposed(
    opened: Opened,
    rules: Rules,
    release: Release,
    variant: Variant,
    notice: Notice,
    ending: frozenset[str],
    today: date,
) -> Exposed:
    approved = tuple(
        name
        for name, _ in fallbacks(opened, rules, release.feature, release.locale)
        if name not in ending and name != variant.candidate
    )
    others = () if approved else _alternatives(opened, rules, variant, notice, ending)
    return Exposed(
        release=release.id,
        feature=release.feature,
        locale=release.locale,
        candidate=variant.candidate,
        state=release.state,
        user_fraction=release.user_fraction,
        fallbacks=approved,
        alternatives=others,
        late=not approved and not any(one.is_open(today) for one in others),
    )


def _alternatives(
    opened: Opened, rules: Rules, variant: Variant, notice: Notice, ending: frozenset[str]
) -> tuple[Alternative, ...]:
    partners = read_partners(opened.workspace.content("partners", packaged()))
    regime = load_regime(rules.market.regime)
    found = [
        _alternative(opened, rules, regime, variant, find_candidate(partners, name), notice.ends)
        for name in rules.market.candidates
        if name not in ending and name != variant.candidate
    ]
    latest = sorted(found, key=lambda one: one.file_by or date.min, reverse=True)
    return tuple(sorted(latest, key=lambda one: _RANK.index(one.measured)))


def _measured(opened: Opened, variant: Variant, candidate: str) -> Measured:
    """Return what the latest assessment of the market found of *candidate* in this place."""
    with opened.database.connect() as connection:
        try:
            findings = latest_assessment(connection, variant.market).findings
        except NotFound:
            return "untested"
    words = [
        one.finding
        for one in findings
        if (one.feature, one.locale, one.candidate) == (variant.feature, variant.locale, candidate)
    ]
    worst: tuple[Measured, ...] = ("falls_short", "undecided", "meets")
    return next((word for word in worst if word in words), "untested")


def _alternative(
    opened: Opened,
    rules: Rules,
    regime: Regime,
    variant: Variant,
    candidate: Candidate,
    ends: date,
) -> Alternative:
    part = "model" if candidate.partner.id == variant.serving.partner else "partner"
    change = regime.change(part)
    role = RoleModel(
        role=variant.serving.role,
        partner=candidate.partner.id,
        model=candidate.model.id,
        snapshot=candidate.model.snapshot,
        weights=candidate.model.weights,
    )
    filed = partner_filed(rules.market, role, latest_public_list(opened.workspace, rules.market.id))
    facts = RouteFacts(
        offered_to_public=True, weights=candidate.model.weights, partner_filed=filed.holds
    )
    due = route(regime, facts)
    months = _months(regime, due.procedure)
    again = change.kind == "file_again"
    return Alternative(
        candidate=candidate.name,
        change=part,
        asks=change.kind,
        procedure=due.procedure,
        months=months if again else None,
        file_by=ends if not again else _before(ends, months[1]) if months else None,
        confidence=due.confidence,
        measured=_measured(opened, variant, candidate.name),
    )


def _months(regime: Regime, procedure: Procedure) -> tuple[float, float] | None:
    """Return how long *procedure* took others, in months; none where nothing is due."""
    for one in regime.procedures:
        if one.id == procedure:
            low, high = one.months_shortest, one.months_longest
            if low is None or high is None:
                return (0.0, 0.0) if procedure == "none" else None
            return float(low.value), float(high.value)
    return (0.0, 0.0) if procedure == "none" else None


def _before(day: date, months: float) -> date:
    """Return the day that many *months* before *day*; part of a month counts as a whole one."""
    whole = day.year * 12 + day.month - 1 - ceil(months)
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
