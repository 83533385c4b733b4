"""Items: each thing that a partner is asked to carry or keep, and what is established of it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

import msgspec

from pratique.assessment.support.attested import Attested, attested_state
from pratique.assessment.support.notices import Retired, notice_state
from pratique.assessment.support.objectives import ITEMS, Severity, State, Support
from pratique.assessment.support.response import (
    Times,
    What,
    fixers,
    odd_hours,
    people_state,
    times,
)
from pratique.assessment.support.tickets import Ticket


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item. What was measured and what is declared stand side by side, each by itself."""

    id: str
    """Its name, as `sustained_rate` or `acknowledge:1`."""
    about: str
    """What it is, in words."""
    state: State
    """What is established."""
    measured: str = ""
    """What was measured, a sentence with its figures; empty where nothing was."""
    declared: str = ""
    """What the partner declares, a sentence; it never changes the state of what is measured."""
    count: int = 0
    """How many requests, tickets, people or models it rests on."""
    low: float | None = None
    """Lower end of the interval of the figure that decides; None where there is none."""
    high: float | None = None
    """Upper end."""
    model: str = ""
    """`partner/model` that it is about; empty where it is about the partner."""
    when: str = ""
    """When it was measured or attested; empty where it never was."""
    source: str = ""
    """Where it comes from: a record of the store, a file, a document's SHA-256."""

    @property
    def sentence(self) -> str:
        """The item in one sentence."""
        said = self.measured or self.declared or "nothing is known"
        whose = f"`{self.model}`, " if self.model else ""
        source = f" ({', '.join(one for one in (self.when[:10], self.source) if one)})"
        return f"{whose}{self.about}: {said}{source if self.when else ''}"


class TicketFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The tickets of one file, without what they say and without people's names."""

    version: int = 1
    """Version of this record."""
    file: str
    """The file's name."""
    sha256: str
    """SHA-256 of the file."""
    tickets: tuple[Ticket, ...]
    """Its tickets; `about` is empty, and fixers have numbers for names."""
    until: datetime
    """The moment up to which it tells: what was open then was open."""


def unnamed(tickets: Sequence[Ticket]) -> tuple[Ticket, ...]:
    """Return *tickets* without what they say, each fixer under a number."""
    people = sorted({one.fixer.casefold() for one in tickets if one.fixer})
    names = {person: f"person-{number}" for number, person in enumerate(people, 1)} | {"": ""}
    return tuple(
        msgspec.structs.replace(one, about="", fixer=names[one.fixer.casefold()]) for one in tickets
    )


def ticket_items(support: Support, file: TicketFile | None, at: str) -> Iterator[Item]:
    """Yield the items about incidents, unknown where there is no file."""
    incidents = support.incidents
    if file is None:
        for severity in incidents.severities:
            for what in ("acknowledge", "resolve"):
                yield Item(
                    id=f"{what}:{severity.name}", about=_about(what, severity), state="unknown"
                )
        for name in ("odd_hours", "fixers", "bus_factor"):
            yield Item(id=name, about=ITEMS[name], state="unknown")
        return
    source = f"{file.file}, SHA-256 {file.sha256[:12]}"
    for severity in incidents.severities:
        for kind in _KINDS:
            found = times(
                file.tickets,
                severity,
                kind,
                incidents.least_tickets,
                file.until,
                support.alpha,
                support.probing.seed,
            )
            yield _times_item(found, severity, incidents.least_tickets, at, source)
    yield from _people_items(support, file, at, source)


_KINDS: tuple[What, ...] = ("acknowledge", "resolve")


def _about(what: str, severity: Severity) -> str:
    return f"{ITEMS[what]}, severity {severity.name}"


def _times_item(found: Times, severity: Severity, least: int, at: str, source: str) -> Item:
    mean = "no ticket of this severity"
    if found.mean is not None and found.mean_low is not None and found.mean_high is not None:
        mean = (
            f"mean {_time(found.mean)} ({_time(found.mean_low)} to {_time(found.mean_high)}) over"
            f" {found.tickets} tickets, objective {_time(found.objective)}"
        )
    if found.median is not None and found.median_low is not None and found.median_high is not None:
        mean += (
            f"; median {_time(found.median)} ({_time(found.median_low)} to"
            f" {_time(found.median_high)})"
        )
    if found.tickets:
        mean += f"; {found.in_time} of {found.tickets} in time"
    for count, words in ((found.open, "still open"), (found.too_early, "too early to tell")):
        mean += f"; {count} {words}" if count else ""
    if found.tickets < least:
        mean += f"; fewer than {least} say nothing"
    return Item(
        id=f"{found.what}:{found.severity}",
        about=_about(found.what, severity),
        state=found.state,
        measured=mean,
        count=found.tickets,
        low=found.mean_low,
        high=found.mean_high,
        when=at,
        source=source,
    )


def _people_items(support: Support, file: TicketFile, at: str, source: str) -> Iterator[Item]:
    incidents = support.incidents
    odd = odd_hours(file.tickets, incidents, file.until, support.alpha)
    yield Item(
        id="odd_hours",
        about=ITEMS["odd_hours"],
        state=odd.state,
        measured=(
            f"{odd.in_time} of {odd.tickets} tickets opened at night or on days off were taken up"
            f" in time ({odd.low:.0%} to {odd.high:.0%}, bar {odd.bar:.0%}); in office hours"
            f" {odd.office_in_time} of {odd.office_tickets}"
        ),
        count=odd.tickets,
        low=odd.low,
        high=odd.high,
        when=at,
        source=source,
    )
    found = fixers(file.tickets, incidents)
    without = f"; {found.unnamed} name nobody" if found.unnamed else ""
    yield Item(
        id="fixers",
        about=ITEMS["fixers"],
        state=people_state(found.people, found.least_fixers, found, incidents.least_tickets),
        measured=(
            f"{found.people} people mended {found.resolved} tickets, at least {found.least_fixers}"
            f" are asked for{without}"
        ),
        count=found.resolved,
        when=at,
        source=source,
    )
    yield Item(
        id="bus_factor",
        about=ITEMS["bus_factor"],
        state=people_state(
            found.bus_factor, found.least_bus_factor, found, incidents.least_tickets
        ),
        measured=(
            f"{found.bus_factor} people mended half of {found.resolved - found.unnamed} tickets,"
            f" at least {found.least_bus_factor} are asked for{without}"
        ),
        count=found.resolved,
        when=at,
        source=source,
    )


def notice_item(support: Support, found: Sequence[Retired]) -> Item:
    """Return the item about notices of retirement."""
    least = support.notice.least_days
    said = "; ".join(
        f"`{one.model}` ends on {one.on}, "
        + (
            f"announced {one.days} days before ({one.announced})"
            if one.days is not None
            else "the day of the announcement is unknown"
        )
        for one in found
    )
    # As floats: read back from the store the record must say the very same.
    days = [float(one.days) for one in found if one.days is not None]
    return Item(
        id="notice",
        about=ITEMS["notice"],
        state=notice_state(found, least),
        measured=f"{said}; at least {least} days are asked for" if said else "",
        count=len(found),
        low=min(days, default=None),
        high=max(days, default=None),
        when=max((str(one.announced or one.on) for one in found), default=""),
        source="; ".join(sorted({one.source for one in found})),
    )


def attested_items(support: Support, found: dict[str, Attested], today: date) -> Iterator[Item]:
    """Yield what was attested; nothing of it is measured."""
    for wanted in support.attested:
        one = found.get(wanted.item)
        state = attested_state(one, wanted, today)
        old = f", older than {wanted.valid_days} days" if one and state == "unknown" else ""
        yield Item(
            id=f"attested:{wanted.item}",
            about=f"{wanted.item} (declared)",
            state=state,
            declared=(
                f"{one.says or wanted.about} Attested by {one.by}, `{one.document}`{old}"
                if one
                else ""
            ),
            count=1 if one else 0,
            when=one.on.isoformat() if one else "",
            source=f"SHA-256 {one.sha256[:12]}" if one else "",
        )


def _time(minutes: float) -> str:
    if minutes < 120:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.1f} h" if minutes < 2880 else f"{minutes / 1440:.1f} days"
