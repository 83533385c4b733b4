"""The road of each feature as the console draws it: five stops, each with what to say there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec
from sqlalchemy import Connection

from pratique.assessment.decisions import latest_assessment, latest_selection
from pratique.assessment.selection import Choice
from pratique.errors import NotFound
from pratique.filing.approvals import Approval, read_approvals
from pratique.filing.filings import Filing, list_filings
from pratique.rollout.releases import Release, list_releases
from pratique.rollout.road import Road, Stop, roads
from pratique.web.service import Service

State = Literal["done", "open", "halted"]

Place = tuple[str, str]
"""Feature and locale."""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to say, by the key of its text."""

    key: str
    """The text."""
    values: Mapping[str, object] = {}
    """What is filled in."""


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One stop."""

    name: str
    """`assessed`, `selected`, `filed`, `approved` or `stage`."""
    state: State
    """Whether it was reached, or left again by a halt."""
    says: Sequence[Said]
    """What was reached, in the reader's language."""
    detail: str
    """What is missing, in the words of the gate; empty where `says` says it."""


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """The road of one feature in one locale."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    marks: Sequence[Mark]
    """The five stops."""
    serves: str
    """`partner/model` that was selected; empty when nobody was."""
    number: str
    """Number of the approval in force of what is released, or could be; empty without one."""
    simulated: bool
    """Whether that approval is for practice."""
    release: Release | None
    """The release that has not ended."""

    @property
    def blocked(self) -> Mark | None:
        """The first stop that is missing."""
        return next((one for one in self.marks if one.state != "done"), None)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the store says of a market, read once."""

    counts: Mapping[Place, Mapping[str, int]]
    """Findings by place and word."""
    choices: Mapping[Place, Choice]
    """The latest selection."""
    filings: Mapping[Place, Filing]
    """The latest filing of each place."""
    approvals: Mapping[str, Approval]
    """An approval that counts, by the digest that it covers."""
    releases: Mapping[Place, Release]
    """Releases that have not ended."""


def ways(service: Service) -> list[Way]:
    """Return the road of every feature and locale of the market. The gate says what is reached."""
    with service.opened.database.connect() as connection:
        known = known_of(connection, service)
    return [_way(road, known) for road in roads(service.opened, service.rules)]


def known_of(connection: Connection, service: Service) -> Known:
    """Read what is known of the service's market."""
    market = service.rules.market.id
    filings: dict[Place, Filing] = {}
    for filing in list_filings(connection, market):
        filings |= {(one.feature, one.locale): filing for one in filing.variants}
    return Known(
        counts=_counts(connection, market),
        choices=_choices(connection, market),
        filings=filings,
        approvals=_approvals(connection, service),
        releases={
            (one.feature, one.locale): one
            for one in list_releases(connection, market)
            if one.state != "ended"
        },
    )


def _counts(connection: Connection, market: str) -> dict[Place, dict[str, int]]:
    found: dict[Place, dict[str, int]] = {}
    try:
        for one in latest_assessment(connection, market).findings:
            of = found.setdefault((one.feature, one.locale), {})
            of[one.finding] = of.get(one.finding, 0) + 1
    except NotFound:
        return {}  # not assessed yet: the road says so
    return found


def _choices(connection: Connection, market: str) -> dict[Place, Choice]:
    try:
        selection = latest_selection(connection, market)
    except NotFound:
        return {}
    return {(one.feature, one.locale): one for one in selection.choices}


def _approvals(connection: Connection, service: Service) -> dict[str, Approval]:
    rules, now = service.rules, service.opened.clock()
    return {
        covered.digest: one.approval
        for one in read_approvals(connection, rules.verifies, rules.workspace)
        if one.approval
        and not one.fault
        and one.approval.market == rules.market.id
        and (rules.rehearsal or not one.approval.simulated)
        and one.approval.state_on(now) == "in_force"
        for covered in one.approval.variants
    }


def _way(road: Road, known: Known) -> Way:
    place = (road.feature, road.locale)
    choice, filing = known.choices.get(place), known.filings.get(place)
    release = known.releases.get(place)
    digests = [release.digest] if release else []
    if filing:
        digests += [one.digest for one in filing.variants if (one.feature, one.locale) == place]
    approval = next((known.approvals[one] for one in digests if one in known.approvals), None)
    said: dict[str, Sequence[Said]] = {
        "assessed": list(_assessed(known.counts.get(place, {}))),
        "selected": [Said(key="road.who", values={"who": choice.serves})]
        if choice and choice.serves
        else [],
        "filed": [Said(key=f"road.filed_{filing.state}", values={"id": filing.id})]
        if filing
        else [],
        "approved": [
            Said(key="road.approved", values={"number": approval.number, "until": approval.expires})
        ]
        if approval
        else [],
        "stage": list(_stage(release)),
    }
    return Way(
        feature=road.feature,
        locale=road.locale,
        marks=[
            Mark(
                name=stop.name,
                state=_state(stop.name, stop.done, release),
                says=said[stop.name] or [Said(key=f"road.no_{stop.name}")],
                detail=_detail(stop, choice, filing, release),
            )
            for stop in road.stops
        ],
        serves=(choice.serves or "") if choice else "",
        number=approval.number if approval else "",
        simulated=approval.simulated if approval else False,
        release=release,
    )


def _detail(
    stop: Stop, choice: Choice | None, filing: Filing | None, release: Release | None
) -> str:
    """Return the gate's own words where more is to say than that a stop was not reached."""
    more = {"selected": choice, "approved": filing, "stage": release}.get(stop.name)
    return stop.detail if not stop.done and more is not None else ""


def _state(name: str, done: bool, release: Release | None) -> State:
    if done:
        return "done"
    return "halted" if name == "stage" and release else "open"


def _assessed(counts: Mapping[str, int]) -> Iterator[Said]:
    for word in ("meets", "falls_short", "undecided"):
        if counts.get(word):
            yield Said(key=f"road.{word}", values={"count": counts[word]})


def _stage(release: Release | None) -> Iterator[Said]:
    if release is not None:
        stage = release.stages[release.stage]
        values = {"stage": stage.name, "share": f"{stage.user_fraction:.4g}"}
        yield Said(key=f"road.{release.state}", values=values)
