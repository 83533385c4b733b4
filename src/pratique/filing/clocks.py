"""Clocks of a market: what is due again, when, and what an overdue one refuses."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec
from sqlalchemy import Connection

from pratique.errors import NotAllowed
from pratique.filing.approvals import read_approvals
from pratique.filing.public_list import latest_public_list
from pratique.ledger.chain import entries
from pratique.regimes.citations import Bilingual
from pratique.regimes.clocks import ClockRule, Since, Step
from pratique.regimes.regime import load_regime
from pratique.workspace.opened import Opened

SOON = timedelta(days=60)
"""An approval that ends within this is shown: a renewal takes months (`months_shortest`)."""

_LEDGER: dict[Since, str] = {
    "screening_pack": "screening.activated",
    "question_banks": "bank.imported",
}
"""Kinds of entries that set a clock back."""


class Due(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One clock, as it stands."""

    id: str
    """Short name."""
    title: Bilingual
    """What is to be done."""
    last: date | None
    """When it was done last; None if never."""
    due: date | None
    """By when it is to be done; None where it was never done: at once."""
    overdue: bool
    """Whether that day is over, or it was never done."""
    blocks: tuple[Step, ...] = ()
    """Steps that are refused while it is overdue."""

    @property
    def sentence(self) -> str:
        """What is due, for people."""
        when = f"by {self.due}" if self.due else "never done"
        mark = "OVERDUE, " if self.overdue else ""
        return f"{self.title.en}: {mark}{when}"


def clocks(opened: Opened, market_id: str) -> list[Due]:
    """Return every clock of *market_id*: the regime's, and the last days of approvals that end soon."""
    market = opened.workspace.market(market_id)
    today = opened.clock().astimezone(UTC).date()
    with opened.database.connect() as connection:
        found = [
            _due(rule, _last(opened, connection, market_id, rule.since), today)
            for rule in load_regime(market.regime).clocks
            if rule.since != "public_list" or market.partner_filings
        ]
        return found + list(_ending(opened, connection, market_id, today))


def require_on_time(opened: Opened, market_id: str, step: Step) -> None:
    """Refuse *step* while something is overdue that the regime says must not be.

    Raises:
        NotAllowed: names the first such duty.
    """
    for one in clocks(opened, market_id):
        if one.overdue and step in one.blocks:
            raise NotAllowed(
                f"`{one.id}` is overdue in `{market_id}`: {one.sentence}",
                hint="`pratique status` shows every duty with its day",
            )


def _due(rule: ClockRule, last: date | None, today: date) -> Due:
    due = last + timedelta(days=int(rule.every.value)) if last else None
    return Due(
        id=rule.id,
        title=rule.title,
        last=last,
        due=due,
        overdue=due is None or today > due,
        blocks=rule.blocks,
    )


def _last(opened: Opened, connection: Connection, market: str, since: Since) -> date | None:
    if since == "public_list":
        known = latest_public_list(opened.workspace, market)
        return known.as_of if known else None
    times = [one.at for one in entries(connection, kind=_LEDGER[since])]
    return datetime.fromisoformat(max(times)).date() if times else None


def _ending(opened: Opened, connection: Connection, market: str, today: date) -> Iterator[Due]:
    workspace = opened.workspace.configuration.name
    for kept in read_approvals(connection, opened.verifies, workspace):
        one = kept.approval
        if one and not kept.fault and one.market == market and one.expires - today <= SOON:
            yield Due(
                id=f"approval.{one.number}",
                title=Bilingual(
                    zh=f"批准 {one.number} 到期前办理延续", en=f"Renew approval `{one.number}`"
                ),
                last=one.issued,
                due=one.expires,
                overdue=today > one.expires,
            )
