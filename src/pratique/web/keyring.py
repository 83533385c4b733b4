"""The keyring: whose API key a request carries, without a look into the store at each request."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pratique.errors import PratiqueError
from pratique.people.api_keys import Scope, authenticate, list_keys
from pratique.store.database import Database
from pratique.web.problems import Problem
from pratique.web.within import is_within

MOST_KNOWN = 10_000
"""Callers that are remembered at once."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks."""

    scopes: frozenset[Scope]
    """What it may do."""
    app: str
    """Id of its API key; empty where none is needed."""


_OPERATOR = Caller(frozenset({"device", "operator"}), "")


class Keyring:
    """Knows callers by their `Authorization`. What it knows is asked anew after *fresh* seconds.

    While the store does not answer, a caller who was known stays known for *lease* seconds.
    """

    def __init__(
        self,
        database: Database,
        lease: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._lease = lease
        self._clock = clock
        self._known: dict[str, tuple[float, Caller]] = {}
        self.fresh = 0.0
        """Seconds for which a caller is known without asking the store."""

    def caller(self, headers: Mapping[str, str]) -> Caller:
        """Return who sent *headers*, by names in small letters.

        A service without any API key is bound to loopback: whoever can reach it is the operator.

        Raises:
            Problem: no key, or one that opens nothing.
            PratiqueError: the store does not answer, and the caller was not known.
        """
        authorization = headers.get("authorization", "")
        if is_within(authorization):
            return _OPERATOR
        now = self._clock()
        known = self._known.get(authorization)
        if known is not None and now - known[0] < self.fresh:
            return known[1]
        try:
            found = self._asked(authorization)
        except PratiqueError:
            if known is not None and now - known[0] < self._lease:
                return known[1]
            raise
        if found is None:
            self._known.pop(authorization, None)
            raise Problem(
                "unauthorized",
                "no API key, or one that opens nothing",
                "send `Authorization: Bearer …` with a key from `pratique people api-keys issue`",
            )
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[authorization] = (now, found)
        return found

    def _asked(self, authorization: str) -> Caller | None:
        with self._database.connect() as connection:
            if not list_keys(connection):
                return _OPERATOR
            kind, _, token = authorization.partition(" ")
            key = authenticate(connection, token.strip()) if kind.casefold() == "bearer" else None
        return None if key is None else Caller(frozenset(key.scopes), key.id)
