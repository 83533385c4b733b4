"""Approving: entering the regulator's answer, and what becomes of it afterwards."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.filing.amendments import Amendment, Kind, Standing, keep_amendment
from pratique.filing.approvals import Approval, Kept, approval_of, keep_approval, read_approvals
from pratique.filing.filings import get_filing
from pratique.settings.workspace import SignOffKind
from pratique.store.canonical import canonical, digest
from pratique.store.moments import stamp
from pratique.workspace.opened import Opened
from pratique.workspace.sign_offs import ask, take


def enter_approval(
    opened: Opened,
    filing_id: str,
    *,
    number: str,
    issued: date,
    expires: date,
    document_sha256: str,
) -> Approval:
    """Enter the regulator's answer to *filing_id*, signed, and return it.

    Raises:
        NotFound: there is no such filing.
        NotAllowed: it is a draft and this is no rehearsal, the same was entered before, or not
            enough people signed this very answer yet.
        Malformed: a field is not sound.
    """
    configuration = opened.workspace.configuration
    with opened.database.connect() as connection:
        filing = get_filing(connection, filing_id)
    approval = approval_of(
        filing,
        workspace=configuration.name,
        rehearsal=configuration.rehearsal,
        number=number,
        issued=issued,
        expires=expires,
        document_sha256=document_sha256,
        entered_by=opened.who,
    )
    asked: dict[str, object] = {
        "number": number,
        "issued": issued.isoformat(),
        "expires": expires.isoformat(),
        "document_sha256": document_sha256,
    }
    ask(opened, "approval", filing_id, asked)
    facts = asked | {
        "approval": approval.id,
        "simulated": approval.simulated,
        # What is signed: it still holds when the key is retired.
        "record": digest(canonical(approval)),
    }
    with opened.ledger.decision(
        who=opened.who, kind="approval.given", subject=filing_id, body=facts
    ) as connection:
        take(opened, connection, "approval", filing_id, asked)
        keep_approval(connection, approval, opened.key)
    return approval


def find_approval(opened: Opened, connection: Connection, name: str) -> tuple[str, Standing]:
    """Return the id of the approval called *name*, and what became of it.

    *name* is its id, its number, or its filing where that has only one.

    Raises:
        NotFound: there is none, or several.
        NotAllowed: what is kept of it is not what was written.
    """
    workspace = opened.workspace.configuration.name
    known = read_approvals(connection, opened.verifies, workspace)
    found = [one for one in known if name in _names(one)]
    if len(found) != 1:
        names = ", ".join(f"`{one.id}`" for one in found or known) or "none"
        what = "several approvals are called" if found else "there is no approval called"
        raise NotFound(f"{what} `{name}`", hint=f"by id: {names}")
    if found[0].standing is None:
        raise NotAllowed(
            f"approval `{found[0].id}`: {found[0].fault}",
            hint="`pratique verify` says what changed",
        )
    return found[0].id, found[0].standing


def _names(kept: Kept) -> tuple[str, ...]:
    approval = kept.approval
    return (kept.id, approval.number, approval.filing) if approval else (kept.id,)


def amend(
    opened: Opened,
    name: str,
    kind: Kind,
    reason: str,
    *,
    expires: date | None = None,
    document_sha256: str = "",
) -> Amendment:
    """Enter what became of the approval *name*, and return it.

    What turns something on again takes as many people as an approval; what turns off, one.

    Raises:
        NotFound: there is no such approval.
        NotAllowed: it was revoked, or is not in the state that *kind* starts from.
        Malformed: there is no reason, or the new last day is not later.
    """
    if not reason.strip():
        raise Malformed("an amendment needs a reason", hint="pass it with `--reason`")
    with opened.database.connect() as connection:
        approval, now = find_approval(opened, connection, name)
    _require_possible(approval, now, kind, expires)
    amendment = Amendment(
        approval=approval,
        kind=kind,
        at=stamp(opened.clock()),
        reason=reason,
        entered_by=opened.who,
        expires=expires,
        document_sha256=document_sha256,
    )
    asked: dict[str, object] = {"kind": kind, "reason": reason}
    if expires:
        asked["expires"] = expires.isoformat()
    if document_sha256:
        asked["document_sha256"] = document_sha256
    record_amendment(opened, amendment, asked, "approval" if kind in _TURN_ON else None)
    return amendment


_TURN_ON = ("extended", "resumed")


def record_amendment(
    opened: Opened, amendment: Amendment, asked: Mapping[str, object], kind: SignOffKind | None
) -> None:
    """Keep *amendment*, signed, with its entry in the ledger; *kind* is the sign-off that it takes.

    Raises:
        NotAllowed: not enough people signed *asked* yet.
    """
    subject = amendment.approval
    if kind:
        ask(opened, kind, subject, asked)
    facts = dict(asked) | {"amendment": amendment.id, "record": digest(canonical(amendment))}
    with opened.ledger.decision(
        who=opened.who, kind=f"approval.{amendment.kind}", subject=subject, body=facts
    ) as connection:
        if kind:
            take(opened, connection, kind, subject, asked)
        signature = opened.key.sign(canonical(amendment))
        keep_amendment(connection, amendment, opened.key.key_id, signature)


def _require_possible(approval: str, now: Standing, kind: Kind, expires: date | None) -> None:
    if now.revoked:
        raise NotAllowed(
            f"approval `{approval}` was {now.stopped}: nothing follows",
            hint="file again, and enter the regulator's new answer",
        )
    if kind == "suspended" and now.stopped:
        raise NotAllowed(f"approval `{approval}` is {now.stopped}")
    if kind == "resumed" and not now.stopped:
        raise NotAllowed(f"approval `{approval}` is not suspended")
    if kind == "extended" and (expires is None or expires <= now.expires):
        raise Malformed(
            f"approval `{approval}` holds until {now.expires} already",
            hint="an extension names a later last day with `--expires`",
        )
