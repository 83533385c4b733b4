"""Filings: the act of submitting features to a regulator, and the variants it freezes."""

from collections.abc import Container
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import Boolean, Column, Connection, ForeignKey, Integer, Table, Text, insert, select

from pratique.errors import NotFound
from pratique.store.moments import stamp
from pratique.store.schema import metadata

State = Literal["draft", "complete"]
"""A draft has gaps; only a rehearsal workspace may approve one."""

filings = Table(
    "filings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("market", Text, nullable=False),
    Column("regime", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("simulated", Boolean, nullable=False),
    Column("selection", Text, nullable=False),
    Column("pack", Text, nullable=False),
    Column("manifest_sha256", Text, nullable=False),
    Column("created", Text, nullable=False),
)

filing_variants = Table(
    "filing_variants",
    metadata,
    Column("filing", Text, ForeignKey("filings.id"), primary_key=True),
    Column("digest", Text, ForeignKey("snapshots.digest"), primary_key=True),
    Column("feature", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("place", Integer, nullable=False, server_default="0"),
)


# Defaults are left out of what is signed: an approval of before fallbacks keeps its name.
class Filed(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One variant of a filing."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    digest: str
    """Digest of the frozen variant."""
    place: int = 0
    """0 for the one that serves, n for its n-th fallback."""


class Filing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was submitted, or is going to be."""

    id: str
    """Name: the market, the day and a number."""
    market: str
    """Market."""
    regime: str
    """Rules under which it is made."""
    state: State
    """Whether it is complete."""
    simulated: bool
    """Whether it is for practice."""
    selection: str
    """Selection that it rests on."""
    pack: str
    """Folder of the evidence pack, within the workspace."""
    manifest_sha256: str
    """Hash of the pack's manifest."""
    created: str
    """When it was made."""
    variants: tuple[Filed, ...]
    """What it freezes."""


def keep_filing(connection: Connection, filing: Filing) -> None:
    """Keep *filing*; its variants' snapshots must be there."""
    row = msgspec.structs.asdict(filing)
    row.pop("variants")
    connection.execute(insert(filings).values(row))
    connection.execute(
        insert(filing_variants),
        [{"filing": filing.id, **msgspec.structs.asdict(one)} for one in filing.variants],
    )


def get_filing(connection: Connection, filing_id: str) -> Filing:
    """Return the filing called *filing_id*.

    Raises:
        NotFound: there is none.
    """
    for filing in list_filings(connection):
        if filing.id == filing_id:
            return filing
    known = ", ".join(one.id for one in list_filings(connection)) or "none"
    raise NotFound(f"no filing `{filing_id}`", hint=f"filings here: {known}")


def list_filings(connection: Connection, market: str | None = None) -> list[Filing]:
    """Return the filings, oldest first, with two queries."""
    rows = connection.execute(select(filings).order_by(filings.c.created, filings.c.id)).mappings()
    variants: dict[str, list[Filed]] = {}
    order = (filing_variants.c.feature, filing_variants.c.locale, filing_variants.c.place)
    for row in connection.execute(select(filing_variants).order_by(*order)).mappings():
        one = Filed(**{name: row[name] for name in Filed.__struct_fields__})
        variants.setdefault(row["filing"], []).append(one)
    found = [Filing(**row, variants=tuple(variants.get(row["id"], ()))) for row in rows]
    return [one for one in found if market is None or one.market == market]


def next_id(market: str, taken: Container[str], now: datetime) -> str:
    """Return the first name of a filing of *market* that is not *taken*, such as `CN-20261124-1`."""
    day = stamp(now)[:10].replace("-", "")
    number = 1
    while f"{market}-{day}-{number}" in taken:
        number += 1
    return f"{market}-{day}-{number}"
