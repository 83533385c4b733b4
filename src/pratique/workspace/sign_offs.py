"""Sign-offs in a workspace: proposed, signed, taken, each with its entry in the ledger.

A step that people may have to sign is written so:

    ask(opened, kind, subject, body)  # raises until enough people signed; proposes it the first time
    with opened.ledger.decision(...) as connection:
        take(opened, connection, kind, subject, body)
        ...  # the step itself
"""

from collections.abc import Mapping

from sqlalchemy import Connection

from pratique.errors import NotAllowed
from pratique.people import signoffs
from pratique.people.accounts import get
from pratique.people.signoffs import Signature, Signer, SignOff
from pratique.settings.workspace import SignOffKind
from pratique.store.canonical import digest
from pratique.workspace.opened import Opened


def propose(
    opened: Opened,
    kind: SignOffKind,
    subject: str,
    body: Mapping[str, object],
    *,
    by: str | None = None,
) -> SignOff:
    """Ask for a step, in the name of the account *by* (who opened the workspace, if None).

    Raises: as `pratique.people.signoffs.propose`.
    """
    who = by or opened.who
    policy = opened.workspace.configuration.sign_off
    with opened.ledger.transaction() as connection:
        made = signoffs.propose(
            connection,
            kind,
            subject,
            body,
            by=who,
            now=opened.clock(),
            hours=policy.expires_hours,
        )
        facts = {
            "kind": kind,
            "subject": subject,
            "body": digest(made.body.encode()),
            "needed": policy.needed(kind),
            "expires": made.expires,
        }
        opened.ledger.record(
            connection, who=who, kind="sign_off.proposed", subject=made.id, body=facts
        )
    return made


def sign(opened: Opened, name: str, account: str, key: Signer) -> Signature:
    """Sign the step *name* for *account* by a key of theirs (see `rotation.open_person_key`).

    Raises:
        NotFound, NotAllowed: as `pratique.people.signoffs.add_signature`; or the key is not one in
            force of this account.
    """
    with opened.ledger.transaction() as connection:
        made = signoffs.add_signature(
            connection,
            opened.workspace.configuration.name,
            name,
            get(connection, account),
            key,
            opened.clock(),
        )
        found = signoffs.get_sign_off(connection, name)
        message = found.message(opened.workspace.configuration.name, account, made.at)
        if not _holds(opened, found, made):
            raise NotAllowed(
                f"the key `{key.key_id}` is no key in force of `{account}`",
                hint="`pratique people keys` shows whose it is",
            )
        facts = {"key": made.key_id, "signed": digest(message)}
        opened.ledger.record(
            connection, who=account, kind="sign_off.signed", subject=name, body=facts
        )
    return made


def withdraw(opened: Opened, name: str, account: str | None = None) -> SignOff:
    """Take a step back that waits or is ready. Anybody may: it only ever stops something.

    Raises:
        NotFound, NotAllowed: there is no such sign-off, or it is not open.
    """
    who = account or opened.who
    with opened.ledger.decision(
        who=who, kind="sign_off.withdrawn", subject=name, body={}
    ) as connection:
        get(connection, who)
        return signoffs.close(connection, name, "withdrawn", opened.clock())


def signed(
    opened: Opened,
    connection: Connection,
    kind: SignOffKind,
    subject: str,
    body: Mapping[str, object],
) -> bool:
    """Say whether as many people signed exactly this step as the policy asks for."""
    needed = opened.workspace.configuration.sign_off.needed(kind)
    if needed == 0:
        return True
    found = signoffs.matching(connection, kind, subject, body, opened.clock())
    return found is not None and len(signers(opened, connection, found)) >= needed


def signers(opened: Opened, connection: Connection, sign_off: SignOff) -> tuple[str, ...]:
    """Return the people whose signatures hold now."""
    return signoffs.signers(
        connection, opened.workspace.configuration.name, sign_off, opened.keyring.signed_by
    )


def pending(opened: Opened) -> list[SignOff]:
    """Return what waits or is ready, oldest first."""
    with opened.database.connect() as connection:
        return signoffs.pending(connection, opened.clock())


def ask(opened: Opened, kind: SignOffKind, subject: str, body: Mapping[str, object]) -> None:
    """Go on if enough people signed exactly this step; else propose it, unless it waits already.

    Raises:
        NotAllowed: not enough people signed it; the hint says what to do.
    """
    with opened.database.connect() as connection:
        if signed(opened, connection, kind, subject, body):
            return
        waiting = signoffs.matching(connection, kind, subject, body, opened.clock())
    found = waiting or propose(opened, kind, subject, body)
    with opened.database.connect() as connection:
        raise _missing(opened, connection, found)


def take(
    opened: Opened,
    connection: Connection,
    kind: SignOffKind,
    subject: str,
    body: Mapping[str, object],
) -> tuple[str, ...]:
    """Spend the sign-off of exactly this step, in the step's own transaction; return who signed.

    Nobody, where the policy asks for nobody. What was spent opens nothing a second time.

    Raises:
        NotAllowed: not enough people signed it.
    """
    needed = opened.workspace.configuration.sign_off.needed(kind)
    if needed == 0:
        return ()
    found = signoffs.matching(connection, kind, subject, body, opened.clock())
    if found is None:
        raise NotAllowed(
            f"a step of kind `{kind}` takes {needed} people, and nobody proposed this one",
            hint="propose it; `pratique people pending` shows what waits",
        )
    people = signers(opened, connection, found)
    if len(people) < needed:
        raise _missing(opened, connection, found)
    signoffs.close(connection, found.id, "used", opened.clock())
    facts = {"kind": kind, "subject": subject, "needed": needed, "signed_by": list(people)}
    opened.ledger.record(
        connection, who=opened.who, kind="sign_off.used", subject=found.id, body=facts
    )
    return people


def _holds(opened: Opened, found: SignOff, made: Signature) -> bool:
    name = opened.workspace.configuration.name
    return signoffs.holds(found, made, name, opened.keyring.signed_by)


def _missing(opened: Opened, connection: Connection, found: SignOff) -> NotAllowed:
    people = signers(opened, connection, found)
    needed = opened.workspace.configuration.sign_off.needed(found.kind)
    return NotAllowed(
        f"`{found.kind}` of `{found.subject}` takes {needed} people;"
        f" {signoffs.names(people)} signed sign-off `{found.id}`",
        hint=f"`pratique people sign {found.id}`, then run this again before {found.expires}",
    )
