"""Tally: what became of the requests of each release, as counts only, by stay at a stage and by replica."""

import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    Float,
    ForeignKey,
    Integer,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)

from pratique.rollout import releases
from pratique.settings.workspace import HaltRule
from pratique.store.database import Database
from pratique.store.moments import stamp
from pratique.store.schema import metadata

release_counts = Table(
    "release_counts",
    metadata,
    Column("release", Text, ForeignKey("releases.id"), primary_key=True),
    Column("entered", Text, primary_key=True),
    Column("replica", Text, primary_key=True),
    Column("requests", Integer, nullable=False),
    Column("refusals", Integer, nullable=False),
    Column("retractions", Integer, nullable=False),
    Column("check_failures", Integer, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("complaints", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("spend", Float, nullable=False),
    Column("unpriced", Integer, nullable=False, server_default="0"),
    Column("counted", Text, nullable=False),
)

COUNTED_AS = {
    "refused": "refusals",
    "blocked": "refusals",
    "retracted": "retractions",
    "invalid": "check_failures",
    "failed": "errors",
}
"""Under what an answer's status is counted, besides as a request."""


class Counts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of requests."""

    requests: int = 0
    """Requests that the gate let through."""
    refusals: int = 0
    """Those that the model refused or that screening blocked."""
    retractions: int = 0
    """Those whose text was taken back."""
    check_failures: int = 0
    """Those whose answer failed a check."""
    errors: int = 0
    """Those that the partner did not answer."""
    complaints: int = 0
    """Complaints from users."""
    seconds: float = 0.0
    """Sum of their times, each cut at what its halt rule counts at most."""
    spend: float = 0.0
    """Sum of their costs, each cut in the same way, as far as prices are known."""
    unpriced: int = 0
    """Those whose cost is not known: `spend` leaves them out."""


@dataclass(slots=True)
class _Sum:
    requests: int = 0
    refusals: int = 0
    retractions: int = 0
    check_failures: int = 0
    errors: int = 0
    complaints: int = 0
    seconds: float = 0.0
    spend: float = 0.0
    unpriced: int = 0


_FIELDS = tuple(_Sum.__slots__)


class Tally:
    """Counts of one replica: `add` for each request, `flush` every second. Safe between threads."""

    def __init__(self, database: Database, rules: Sequence[HaltRule] = ()) -> None:
        self.replica = secrets.token_hex(6)
        """Name of this replica's rows, new with every process."""
        self._database = database
        self._sums: dict[str, _Sum] = {}
        self._lock = threading.Lock()
        most = {rule.signal: rule.most for rule in rules}
        self.prices = "spend" in most
        """Whether a rule looks at what requests cost; else nobody need say it."""
        self._most_seconds = most.get("latency", float("inf"))
        self._most_spend = most.get("spend", float("inf"))

    def add(self, release: str, status: str, seconds: float, *, spend: float | None = 0.0) -> None:
        """Count one request of *release*: its answer's status, time in seconds, and cost if known."""
        with self._lock:
            found = self._sums.get(release)
            if found is None:
                found = self._sums[release] = _Sum()
            found.requests += 1
            found.seconds += min(seconds, self._most_seconds)
            if spend is None:
                found.unpriced += 1
            else:
                found.spend += min(spend, self._most_spend)
            field = COUNTED_AS.get(status)
            if field is not None:
                setattr(found, field, getattr(found, field) + 1)

    def complain(self, release: str) -> None:
        """Count one complaint about an answer of *release*."""
        with self._lock:
            self._sums.setdefault(release, _Sum()).complaints += 1

    def flush(self, now: datetime) -> None:
        """Add what was counted since the last time to the store, under each release's stay at its stage.

        What cannot be stored now is kept for the next time.

        Raises:
            PratiqueError: the store cannot be written.
        """
        with self._lock:
            sums, self._sums = self._sums, {}
        if not sums:
            return
        try:
            with self._database.begin() as connection:
                for release, found in sums.items():
                    self._store(connection, release, found, now)
        except BaseException:
            self._take_back(sums)
            raise

    def _store(self, connection: Connection, release: str, found: _Sum, now: datetime) -> None:
        known = releases.releases.c
        # Locked where the store can: once a stage is left, what was counted at it never changes.
        here = select(known.entered).where(known.id == release).with_for_update(read=True)
        entered = connection.scalar(here)
        if entered is None:
            return  # a release of a store that was put back to an older state
        columns = release_counts.c
        mine = (
            columns.release == release,
            columns.entered == entered,
            columns.replica == self.replica,
        )
        values = {name: getattr(found, name) for name in _FIELDS}
        more = {name: columns[name] + value for name, value in values.items()}
        done = connection.execute(
            update(release_counts).where(*mine).values(**more, counted=stamp(now))
        )
        if done.rowcount == 0:
            named = {"release": release, "entered": entered, "replica": self.replica}
            connection.execute(insert(release_counts).values(**named, **values, counted=stamp(now)))

    def _take_back(self, sums: dict[str, _Sum]) -> None:
        with self._lock:
            for release, found in sums.items():
                held = self._sums.setdefault(release, _Sum())
                for name in _FIELDS:
                    setattr(held, name, getattr(held, name) + getattr(found, name))


def counts_of(connection: Connection, release: str, entered: str | None = None) -> Counts:
    """Return what became of the requests of *release* on all replicas.

    *entered*, when it came to its stage, or was resumed there, leaves out all that was before.
    """
    query = select(*(func.sum(release_counts.c[name]).label(name) for name in _FIELDS)).where(
        release_counts.c.release == release
    )
    if entered is not None:
        query = query.where(release_counts.c.entered == entered)
    row = connection.execute(query).mappings().one()
    return Counts(**{name: row[name] for name in _FIELDS if row[name] is not None})
