"""Approvals: the regulator's answer, and only that; signed, dated and bound to digests."""

import base64
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

import msgspec
from sqlalchemy import Column, Connection, ForeignKey, LargeBinary, Table, Text, insert, select

from pratique.errors import Malformed, NotAllowed
from pratique.filing.amendments import Standing, read_amendments, standing
from pratique.filing.filings import Filed, Filing
from pratique.ledger.checkpoints import Verifier
from pratique.store.canonical import canonical, digest
from pratique.store.schema import metadata

approvals = Table(
    "approvals",
    metadata,
    Column("id", Text, primary_key=True),
    Column("filing", Text, ForeignKey("filings.id"), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("signature", Text, nullable=False),
)

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Signer(Protocol):
    """Whoever signs an approval's record."""

    @property
    def key_id(self) -> str: ...

    def sign(self, message: bytes) -> bytes: ...


class Approval(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The regulator's answer to a filing."""

    version: int = 1
    """Version of this record."""
    workspace: str
    """Workspace that it belongs to."""
    filing: str
    """Filing that it answers."""
    market: str
    """Market that it is for."""
    variants: tuple[Filed, ...]
    """Exactly what may be on."""
    number: str
    """Number that the regulator gave."""
    issued: date
    """First day on which it holds."""
    expires: date
    """Last day on which it holds."""
    document_sha256: str
    """Hash of the document that carries the answer."""
    entered_by: str
    """Who entered it."""
    simulated: bool
    """Whether it is for practice: no other service honours it."""

    @property
    def id(self) -> str:
        """Name, derived from all of the above."""
        return "approval-" + digest(canonical(self)).removeprefix("sha256:")[:16]

    def covers(self, variant_digest: str) -> bool:
        """Say whether it is about this very digest."""
        return any(one.digest == variant_digest for one in self.variants)

    def state_on(self, now: datetime) -> str:
        """Return `in_force`, `not_yet` or `expired`; days are counted in UTC."""
        today = now.date()
        if today < self.issued:
            return "not_yet"
        return "in_force" if today <= self.expires else "expired"


def approval_of(
    filing: Filing,
    *,
    workspace: str,
    rehearsal: bool,
    number: str,
    issued: date,
    expires: date,
    document_sha256: str,
    entered_by: str,
) -> Approval:
    """Return the approval of *filing* that the regulator gave.

    Raises:
        NotAllowed: the filing is a draft, and this is no rehearsal.
        Malformed: the number is empty, the hash is none, or it expires before it is issued.
    """
    if filing.state == "draft" and not rehearsal:
        raise NotAllowed(
            f"filing `{filing.id}` is a draft: a regulator has not seen it",
            hint="complete it first; only a workspace with `rehearsal = true` may approve a draft",
        )
    if not number.strip() or not number.isprintable() or len(number) > 100:
        raise Malformed("an approval needs the regulator's number", hint="pass it with `--number`")
    if not _SHA256.fullmatch(document_sha256):
        raise Malformed(
            f"`{document_sha256[:80]}` is no SHA-256", hint="`sha256sum FILE` prints the document's"
        )
    if expires < issued:
        raise Malformed(f"it expires on {expires}, before it is issued on {issued}")
    return Approval(
        workspace=workspace,
        filing=filing.id,
        market=filing.market,
        variants=filing.variants,
        number=number,
        issued=issued,
        expires=expires,
        document_sha256=document_sha256,
        entered_by=entered_by,
        simulated=rehearsal,
    )


def keep_approval(connection: Connection, approval: Approval, signer: Signer) -> None:
    """Keep *approval* with a signature over its canonical form.

    Raises:
        NotAllowed: the very same was entered before.
    """
    if connection.scalar(select(approvals.c.id).where(approvals.c.id == approval.id)) is not None:
        raise NotAllowed(f"approval `{approval.number}` of `{approval.filing}` is entered already")
    body = canonical(approval)
    connection.execute(
        insert(approvals).values(
            id=approval.id,
            filing=approval.filing,
            body=body,
            key_id=signer.key_id,
            signature=base64.b64encode(signer.sign(body)).decode(),
        )
    )


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An approval as it was found in the store, with all that became of it."""

    id: str
    """Name under which it is kept; it stays through every amendment."""
    approval: Approval | None = None
    """What holds now: extended, and with the digests that it was carried over to; None where its
    bytes cannot be read."""
    standing: Standing | None = None
    """What became of it."""
    fault: str = ""
    """Why it does not count, if it does not."""
    changed: bool = False
    """Whether it does not count because it is not what was written."""


def read_approvals(connection: Connection, verifies: Verifier, workspace: str) -> Sequence[Kept]:
    """Return every approval, each with what keeps it from counting: a bad signature, another
    workspace, a suspension, a revocation."""
    amended = read_amendments(connection, verifies)
    found: list[Kept] = []
    for row in connection.execute(select(approvals).order_by(approvals.c.id)):
        kept = _kept(row.id, row.body, row.key_id, row.signature, verifies, workspace)
        since = amended.get(row.id, ())
        if isinstance(since, str):
            kept = Kept(id=row.id, fault=since, changed=True)
        elif kept.approval and not kept.fault:
            kept = _as_amended(row.id, kept.approval, standing(kept.approval.expires, since))
        found.append(kept)
    return found


def _as_amended(name: str, approval: Approval, now: Standing) -> Kept:
    carried = tuple(one.variant for one in now.carried)
    return Kept(
        id=name,
        approval=msgspec.structs.replace(
            approval, expires=now.expires, variants=approval.variants + carried
        ),
        standing=now,
        fault=f"`{approval.number}` {'was' if now.revoked else 'is'} {now.stopped}"
        if now.stopped
        else "",
    )


def _kept(
    name: str, body: bytes, key_id: str, signature: str, verifies: Verifier, workspace: str
) -> Kept:
    try:
        signed = verifies(key_id, body, base64.b64decode(signature, validate=True))
    except ValueError:
        signed = False
    if not signed:
        return Kept(id=name, fault="its signature does not hold", changed=True)
    try:
        approval = msgspec.json.decode(body, type=Approval)
    except msgspec.DecodeError:
        return Kept(id=name, fault="its record cannot be read", changed=True)
    if approval.workspace != workspace:
        fault = f"it belongs to workspace `{approval.workspace}`"
        return Kept(approval=approval, id=name, fault=fault, changed=True)
    return Kept(approval=approval, id=name)
