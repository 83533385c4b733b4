"""The road of each feature: assessed, selected, filed, approved, on; and what blocks it."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from pratique.assessment.decisions import latest_assessment, latest_selection
from pratique.assessment.findings import Finding
from pratique.assessment.selection import Choice
from pratique.errors import NotFound
from pratique.filing.filings import Filing, list_filings
from pratique.rollout.gate import Refusal, Rules, approved, digest_approval
from pratique.rollout.packs import in_force, policy_of
from pratique.rollout.state import GateState, read_state
from pratique.workspace.opened import Opened


class Stop(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One stop on the road."""

    name: str
    """`assessed`, `selected`, `filed`, `approved` or `stage`."""
    done: bool
    """Whether it was reached."""
    detail: str
    """What was reached, or what is missing."""


class Road(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far one feature has come in one locale."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    stops: tuple[Stop, ...]
    """The five stops, in order."""

    @property
    def blocked_by(self) -> str:
        """The first thing that is missing; empty when it is on."""
        return next((f"{stop.name}: {stop.detail}" for stop in self.stops if not stop.done), "")


def roads(opened: Opened, rules: Rules) -> list[Road]:
    """Return the road of every feature and locale of the market."""
    with opened.database.connect() as connection:
        findings = _findings(connection, rules.market.id)
        choices = _choices(connection, rules.market.id)
        filings = list_filings(connection, rules.market.id)
        state = read_state(connection, rules, opened.clock())
        policy = policy_of(rules.market)
        screened = in_force(connection, rules.market.id, policy, opened.verifies, opened.clock())
    unscreened = screened if isinstance(screened, Refusal) else None
    return [
        Road(
            feature=feature,
            locale=locale,
            stops=(
                _assessed(findings.get((feature, locale), [])),
                _selected(choices.get((feature, locale))),
                _filed(filings, feature, locale),
                *_approved(state, opened.clock(), filings, feature, locale, unscreened),
            ),
        )
        for feature in rules.market.features
        for locale in rules.market.locales
    ]


def _findings(connection: Connection, market: str) -> Mapping[tuple[str, str], list[Finding]]:
    found: dict[tuple[str, str], list[Finding]] = {}
    try:
        for one in latest_assessment(connection, market).findings:
            found.setdefault((one.feature, one.locale), []).append(one)
    except NotFound:
        pass  # not assessed yet: the road says so
    return found


def _choices(connection: Connection, market: str) -> Mapping[tuple[str, str], Choice]:
    try:
        selection = latest_selection(connection, market)
    except NotFound:
        return {}
    return {(one.feature, one.locale): one for one in selection.choices}


def _assessed(findings: list[Finding]) -> Stop:
    counts = {
        word: sum(f.finding == word for f in findings)
        for word in ("meets", "falls_short", "undecided")
    }
    detail = ", ".join(
        f"{count} {word.replace('_', ' ')}" for word, count in counts.items() if count
    )
    return Stop(name="assessed", done=bool(findings), detail=detail or "no candidate was tested")


def _selected(choice: Choice | None) -> Stop:
    if choice is None:
        return Stop(name="selected", done=False, detail="nothing was decided")
    if choice.serves is None:
        return Stop(name="selected", done=False, detail=f"held back: {choice.held_back}")
    return Stop(name="selected", done=True, detail=choice.serves)


def _filed(filings: list[Filing], feature: str, locale: str) -> Stop:
    for filing in reversed(filings):
        if any((one.feature, one.locale) == (feature, locale) for one in filing.variants):
            mark = " (simulated)" if filing.simulated else ""
            return Stop(name="filed", done=True, detail=f"{filing.id}, {filing.state}{mark}")
    return Stop(name="filed", done=False, detail="not filed")


def _approved(
    state: GateState,
    now: datetime,
    filings: list[Filing],
    feature: str,
    locale: str,
    unscreened: Refusal | None,
) -> tuple[Stop, Stop]:
    released = approved(state, feature, locale, now)
    if not isinstance(released, Refusal):
        release, approval = released.release, released.approval
        mark = " (simulated)" if approval.simulated else ""
        stage = release.stages[release.stage].name
        stopped = [
            f"halted: {one.reason}"
            for one in state.cells[feature, locale].halts
            if one.scope.app_category is None
        ]
        if unscreened is not None:
            stopped.insert(0, f"screening is off: {unscreened.detail}")
        if release.state != "on":
            stopped.insert(0, f"halted: {release.reason}")
        return (
            Stop(
                name="approved",
                done=True,
                detail=f"{approval.number} until {approval.expires}{mark}",
            ),
            Stop(name="stage", done=not stopped, detail=stopped[0] if stopped else stage),
        )
    why = "nothing to approve: not filed"
    for filing in reversed(filings):
        for one in filing.variants:
            if (one.feature, one.locale) == (feature, locale):
                found = digest_approval(state, one.digest, now)
                if not isinstance(found, Refusal):
                    mark = " (simulated)" if found.simulated else ""
                    detail = f"{found.number} until {found.expires}{mark}"
                    return Stop(name="approved", done=True, detail=detail), Stop(
                        name="stage", done=False, detail=f"off: {released.detail}"
                    )
                why = found.detail.replace(one.digest, one.digest[:19])
    return Stop(name="approved", done=False, detail=why), Stop(
        name="stage", done=False, detail="off"
    )
