"""Objectives of support: what a partner must carry and keep, written down before it is probed."""

from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from pratique.errors import Malformed, NotFound
from pratique.evals.load.arrivals import Law
from pratique.evals.statistics.proportion_tests import fewest_to_meet
from pratique.settings.toml import read_toml

NAME = "support"
"""Name of the file below `standards/`."""

State = Literal["met", "missed", "unknown"]
"""What is established of one item. Unknown never passes."""

_Share = Annotated[float, msgspec.Meta(gt=0, lt=1)]
_Amount = Annotated[float, msgspec.Meta(gt=0)]
_Count = Annotated[int, msgspec.Meta(ge=1)]


class Probing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked, and how it arrives."""

    feature: str
    """Feature whose requests are sent, in the very prompts that would serve."""
    locale: str
    """Locale of the samples."""
    suite: str = ""
    """Suite of the samples; the feature's own when empty."""
    law: Law = "poisson"
    """How the requests follow each other."""
    seed: int = 1
    """Seed of the arrivals and of the order of samples."""
    deadline_seconds: _Amount = 30.0
    """Longest time that one request may take."""


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of the load."""

    rate: _Amount
    """Requests a second."""
    requests: _Count
    """Requests at most; fewer where the step is decided before."""


class Timed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time that a share of the requests must keep."""

    seconds: _Amount
    """The time."""
    share: _Share = 0.95
    """Least share of all requests that keep it; 0.95 speaks of the 95th percentile."""


class Burst(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Many requests at once, and what comes after."""

    rate: _Amount
    """Requests a second in the burst."""
    requests: _Count
    """Requests in the burst."""
    after_rate: _Amount
    """Requests a second afterwards."""
    after_requests: _Count
    """Requests afterwards."""
    steady: _Count = 5
    """Requests in a row that must keep every objective to count as recovered."""
    recovery_seconds: _Amount
    """Longest time from the end of the burst to the first of them."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the waits that a partner asks for are tried."""

    tries: _Count = 3
    """How often; every one must help."""
    longest_seconds: _Amount = 90.0
    """A longer wait is not waited."""


class Load(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a partner must carry."""

    sustained_rate: _Amount
    """Least requests a second that it must carry with every objective of a step kept."""
    steps: tuple[Step, ...]
    """The steps, rising; the first that is missed ends the climb."""
    first_token: Timed
    """Time to the first token."""
    per_token: Timed
    """Time for each further token."""
    answered: _Share
    """Least share of requests that do not fail; a refusal is no failure here."""
    not_limited: _Share
    """Least share of requests that are not turned away."""
    valid: _Share
    """Least share of answers that have the form that the feature needs."""
    same_verdict: _Share
    """Least share of repeated inputs that meet with the same verdict as the time before."""
    burst: Burst
    """The burst."""
    waits: Waiting = Waiting()
    """The waits."""


class Severity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How soon tickets of one severity must be taken up and mended."""

    name: str
    """As it stands in ticket files."""
    acknowledge_minutes: _Amount
    """Longest mean time to acknowledge."""
    resolve_minutes: _Amount
    """Longest mean time to resolve."""


class Office(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the partner's people are at work as a matter of course; all else is odd hours."""

    days: tuple[Annotated[int, msgspec.Meta(ge=1, le=7)], ...] = (1, 2, 3, 4, 5)
    """Days of the week; 1 is Monday."""
    begins: Annotated[int, msgspec.Meta(ge=0, le=23)] = 9
    """First hour."""
    ends: Annotated[int, msgspec.Meta(ge=1, le=24)] = 18
    """The hour at which it is over."""
    holidays: tuple[date, ...] = ()
    """Days off."""
    workdays: tuple[date, ...] = ()
    """Days that are worked although they fall on another day of the week."""


class Incidents(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How incidents must be handled."""

    time_zone: str
    """The partner's time zone, such as `Asia/Shanghai`."""
    office: Office = Office()
    """Its office hours."""
    severities: tuple[Severity, ...]
    """Objectives by severity."""
    least_tickets: _Count = 8
    """Fewest tickets of a severity that say anything of it."""
    in_time: _Share
    """Least share of tickets in odd hours that are acknowledged within their objective."""
    least_fixers: _Count
    """Fewest different people who mended something."""
    least_bus_factor: _Count = 2
    """Fewest of them who together mended half of it."""


class Notice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Notice of retirement."""

    least_days: _Count
    """Fewest days between the announcement and the end of a model."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that the partner declares and somebody attests."""

    item: str
    """Its name."""
    about: str
    """What the document must show."""
    valid_days: _Count = 365
    """Days after which it must be attested anew."""


class Support(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of objectives of support."""

    id: str
    """Name of the file."""
    about: str
    """What it is for."""
    alpha: _Share
    """Chance of error of the load steps (see `ladder`); intervals hold with 1 - alpha."""
    probing: Probing
    """What is asked."""
    load: Load
    """What a partner must carry."""
    incidents: Incidents
    """How incidents must be handled."""
    notice: Notice
    """Notice of retirement."""
    attested: tuple[Wanted, ...] = ()
    """What must be attested."""
    may_stay_unknown: tuple[str, ...] = ()
    """Items that need not be known; missed they still count."""


def packaged() -> Path:
    """Return the folder of the standards that come with the product."""
    return Path(str(files("pratique") / "content" / "standards"))


def read_support(folders: Sequence[Path]) -> Support:
    """Return the objectives from the first of *folders* that has them.

    Raises:
        NotFound: there are none.
        Malformed: they are not what they should be, or a step cannot decide what it must.
    """
    for folder in folders:
        path = folder / f"{NAME}.toml"
        if path.is_file():
            found = read_toml(path, Support)
            _require_sound(found, path)
            return found
    raise NotFound(f"no `{NAME}.toml` among the standards", hint="write `standards/support.toml`")


def shares(load: Load) -> Mapping[str, float]:
    """Return the least shares of a step's requests, by what they must keep."""
    return {
        "first_token": load.first_token.share,
        "per_token": load.per_token.share,
        "answered": load.answered,
        "not_limited": load.not_limited,
    }


ITEMS: Mapping[str, str] = {
    "sustained_rate": "load carried",
    "recovery": "recovery after a burst",
    "waits": "waits that it asks for",
    "valid": "form of its answers",
    "same_verdict": "moderation stays the same",
    "acknowledge": "time to acknowledge",
    "resolve": "time to resolve",
    "odd_hours": "odd hours",
    "fixers": "people who mend",
    "bus_factor": "people who carry the mending",
    "notice": "notice of retirement",
}
"""What is measured, in words; those of a severity carry its name, as `acknowledge:1`."""


def item_names(support: Support) -> tuple[str, ...]:
    """Return the names of all items that *support* asks for."""
    severities = [one.name for one in support.incidents.severities]
    by_severity = {"acknowledge", "resolve"}
    return (
        *(
            name if severity is None else f"{name}:{severity}"
            for name in ITEMS
            for severity in (severities if name in by_severity else [None])
        ),
        *(f"attested:{one.item}" for one in support.attested),
    )


def _require_sound(support: Support, path: Path) -> None:
    for fault in _faults(support):
        raise Malformed(fault, path=path)


def _faults(support: Support) -> list[str]:
    """Return what is wrong with *support*."""
    load, rates = support.load, [one.rate for one in support.load.steps]
    found = [] if support.id == NAME else [f"id `{support.id}` is not the file's name `{NAME}`"]
    if not rates or rates != sorted(set(rates)):
        found.append("the steps' `rate` must rise")
    elif rates[-1] < load.sustained_rate:
        found.append(f"no step reaches `sustained_rate`, {load.sustained_rate:g} requests a second")
    for step in load.steps:
        for name, share in shares(load).items():
            needed = fewest_to_meet(share, support.alpha)
            if step.requests < needed:
                found.append(
                    f"step {step.rate:g}/s has {step.requests} requests; to establish `{name}`"
                    f" at {share:g} takes {needed} at least"
                )
    if load.burst.after_requests < load.burst.steady:
        found.append("`burst.after_requests` is less than `burst.steady`")
    if support.incidents.office.begins >= support.incidents.office.ends:
        found.append("`office.begins` must be before `office.ends`")
    try:
        ZoneInfo(support.incidents.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        found.append(f"no time zone `{support.incidents.time_zone}`")
    return [*found, *_names_at_fault(support)]


def _names_at_fault(support: Support) -> list[str]:
    found = []
    for kind, names in (
        ("severity", [one.name for one in support.incidents.severities]),
        ("attested item", [one.item for one in support.attested]),
    ):
        found += [f"{kind} `{name}` stands twice" for name in names if names.count(name) > 1]
    known = item_names(support)
    found += [
        f"`may_stay_unknown` names `{name}`; known: {', '.join(known)}"
        for name in support.may_stay_unknown
        if name not in known
    ]
    return found
