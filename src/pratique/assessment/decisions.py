"""What an assessment decided, kept so that it can be looked up and made again."""

from datetime import datetime

import msgspec
from sqlalchemy import Column, Connection, ForeignKey, Table, Text, insert, update
from sqlalchemy import select as query

from pratique.assessment.against import Pair
from pratique.assessment.comparing import Comparison
from pratique.assessment.findings import Finding
from pratique.assessment.selection import Selection
from pratique.errors import Malformed, NotFound
from pratique.store.canonical import canonical, digest
from pratique.store.moments import stamp
from pratique.store.schema import metadata

assessments = Table(
    "assessments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("market", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("body", Text, nullable=False),
)

selections = Table(
    "selections",
    metadata,
    Column("id", Text, primary_key=True),
    Column("market", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("assessment", Text, ForeignKey("assessments.id"), nullable=False),
    Column("body", Text, nullable=False),
)


class Assessment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was found about every candidate of a market."""

    market: str
    """Market."""
    standard: str
    """Standard, by name."""
    standard_digest: str
    """Hash of what the standard said."""
    seed: int
    """Seed of the drawing."""
    alpha: float
    """Error allowed over the family."""
    family: str
    """How it is shared."""
    left_out: tuple[str, ...]
    """Candidates that could not be tested, each with the reason."""
    findings: tuple[Finding, ...]
    """What was established."""
    comparisons: tuple[Comparison, ...] = ()
    """What was established between candidates that meet every bar."""
    pairs: tuple[Pair, ...] | msgspec.UnsetType = msgspec.UNSET
    """What was established between an incumbent and its challengers; absent without one."""

    @property
    def id(self) -> str:
        """Name of the assessment, derived from what it found."""
        return "assessment-" + digest(canonical(self)).removeprefix("sha256:")[:16]


def keep_assessment(connection: Connection, assessment: Assessment, now: datetime) -> None:
    """Keep *assessment*; one that found the very same is kept once, under its latest time."""
    known = connection.execute(
        update(assessments).where(assessments.c.id == assessment.id).values(at=stamp(now))
    )
    if known.rowcount == 0:
        connection.execute(
            insert(assessments).values(
                id=assessment.id,
                market=assessment.market,
                at=stamp(now),
                body=canonical(assessment).decode(),
            )
        )


def latest_assessment(connection: Connection, market: str) -> Assessment:
    """Return the latest assessment of *market*.

    Raises:
        NotFound: there is none.
    """
    latest = query(assessments.c.body).where(assessments.c.market == market)
    body = connection.scalar(latest.order_by(assessments.c.at.desc()).limit(1))
    if body is None:
        raise NotFound(
            f"market `{market}` has not been assessed",
            hint=f"run `pratique assess --market {market}`",
        )
    return msgspec.json.decode(body, type=Assessment)


def assessment_with(connection: Connection, run_id: str) -> Assessment | None:
    """Return the latest assessment that judges the run *run_id*, or None."""
    holds = assessments.c.body.contains(f'"{run_id}"', autoescape=True)
    latest = query(assessments.c.body).where(holds).order_by(assessments.c.at.desc()).limit(1)
    body = connection.scalar(latest)
    return None if body is None else msgspec.json.decode(body, type=Assessment)


def all_assessments(connection: Connection) -> list[Assessment]:
    """Return every assessment, oldest first."""
    rows = connection.scalars(query(assessments.c.body).order_by(assessments.c.at))
    return [msgspec.json.decode(body, type=Assessment) for body in rows]


def keep_selection(connection: Connection, selection: Selection, now: datetime) -> None:
    """Keep *selection* under its latest time."""
    known = connection.execute(
        update(selections).where(selections.c.id == selection.id).values(at=stamp(now))
    )
    if known.rowcount == 0:
        connection.execute(
            insert(selections).values(
                id=selection.id,
                market=selection.market,
                at=stamp(now),
                assessment=selection.assessment,
                body=canonical(selection).decode(),
            )
        )


def latest_selection(connection: Connection, market: str) -> Selection:
    """Return the latest selection for *market*.

    Raises:
        NotFound: there is none.
    """
    latest = query(selections.c.body).where(selections.c.market == market)
    body = connection.scalar(latest.order_by(selections.c.at.desc()).limit(1))
    if body is None:
        raise NotFound(
            f"nobody was selected for `{market}`", hint=f"run `pratique select --market {market}`"
        )
    return _selection(body)


def all_selections(connection: Connection) -> list[Selection]:
    """Return every selection, oldest first."""
    return [
        _selection(body)
        for body in connection.scalars(query(selections.c.body).order_by(selections.c.at))
    ]


def _selection(body: str) -> Selection:
    try:
        return msgspec.json.decode(body, type=Selection)
    except msgspec.ValidationError as error:
        raise Malformed(
            f"a kept selection cannot be read: {error}",
            hint="an earlier version wrote it: `pratique select` decides again",
        ) from error
