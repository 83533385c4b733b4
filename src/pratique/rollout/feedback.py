"""Feedback: what users said of answers, counted by release. One request counts once."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec
from sqlalchemy import Column, Connection, Integer, Table, Text, delete, insert, select, update

from pratique.store.schema import metadata

FeedbackReason = Literal[
    "helpful", "not_helpful", "wrong", "incomplete", "wrong_language", "offensive", "unsafe"
]
"""What a user may say of an answer; all but `helpful` are complaints."""

MOST_DAYS = 7
"""How many days after an answer feedback is taken."""

counts = Table(
    "feedback_counts",
    metadata,
    Column("release", Text, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)

seen = Table(
    "feedback_seen",
    metadata,
    Column("request_id", Text, primary_key=True),
    Column("day", Text, nullable=False, index=True),
)


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What was said of one release."""

    release: str
    """The release."""
    reasons: Mapping[str, int]
    """How often, by reason."""

    @property
    def complaints(self) -> int:
        """All that was not praise."""
        return sum(count for reason, count in self.reasons.items() if reason != "helpful")


def count_feedback(
    connection: Connection,
    request_id: str,
    release: str,
    answered: date,
    reason: FeedbackReason,
    now: datetime,
) -> bool:
    """Count *reason* for *release*; return whether it is the first word about this request.

    *answered* is the day of the answer: names of requests are kept as long as feedback on them is
    taken, and not a day longer.
    """
    oldest = (now.date() - timedelta(days=MOST_DAYS)).isoformat()
    connection.execute(delete(seen).where(seen.c.day < oldest))
    known = select(seen.c.request_id).where(seen.c.request_id == request_id)
    if connection.execute(known).first() is not None:
        return False
    connection.execute(insert(seen).values(request_id=request_id, day=answered.isoformat()))
    here = (counts.c.release == release) & (counts.c.reason == reason)
    changed = connection.execute(update(counts).where(here).values(count=counts.c.count + 1))
    if not changed.rowcount:
        connection.execute(insert(counts).values(release=release, reason=reason, count=1))
    return True


def feedback_on(connection: Connection, release: str) -> Said:
    """Return what was said of *release* so far."""
    rows = connection.execute(select(counts).where(counts.c.release == release)).mappings()
    return Said(release=release, reasons={row["reason"]: row["count"] for row in rows})
