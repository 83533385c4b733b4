"""Choosing: the selection that follows from the latest assessment, kept, recorded and signed off."""

from sqlalchemy import Connection

from pratique.assessment.candidates import read_packs
from pratique.assessment.decisions import keep_selection, latest_assessment, latest_selection
from pratique.assessment.objecting import objections
from pratique.assessment.selection import Selection, select
from pratique.assessment.standings import standings
from pratique.errors import NotAllowed
from pratique.ledger.chain import entries
from pratique.partners.catalogue import find_candidate, read_partners
from pratique.partners.catalogue import packaged as packaged_partners
from pratique.serving.safeguards import safeguard_roles
from pratique.workspace.opened import Opened

SIGNED_OFF = "selection.signed_off"
"""Kind of the ledger's entry by which a person takes on a selection."""


def choose(opened: Opened, market_id: str) -> Selection:
    """Decide who serves what in *market_id*, keep it and return it.

    Raises:
        NotFound: the market has not been assessed, or it names a model that is not known.
    """
    market = opened.workspace.market(market_id)
    partners = read_partners(opened.workspace.content("partners", packaged_partners()))
    safeguard_roles(partners, market.safeguards)
    with opened.database.connect() as connection:
        assessment = latest_assessment(connection, market_id)
        names = {one.candidate for one in assessment.findings}
        priced = standings(
            connection,
            assessment.findings,
            {name: find_candidate(partners, name) for name in names},
            opened.clock(),
        )
    packs = read_packs(opened.workspace, market.features)
    selection = select(
        market_id,
        assessment.id,
        market.objective,
        assessment.findings,
        worth=market.worth,
        objections=objections(opened, market, sorted(names)),
        standings=priced,
        safeguards=market.safeguards,
        comparisons=assessment.comparisons,
        extending=[pack.id for pack in packs if pack.file.role == "extend"],
    )
    facts = {
        "assessment": assessment.id,
        "selection": selection.id,
        "served": len(selection.served),
        "of": len(selection.choices),
    }
    with opened.ledger.decision(
        who=opened.who, kind="selection.made", subject=market_id, body=facts
    ) as connection:
        keep_selection(connection, selection, opened.clock())
    return selection


def sign_off(opened: Opened, market_id: str) -> Selection:
    """Record that the person at hand takes on the latest selection of *market_id*; return it.

    Raises:
        NotFound: nobody was selected yet.
        NotAllowed: the market was assessed again since, so that it would take on old findings.
    """
    with opened.database.connect() as connection:
        selection = latest_selection(connection, market_id)
        newest = latest_assessment(connection, market_id)
    if selection.assessment != newest.id:
        raise NotAllowed(
            f"`{market_id}` was assessed again since `{selection.id}` was made",
            hint=f"`pratique select --market {market_id}` decides on the newest findings; then sign"
            " that off",
        )
    with opened.ledger.decision(
        who=opened.who, kind=SIGNED_OFF, subject=selection.id, body={"market": market_id}
    ):
        pass
    return selection


def signed_off_by(connection: Connection, selection: str) -> tuple[str, ...]:
    """Return who took on *selection*, in order."""
    return tuple(one.who for one in entries(connection, kind=SIGNED_OFF, subject=selection))
