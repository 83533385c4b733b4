"""The screens of a running service: compiled once a version, swapped while streams run."""

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from pratique.errors import NotFound, PratiqueError, Tampered
from pratique.rollout.gate import Refusal
from pratique.rollout.packs import (
    InForce,
    expired,
    in_force,
    last_act,
    no_screening,
    policy_of,
    unverifiable,
)
from pratique.screening.screen import Screen, counts
from pratique.screening.signed import Verifier
from pratique.screening.suspensions import forget
from pratique.settings.workspace import Market
from pratique.store import snapshots
from pratique.store.database import Database

EVERY = 1.0
"""Seconds between two looks into the store."""

LEASE = 60.0
"""Seconds after which what was last seen of the store no longer counts, unless said otherwise."""

Monotonic = Callable[[], float]
"""Seconds of a clock that never goes back."""


class _Held(msgspec.Struct, frozen=True, kw_only=True):
    """What screens one market."""

    found: InForce
    """The version."""
    screen: Screen
    """It, compiled."""
    counted: int
    """Entries that counted when it was compiled: some end on a day."""
    day: date
    """The day for which that was looked at."""


class Live:
    """Holds the compiled screen of each market and follows the store.

        with Live(database, markets, verifies, clock) as live:
            screen = live.screen("CN")  # a Screen, or the gate's Refusal

    A stream keeps the screen that it began with, so a swap loses none. `screen` never waits: it
    takes one reference. What could not be read for *lease* seconds is off.
    """

    def __init__(
        self,
        database: Database,
        markets: Sequence[Market],
        verifies: Verifier,
        clock: Callable[[], datetime],
        *,
        lease: float = LEASE,
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        self._database = database
        self._markets: Mapping[str, Market] = {market.id: market for market in markets}
        self._policies = {market.id: policy_of(market) for market in markets}
        self._verifies = verifies
        self._clock = clock
        self._lease = lease
        self._monotonic = monotonic
        self._held: dict[str, _Held | Refusal] = {}
        self._seen = -math.inf
        self._fault = "it was not read yet"
        self._forgotten = date.min
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def screen(self, market: str) -> Screen | Refusal:
        """Return what screens *market* now, or why nothing may be served there."""
        held = self._held.get(market)
        if self._monotonic() - self._seen > self._lease or held is None:
            return no_screening(
                f"the store could not be read for {self._lease:g} s: {self._fault}"
                if market in self._markets
                else f"`{market}` is not served here",
                "see that the database can be reached",
            )
        if isinstance(held, Refusal):
            return held
        return expired(held.found, self._clock()) or held.screen

    def refresh(self) -> None:
        """Look into the store once, and swap what changed.

        A store that cannot be read changes nothing until the lease ends.
        """
        now = self._clock()
        try:
            with self._database.connect() as connection:
                found = {one: self._look(connection, one, now) for one in self._markets}
        except PratiqueError as error:
            self._fault = error.message
            return
        except SQLAlchemyError as error:
            # Its words may quote a statement; its kind says enough.
            self._fault = type(error).__name__
            return
        # One assignment: a reader sees all of the old ones or all of the new ones.
        self._held = {one: self._compiled(one, seen, now) for one, seen in found.items()}
        self._seen = self._monotonic()

    def __enter__(self) -> "Live":
        """Read the store, then follow it in the background."""
        self.refresh()
        self._stopping.clear()
        self._thread = threading.Thread(target=self._follow, name="screening", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop following; what is held stays until its lease ends."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _follow(self) -> None:
        while not self._stopping.wait(EVERY):
            self.refresh()
            self._forget()

    def _look(self, connection: Connection, market: str, now: datetime) -> InForce | Refusal:
        """Return what screens *market*; a version that is held already is only hashed again."""
        held = self._held.get(market)
        if isinstance(held, _Held) and last_act(connection, market) == held.found.act:
            try:
                snapshots.get(connection, held.found.act.digest)
            except (NotFound, Tampered) as error:
                return unverifiable(held.found.act, error.message)
            return expired(held.found, now) or held.found
        return in_force(connection, market, self._policies[market], self._verifies, now)

    def _compiled(self, market: str, found: InForce | Refusal, now: datetime) -> _Held | Refusal:
        if isinstance(found, Refusal):
            return found
        today, held = now.date(), self._held.get(market)
        if isinstance(held, _Held) and (held.found.act, held.day) == (found.act, today):
            return held
        counted = sum(counts(entry, today) for entry in found.content.entries)
        if isinstance(held, _Held) and (held.found.act, held.counted) == (found.act, counted):
            return msgspec.structs.replace(held, day=today)
        try:
            screen = Screen(found.content, today=today)
        except PratiqueError as error:
            return unverifiable(found.act, error.message)
        return _Held(found=found, screen=screen, counted=counted, day=today)

    def _forget(self) -> None:
        """Delete, once a day, what suspensions no longer need."""
        now = self._clock()
        if now.date() == self._forgotten:
            return
        try:
            with self._database.begin() as connection:
                forget(connection, now)
        except (PratiqueError, SQLAlchemyError):
            return  # a busy store: the next look tries again
        self._forgotten = now.date()
