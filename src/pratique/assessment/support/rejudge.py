"""Making verdicts on support again: each item from the requests, tickets and documents that were kept."""

from collections.abc import Mapping
from datetime import UTC, datetime, time

import msgspec
from sqlalchemy import Connection

from pratique.assessment.support.attested import Attested
from pratique.assessment.support.capacity import JUDGED, Basis, Capacity, Evidence, capacity
from pratique.assessment.support.items import Item
from pratique.assessment.support.probes import Probe, load_figures
from pratique.assessment.support.table import Kept, all_of, changed, named
from pratique.ledger.chain import entries
from pratique.store.figures import Remade


def rejudge(connection: Connection, remade: Remade) -> int:
    """Make every verdict on support again, and return how many there are."""
    remade.faults += [f"`{name}`: its record was changed" for name in changed(connection)]
    kept = _verdicts(connection, remade)
    made, probed = 0, set[str]()
    for entry in entries(connection, kind=JUDGED):
        facts = entry.facts()
        said = kept.get(str(facts["capacity"]))
        if said is None:
            remade.faults.append(f"`{facts['capacity']}` is in the ledger, and is not kept")
        else:
            made += 1
            try:
                _again(connection, said, str(facts["basis"]), probed, remade)
            except msgspec.DecodeError as error:
                remade.faults.append(f"`{said.id}` rests on what cannot be read: {error}")
    return made


def _verdicts(connection: Connection, remade: Remade) -> Mapping[str, Capacity]:
    """Return every verdict that can be read, by its name."""
    found: dict[str, Capacity] = {}
    for kept in all_of(connection, "verdict"):
        try:
            one = kept.read(Capacity)
        except msgspec.DecodeError as error:
            remade.faults.append(f"`{kept.id}` cannot be read: {error}")
        else:
            found[one.id] = one
    return found


def _again(
    connection: Connection, said: Capacity, name: str, probed: set[str], remade: Remade
) -> None:
    found = named(connection, name)
    if found is None:
        remade.faults.append(f"`{said.id}`: what it rests on, `{name}`, is not kept")
        return
    basis = found.read(Basis)
    evidence = _evidence(connection, basis, remade)
    made = capacity(basis.support, evidence, said.subject, datetime.combine(basis.on, time(), UTC))
    about = said.subject
    remade.see(said.id, about, "verdict", said.verdict, made.verdict)
    remade.tell(said.id, about, "notice, days needed", basis.support.notice.least_days)
    again = {(one.id, one.model): one for one in made.items}
    for one in said.items:
        _see(said.id, about, one, again.get((one.id, one.model)), remade)
    for model, kept in evidence.probes.items():
        if kept.id not in probed and model == said.subject:
            probed.add(kept.id)
            _load(kept, basis, remade)


def _evidence(connection: Connection, basis: Basis, remade: Remade) -> Evidence:
    """Return what *basis* names, as it was kept then."""
    probes, attested, tickets = dict[str, Kept](), dict[str, Kept](), None
    for rested in basis.records:
        found = named(connection, rested.id)
        if found is None:
            remade.faults.append(f"`{basis.capacity}` rests on `{rested.id}`, which is not kept")
            continue
        one = msgspec.structs.replace(found, at=rested.at)
        if rested.id.startswith("probe-"):
            probes[one.subject] = one
        elif rested.id.startswith("tickets-"):
            tickets = one
        else:
            attested[one.read(Attested).item] = one
    return Evidence(partner=basis.partner, probes=probes, tickets=tickets, attested=attested)


def _see(record: str, about: str, said: Item, made: Item | None, remade: Remade) -> None:
    for figure in ("state", "count", "low", "high"):
        given, found = getattr(said, figure), getattr(made, figure) if made else None
        remade.see(record, about, f"{said.id}, {figure}", given, found)


def _load(kept: Kept, basis: Basis, remade: Remade) -> None:
    """Tell each load step of a probe: it is written down nowhere but in its requests."""
    found, about = load_figures(kept.read(Probe), basis.support), kept.subject
    remade.tell(kept.id, about, "carried requests/s", found.sustained_rate)
    remade.tell(kept.id, about, "needed requests/s", basis.support.load.sustained_rate)
    for step in found.steps:
        name = f"step {step.rate:g}/s"
        remade.tell(kept.id, about, f"{name}, state", step.state)
        remade.tell(kept.id, about, f"{name}, requests", step.requests)
        remade.tell(kept.id, about, f"{name}, seconds to first token, p95", step.first_token_p95)
