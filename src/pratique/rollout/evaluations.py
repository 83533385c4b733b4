"""Evaluations: what the halt rules saw of a release, kept so that each can be made again.

Of a stay at a stage those are kept after which a rule came to another verdict, and the latest one.
What a decision followed from stays as it is, and the ledger names it.
"""

from datetime import datetime

import msgspec
from sqlalchemy import Column, Connection, ForeignKey, Index, Table, Text, delete, insert, select

from pratique.rollout.halt_rules import Judged
from pratique.rollout.readiness import Standing, rule_error
from pratique.rollout.tally import Counts
from pratique.settings.workspace import HaltRule, Market
from pratique.store.canonical import canonical, digest
from pratique.store.moments import stamp
from pratique.store.schema import metadata

ADVANCED, HALTED = "release.advanced", "release.halted"
"""Decisions that follow from an evaluation."""

evaluations = Table(
    "evaluations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("release", Text, ForeignKey("releases.id"), nullable=False),
    Column("entered", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("decided", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "release", "entered", "at"),
)


class Evaluated(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One evaluation, with all that it rests on."""

    version: int = 1
    """Version of this record."""
    release: str
    """The release."""
    entered: str
    """When it came to its stage, or was resumed at it."""
    stage: str
    """The stage, by name."""
    user_fraction: float
    """Share of the devices that it served."""
    at: str
    """When the rules looked."""
    counts: Counts
    """What the requests at this stage had come to."""
    control: Counts
    """What those of the release before had; nothing where no rule asks."""
    error: float
    """Error that each rule may use."""
    rules: tuple[HaltRule, ...]
    """The halt rules, as the market had them."""
    judged: tuple[Judged, ...]
    """What each of them came to."""

    @property
    def id(self) -> str:
        """Name, derived from all of the above."""
        return name_of(canonical(self))

    @property
    def said(self) -> tuple[str, ...]:
        """The verdict of each rule."""
        return tuple(one.verdict for one in self.judged)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An evaluation as it lies in the store."""

    id: str
    """Its name."""
    release: str
    """The release."""
    decided: str
    """The decision that followed from it; empty where none did."""
    body: bytes
    """The record, in canonical JSON."""


def name_of(body: bytes) -> str:
    """Return the name of an evaluation that is kept as *body*."""
    return "evaluation-" + digest(body).removeprefix("sha256:")[:16]


def evaluated(found: Standing, market: Market, now: datetime) -> Evaluated:
    """Return the record of what the rules of *market* saw *now*."""
    release = found.release
    return Evaluated(
        release=release.id,
        entered=release.entered,
        stage=release.stages[release.stage].name,
        user_fraction=release.user_fraction,
        at=stamp(now),
        counts=found.counts,
        control=found.control,
        error=rule_error(market, release),
        rules=market.halt_rules,
        judged=found.judged,
    )


def is_news(connection: Connection, one: Evaluated) -> bool:
    """Say whether the rules saw anything that they had not seen the last time."""
    before = _before(connection, one)
    return before is None or (before[1].counts, before[1].rules) != (one.counts, one.rules)


def keep_evaluation(connection: Connection, one: Evaluated, decided: str = "") -> str:
    """Keep *one*, in place of the one before where that came to the same; return its name.

    What was *decided* on is never replaced.
    """
    before = _before(connection, one)
    if before is not None and before[1].said == one.said:
        connection.execute(delete(evaluations).where(evaluations.c.id == before[0]))
    connection.execute(
        insert(evaluations).values(
            id=one.id,
            release=one.release,
            entered=one.entered,
            at=one.at,
            decided=decided,
            body=canonical(one).decode(),
        )
    )
    return one.id


def _before(connection: Connection, one: Evaluated) -> tuple[str, Evaluated] | None:
    """Return the latest evaluation of the same stay, unless something was decided on it."""
    columns = evaluations.c
    stay = select(columns.id, columns.decided, columns.body).where(
        columns.release == one.release, columns.entered == one.entered
    )
    last = connection.execute(stay.order_by(columns.at.desc(), columns.id.desc()).limit(1)).first()
    if last is None or last[1]:
        return None
    try:
        return last[0], msgspec.json.decode(last[2], type=Evaluated)
    except msgspec.DecodeError:
        return None  # `verify` names it; a halt never waits for a sound record


def evaluations_kept(connection: Connection) -> list[Kept]:
    """Return every evaluation that is kept, oldest first."""
    columns = evaluations.c
    rows = connection.execute(
        select(columns.id, columns.release, columns.decided, columns.body).order_by(
            columns.at, columns.id
        )
    )
    return [
        Kept(id=name, release=release, decided=decided, body=body.encode())
        for name, release, decided, body in rows
    ]
