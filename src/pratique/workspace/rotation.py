"""Replacing signing keys: the workspace's own, and people's."""

import os
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from pratique.errors import NotAllowed, NotFound, Unavailable
from pratique.ledger.chain import head, hold
from pratique.people import person_keys, retirements
from pratique.people.accounts import get, require
from pratique.people.keys import (
    SigningKey,
    add_public_key,
    fingerprint,
    public_keys,
    retire,
)
from pratique.people.person_keys import PersonKey, person_key_bytes
from pratique.people.retirements import Retirement, signed_retirement
from pratique.store.canonical import canonical, digest
from pratique.store.moments import stamp
from pratique.workspace.keyring import PEOPLE
from pratique.workspace.opened import Opened, key_path, person_keys_folder


def rotate(opened: Opened, *, lost: bool) -> tuple[Retirement, ...]:
    """Make a new key for the workspace, retire what was in force, and return the records of it.

    The private half of the old key is written over. With *lost*, it is not needed: it is gone, or
    somebody else may have it, and it vouches for nothing, its successor included.

    Raises:
        NotFound, NotAllowed, Malformed: the old private key cannot be used, and *lost* is not said.
        Unavailable: a file cannot be written.
    """
    own = None if lost else _own(opened)
    path = key_path(opened.workspace)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    new = SigningKey.create(draft)
    olds = tuple(opened.public_keys)
    with opened.ledger.transaction() as connection:
        # Nobody else appends or seals until this ends: the records name the very end of the chain.
        hold(connection)
        made = tuple(
            _retirement(opened, connection, old, new, own if own and own.key_id == old else None)
            for old in olds
        )
        known = {one.key_id for one in public_keys(connection)}
        folder = opened.keyring.folder
        _write_new(folder / f"{new.key_id}.pub", new.public_key.encode() + b"\n")
        for one in made:
            _write_new(folder / f"{one.key_id}{retirements.SUFFIX}", canonical(one) + b"\n")
        draft.replace(path)
        add_public_key(connection, new.public_key, opened.who, opened.clock())
        for one in made:
            if one.key_id in known:
                retire(connection, one.key_id, opened.clock())
            facts = {
                "reason": one.reason,
                "successor": one.signer,
                "successor_fingerprint": fingerprint(new.public_key).replace(" ", ""),
                "record": digest(one.message()),
            }
            opened.ledger.record(
                connection, who=opened.who, kind="key.retired", subject=one.key_id, body=facts
            )
    return made


def make_person_key(
    opened: Opened, account: str, passphrase: str, *, path: Path | None = None
) -> PersonKey:
    """Make a key for the person *account*, sealed by *passphrase*, and return its public record.

    The private half is kept at *path*, else in the workspace's `state/people/`.

    Raises:
        NotFound, NotAllowed: no such account, or it is disabled; the passphrase is too short.
        Unavailable: a file cannot be written.
    """
    with opened.database.connect() as connection:
        require(get(connection, account), "viewer")
    folder = person_keys_folder(opened.workspace)
    folder.mkdir(mode=0o700, exist_ok=True)
    draft = folder / f"{os.getpid()}.new" if path is None else path
    key = SigningKey.create_sealed(draft, passphrase)
    record = PersonKey(
        account=account,
        key_id=key.key_id,
        public_key=key.public_key,
        added=stamp(opened.clock()),
        added_by=opened.who,
    )
    facts = {"account": account, "fingerprint": fingerprint(key.public_key).replace(" ", "")}
    with opened.ledger.decision(
        who=opened.who, kind="key.added", subject=key.key_id, body=facts
    ) as connection:
        add_public_key(connection, key.public_key, account, opened.clock())
        public = opened.keyring.folder / PEOPLE
        public.mkdir(exist_ok=True)
        _write_new(public / f"{key.key_id}{person_keys.SUFFIX}", person_key_bytes(record))
        if path is None:
            draft.rename(folder / f"{key.key_id}.key")
    return record


def retire_person_key(
    opened: Opened, key_id: str, reason: Literal["lost", "left"] = "left"
) -> Retirement:
    """Retire a person's key, and return the record of it, signed by the workspace's key.

    Raises:
        NotFound: there is no such key.
        NotAllowed: it is retired already.
    """
    if key_id not in opened.keyring.people:
        raise NotFound(
            f"there is no key `{key_id}` of a person", hint="`pratique people keys` shows them all"
        )
    if key_id in opened.keyring.retired:
        raise NotAllowed(f"the key `{key_id}` is retired already")
    signer = _own(opened)
    with opened.ledger.transaction() as connection:
        hold(connection)
        made = _retirement(opened, connection, key_id, signer, None, reason)
        path = opened.keyring.folder / PEOPLE / f"{key_id}{retirements.SUFFIX}"
        _write_new(path, canonical(made) + b"\n")
        retire(connection, key_id, opened.clock())
        facts = {"reason": made.reason, "record": digest(made.message())}
        opened.ledger.record(
            connection, who=opened.who, kind="key.retired", subject=key_id, body=facts
        )
    private = person_keys_folder(opened.workspace) / f"{key_id}.key"
    private.unlink(missing_ok=True)
    return made


def open_person_key(
    opened: Opened, account: str, passphrase: str, *, path: Path | None = None
) -> SigningKey:
    """Return the private key of the person *account*: at *path*, else the one kept here.

    Raises:
        NotFound: this account has no key in force here.
        NotAllowed: the passphrase is another one, or the key is not this account's.
    """
    ring = opened.keyring
    mine = [k for k, one in ring.people.items() if one.account == account and k not in ring.retired]
    folder = person_keys_folder(opened.workspace)
    kept = [folder / f"{one}.key" for one in mine if (folder / f"{one}.key").is_file()]
    if path is None and not kept:
        if mine:
            raise NotFound(
                f"the private half of `{account}`'s key `{mine[-1]}` is not in `{folder}`",
                hint="`--key FILE` names where it is, such as on a stick",
            )
        raise NotFound(
            f"`{account}` has no signing key",
            hint=f"`pratique people keys make --account {account}` makes one",
        )
    key = SigningKey.load_sealed(path or kept[-1], passphrase)
    if key.key_id not in mine:
        raise NotAllowed(
            f"the key `{key.key_id}` is no key in force of `{account}`",
            hint="`pratique people keys` shows whose it is",
        )
    return key


def _own(opened: Opened) -> SigningKey:
    key = opened.key
    return key if isinstance(key, SigningKey) else key.loaded


def _retirement(
    opened: Opened,
    connection: Connection,
    key_id: str,
    signer: SigningKey,
    own: SigningKey | None,
    reason: Literal["lost", "left"] = "lost",
) -> Retirement:
    end = head(connection)
    unsigned = Retirement(
        key_id=key_id,
        reason="rotated" if own else reason,
        at=stamp(opened.clock()),
        by=opened.who,
        entries=end.count,
        head=end.hash,
        checkpoints=opened.ledger.checkpoints(),
        signer=signer.key_id,
        signer_public_key=signer.public_key,
        signature="",
    )
    return signed_retirement(unsigned, signer, own)


def _write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet; whoever reads the folder meanwhile sees none or all."""
    draft = path.with_name(f".{path.name}.new")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except OSError as error:
        raise Unavailable(
            f"`{path}` cannot be written: {error.strerror}",
            hint="check the folder and its permissions; nothing was signed with the new key",
        ) from None
