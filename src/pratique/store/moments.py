"""Moments in time as they are stored: ISO 8601 text in UTC, which sorts as time does."""

from datetime import UTC, datetime

from pratique.errors import Malformed


def stamp(moment: datetime) -> str:
    """Return *moment* as text with microseconds, such as `2026-11-02T10:05:00.000000Z`.

    Raises:
        Malformed: *moment* does not say its time zone, so nobody could tell when it was.
    """
    if moment.tzinfo is None:
        raise Malformed(
            f"the moment `{moment.isoformat()}` names no time zone",
            hint="pass an aware datetime, such as `datetime.now(UTC)`",
        )
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
