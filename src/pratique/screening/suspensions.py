"""Suspensions: who asks again and again for what the law forbids is paused for a while.

What is remembered: counts and moments, under a pseudonym that only our key makes, that is another
one every period, and that is deleted when its time is over. No content, no user, no hash of either.
"""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec
from sqlalchemy import Column, Connection, Integer, Table, Text, delete, insert, select

from pratique.privacy import Secret
from pratique.regimes.regime import AbuseRule
from pratique.store.moments import stamp
from pratique.store.schema import metadata

screening_offences = Table(
    "screening_offences",
    metadata,
    Column("pseudonym", Text, primary_key=True),
    Column("in_a_row", Integer, nullable=False),
    Column("day", Text, nullable=False),
    Column("of_day", Integer, nullable=False),
    Column("suspended_until", Text, nullable=True),
    Column("expires", Text, nullable=False, index=True),
)

PERIOD = timedelta(days=7)
"""How long a pseudonym is made anew each time it is needed, then it is another; ours."""

PAUSE = timedelta(hours=24)
"""How long a suspension lasts. No rule that we know says how long: the operator may."""


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is remembered under one pseudonym."""

    in_a_row: int = 0
    """Clearly unlawful inputs since the last other one."""
    day: str = ""
    """Day of the market that `of_day` counts, ISO 8601."""
    of_day: int = 0
    """Clearly unlawful inputs of that day."""
    suspended_until: str | None = None
    """When the suspension ends, ISO 8601 in UTC; None where there is none."""


def after(
    record: Record,
    rule: AbuseRule,
    now: datetime,
    *,
    unlawful: bool,
    offset: timedelta,
    pause: timedelta,
) -> Record:
    """Return *record* after one more input at *now*.

    A suspension starts when *rule* is met: so many in a row, or so many in a day of the market,
    whose clock is *offset* ahead of UTC. Counts begin anew with it.
    """
    day = (now.astimezone(UTC) + offset).date().isoformat()
    of_day = record.of_day if record.day == day else 0
    if not unlawful:
        return Record(in_a_row=0, day=day, of_day=of_day, suspended_until=record.suspended_until)
    in_a_row, of_day = record.in_a_row + 1, of_day + 1
    if in_a_row >= rule.consecutive.value or of_day >= rule.per_day.value:
        return Record(day=day, suspended_until=stamp(now + pause))
    return Record(in_a_row=in_a_row, day=day, of_day=of_day, suspended_until=record.suspended_until)


def is_suspended(record: Record, now: datetime) -> bool:
    """Say whether a suspension is in force at *now*."""
    return record.suspended_until is not None and stamp(now) < record.suspended_until


def forget(connection: Connection, now: datetime) -> int:
    """Delete what has expired in all markets and return how many records that were.

    A running service does so daily.
    """
    expired = screening_offences.c.expires <= stamp(now)
    return connection.execute(delete(screening_offences).where(expired)).rowcount


def remembered(connection: Connection, now: datetime) -> Mapping[str, str | None]:
    """Return until when whoever stands under each pseudonym is suspended; None for not at all."""
    columns = (screening_offences.c.pseudonym, screening_offences.c.suspended_until)
    query = select(*columns).where(screening_offences.c.expires > stamp(now))
    return {row.pseudonym: row.suspended_until for row in connection.execute(query)}


class Suspensions:
    """Counts and suspensions of one market, kept in the database.

    *user* is whatever the maker's own token names a user by; it goes no further than the pseudonym.
    """

    def __init__(
        self,
        key: Secret,
        market: str,
        rule: AbuseRule,
        *,
        offset: timedelta = timedelta(hours=8),
        pause: timedelta = PAUSE,
    ) -> None:
        self._key = key
        self._market = market
        self._rule = rule
        self._offset = offset
        self._pause = pause

    def is_suspended(self, connection: Connection, user: str, now: datetime) -> bool:
        """Say whether *user* is suspended at *now*."""
        return is_suspended(self._record(connection, user, now), now)

    def note(self, connection: Connection, user: str, now: datetime, *, unlawful: bool) -> bool:
        """Take note of one input of *user*; return whether the user is suspended then.

        Nothing is written for somebody of whom nothing is remembered and who did nothing.
        """
        before = self._record(connection, user, now)
        record = after(
            before,
            self._rule,
            now,
            unlawful=unlawful,
            offset=self._offset,
            pause=self._pause,
        )
        if record.suspended_until is not None and not is_suspended(record, now):
            record = msgspec.structs.replace(record, suspended_until=None)
        if before != record:
            self._keep(connection, user, record, now)
        return is_suspended(record, now)

    def pseudonym(self, user: str, now: datetime, *, back: int = 0) -> str:
        """Return the pseudonym of *user* in the period of *now*, or in one *back* before it."""
        period = int(now.timestamp() // PERIOD.total_seconds()) - back
        # A key for each period first, so that no pseudonym of two periods can be told to be one.
        key = hmac.digest(
            self._key.reveal().encode(), f"suspension {self._market} {period}".encode(), "sha256"
        )
        return hmac.digest(key, user.encode(), "sha256").hex()[:32]

    def _record(self, connection: Connection, user: str, now: datetime) -> Record:
        """Return what is remembered; from the period before where this one has nothing yet."""
        for back in (0, 1):
            row = self._row(connection, self.pseudonym(user, now, back=back), now)
            if row is not None:
                return msgspec.convert(row, Record)
        return Record(day=(now.astimezone(UTC) + self._offset).date().isoformat())

    def _row(
        self, connection: Connection, pseudonym: str, now: datetime
    ) -> Mapping[str, object] | None:
        columns = [screening_offences.c[name] for name in Record.__struct_fields__]
        query = select(*columns).where(
            screening_offences.c.pseudonym == pseudonym,
            screening_offences.c.expires > stamp(now),
        )
        row = connection.execute(query).first()
        return None if row is None else dict(zip(Record.__struct_fields__, row, strict=True))

    def _keep(self, connection: Connection, user: str, record: Record, now: datetime) -> None:
        """Keep *record* under the pseudonym of now; what stood under the one before is deleted."""
        names = [self.pseudonym(user, now, back=back) for back in (0, 1)]
        connection.execute(
            delete(screening_offences).where(screening_offences.c.pseudonym.in_(names))
        )
        if record.in_a_row or record.of_day or record.suspended_until:
            expires = max(stamp(now + timedelta(days=1)), record.suspended_until or "")
            row = {**msgspec.structs.asdict(record), "pseudonym": names[0], "expires": expires}
            connection.execute(insert(screening_offences).values(row))
