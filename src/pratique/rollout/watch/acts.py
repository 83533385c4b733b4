"""Acts: what a watch does, each once, each with its entry in the ledger."""

import msgspec
from sqlalchemy import Connection

from pratique.ledger.chain import entries
from pratique.rollout import releases, steps
from pratique.rollout.freezes import CONFIRMED, DRIFTED, freeze_of
from pratique.rollout.releases import Release
from pratique.workspace.opened import Opened

WATCH = "watch"
"""Who decides in the ledger."""


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that was done."""

    kind: str
    """Kind of its entry in the ledger."""
    subject: str
    """What it is about: a release, an approval, a partner, a milestone."""
    says: str
    """What was seen, in one sentence without content."""
    turned_off: bool = False
    """Whether something no longer serves by it."""


def known(connection: Connection, kind: str, subject: str, key: str) -> bool:
    """Say whether the ledger holds this very act already."""
    found = entries(connection, kind=kind, subject=subject)
    return any(one.facts().get("key") == key for one in found)


def note(
    opened: Opened, kind: str, subject: str, key: str, says: str, **facts: object
) -> Act | None:
    """Record that something was seen; None where the ledger holds it already."""
    with opened.database.connect() as connection:
        if known(connection, kind, subject, key):
            return None  # no transaction: a look that finds nothing new writes nothing
    with opened.ledger.transaction() as connection:
        if known(connection, kind, subject, key):
            return None
        body = {"key": key, "says": says} | facts
        opened.ledger.record(connection, who=opened.who, kind=kind, subject=subject, body=body)
    return Act(kind=kind, subject=subject, says=says)


def turn_off(
    opened: Opened, release: Release, kind: str, key: str, says: str, **facts: object
) -> Act | None:
    """Halt *release* for what was seen; None where that was done once, or it is not on.

    An operator who resumes it has seen the reason: the same reason does not halt it twice.
    """
    with opened.ledger.transaction() as connection:
        if known(connection, kind, release.id, key):
            return None
        now = releases.current(connection, release.market, release.feature, release.locale)
        if (now.id, now.state) != (release.id, "on"):
            return None
        halted = releases.halt(connection, now, says)
        steps.record(opened, connection, "release.halted", halted)
        body = {"key": key, "says": says} | facts
        opened.ledger.record(connection, who=opened.who, kind=kind, subject=release.id, body=body)
    return Act(kind=kind, subject=release.id, says=says, turned_off=True)


def freeze(opened: Opened, release: Release, key: str, says: str) -> Act | None:
    """Freeze the ramp of *release* until a confirming run meets every bar; None where it is frozen."""
    with opened.database.connect() as connection:
        if freeze_of(connection, release.id) is not None:
            return None
    return note(opened, DRIFTED, release.id, key, says)


def let_go_on(opened: Opened, release: Release, key: str, says: str, **facts: object) -> Act | None:
    """Let the ramp of *release* go on."""
    return note(opened, CONFIRMED, release.id, key, says, **facts)
