"""Choosing: the selection that follows from the latest assessment, kept and recorded."""

from pratique.assessment.decisions import keep_selection, latest_assessment
from pratique.assessment.selection import Selection, select
from pratique.workspace.opened import Opened


def choose(opened: Opened, market_id: str) -> Selection:
    """Decide who serves what in *market_id*, keep it and return it.

    Raises:
        NotFound: the market has not been assessed.
    """
    market = opened.workspace.market(market_id)
    with opened.database.connect() as connection:
        assessment = latest_assessment(connection, market_id)
    selection = select(market_id, assessment.id, market.objective, assessment.findings)
    facts = {
        "assessment": assessment.id,
        "served": len(selection.served),
        "of": len(selection.choices),
    }
    with opened.ledger.decision(
        who=opened.who, kind="selection.made", subject=market_id, body=facts
    ) as connection:
        keep_selection(connection, selection, opened.clock())
    return selection
