"""Amendments: what became of an approval after it was given; signed, and never taken away.

An approval itself never changes. An extension, a suspension, its end, a revocation, or carrying it over
to another digest is a record of its own beside it, and all of them together say what holds now.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, get_args

import msgspec
from sqlalchemy import Column, Connection, ForeignKey, LargeBinary, Table, Text, insert, select

from pratique.errors import Malformed
from pratique.filing.filings import Filed
from pratique.ledger.chain import entries
from pratique.ledger.checkpoints import Verifier
from pratique.store.canonical import canonical, digest
from pratique.store.schema import metadata

Kind = Literal["extended", "suspended", "resumed", "revoked", "carried_over"]
"""What happened; nothing follows a revocation."""

amendments = Table(
    "approval_amendments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("approval", Text, ForeignKey("approvals.id"), nullable=False, index=True),
    Column("at", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("signature", Text, nullable=False),
)


class Carried(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A digest that an approval was carried over to."""

    variant: Filed
    """What may be on from then."""
    replaces: str
    """Digest that was approved."""
    changes: tuple[str, ...]
    """Parts that differ, each as `part: kind`."""
    assessment: str
    """Assessment in which the new digest met its standard."""


class Amendment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that became of an approval."""

    version: int = 1
    """Version of this record."""
    approval: str
    """Name of the approval."""
    kind: Kind
    """What happened."""
    at: str
    """When, ISO 8601."""
    reason: str
    """Why, as the ledger keeps it."""
    entered_by: str
    """Who entered it."""
    expires: date | None = None
    """With `extended`: the last day on which it holds now."""
    document_sha256: str = ""
    """Hash of the document that says so; empty where there is none."""
    carried: Carried | None = None
    """With `carried_over`: what to."""

    @property
    def id(self) -> str:
        """Name, derived from all of the above."""
        return "amendment-" + digest(canonical(self)).removeprefix("sha256:")[:16]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What holds of an approval now."""

    expires: date
    """Last day on which it holds."""
    carried: tuple[Carried, ...] = ()
    """Digests that it was carried over to."""
    stopped: str = ""
    """Why it is suspended or revoked, if it is."""
    revoked: bool = False
    """Whether it ended for good."""


def standing(expires: date, found: Iterable[Amendment]) -> Standing:
    """Return what holds of an approval that was given until *expires*, after *found*, oldest first."""
    now = Standing(expires=expires)
    for one in found:
        if now.revoked:
            break
        match one.kind:
            case "extended":
                now = msgspec.structs.replace(now, expires=one.expires or now.expires)
            case "suspended":
                why = f"suspended since {one.at[:10]}: {one.reason}"
                now = msgspec.structs.replace(now, stopped=why)
            case "resumed":
                now = msgspec.structs.replace(now, stopped="")
            case "revoked":
                why = f"revoked on {one.at[:10]}: {one.reason}"
                now = msgspec.structs.replace(now, stopped=why, revoked=True)
            case "carried_over":
                more = (one.carried,) if one.carried else ()
                now = msgspec.structs.replace(now, carried=now.carried + more)
    return now


def keep_amendment(
    connection: Connection, amendment: Amendment, key_id: str, signature: bytes
) -> None:
    """Keep *amendment* with the *signature* over its canonical form."""
    connection.execute(
        insert(amendments).values(
            id=amendment.id,
            approval=amendment.approval,
            at=amendment.at,
            body=canonical(amendment),
            key_id=key_id,
            signature=base64.b64encode(signature).decode(),
        )
    )


def read_amendments(
    connection: Connection, verifies: Verifier
) -> Mapping[str, Sequence[Amendment] | str]:
    """Return the amendments of every approval, in the ledger's order; or what is wrong with one.

    Not in that of their times: a clock that was set back would put a suspension before the end of
    an earlier one. One that cannot be trusted speaks against its approval: it may have been a
    suspension.
    """
    rows = {row.id: row for row in connection.execute(select(amendments))}
    if not rows:
        return {}
    found: dict[str, list[Amendment] | str] = {}
    for name in (*_told(connection), *rows):
        row = rows.pop(name, None)
        before = [] if row is None else found.setdefault(row.approval, [])
        if row is None or isinstance(before, str):
            continue
        try:
            before.append(_read(row.approval, row.body, row.key_id, row.signature, verifies))
        except Malformed as error:
            found[row.approval] = f"amendment `{row.id}`: {error.message}"
    return found


def _told(connection: Connection) -> list[str]:
    """Return the amendments that the ledger tells of, in its order."""
    told = [
        (entry.seq, str(entry.facts().get("amendment")))
        for kind in get_args(Kind)
        for entry in entries(connection, kind=f"approval.{kind}")
    ]
    return [name for _, name in sorted(told)]


def missing_amendments(connection: Connection) -> list[str]:
    """Return what the ledger tells of and the store no longer holds, one sentence each."""
    kept = set(connection.scalars(select(amendments.c.id)))
    told = [
        (entry.subject, str(entry.facts().get("amendment")))
        for kind in get_args(Kind)
        for entry in entries(connection, kind=f"approval.{kind}")
    ]
    return [
        f"approval `{approval}`: its amendment `{name}` was taken away"
        for approval, name in told
        if name not in kept
    ]


def _read(approval: str, body: bytes, key_id: str, signature: str, verifies: Verifier) -> Amendment:
    try:
        signed = verifies(key_id, body, base64.b64decode(signature, validate=True))
    except ValueError:
        signed = False
    if not signed:
        raise Malformed("its signature does not hold")
    try:
        read = msgspec.json.decode(body, type=Amendment)
    except msgspec.DecodeError:
        raise Malformed("its record cannot be read") from None
    if read.approval != approval:
        raise Malformed(f"it belongs to approval `{read.approval}`")
    return read
