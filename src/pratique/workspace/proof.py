"""What can be proved about people and keys: part of `pratique verify`."""

from collections.abc import Iterator

from sqlalchemy import Connection

from pratique.ledger.chain import Entry, entries
from pratique.people import signoffs
from pratique.people.keys import fingerprint
from pratique.people.signoffs import SignOff
from pratique.store.canonical import digest
from pratique.workspace.opened import Opened


def key_notes(opened: Opened) -> tuple[str, ...]:
    """Return which keys sign for the workspace, and which no longer, for people."""
    ring = opened.keyring
    notes = []
    for key_id, public in ring.keys.items():
        one = ring.retired.get(key_id)
        if one is None:
            notes.append(f"signing key `{key_id}` in force, fingerprint {fingerprint(public)}")
        else:
            notes.append(
                f"signing key `{key_id}` retired ({one.reason}) since {one.at}: of what it signed, only"
                f" that holds which the first {one.entries} entries recorded"
            )
    return tuple(notes)


def people_faults(opened: Opened) -> list[str]:
    """Return what is wrong with keys and sign-offs, one sentence each."""
    faults = opened.keyring.faults()
    with opened.database.connect() as connection:
        faults += _retired_without_record(opened, connection)
        for one in signoffs.all_sign_offs(connection):
            faults += _sign_off_faults(opened, connection, one)
    return faults


def _retired_without_record(opened: Opened, connection: Connection) -> Iterator[str]:
    """Yield keys that the ledger says are retired, while nothing in `keys/` does."""
    for entry in entries(connection, kind="key.retired"):
        record = opened.keyring.retired.get(entry.subject)
        if record is None:
            yield (
                f"key `{entry.subject}` was retired by entry {entry.seq}, but its record in `keys/`"
                " is gone: it could sign again"
            )
        elif entry.facts().get("record") != digest(record.message()):
            yield f"the record of the retired key `{entry.subject}` is not that of entry {entry.seq}"


def _sign_off_faults(opened: Opened, connection: Connection, one: SignOff) -> Iterator[str]:
    name = opened.workspace.configuration.name
    trail = list(entries(connection, subject=one.id))
    if not any(
        entry.kind == "sign_off.proposed"
        and entry.who == one.proposed_by
        and entry.facts().get("body") == digest(one.body.encode())
        for entry in trail
    ):
        yield f"sign-off `{one.id}` is not what the ledger says was proposed"
    for signature in one.signatures:
        message = digest(one.message(name, signature.account, signature.at))
        if not signoffs.holds(one, signature, name, opened.keyring.signed_by):
            yield f"sign-off `{one.id}`: the signature of `{signature.account}` does not hold"
        if not any(_says(entry, signature.account, message) for entry in trail):
            yield f"sign-off `{one.id}`: the ledger does not know that `{signature.account}` signed"
    for entry in trail:
        if entry.kind == "sign_off.used":
            yield from _used_faults(one, entry)


def _says(entry: Entry, account: str, message: str) -> bool:
    is_signature = entry.kind == "sign_off.signed" and entry.who == account
    return is_signature and entry.facts().get("signed") == message


def _used_faults(one: SignOff, entry: Entry) -> Iterator[str]:
    people = entry.facts().get("signed_by")
    claimed = set(people) if isinstance(people, list) else set()
    gone = sorted(claimed - {signature.account for signature in one.signatures})
    if gone:
        yield f"sign-off `{one.id}` was used with a signature of `{gone[0]}` that is gone"
    needed = entry.facts().get("needed")
    if not isinstance(needed, int) or len(claimed) < needed:
        yield f"sign-off `{one.id}` was used with {len(claimed)} people, fewer than were needed"
    if one.state != "used":
        yield f"sign-off `{one.id}` was used by entry {entry.seq}, but is marked `{one.state}`"
