"""Keys: read from the environment or a file, and read anew so that they can be rotated."""

import os
import time
from pathlib import Path

from pratique.errors import Unavailable
from pratique.privacy import Masked, Secret

_FRESH = 5.0
"""Seconds for which a key is used before its source is looked at again."""


class Key:
    """The key of one partner. It is sent to that partner's own address and nowhere else."""

    def __init__(self, partner: str, variable: str, file: Path | None, *, needed: bool) -> None:
        self._partner = partner
        self._variable = variable
        self._file = file
        self._needed = needed
        self._header: Masked | None = None
        self._read_at = float("-inf")

    def header(self) -> Masked | None:
        """Return the value of the `Authorization` header, or None where no key is needed.

        Raises:
            Unavailable: there is no key.
        """
        if time.monotonic() - self._read_at > _FRESH:
            self._renew()
        return self._header

    def renewed(self) -> bool:
        """Read the source again; return whether the key is another than before, false without one."""
        before = self._header
        try:
            self._renew()
        except Unavailable:
            return False
        return self._header != before

    def _renew(self) -> None:
        """Read the source again.

        Raises:
            Unavailable: there is no key.
        """
        found = self._read()
        self._header = Masked(f"Bearer {found}") if found else None
        if self._needed and not found:
            # Looked for at each call, so that a key counts as soon as it is there.
            self._read_at = float("-inf")
            raise Unavailable(f"partner `{self._partner}` has no key", hint=self._hint())
        self._read_at = time.monotonic()

    def secret(self) -> Secret:
        """Return the key itself, to be kept out of whatever a server says."""
        return Secret((self._header or "").removeprefix("Bearer "))

    def __repr__(self) -> str:
        return f"<key of {self._partner}>"

    def _read(self) -> Masked:
        if self._file is not None:
            try:
                return _sound(Masked(self._file.read_text(encoding="utf-8")), self._partner)
            except OSError as error:
                raise Unavailable(
                    f"cannot read the key of `{self._partner}`: {error.strerror}",
                    hint=f"`key_file` under `[partners.{self._partner}]` names `{self._file}`",
                ) from None
        return (
            _sound(Masked(os.environ.get(self._variable, "")), self._partner)
            if self._variable
            else Masked()
        )

    def _hint(self) -> str:
        where = f"set `{self._variable}`, or " if self._variable else ""
        return f"{where}name a `key_file` under `[partners.{self._partner}]` in `pratique.toml`"


def _sound(text: Masked, partner: str) -> Masked:
    key = Masked(text.strip())
    if not key.isascii() or not key.isprintable() or " " in key or len(key) > 4096:
        raise Unavailable(
            f"the key of `{partner}` holds characters that no key has",
            hint="the variable or file holds the key alone, without quotes or further lines",
        )
    return key
