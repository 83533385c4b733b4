"""Content given without a visible label on a user's request: the agreement, and the log of it.

The log holds who asked, when, under which agreement, and the number of the content: no content, and no
hash of any. The label that machines read stays in the file.
"""

import re
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Column, Connection, Integer, Table, Text, delete, insert, select

from pratique.errors import Malformed, NotAllowed
from pratique.regimes.citations import Number
from pratique.regimes.regime import Regime
from pratique.store.moments import stamp
from pratique.store.schema import metadata

labels_unlabelled = Table(
    "labels_unlabelled",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("recipient", Text, nullable=False),
    Column("content_id", Text, nullable=False),
    Column("agreement_sha256", Text, nullable=False),
    Column("regime", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("keep_until", Text, nullable=False, index=True),
)

_NAME = re.compile(r"[!-~]{1,200}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Given(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One piece of content that was given without a visible label."""

    recipient: str
    """Who asked for it, by the operator's own number for them."""
    content_id: str
    """Number of the content in its implicit label."""
    agreement_sha256: str
    """Hash of the agreement that sets the recipient's duty to label, in hexadecimal."""
    regime: str
    """Rules under which it was given."""
    at: str
    """When, ISO 8601 in UTC."""
    keep_until: str
    """Until when the record is kept, ISO 8601 in UTC."""


def give_unlabelled(
    connection: Connection,
    regime: Regime,
    *,
    recipient: str,
    content_id: str,
    agreement_sha256: str,
    now: datetime,
) -> Given:
    """Record that content is given without a visible label, and return the record.

    Records whose time is over are deleted, so that nobody is remembered longer than the rules ask.

    Raises:
        NotAllowed: the regime knows no such request.
        Malformed: who, what or the agreement is not named.
    """
    kept = regime.label.unlabelled_log
    if not isinstance(kept, Number):
        raise NotAllowed(
            f"regime `{regime.id}` knows no request for content without a visible label",
            hint="add the visible label",
        )
    for name, value in (("recipient", recipient), ("content number", content_id)):
        # The value is not quoted: it may come from a request.
        if not _NAME.fullmatch(value):
            raise Malformed(
                f"the {name} is empty, too long, or no printable ASCII without spaces",
                hint="use your own number for it, up to 200 characters",
            )
    if not _SHA256.fullmatch(agreement_sha256):
        raise Malformed(
            "the agreement's hash is no SHA-256", hint="`sha256sum FILE` prints the document's"
        )
    given = Given(
        recipient=recipient,
        content_id=content_id,
        agreement_sha256=agreement_sha256,
        regime=regime.id,
        at=stamp(now),
        keep_until=stamp(months_after(now, int(kept.value))),
    )
    forget(connection, now)
    connection.execute(insert(labels_unlabelled).values(msgspec.structs.asdict(given)))
    return given


def list_unlabelled(connection: Connection, recipient: str | None = None) -> list[Given]:
    """Return the records, oldest first, of one *recipient* or of all."""
    query = select(labels_unlabelled).order_by(labels_unlabelled.c.at, labels_unlabelled.c.id)
    if recipient is not None:
        query = query.where(labels_unlabelled.c.recipient == recipient)
    rows = connection.execute(query).mappings()
    return [Given(**{name: row[name] for name in Given.__struct_fields__}) for row in rows]


def forget(connection: Connection, now: datetime) -> int:
    """Delete the records whose time is over, and return how many there were."""
    over = labels_unlabelled.c.keep_until < stamp(now)
    return connection.execute(delete(labels_unlabelled).where(over)).rowcount


def months_after(moment: datetime, months: int) -> datetime:
    """Return the same time of day *months* later; never earlier than the rules mean.

    Where the month has no such day it is the first of the next: 31 August and six months is 1 March.
    """
    utc = moment.astimezone(UTC)
    years, month = divmod(utc.month - 1 + months, 12)
    try:
        return utc.replace(year=utc.year + years, month=month + 1)
    except ValueError:
        years, month = divmod(utc.month + months, 12)
        return utc.replace(year=utc.year + years, month=month + 1, day=1)
