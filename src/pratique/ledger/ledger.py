"""The ledger: decisions that are recorded and sealed with the very change they decide."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from pratique.errors import PratiqueError, Tampered, Unavailable
from pratique.ledger.audit import NO_BOUNDS, Audit, Bound, audit
from pratique.ledger.chain import Entry, append, hash_of, head, hold
from pratique.ledger.checkpoints import CheckpointFile, Signer, Verifier
from pratique.store.database import Database

Clock = Callable[[], datetime]
"""Tells the time, with its zone."""


class Ledger:
    """A database's record of decisions, and the file of checkpoints beside it."""

    def __init__(
        self, database: Database, checkpoints: Path, *, signer: Signer, clock: Clock
    ) -> None:
        self._database = database
        self._file = CheckpointFile(checkpoints)
        self._signer = signer
        self._clock = clock

    @contextmanager
    def decision(
        self, *, who: str, kind: str, subject: str, body: Mapping[str, object]
    ) -> Iterator[Connection]:
        """Open a transaction for one decision and what it changes.

            with ledger.decision(who=who, kind="release.halted", subject=id, body=facts) as c:
                c.execute(...)  # your own tables

        When the block ends, the entry is added, all of it is committed at once, and a checkpoint
        is written. When it raises, nothing happened. *body* is read when the block ends, so a
        block may still add facts to it.

        Raises: as `Database.begin`, `chain.append` and `seal`.
        """
        with self.transaction() as connection:
            yield connection
            self.record(connection, who=who, kind=kind, subject=subject, body=body)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Open a transaction for several decisions, each added by `record`; then seal them."""
        with self._database.begin() as connection:
            # Whoever decides, decides alone: what this block reads stays true until it commits.
            hold(connection)
            self._found(connection)
            yield connection
        try:
            self.seal()
        except PratiqueError as error:
            raise _recorded_but(error) from error

    def record(
        self,
        connection: Connection,
        *,
        who: str,
        kind: str,
        subject: str,
        body: Mapping[str, object],
    ) -> Entry:
        """Add a decision in a `transaction` of this ledger, which seals it when it ends."""
        return append(connection, at=self._clock(), who=who, kind=kind, subject=subject, body=body)

    def seal(self) -> None:
        """Write a checkpoint for what is committed, unless the last one covers it already.

        Raises:
            Tampered: the ledger does not hold what the last checkpoint vouches for, or the file
                is gone. Nothing is written, so that nothing covers it up.
            Unavailable: the database or the file cannot be used now.
        """
        # The lock on the chain also keeps two processes from writing checkpoints at once.
        with self._database.begin() as connection:
            hold(connection)
            last, now = self._file.last(), head(connection)
            if last is None and now.count == 0:
                return
            if last is None or hash_of(connection, last.count) != last.head:
                raise Tampered(
                    f"the ledger and its checkpoints `{self._file.path}` contradict each other",
                    hint="`pratique verify` names the first record that is wrong",
                )
            if now.count > last.count:
                self._file.append(now, self._clock(), self._signer)

    def audit(self, verify_key: Verifier, bounds: Mapping[str, Bound] = NO_BOUNDS) -> Audit:
        """Check the whole ledger (see `pratique.ledger.audit`)."""
        reading = self._file.read()
        with self._database.connect() as connection:
            return audit(connection, reading, verify_key, bounds)

    def checkpoints(self) -> int:
        """Return how many checkpoints were written."""
        last = self._file.last()
        return last.number if last else 0

    def _found(self, connection: Connection) -> None:
        """Write a checkpoint of the empty ledger before its first entry.

        From then on a missing file is a fault. A decision never waits for a sound ledger: a
        release must be halted even then. `seal` says so afterwards.
        """
        now = head(connection)
        if now.count == 0 and self._file.last() is None:
            self._file.append(now, self._clock(), self._signer)


def _recorded_but(error: PratiqueError) -> PratiqueError:
    """Return *error* with what a person must know first: the decision itself stands."""
    kind = Tampered if isinstance(error, Tampered) else Unavailable
    return kind(
        f"the decision is recorded, but it could not be sealed: {error.message}", hint=error.hint
    )
