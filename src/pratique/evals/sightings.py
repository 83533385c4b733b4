"""Sightings: what kept replies say of who gave them, in the order in which they came."""

import msgspec
from sqlalchemy import Connection, or_, select

from pratique.evals.outcomes import outcomes, runs


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """What one reply says of who gave it."""

    at: str
    """When, ISO 8601."""
    model: str = ""
    """Model that the reply names; empty where it names none."""
    fingerprint: str = ""
    """Fingerprint of what served it; empty where there is none."""


def sightings_of(connection: Connection, digest: str) -> list[Sighting]:
    """Return what the replies to the variant of *digest* say of themselves, oldest first.

    A reply that says nothing, and an answer that was scored again without a call, are in none.
    """
    query = (
        select(outcomes.c.at, outcomes.c.model, outcomes.c.fingerprint)
        .join(runs, runs.c.id == outcomes.c.run_id)
        .where(
            runs.c.digest == digest,
            outcomes.c.rescored_from == "",
            or_(outcomes.c.model != "", outcomes.c.fingerprint != ""),
        )
        .order_by(outcomes.c.at, runs.c.created, outcomes.c.run_id, outcomes.c.position)
    )
    return [
        Sighting(at=at, model=model, fingerprint=fingerprint)
        for at, model, fingerprint in connection.execute(query)
    ]
