"""The key in force: the private key that signs for the workspace, read anew once it was replaced."""

from collections.abc import Callable, Mapping
from pathlib import Path

from pratique.errors import NotAllowed
from pratique.people.keys import SigningKey
from pratique.people.retirements import Retirement


class CurrentKey:
    """Signs with the key that lies at a path now.

    A service runs on while somebody rotates the key: what it signed with the old one afterwards
    would not hold.
    """

    def __init__(self, path: Path, retired: Callable[[], Mapping[str, Retirement]]) -> None:
        self._path = path
        self._retired = retired
        self._loaded: SigningKey | None = None
        self._stamp: tuple[int, int] | None = None

    @property
    def loaded(self) -> SigningKey:
        """The key.

        Raises:
            NotFound, NotAllowed, Malformed: it is missing, open to others, broken or retired.
        """
        stamp = self._now()
        if self._loaded is None or stamp != self._stamp:
            self._loaded, self._stamp = SigningKey.load(self._path), stamp
        if self._loaded.key_id in self._retired():
            raise NotAllowed(
                f"the signing key `{self._loaded.key_id}` is retired: it signs nothing any more",
                hint="`pratique people keys rotate --lost` makes a new one",
            )
        return self._loaded

    @property
    def key_id(self) -> str:
        """Name of the key."""
        return self.loaded.key_id

    @property
    def public_key(self) -> str:
        """The 32 bytes of its public half, in base64."""
        return self.loaded.public_key

    def sign(self, message: bytes) -> bytes:
        """Return the signature of *message*, 64 bytes."""
        return self.loaded.sign(message)

    def _now(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None  # loading says what is wrong
        return found.st_mtime_ns, found.st_ino
