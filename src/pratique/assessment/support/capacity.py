"""Capacity: all items of a partner rolled up into one verdict, recomputable from the store."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Literal

import msgspec
from sqlalchemy import Connection

from pratique.assessment.support.attested import Attested
from pratique.assessment.support.items import (
    Item,
    TicketFile,
    attested_items,
    notice_item,
    ticket_items,
)
from pratique.assessment.support.load_items import declared_load, load_items, unknown_load
from pratique.assessment.support.notices import retired
from pratique.assessment.support.objectives import Support, packaged, read_support
from pratique.assessment.support.offered import Offered, offered
from pratique.assessment.support.probes import Probe
from pratique.assessment.support.table import Kept, keep, latest
from pratique.errors import NotFound, names_near
from pratique.partners.catalogue import Partner, find_candidate, read_partners
from pratique.partners.catalogue import packaged as packaged_partners
from pratique.settings.workspace import Workspace
from pratique.store.canonical import canonical, digest
from pratique.store.moments import stamp
from pratique.workspace.opened import Opened

JUDGED = "support.judged"
"""Kind of the ledger's entry about a verdict."""

SupportVerdict = Literal["SUFFICIENT", "INSUFFICIENT_SUPPORT_CAPACITY", "UNKNOWN"]
"""What is said of a partner as a whole. Only `SUFFICIENT` passes."""


class Capacity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a partner was found to carry."""

    version: int = 1
    """Version of this record."""
    subject: str
    """The partner, or one model as `partner/model`."""
    simulated: bool
    """Whether the partner is invented."""
    verdict: SupportVerdict
    """The verdict."""
    reasons: tuple[str, ...]
    """What decides it, a sentence an item: what was missed, else what is unknown, else all."""
    items: tuple[Item, ...]
    """Every item."""
    support: str
    """Digest of the objectives."""
    at: str
    """When it was computed."""

    @property
    def id(self) -> str:
        """Name of what was found, whenever it was computed."""
        timeless = msgspec.structs.replace(self, at="")
        return "capacity-" + digest(canonical(timeless)).removeprefix("sha256:")[:16]

    def of(self, state: str) -> tuple[Item, ...]:
        """Return the items in that state."""
        return tuple(one for one in self.items if one.state == state)


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about a partner, each with the record that it comes from."""

    partner: Offered
    """The partner, with what it declares."""
    probes: Mapping[str, Kept]
    """The latest probe of each model, by `partner/model`."""
    tickets: Kept | None
    """The latest ticket file."""
    attested: Mapping[str, Kept]
    """The latest of each attested item."""

    @property
    def records(self) -> tuple["Rested", ...]:
        """Every record."""
        kept = (*self.probes.values(), *self.attested.values())
        kept += (self.tickets,) if self.tickets else ()
        return tuple(Rested(id=one.id, at=one.at) for one in kept)


class Rested(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One record that a verdict rests on."""

    id: str
    """Its name."""
    at: str
    """When it was kept."""


class Basis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that a verdict rests on, so that it can be made again whatever changes later."""

    version: int = 1
    """Version of this record."""
    capacity: str
    """The verdict, by name."""
    subject: str
    """What the verdict is about."""
    support: Support
    """The objectives."""
    partner: Offered
    """What the partner declared."""
    records: tuple[Rested, ...]
    """What was measured, told and attested."""
    on: date
    """Day of the verdict: what is attested grows old."""


def support_of(workspace: Workspace) -> Support:
    """Return the objectives of *workspace*, else the product's own."""
    return read_support(workspace.content("standards", packaged()))


def partners_of(workspace: Workspace) -> Mapping[str, Partner]:
    """Return the partners that *workspace* knows."""
    return read_partners(workspace.content("partners", packaged_partners()))


def named_partner(partners: Mapping[str, Partner], subject: str) -> Partner:
    """Return the partner that *subject* is, or whose model it is.

    Raises:
        NotFound: there is none of that name, or no such model of it.
    """
    if "/" in subject:
        return find_candidate(partners, subject).partner
    if subject not in partners:
        raise NotFound(f"no partner `{subject}`", hint=names_near(subject, partners))
    return partners[subject]


def evidence_of(connection: Connection, partner: Partner) -> Evidence:
    """Return what the store holds about *partner*."""
    return Evidence(
        partner=offered(partner),
        probes=latest(connection, "probe", partner.id),
        tickets=latest(connection, "tickets", partner.id).get(""),
        attested=latest(connection, "attested", partner.id),
    )


def capacity(support: Support, evidence: Evidence, subject: str, now: datetime) -> Capacity:
    """Return what *evidence* says of *subject*: the same evidence says the same."""
    items = tuple(_items(support, evidence, subject, now))
    missed = [one for one in items if one.state == "missed"]
    unknown = [
        one for one in items if one.state == "unknown" and one.id not in support.may_stay_unknown
    ]
    verdict: SupportVerdict = "SUFFICIENT"
    if missed or unknown:
        verdict = "INSUFFICIENT_SUPPORT_CAPACITY" if missed else "UNKNOWN"
    return Capacity(
        subject=subject,
        simulated=evidence.partner.simulated,
        verdict=verdict,
        reasons=_reasons(subject, missed or unknown or items),
        items=items,
        support=digest(canonical(support)),
        at=stamp(now),
    )


MOST_NAMED = 3
"""Items that a reason names, where nobody has looked at more."""


def _reasons(subject: str, items: Sequence[Item]) -> tuple[str, ...]:
    """Return a sentence for each of *items* that was looked at, and one for all that were not."""
    never = [one.about for one in items if not one.when and not one.measured]
    looked = [one.sentence for one in items if one.when or one.measured]
    if len(never) > MOST_NAMED + 1:
        never = [*never[:MOST_NAMED], f"{len(never) - MOST_NAMED} more"]
    if never:
        looked.append(
            f"nobody has looked at {', '.join(never)} (`pratique support show {subject}` says how)"
        )
    return tuple(looked)


def _items(support: Support, evidence: Evidence, subject: str, now: datetime) -> Iterator[Item]:
    yield from _load(support, evidence, subject)
    tickets = evidence.tickets
    file = tickets.read(TicketFile) if tickets else None
    yield from ticket_items(support, file, tickets.at if tickets else "")
    yield notice_item(support, retired(evidence.partner))
    attested = {name: one.read(Attested) for name, one in evidence.attested.items()}
    yield from attested_items(support, attested, now.date())


def _load(support: Support, evidence: Evidence, subject: str) -> Iterator[Item]:
    """Yield the load of the model that *subject* is, or of every model that was probed."""
    models = {f"{evidence.partner.id}/{one.id}": one for one in evidence.partner.models}
    wanted = [subject] if subject in models else [one for one in models if one in evidence.probes]
    if not wanted:
        yield from unknown_load("", "", "")
    for name in wanted:
        declared, found = declared_load(models[name].limits), evidence.probes.get(name)
        probe = found.read(Probe) if found else None
        if found is None or probe is None:
            yield from unknown_load(name, "", declared)
        elif probe.snapshot != models[name].snapshot:
            why = f"measured at snapshot `{probe.snapshot}`, it is at `{models[name].snapshot}` now"
            yield from unknown_load(name, why, declared)
        else:
            yield from load_items(support, probe, declared, found.at, found.id)


def verdict_of(opened: Opened, subject: str) -> Capacity:
    """Return what is known of *subject*, a partner or `partner/model`, computed from the store.

    Raises:
        NotFound: there is no such partner or model.
    """
    partner = named_partner(partners_of(opened.workspace), subject)
    with opened.database.connect() as connection:
        evidence = evidence_of(connection, partner)
    return capacity(support_of(opened.workspace), evidence, subject, opened.clock())


def judge(opened: Opened, subject: str) -> Capacity:
    """Return `verdict_of` *subject*; a verdict that says something new is kept and in the ledger.

    With it is kept what it rests on. Raises as `verdict_of`.
    """
    partner, now = subject.partition("/")[0], opened.clock()
    with opened.database.connect() as connection:
        before = latest(connection, "verdict", partner).get(subject)
        known = named_partner(partners_of(opened.workspace), subject)
        evidence = evidence_of(connection, known)
    support = support_of(opened.workspace)
    found = capacity(support, evidence, subject, now)
    if before is not None and before.read(Capacity).id == found.id:
        return found
    basis = Basis(
        capacity=found.id,
        subject=subject,
        support=support,
        partner=evidence.partner,
        records=evidence.records,
        on=now.date(),
    )
    facts: dict[str, object] = {
        "verdict": found.verdict,
        "capacity": found.id,
        "support": found.support,
    } | {state: len(found.of(state)) for state in ("met", "missed", "unknown")}
    with opened.ledger.decision(
        who=opened.who, kind=JUDGED, subject=subject, body=facts
    ) as connection:
        keep(connection, "verdict", partner, subject, found, now)
        facts["basis"] = keep(connection, "basis", partner, subject, basis, now)
    return found
