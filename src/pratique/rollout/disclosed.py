"""What users are shown of the models that run: name and number, for each release."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from pratique.errors import Malformed, NotFound, Tampered
from pratique.labels.disclosure import Disclosure, disclosure
from pratique.regimes.regime import load_regime
from pratique.rollout.gate import Refusal, Rules, digest_approval
from pratique.rollout.releases import Release
from pratique.rollout.state import GateState, read_state
from pratique.serving.variant import thawed
from pratique.store import snapshots


def disclosures(
    connection: Connection, rules: Rules, now: datetime
) -> Mapping[str, tuple[Release, Disclosure | None]]:
    """Return each release that has not ended, by its id, with what its users are shown."""
    state = read_state(connection, rules, now)
    return {one.id: (one, _shown(connection, state, one, now)) for one in state.record.releases}


def _shown(
    connection: Connection, state: GateState, release: Release, now: datetime
) -> Disclosure | None:
    """Return what users of *release* are shown; None where it cannot be said, as it then is off.

    A snapshot that is not what was approved is served to nobody, so there is nothing to disclose.
    """
    approval = digest_approval(state, release.digest, now)
    try:
        variant = thawed(snapshots.get(connection, release.digest))
        return disclosure(
            load_regime(state.rules.market.regime),
            release.locale,
            model=variant.candidate,
            number="" if isinstance(approval, Refusal) else approval.number,
        )
    except (Tampered, NotFound, Malformed):
        return None
