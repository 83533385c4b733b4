"""Forecasts: what was said of a partner's progress, kept so that it can be looked up and made again."""

from datetime import date, datetime

import msgspec
from sqlalchemy import Column, Connection, Table, Text, insert
from sqlalchemy import select as query

from pratique.assessment.plans import read_plan
from pratique.assessment.trend import Progress, progress_of
from pratique.store.canonical import canonical, digest
from pratique.store.moments import stamp
from pratique.store.schema import metadata
from pratique.workspace.opened import Opened

JUDGED = "progress.judged"
"""Kind of the ledger's entry about a forecast."""

forecasts = Table(
    "forecasts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("market", Text, nullable=False),
    Column("partner", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("body", Text, nullable=False),
)


class Forecasted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was said of one milestone, with each release that it rests on."""

    version: int = 1
    """Version of this record."""
    market: str
    """Market."""
    partner: str
    """Partner."""
    late: bool
    """Whether the planned day had passed."""
    progress: Progress
    """What was said; how the last release did on fresh samples is left out."""

    @property
    def id(self) -> str:
        """Name, derived from all of the above."""
        return name_of(canonical(self))


def name_of(body: bytes) -> str:
    """Return the name of a forecast that is kept as *body*."""
    return "forecast-" + digest(body).removeprefix("sha256:")[:16]


def forecasts_kept(connection: Connection) -> list[tuple[str, str]]:
    """Return name and body of every forecast, oldest first."""
    columns = forecasts.c
    rows = connection.execute(query(columns.id, columns.body).order_by(columns.at, columns.id))
    return [(name, body) for name, body in rows]


def judge_progress(opened: Opened, market: str, partner: str) -> tuple[Progress, ...]:
    """Return how far *partner* has come; whatever is said anew of a milestone is kept, in the ledger.

    Raises:
        Malformed: its plan is not what it should be.
    """
    plan = read_plan(opened.workspace, market, partner)
    now = opened.clock()
    with opened.database.connect() as connection:
        found = progress_of(connection, market, partner, plan, now.date())
        known = set(connection.scalars(query(forecasts.c.id)))
    for one in found:
        said = said_of(market, partner, one, now.date())
        if said is not None and said.id not in known:
            _keep(opened, said, now)
    return found


def said_of(market: str, partner: str, one: Progress, today: date) -> Forecasted | None:
    """Return the record of what was said today of *one*; None where nothing was agreed."""
    if one.milestone is None:
        return None
    timeless = msgspec.structs.replace(one, fresh=None)
    return Forecasted(
        market=market, partner=partner, late=today > one.milestone.date, progress=timeless
    )


def _keep(opened: Opened, said: Forecasted, now: datetime) -> None:
    one = said.progress
    facts = {
        "market": said.market,
        "milestone": one.milestone.id if one.milestone else "",
        "verdict": one.verdict,
        "forecast": said.id,
    }
    with opened.ledger.decision(
        who=opened.who, kind=JUDGED, subject=said.partner, body=facts
    ) as connection:
        row = {
            "id": said.id,
            "market": said.market,
            "partner": said.partner,
            "at": stamp(now),
            "body": canonical(said).decode(),
        }
        connection.execute(insert(forecasts).values(row))
