"""Pauses: whoever asks again and again for what the law forbids is answered nothing for a while."""

import asyncio
import hashlib
import logging
import threading
from collections.abc import Mapping

from sqlalchemy.exc import SQLAlchemyError

from pratique.errors import PratiqueError
from pratique.privacy import Secret
from pratique.regimes.regime import load_regime
from pratique.screening.suspensions import Suspensions, remembered
from pratique.settings.workspace import Market
from pratique.store.moments import stamp
from pratique.workspace.opened import Opened

EVERY = 1.0
"""Seconds between two looks into the store: what another replica noted counts here, too."""

_PURPOSE = b"pratique-suspensions-1\0"

_LOG = logging.getLogger(__name__)


class Pauses:
    """Knows who is paused without a look into the store at each request.

    Counts and moments are kept under pseudonyms (see `pratique.screening.suspensions`), nothing
    else. Before `start` the store is read at each question. While it cannot be read, who was paused
    stays so, and nothing new is noted.
    """

    def __init__(self, opened: Opened, market: Market) -> None:
        self._opened = opened
        rule = load_regime(market.regime).abuse_rule
        # An Ed25519 signature of the same bytes is always the same: a secret that needs no storing.
        secret = Secret(hashlib.sha256(opened.key.sign(_PURPOSE)).hexdigest())
        self._kept = None if isinstance(rule, str) else Suspensions(secret, market.id, rule)
        self._known: Mapping[str, str | None] = {}
        self._ends = threading.Event()
        self._thread: threading.Thread | None = None

    def paused(self, user: str) -> bool:
        """Say whether *user* is paused now."""
        if self._kept is None:
            return False
        if self._thread is None:
            self.refresh()
        if not self._known:
            return False
        moment = stamp(self._opened.clock())
        return any((self._known.get(name) or "") > moment for name in self._names(self._kept, user))

    async def note(self, user: str, *, unlawful: bool) -> None:
        """Take note of one input of *user*; most users did nothing, and of them nothing is written."""
        kept = self._kept
        if kept is None or not (unlawful or self._remembers(kept, user)):
            return
        await asyncio.to_thread(self._note, kept, user, unlawful)

    def refresh(self) -> None:
        """Look into the store once."""
        try:
            with self._opened.database.connect() as connection:
                self._known = remembered(connection, self._opened.clock())
        except (PratiqueError, SQLAlchemyError) as error:
            _LOG.warning("pauses: the store cannot be read", extra={"error": type(error).__name__})

    def start(self) -> None:
        """Follow the store in the background, until `close`."""
        if self._kept is None:
            return
        self.refresh()
        self._thread = threading.Thread(target=self._follow, name="pauses", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Follow it no longer."""
        self._ends.set()
        if self._thread is not None:
            self._thread.join()

    def _follow(self) -> None:
        while not self._ends.wait(EVERY):
            self.refresh()

    def _remembers(self, kept: Suspensions, user: str) -> bool:
        known = self._known
        return bool(known) and any(name in known for name in self._names(kept, user))

    def _names(self, kept: Suspensions, user: str) -> tuple[str, str]:
        now = self._opened.clock()
        return kept.pseudonym(user, now), kept.pseudonym(user, now, back=1)

    def _note(self, kept: Suspensions, user: str, unlawful: bool) -> None:
        try:
            with self._opened.database.begin() as connection:
                kept.note(connection, user, self._opened.clock(), unlawful=unlawful)
        except (PratiqueError, SQLAlchemyError) as error:
            _LOG.warning("pauses: nothing was noted", extra={"error": type(error).__name__})
            return
        self.refresh()
