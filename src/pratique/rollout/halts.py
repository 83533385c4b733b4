"""Halts: orders that stop whatever they name, until somebody lifts them."""

from datetime import datetime

import msgspec
from sqlalchemy import Column, Connection, Table, Text, func, insert, select, update

from pratique.errors import NotAllowed, NotFound
from pratique.store.moments import stamp
from pratique.store.schema import metadata

halts = Table(
    "halts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("market", Text, nullable=False),
    Column("feature", Text, nullable=True),
    Column("locale", Text, nullable=True),
    Column("app_category", Text, nullable=True),
    Column("partner", Text, nullable=True),
    Column("reason", Text, nullable=False),
    Column("ordered_by", Text, nullable=False),
    Column("ordered", Text, nullable=False),
    Column("lifted", Text, nullable=True),
)


class Scope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a halt stops: all that is named must match, and what is left out matches anything."""

    feature: str | None = None
    """Feature."""
    locale: str | None = None
    """Locale."""
    app_category: str | None = None
    """Category of the app that asks, such as `mail`."""
    partner: str | None = None
    """Partner whose model answers."""

    @property
    def is_everything(self) -> bool:
        """Whether it names nothing, and so stops the whole market."""
        return self == Scope()

    def __str__(self) -> str:
        named = {name: value for name, value in msgspec.structs.asdict(self).items() if value}
        return " ".join(f"{name}=`{value}`" for name, value in named.items()) or "everything"


class Halt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One order to stop."""

    id: str
    """Name: the market and a number."""
    market: str
    """Market."""
    scope: Scope
    """What it stops."""
    reason: str
    """Why."""
    ordered_by: str
    """Account that ordered it."""
    ordered: str
    """When it was ordered."""
    lifted: str | None
    """When it was lifted; None while it stands."""


def order(
    connection: Connection, market: str, scope: Scope, reason: str, who: str, now: datetime
) -> Halt:
    """Keep the order to stop *scope* in *market*, in a transaction that decides.

    Raises:
        NotAllowed: no reason is given, or the very same order stands already.
    """
    if not reason.strip():
        raise NotAllowed("a halt needs a reason", hint="say it in a line: the ledger keeps it")
    standing = [one for one in list_halts(connection, market) if one.scope == scope]
    if standing:
        raise NotAllowed(
            f"{scope} is halted already by `{standing[0].id}`: {standing[0].reason}",
            hint="`pratique rollout status` shows every halt",
        )
    number = connection.scalar(
        select(func.count()).select_from(halts).where(halts.c.market == market)
    )
    halt = Halt(
        id=f"{market}-halt-{(number or 0) + 1}",
        market=market,
        scope=scope,
        reason=reason,
        ordered_by=who,
        ordered=stamp(now),
        lifted=None,
    )
    row = msgspec.structs.asdict(halt) | msgspec.structs.asdict(scope)
    row.pop("scope")
    connection.execute(insert(halts).values(row))
    return halt


def lift(connection: Connection, market: str, scope: Scope, now: datetime) -> Halt:
    """Lift the order of exactly *scope*, in a transaction that decides.

    Raises:
        NotFound: no such order stands.
    """
    found = list_halts(connection, market)
    for one in found:
        if one.scope == scope:
            lifted = msgspec.structs.replace(one, lifted=stamp(now))
            connection.execute(
                update(halts).where(halts.c.id == one.id).values(lifted=lifted.lifted)
            )
            return lifted
    standing = "; ".join(f"`{one.id}` on {one.scope}" for one in found) or "none"
    raise NotFound(f"no halt on {scope} in `{market}`", hint=f"halts that stand: {standing}")


def list_halts(connection: Connection, market: str) -> list[Halt]:
    """Return the orders of *market* that stand, oldest first."""
    query = (
        select(halts)
        .where(halts.c.market == market, halts.c.lifted.is_(None))
        .order_by(halts.c.ordered, halts.c.id)
    )
    return [
        Halt(
            id=row["id"],
            market=row["market"],
            scope=Scope(**{name: row[name] for name in Scope.__struct_fields__}),
            reason=row["reason"],
            ordered_by=row["ordered_by"],
            ordered=row["ordered"],
            lifted=row["lifted"],
        )
        for row in connection.execute(query).mappings()
    ]
