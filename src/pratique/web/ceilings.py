"""Ceilings: what partners were paid by all replicas, and whether that is the most that may be."""

import logging
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from sqlalchemy.exc import SQLAlchemyError

from pratique.errors import PratiqueError
from pratique.partners.spend import Account, Spend, spend_since, store_spend
from pratique.rollout.gate import Refusal
from pratique.settings.workspace import Ceiling
from pratique.workspace.opened import Opened

EVERY = 1.0
"""Seconds between two looks into the store: by so much, and by what runs, a ceiling may be passed."""

_LOG = logging.getLogger(__name__)


class Ceilings:
    """Stores what this replica spends, and knows what all of them spent.

    Before `start` the store is read at each question. While it cannot be read, what was last known
    counts, with what this replica spends. Calls without a known price cost nothing here.
    """

    def __init__(
        self, opened: Opened, ceilings: Sequence[Ceiling], spend: Spend, replica: str
    ) -> None:
        self._opened = opened
        self._ceilings = tuple(ceilings)
        self._spend = spend
        self._replica = replica
        self._known: Mapping[Account, float] = {}
        self._reached: tuple[Ceiling, ...] = ()
        self._ends = threading.Event()
        self._thread: threading.Thread | None = None

    def refusal(self, partner: str, feature: str) -> Refusal | None:
        """Return why nothing more may be spent on *partner* for *feature*; None where it may."""
        if not self._ceilings:
            return None
        if self._thread is None:
            self.refresh()
        for one in self._reached:
            if one.partner in ("", partner) and one.feature in ("", feature):
                return Refusal(
                    reason="quota_reached",
                    detail=f"what may be spent in a {one.per} is spent",
                    hint=f"it is on again in the next {one.per}; the operator can raise `spend`",
                )
        return None

    def refresh(self) -> None:
        """Store what was spent since the last time, and look what all have spent."""
        today = _day(self._opened.clock())
        taken = self._spend.take()
        try:
            if taken:
                with self._opened.database.begin() as connection:
                    store_spend(connection, self._replica, taken)
                taken = {}
            with self._opened.database.connect() as connection:
                self._known = spend_since(connection, today.replace(day=1))
        except (PratiqueError, SQLAlchemyError) as error:
            self._spend.add(taken)
            _LOG.warning("ceilings: the store fails", extra={"error": type(error).__name__})
        spent = [*self._known.items(), *self._spend.unstored.items()]
        self._reached = tuple(
            one for one in self._ceilings if _total(one, spent, today) >= one.amount
        )

    def start(self) -> None:
        """Go on in the background, until `close`."""
        self.refresh()
        self._thread = threading.Thread(target=self._follow, name="ceilings", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End that, and store the last amounts."""
        self._ends.set()
        if self._thread is not None:
            self._thread.join()
        self.refresh()

    def _follow(self) -> None:
        while not self._ends.wait(EVERY):
            self.refresh()


def _total(ceiling: Ceiling, spent: Sequence[tuple[Account, float]], today: date) -> float:
    """Return what counts towards *ceiling* in its period."""
    since = (today if ceiling.per == "day" else today.replace(day=1)).isoformat()
    return sum(
        amount
        for account, amount in spent
        if account.day >= since
        and account.currency == ceiling.currency
        and ceiling.partner in ("", account.partner)
        and ceiling.feature in ("", account.feature)
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
