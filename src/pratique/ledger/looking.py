"""Looking: a page of the ledger at a time, for people who search it."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, func, select, true

from pratique.ledger.chain import Entry, ledger_entries


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody looks for; what is empty matches anything."""

    kind: str = ""
    """Kind of decision, or what it begins with: `release`."""
    who: str = ""
    """Who decided."""
    about: str = ""
    """Part of the subject or of the facts."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One page of what was found, newest first."""

    entries: Sequence[Entry]
    """The decisions."""
    total: int
    """How many there are in all."""


def look(connection: Connection, wanted: Wanted, first: int, count: int) -> Found:
    """Return *count* decisions that are *wanted*, from place *first* (0 is the newest) on."""
    condition = _condition(wanted)
    total = connection.scalar(select(func.count()).select_from(ledger_entries).where(condition))
    query = (
        select(ledger_entries)
        .where(condition)
        .order_by(ledger_entries.c.seq.desc())
        .limit(count)
        .offset(first)
    )
    return Found(
        entries=[Entry(**row) for row in connection.execute(query).mappings()], total=total or 0
    )


def kinds(connection: Connection) -> Sequence[str]:
    """Return every kind of decision that was made, by name."""
    query = select(ledger_entries.c.kind).distinct().order_by(ledger_entries.c.kind)
    return list(connection.scalars(query))


def _condition(wanted: Wanted) -> ColumnElement[bool]:
    columns = ledger_entries.c
    parts: list[ColumnElement[bool]] = [true()]
    if wanted.kind:
        whole = columns.kind == wanted.kind
        parts.append(whole | columns.kind.startswith(f"{wanted.kind}.", autoescape=True))
    if wanted.who:
        parts.append(columns.who == wanted.who)
    if wanted.about:
        parts.append(
            columns.subject.contains(wanted.about, autoescape=True)
            | columns.body.contains(wanted.about, autoescape=True)
        )
    return and_(*parts)
