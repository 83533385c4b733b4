"""A workshop: a ledger in a folder to play with, and a key that signs for it."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pratique.ledger.audit import Audit
from pratique.ledger.ledger import Ledger
from pratique.store.database import Database
from tests.databases import new_database


@dataclass(frozen=True)
class Key:
    """A signer that needs no cryptography: whoever knows the secret can sign and verify."""

    key_id: str = "test-key"
    secret: bytes = b"secret"

    def sign(self, message: bytes) -> bytes:
        """Return a keyed hash."""
        return hmac.new(self.secret, message, hashlib.sha256).digest()

    def verify(self, key_id: str, message: bytes, signature: bytes) -> bool:
        """Say whether `sign` made this."""
        return key_id == self.key_id and hmac.compare_digest(self.sign(message), signature)


@dataclass
class Workshop:
    """A ledger in a folder, with all that a test wants to reach."""

    folder: Path
    key: Key = field(default_factory=Key)
    clock: Callable[[], datetime] = field(default_factory=lambda: clock())

    def __post_init__(self) -> None:
        self.checkpoints = self.folder / "checkpoints.jsonl"
        path = self.folder / "pratique.db"
        self.database = Database.open(path) if path.exists() else new_database(path)
        self.ledger = Ledger(self.database, self.checkpoints, signer=self.key, clock=self.clock)

    def decide(self, count: int = 1) -> None:
        """Record some decisions."""
        for n in range(count):
            subject, body = f"r{n % 3}", {"n": n}
            with self.ledger.decision(who="ana", kind="stage.advanced", subject=subject, body=body):
                pass

    def audit(self) -> Audit:
        """Audit with the right key."""
        return self.ledger.audit(self.key.verify)

    def tamper(self, *statements: str) -> None:
        """Change the table as somebody would who has the file: without the triggers."""
        with self.database.begin() as connection:
            for verb in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS ledger_entries_no_{verb}")
            for statement in statements:
                connection.exec_driver_sql(statement)


def clock(begins: datetime = datetime(2026, 11, 2, tzinfo=UTC)) -> Callable[[], datetime]:
    """Return a clock that goes on by a second each time it is read."""
    moments = (begins + timedelta(seconds=n) for n in range(10_000))
    return lambda: next(moments)
