"""Freezes: a release whose model may have drifted goes on, but no further up its ramp."""

from sqlalchemy import Connection

from pratique.ledger.chain import Entry, entries

DRIFTED = "watch.drift"
"""Kind of the decision that freezes a ramp."""

CONFIRMED = "watch.confirmed"
"""Kind of the decision that lets it go on: a confirming run met every bar."""


def freeze_of(connection: Connection, release: str) -> Entry | None:
    """Return the decision that freezes *release* now, or None."""
    found = [
        *entries(connection, kind=DRIFTED, subject=release),
        *entries(connection, kind=CONFIRMED, subject=release),
    ]
    last = max(found, key=lambda one: one.seq, default=None)
    return last if last is not None and last.kind == DRIFTED else None


def frozen_by(connection: Connection, release: str) -> tuple[str, ...]:
    """Return why *release* may not advance, in a sentence; nothing where it is not frozen."""
    found = freeze_of(connection, release)
    if found is None:
        return ()
    return (f"a confirming run, since {found.at[:10]}: {found.facts().get('says', 'drift')}",)
