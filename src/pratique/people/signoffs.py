"""Sign-offs: a step that several people must want, each by their own key, for these very bytes."""

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    LargeBinary,
    RowMapping,
    Table,
    Text,
    insert,
    select,
    update,
)

from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.people.accounts import Account, Role, get
from pratique.settings.workspace import SignOffKind
from pratique.store.canonical import canonical, digest
from pratique.store.moments import stamp
from pratique.store.schema import metadata

MAX_BODY_BYTES = 8_000
"""A step is a few facts and digests: longer is no step that people could read before signing."""

MAY_SIGN: Mapping[SignOffKind, frozenset[Role]] = {
    "approval": frozenset({"approver"}),
    "carry_over": frozenset({"approver"}),
    "screening_removal": frozenset({"approver"}),
    "stage": frozenset({"approver", "operator"}),
}
"""Roles whose signature counts for each kind."""

State = Literal["open", "used", "withdrawn"]
"""Waiting or ready; spent on the step it was asked for; taken back."""

sign_offs = Table(
    "sign_offs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed", Text, nullable=False),
    Column("expires", Text, nullable=False),
    Column("state", Text, nullable=False),
)

sign_off_signatures = Table(
    "sign_off_signatures",
    metadata,
    Column("sign_off", Text, ForeignKey("sign_offs.id"), primary_key=True),
    Column("account", Text, primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("signature", Text, nullable=False),
)

Signed = Callable[[str, str, bytes, bytes], bool]
"""Says whether a key (second) of this account (first) signed this message (third) so (fourth)."""


class Signer(Protocol):
    """A person's own key."""

    @property
    def key_id(self) -> str:
        """Name of the key."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature of *message*."""


class Signature(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That one person wants the step."""

    account: str
    """Who."""
    key_id: str
    """By which key of theirs."""
    at: str
    """When: ISO 8601 in UTC."""
    signature: str
    """Base64 of the signature over `SignOff.message`."""


class SignOff(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A step that was proposed, and who wants it."""

    id: str
    """Name, derived from what is proposed, by whom and when."""
    kind: SignOffKind
    """What kind of step."""
    subject: str
    """What it is about: an id or a digest."""
    body: str
    """The facts of the step, as canonical JSON: these very bytes are signed."""
    proposed_by: str
    """The account that asked for it."""
    proposed: str
    """When: ISO 8601 in UTC."""
    expires: str
    """From when on it counts for nothing."""
    state: State
    """What became of it."""
    signatures: tuple[Signature, ...] = ()
    """Who wants it, in order of time."""

    def message(self, workspace: str, account: str, at: str) -> bytes:
        """Return what *account* signs: everything of the step, who signs it and when."""
        return canonical(
            {
                "format": "pratique-sign-off-1",
                "workspace": workspace,
                "sign_off": self.id,
                "kind": self.kind,
                "subject": self.subject,
                "body": self.body,
                "proposed_by": self.proposed_by,
                "proposed": self.proposed,
                "expires": self.expires,
                "account": account,
                "at": at,
            }
        )


def propose(
    connection: Connection,
    kind: SignOffKind,
    subject: str,
    body: Mapping[str, object],
    *,
    by: str,
    now: datetime,
    hours: float,
) -> SignOff:
    """Ask for a step, and return the sign-off, which nobody has signed yet.

    Raises:
        NotFound: *by* is no account.
        NotAllowed: the same is waiting already, or *by* may do nothing.
        Malformed: *body* has no canonical JSON or is too long.
    """
    account = get(connection, by)
    if account.disabled is not None:
        raise NotAllowed(f"the account `{by}` is disabled since {account.disabled}")
    facts = canonical(dict(body))
    if len(facts) > MAX_BODY_BYTES:
        raise Malformed(
            f"the facts to sign take {len(facts)} bytes, more than {MAX_BODY_BYTES}",
            hint="keep the bytes as a snapshot and propose its digest",
        )
    waiting = matching(connection, kind, subject, body, now)
    if waiting is not None:
        raise NotAllowed(
            f"this waits as sign-off `{waiting.id}` already",
            hint=f"`pratique people sign {waiting.id}`",
        )
    unnamed = SignOff(
        id="",
        kind=kind,
        subject=subject,
        body=facts.decode(),
        proposed_by=by,
        proposed=stamp(now),
        expires=stamp(now + timedelta(hours=hours)),
        state="open",
    )
    name = "so-" + digest(canonical(unnamed)).removeprefix("sha256:")[:12]
    found = msgspec.structs.replace(unnamed, id=name)
    row = msgspec.structs.asdict(found) | {"body": facts}
    del row["signatures"]
    connection.execute(insert(sign_offs).values(row))
    return found


def add_signature(
    connection: Connection, workspace: str, name: str, account: Account, key: Signer, now: datetime
) -> Signature:
    """Sign the step *name* for *account* by *key*, and return the signature.

    Raises:
        NotFound: there is no such sign-off.
        NotAllowed: it is not open, has run out, was signed by this account, or the account has
            no role that may sign it.
    """
    found = require_open(connection, name, now)
    if not may_sign(account, found.kind):
        roles = " or ".join(sorted(MAY_SIGN[found.kind]))
        raise NotAllowed(
            f"`{account.name}` may not sign a step of kind `{found.kind}`",
            hint=f"this takes the role {roles}; `pratique people list` shows who has it",
        )
    if any(one.account == account.name for one in found.signatures):
        raise NotAllowed(
            f"`{account.name}` signed `{name}` already", hint="one person counts once: ask another"
        )
    at = stamp(now)
    made = key.sign(found.message(workspace, account.name, at))
    signature = Signature(
        account=account.name,
        key_id=key.key_id,
        at=at,
        signature=base64.b64encode(made).decode(),
    )
    row = msgspec.structs.asdict(signature) | {"sign_off": name}
    connection.execute(insert(sign_off_signatures).values(row))
    return signature


def may_sign(account: Account, kind: SignOffKind) -> bool:
    """Say whether the signature of *account* counts for a step of this *kind*."""
    return account.disabled is None and bool(MAY_SIGN[kind].intersection(account.roles))


def signers(
    connection: Connection, workspace: str, sign_off: SignOff, signed: Signed
) -> tuple[str, ...]:
    """Return whose signatures hold now: by a key of theirs, in a role that may, not disabled."""
    return tuple(
        one.account
        for one in sign_off.signatures
        if may_sign(get(connection, one.account), sign_off.kind)
        and holds(sign_off, one, workspace, signed)
    )


def holds(sign_off: SignOff, signature: Signature, workspace: str, signed: Signed) -> bool:
    """Say whether *signature* was made by a key of its account for these very bytes."""
    try:
        made = base64.b64decode(signature.signature, validate=True)
    except ValueError:
        return False
    message = sign_off.message(workspace, signature.account, signature.at)
    return signed(signature.account, signature.key_id, message, made)


def require_open(connection: Connection, name: str, now: datetime) -> SignOff:
    """Return the sign-off *name*, which must still be waiting.

    Raises:
        NotFound: there is none.
        NotAllowed: it was used or withdrawn, or has run out.
    """
    found = get_sign_off(connection, name)
    if found.state != "open":
        raise NotAllowed(f"sign-off `{name}` was {found.state}", hint="propose the step again")
    if found.expires <= stamp(now):
        raise NotAllowed(
            f"sign-off `{name}` ran out at {found.expires}", hint="propose the step again"
        )
    return found


def close(connection: Connection, name: str, state: State, now: datetime) -> SignOff:
    """Mark the sign-off *name* as used or withdrawn, and return it.

    Raises: as `require_open`.
    """
    found = require_open(connection, name, now)
    connection.execute(update(sign_offs).where(sign_offs.c.id == name).values(state=state))
    return msgspec.structs.replace(found, state=state)


def matching(
    connection: Connection,
    kind: SignOffKind,
    subject: str,
    body: Mapping[str, object],
    now: datetime,
) -> SignOff | None:
    """Return the open sign-off of exactly this step, if there is one."""
    facts = canonical(dict(body)).decode()
    return next(
        (
            one
            for one in pending(connection, now)
            if (one.kind, one.subject, one.body) == (kind, subject, facts)
        ),
        None,
    )


def pending(connection: Connection, now: datetime) -> list[SignOff]:
    """Return what waits or is ready, oldest first."""
    query = (
        select(sign_offs)
        .where(sign_offs.c.state == "open", sign_offs.c.expires > stamp(now))
        .order_by(sign_offs.c.proposed, sign_offs.c.id)
    )
    return [_sign_off(connection, row) for row in connection.execute(query).mappings().all()]


def all_sign_offs(connection: Connection) -> list[SignOff]:
    """Return every sign-off, oldest first."""
    query = select(sign_offs).order_by(sign_offs.c.proposed, sign_offs.c.id)
    return [_sign_off(connection, row) for row in connection.execute(query).mappings().all()]


def get_sign_off(connection: Connection, name: str) -> SignOff:
    """Return the sign-off *name*.

    Raises:
        NotFound: there is none.
    """
    query = select(sign_offs).where(sign_offs.c.id == name)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(
            f"there is no sign-off `{name[:80]}`", hint="`pratique people pending` shows what waits"
        )
    return _sign_off(connection, row)


def _sign_off(connection: Connection, row: RowMapping) -> SignOff:
    return SignOff(
        **{**row, "body": row["body"].decode()}, signatures=_signatures(connection, row["id"])
    )


def _signatures(connection: Connection, name: str) -> tuple[Signature, ...]:
    columns = sign_off_signatures.c
    query = select(columns.account, columns.key_id, columns.at, columns.signature)
    query = query.where(columns.sign_off == name).order_by(columns.at, columns.account)
    return tuple(Signature(**row) for row in connection.execute(query).mappings())


def names(accounts: Sequence[str]) -> str:
    """Return *accounts* for a sentence."""
    return ", ".join(f"`{one}`" for one in accounts) or "nobody"
