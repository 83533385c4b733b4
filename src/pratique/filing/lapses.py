"""Lapses: a partner's own filing that no longer holds suspends what depends on it."""

from sqlalchemy import Connection

from pratique.filing.amendments import Amendment
from pratique.filing.approvals import read_approvals
from pratique.filing.approving import amend
from pratique.filing.public_list import latest_public_list
from pratique.serving.variant import thawed
from pratique.store import snapshots
from pratique.workspace.opened import Opened


def suspend_lapsed(opened: Opened, market_id: str) -> list[Amendment]:
    """Suspend each approval in *market_id* that rests on a filing of a partner's that does not hold by
    the newest public list, and return what was entered.

    Without a list, or without a stated filing, nothing is known, and nothing happens. What is
    suspended already stays as it is; a suspension ends when an operator says so.
    """
    market = opened.workspace.market(market_id)
    known = latest_public_list(opened.workspace, market_id)
    if known is None or not market.partner_filings:
        return []
    objections = {
        candidate: objection
        for candidate, stated in market.partner_filings.items()
        if (objection := known.objection(stated))
    }
    if not objections:
        return []
    with opened.database.connect() as connection:
        resting = _resting_on(opened, connection, market_id)
    return [
        amend(
            opened, approval, "suspended", f"the filing of `{one}` does not hold: {objections[one]}"
        )
        for approval, candidates in resting.items()
        for one in sorted(candidates & objections.keys())[:1]
    ]


def _resting_on(opened: Opened, connection: Connection, market: str) -> dict[str, set[str]]:
    """Return the candidates that each approval of *market* rests on, by its id."""
    workspace = opened.workspace.configuration.name
    found: dict[str, set[str]] = {}
    for kept in read_approvals(connection, opened.verifies, workspace):
        if kept.standing is None or kept.standing.stopped:
            continue  # it is suspended already, or cannot be believed and so counts for nothing
        if kept.approval and not kept.fault and kept.approval.market == market:
            found[kept.id] = {
                f"{role.partner}/{role.model}"
                for one in kept.approval.variants
                for role in thawed(snapshots.get(connection, one.digest)).roles
            }
    return found
