"""An opened workspace: what every step of the loop works with."""

import getpass
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from pratique.errors import Malformed, NotFound
from pratique.ledger.ledger import Ledger
from pratique.people.keys import SigningKey, verify_signature
from pratique.settings.workspace import CONFIGURATION, Workspace
from pratique.store.database import Database

Clock = Callable[[], datetime]
"""Tells the time, with its zone."""


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


class Opened:
    """One workspace with its database, its ledger and its signing key."""

    def __init__(self, workspace: Workspace, *, who: str | None = None, clock: Clock = now) -> None:
        """Open *workspace* for *who*, the account that decides (the login name if None).

        Raises:
            NotFound, NotAllowed, Malformed: the signing key is missing, open to others or broken.
        """
        self.workspace = workspace
        self.who = who or login()
        self.clock = clock
        self.database = Database.open(database_address(workspace))
        self.key = SigningKey.load(key_path(workspace))
        self.ledger = Ledger(
            self.database, checkpoints_path(workspace), signer=self.key, clock=clock
        )
        self.public_keys = read_public_keys(workspace)

    def verifies(self, key_id: str, message: bytes, signature: bytes) -> bool:
        """Say whether a key of this workspace made *signature*.

        The keys come from `keys/`, which the operator keeps in git, not from the database.
        """
        return verify_signature(self.public_keys, key_id, message, signature)

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


def checkpoints_path(workspace: Workspace) -> Path:
    """Return where the ledger's checkpoints are: beside the settings, so that git keeps them."""
    return workspace.folder / "checkpoints.jsonl"


def public_keys_folder(workspace: Workspace) -> Path:
    """Return where the public keys are."""
    return workspace.folder / "keys"


def read_public_keys(workspace: Workspace) -> Mapping[str, str]:
    """Return the public keys of the workspace, in base64 by id.

    Raises:
        NotFound: there is none.
    """
    folder = public_keys_folder(workspace)
    found = {path.stem: path.read_text().strip() for path in sorted(folder.glob("*.pub"))}
    if not found:
        raise NotFound(
            f"no public key in `{folder}`",
            hint="restore it from git: nothing can be verified without",
        )
    return found
