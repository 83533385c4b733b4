"""Names of answers: each leads to its release, and only this workspace can have given it."""

import hashlib
import hmac
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pratique.people.device_tokens import Signer

MOST_CHARACTERS = 200
"""A longer name is none of ours."""

_AT_ONCE = 64

_PURPOSE = b"pratique-answer-names-1\0"
_FIRST_DAY = date(2026, 1, 1)
_FIRST_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Named:
    """What the name of an answer says."""

    release: str
    """Release that answered."""
    day: date
    """Day of the answer, in UTC."""


class Names:
    """Gives names to answers, and reads them. Replicas with the same signing key read each other's."""

    def __init__(self, signer: Signer) -> None:
        # An Ed25519 signature of the same bytes is always the same: a secret that needs no storing.
        secret = hashlib.sha256(signer.sign(_PURPOSE)).digest()
        self._keyed = hashlib.blake2b(key=secret, digest_size=8)
        self._random: list[str] = []

    def give(self, release: str, now: datetime) -> str:
        """Return a new name for an answer of *release*."""
        name = f"req-{release}.{(now - _FIRST_MOMENT).days}.{self._drawn()}"
        return f"{name}.{self._seal(name)}"

    def _drawn(self) -> str:
        """Return 16 random hexadecimal digits; many are drawn at once, for that is a system call."""
        try:
            return self._random.pop()
        except IndexError:
            digits = os.urandom(8 * _AT_ONCE).hex()
            self._random = [digits[at : at + 16] for at in range(0, len(digits), 16)]
            return self._random.pop()

    def read(self, name: str) -> Named | None:
        """Return what *name* says, or None if it is none that was given here."""
        if len(name) > MOST_CHARACTERS or not name.isascii():
            return None
        given, _, seal = name.rpartition(".")
        if not hmac.compare_digest(seal, self._seal(given)):
            return None
        release, days, _ = given.removeprefix("req-").rsplit(".", 2)
        return Named(release, _FIRST_DAY + timedelta(days=int(days)))

    def _seal(self, name: str) -> str:
        sealed = self._keyed.copy()
        sealed.update(name.encode())
        return sealed.hexdigest()
