"""An opened workspace: what every step of the loop works with."""

import copy
import getpass
import os
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pratique.errors import Malformed, NotFound
from pratique.ledger.audit import Audit
from pratique.ledger.ledger import Ledger
from pratique.people.keys import SigningKey
from pratique.settings.workspace import CONFIGURATION, Workspace
from pratique.store.database import Database
from pratique.workspace.current_key import CurrentKey
from pratique.workspace.keyring import Keyring

Clock = Callable[[], datetime]
"""Tells the time, with its zone."""


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


def clock_of(workspace: Workspace) -> Clock:
    """Return the clock of *workspace*: the wall's, or in a rehearsal one that goes on from its `now`."""
    begun, opened = workspace.configuration.now, time.monotonic()
    if begun is None:
        return now
    return lambda: begun + timedelta(seconds=time.monotonic() - opened)


class Opened:
    """One workspace with its database, its ledger and its signing key."""

    def __init__(
        self, workspace: Workspace, *, who: str | None = None, clock: Clock | None = None
    ) -> None:
        """Open *workspace* for *who*, the account that decides (the login name if None).

        *clock* stands in for the workspace's own.

        The private key is read when something is signed: to look and to verify takes none.

        Raises:
            NotFound, Malformed: there is no public key, or a record of one is broken.
        """
        self.workspace = workspace
        self.who = who or login()
        self.clock = clock or clock_of(workspace)
        self.database = Database.open(database_address(workspace))
        self.keyring = Keyring(public_keys_folder(workspace), self.database)
        self.keyring.require_keys()
        current = CurrentKey(key_path(workspace), lambda: self.keyring.retired)
        self.key: CurrentKey | SigningKey = current
        self.ledger = Ledger(
            self.database, checkpoints_path(workspace), signer=current, clock=self.clock
        )

    def acting(self, who: str) -> "Opened":
        """Return the same workspace for the account *who*: its decisions name that one."""
        found = copy.copy(self)
        found.who = who
        return found

    def verifies(self, key_id: str, message: bytes, signature: bytes) -> bool:
        """Say whether a key of this workspace made *signature*, and was entitled to.

        Whoever signs what must outlast a rotation of the key records the SHA-256 of the signed
        bytes in the ledger, in the same decision (see `pratique.workspace.keyring`).
        """
        return self.keyring.verifies(key_id, message, signature)

    def audit(self) -> Audit:
        """Check the ledger against its checkpoints, by the keys that were in force at each."""
        return self.ledger.audit(self.keyring.verifies_checkpoint, self.keyring.bounds())

    @property
    def public_keys(self) -> Mapping[str, str]:
        """The public keys in force, in base64 by id."""
        retired = self.keyring.retired
        return {name: key for name, key in self.keyring.keys.items() if name not in retired}

    def close(self) -> None:
        """Close the database."""
        self.database.close()


def login() -> str:
    """Return the name of the person at the keyboard, for the ledger."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def database_path(workspace: Workspace) -> Path:
    """Return where the database is, where it is a file."""
    return workspace.state / "pratique.db"


def database_address(workspace: Workspace) -> str | Path:
    """Return where decisions are kept: the file, or the address that the settings lead to.

    Raises:
        NotFound: the environment variable or the file with the address is not there.
        Malformed: the settings name both.
    """
    store = workspace.configuration.store
    if store.url_variable and store.url_file:
        raise Malformed(
            "`[store]` names both `url_variable` and `url_file`",
            hint="leave one of them out",
            path=workspace.folder / CONFIGURATION,
        )
    if store.url_variable:
        found = os.environ.get(store.url_variable, "").strip()
        if not found:
            raise NotFound(
                f"the environment variable `{store.url_variable}` with the store's address is not set",
                hint="set it to `postgresql://…`, or leave `[store]` out for a file",
            )
        return found
    if store.url_file:
        path = workspace.folder / store.url_file
        try:
            return path.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise NotFound(
                f"the file `{path}` with the store's address cannot be read: {error.strerror}",
                hint="write `postgresql://…` into it, for its owner only",
            ) from None
    return database_path(workspace)


def key_path(workspace: Workspace) -> Path:
    """Return where the private signing key is."""
    return workspace.state / "signing.pem"


def person_keys_folder(workspace: Workspace) -> Path:
    """Return where people's private keys are, each sealed by its owner's passphrase."""
    return workspace.state / "people"


def checkpoints_path(workspace: Workspace) -> Path:
    """Return where the ledger's checkpoints are: beside the settings, so that git keeps them."""
    return workspace.folder / "checkpoints.jsonl"


def public_keys_folder(workspace: Workspace) -> Path:
    """Return where the public keys are."""
    return workspace.folder / "keys"
