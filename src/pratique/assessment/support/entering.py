"""Entering evidence: a probe, a ticket file, an attested item; then the verdict is computed anew."""

import hashlib
from pathlib import Path

from pratique.assessment.support.attested import Attested, attest
from pratique.assessment.support.capacity import (
    Capacity,
    judge,
    named_partner,
    partners_of,
    support_of,
)
from pratique.assessment.support.items import TicketFile, unnamed
from pratique.assessment.support.probes import Probe
from pratique.assessment.support.table import keep
from pratique.assessment.support.tickets import read_tickets
from pratique.workspace.opened import Opened


def enter_probe(opened: Opened, probe: Probe) -> Capacity:
    """Keep *probe*, every request of it, and return the verdict about its model."""
    partner = probe.candidate.partition("/")[0]
    with opened.database.begin() as connection:
        keep(connection, "probe", partner, probe.candidate, probe, opened.clock())
    return judge(opened, probe.candidate)


def enter_tickets(opened: Opened, partner_id: str, path: Path) -> Capacity:
    """Keep the tickets of *path* for the partner, in place of those before; return the verdict.

    What tickets say and who mended them is not kept: people become numbers.

    Raises:
        NotFound, Malformed: no such partner or file, or a row is broken; then nothing is kept.
    """
    partner = named_partner(partners_of(opened.workspace), partner_id)
    now = opened.clock()
    severities = [one.name for one in support_of(opened.workspace).incidents.severities]
    tickets = read_tickets(path, severities, now)
    file = TicketFile(
        file=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        tickets=unnamed(tickets),
        until=now,
    )
    with opened.database.begin() as connection:
        keep(connection, "tickets", partner.id, "", file, now)
    return judge(opened, partner.id)


def enter_attested(
    opened: Opened, partner_id: str, item: str, by: str, document: Path, says: str
) -> tuple[Attested, Capacity]:
    """Keep that *by* attests *item* of the partner with *document*; return it and the verdict.

    Raises:
        NotFound, Malformed: see `attest`.
    """
    partner = named_partner(partners_of(opened.workspace), partner_id)
    now = opened.clock()
    found = attest(support_of(opened.workspace), item, by, now.date(), document, says)
    facts = {"item": item, "by": found.by, "document": found.document, "sha256": found.sha256}
    with opened.ledger.decision(
        who=opened.who, kind="support.attested", subject=partner.id, body=facts
    ) as connection:
        keep(connection, "attested", partner.id, item, found, now)
    return found, judge(opened, partner.id)
