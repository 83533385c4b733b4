"""Screening packs in force: which version screens a market now, or why none does."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec
from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, Text, insert, select, update

from pratique.errors import Malformed, NotAllowed, NotFound, Tampered
from pratique.regimes.regime import load_regime
from pratique.rollout.gate import Refusal
from pratique.screening.lint import WEEKLY
from pratique.screening.pack import Pack
from pratique.screening.screen import Screen
from pratique.screening.signed import Verifier, opened_pack
from pratique.settings.workspace import Market
from pratique.store import snapshots
from pratique.store.schema import metadata

KIND = "screening_pack"
"""Kind of the snapshots that hold signed packs."""

STARTER = "starter"
"""Id of the pack that a new workspace starts with."""

screening_acts = Table(
    "screening_acts",
    metadata,
    Column("market", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("pack", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("digest", Text, ForeignKey("snapshots.digest"), nullable=False),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("signed_off", Text, nullable=False),
)


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version put into force; the last act of a market says what screens it."""

    market: str
    """Market."""
    number: int
    """Its place, from 1."""
    kind: Literal["activated", "rolled_back"]
    """Whether a new version came, or an earlier one came back."""
    pack: str
    """Id of the list."""
    version: str
    """Version of the list."""
    digest: str
    """Digest of the signed bytes in the store."""
    at: str
    """When, ISO 8601 in UTC."""
    who: str
    """Who did it."""
    reason: str
    """Why, where it was rolled back."""
    signed_off: str
    """The second person; empty where none is needed, or where a rollback still waits for one."""

    @property
    def owed(self) -> bool:
        """Whether it still waits for a sign-off: a rollback is signed off after."""
        return self.kind == "rolled_back" and not self.signed_off


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """How long a pack may screen a market."""

    expires_days: int
    """Days after it was made on which it may still be used."""
    renewed_days: int
    """Days after which a newer one is due."""


class InForce(msgspec.Struct, frozen=True, kw_only=True):
    """The version that screens a market, verified."""

    act: Act
    """How it came into force."""
    content: Pack
    """The pack."""
    last_day: date
    """Last day on which it may be used."""
    due: date
    """Day by which a newer one is due."""


def policy_of(market: Market) -> Policy:
    """Return how long a pack may screen *market*: its own days, and its regime's renewal."""
    for bank in load_regime(market.regime).banks:
        if bank.id == "keywords" and bank.renewed_within is not None:
            renewed = int(bank.renewed_within.value)
            return Policy(expires_days=market.screening_days, renewed_days=renewed)
    return Policy(expires_days=market.screening_days, renewed_days=WEEKLY)


def acts(connection: Connection, market: str) -> list[Act]:
    """Return the acts of *market*, oldest first."""
    query = select(screening_acts).where(screening_acts.c.market == market)
    rows = connection.execute(query.order_by(screening_acts.c.number)).mappings()
    return [Act(**row) for row in rows]


def last_act(connection: Connection, market: str) -> Act | None:
    """Return the act that says what screens *market*; None where nothing ever did."""
    query = select(screening_acts).where(screening_acts.c.market == market)
    query = query.order_by(screening_acts.c.number.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return None if row is None else Act(**row)


def keep_act(connection: Connection, act: Act) -> None:
    """Keep *act*, which follows the last one."""
    connection.execute(insert(screening_acts).values(msgspec.structs.asdict(act)))


def keep_sign_off(connection: Connection, act: Act, name: str) -> None:
    """Keep that *name* signed *act* off."""
    where = (screening_acts.c.market == act.market) & (screening_acts.c.number == act.number)
    connection.execute(update(screening_acts).where(where).values(signed_off=name))


def rollback_target(history: Sequence[Act]) -> Act | None:
    """Return the act whose version was in force before the one that is now, if any.

    A version that was rolled back is out of the row: rolling back twice goes back two versions.
    """
    row: list[Act] = []
    for act in history:
        if act.kind == "activated":
            row.append(act)
        else:
            while row and row[-1].digest != act.digest:
                row.pop()
    return row[-2] if len(row) > 1 else None


def last_day(pack: Pack, policy: Policy) -> date:
    """Return the last day on which *pack* may be used: its own, or the policy's if that is sooner."""
    ours = date.fromisoformat(pack.made) + timedelta(days=policy.expires_days)
    return min(ours, date.fromisoformat(pack.expires)) if pack.expires else ours


def kept_pack(connection: Connection, digest: str, verifies: Verifier) -> Pack:
    """Return the pack that is kept under *digest*, verified.

    Raises:
        NotFound, Tampered, Malformed: it is not there, or not what was signed.
    """
    return opened_pack(snapshots.get(connection, digest), verifies)


def in_force(
    connection: Connection, market: str, policy: Policy, verifies: Verifier, now: datetime
) -> InForce | Refusal:
    """Return the version that screens *market* at *now*, or why nothing may be served without."""
    act = last_act(connection, market)
    if act is None:
        return no_screening(
            f"no screening pack is in force for `{market}`",
            "`pratique screen build`, then `pratique screen activate`",
        )
    try:
        pack = kept_pack(connection, act.digest, verifies)
    except (NotFound, Tampered, Malformed) as error:
        return unverifiable(act, error.message)
    found = InForce(
        act=act,
        content=pack,
        last_day=last_day(pack, policy),
        due=date.fromisoformat(pack.made) + timedelta(days=policy.renewed_days),
    )
    return expired(found, now) or found


def active_pack(
    connection: Connection, market: Market, verifies: Verifier, now: datetime
) -> Screen | Refusal:
    """Return the compiled pack that screens *market* at *now*, or why nothing may be served.

    Compiling takes up to a second: a service asks its `Live` holder.
    """
    found = in_force(connection, market.id, policy_of(market), verifies, now)
    return found if isinstance(found, Refusal) else Screen(found.content, today=now.date())


def expired(found: InForce, now: datetime) -> Refusal | None:
    """Return the refusal of a version that has had its last day; None while it may be used."""
    if now.date() <= found.last_day:
        return None
    return no_screening(
        f"screening pack `{found.act.pack}` {found.act.version} was good until {found.last_day}",
        "activate a newer version: `pratique screen build`, then `pratique screen activate`",
    )


def unverifiable(act: Act, why: str) -> Refusal:
    """Return the refusal of a version that is not what was signed."""
    return no_screening(
        f"screening pack `{act.pack}` {act.version} cannot be verified: {why}",
        "activate a newer version, or go back with `pratique screen rollback`",
    )


def no_screening(detail: str, hint: str) -> Refusal:
    """Return the gate's no: what cannot be screened is not served."""
    return Refusal(reason="feature_halted", detail=detail, hint=hint)


def duties(connection: Connection, market: Market, verifies: Verifier, now: datetime) -> list[str]:
    """Return what is due about the screening of *market*, one sentence each."""
    found = in_force(connection, market.id, policy_of(market), verifies, now)
    due = [f"screening is off: {found.detail}; {found.hint}"] if isinstance(found, Refusal) else []
    if isinstance(found, InForce):
        if now.date() > found.due:
            due.append(
                f"screening pack `{found.act.pack}` {found.act.version} was to be renewed by"
                f" {found.due}; from {found.last_day + timedelta(days=1)} on it is off"
            )
        if found.act.pack == STARTER:
            due.append(
                "the starter pack screens: it holds no words for the risks that `pratique screen"
                " lint` shows as open; build and activate your own list"
            )
    act = last_act(connection, market.id)
    if act is not None and act.owed:
        due.append(
            f"the rollback to `{act.pack}` {act.version} waits for its sign-off:"
            " `pratique screen sign-off`"
        )
    return due


def require_pack(connection: Connection, market: str) -> Act:
    """Return the last act of *market*.

    Raises:
        NotAllowed: nothing was ever activated.
    """
    act = last_act(connection, market)
    if act is None:
        raise NotAllowed(
            f"no screening pack was ever in force for `{market}`",
            hint="`pratique screen activate` puts one into force",
        )
    return act


def faults(connection: Connection, verifies: Verifier) -> list[str]:
    """Return the versions that are not what was signed, one sentence each."""
    query = select(screening_acts).order_by(screening_acts.c.market, screening_acts.c.number)
    found: list[str] = []
    for row in connection.execute(query).mappings().all():
        act = Act(**row)
        try:
            kept_pack(connection, act.digest, verifies)
        except (NotFound, Tampered, Malformed) as error:
            found.append(f"screening pack `{act.pack}` {act.version}: {error.message}")
    return found
