"""Device tokens that were read: a phone sends the same one again and again, its signature holds on."""

import time
from collections.abc import Callable
from datetime import datetime

from pratique.people.device_tokens import Claims, read_token, require_running
from pratique.rollout.gate import Context
from pratique.workspace.keyring import Keyring

MOST_KNOWN = 20_000
"""Tokens that are remembered at once."""

LOOK_SECONDS = 0.5
"""Time between two looks at the workspace's public keys: a retired one counts no longer than that."""


class Tokens:
    """Reads device tokens. To check a signature costs more than all else that the gate does."""

    def __init__(self, keyring: Keyring, clock: Callable[[], float] = time.monotonic) -> None:
        self._keyring = keyring
        self._clock = clock
        self._known: dict[str, tuple[Claims, Context]] = {}
        self._looked = float("-inf")
        self._keys: object = None

    def context(self, token: str, now: datetime) -> Context:
        """Return what *token* says of the device.

        Raises:
            NotAllowed: it is malformed, not signed by this maker, or has ended.
        """
        self._look()
        known = self._known.get(token)
        if known is not None:
            require_running(known[0], now)
            return known[1]
        claims = read_token(token, self._keyring.verifies, now)
        context = Context(
            device_region=claims.device_region,
            account_region=claims.account_region,
            location=claims.location,
            app_category=claims.app_category,
            targeting_key=claims.targeting_key,
        )
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[token] = (claims, context)
        return context

    def _look(self) -> None:
        """Forget every token where the keys have changed since the last look."""
        now = self._clock()
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        keys = self._keyring.standing
        if keys is not self._keys:
            self._keys = keys
            self._known.clear()
