"""The steps of a rollout, each with its entry in the ledger."""

from sqlalchemy import Connection

from pratique.errors import NotAllowed
from pratique.filing.filings import list_filings
from pratique.rollout import releases
from pratique.rollout.gate import Refusal, Rules, digest_approval
from pratique.rollout.releases import Release
from pratique.serving.variant import thawed
from pratique.store import snapshots
from pratique.workspace.opened import Opened


def gate_rules(opened: Opened, market: str) -> Rules:
    """Return what the gate of *opened* holds requests for *market* to."""
    configuration = opened.workspace.configuration
    return Rules(
        market=opened.workspace.market(market),
        workspace=configuration.name,
        rehearsal=configuration.rehearsal,
        verifies=opened.verifies,
    )


def approved_digest(opened: Opened, rules: Rules, feature: str, locale: str) -> str:
    """Return the digest of *feature* in *locale* that an approval in force covers, the newest first.

    Raises:
        NotAllowed: there is none.
    """
    with opened.database.connect() as connection:
        for filing in reversed(list_filings(connection, rules.market.id)):
            for one in filing.variants:
                if (one.feature, one.locale) == (feature, locale):
                    found = digest_approval(connection, rules, one.digest, opened.clock())
                    if not isinstance(found, Refusal):
                        return one.digest
    raise NotAllowed(
        f"`{feature}` in `{locale}` has no approval in force for `{rules.market.id}`",
        hint="`pratique file` makes the filing, `pratique approve` enters the regulator's answer",
    )


def start(opened: Opened, rules: Rules, digest: str) -> Release:
    """Start the release of the frozen variant *digest* at its first stage.

    Raises:
        NotAllowed: no approval in force covers it; the attempt is in the ledger.
        NotFound, Tampered: there is no such snapshot, or it was changed.
    """
    with opened.database.connect() as connection:
        found = digest_approval(connection, rules, digest, opened.clock())
    if isinstance(found, Refusal):
        why = {"reason": found.reason, "market": rules.market.id}
        with opened.ledger.decision(
            who=opened.who, kind="release.refused", subject=digest, body=why
        ):
            pass
        raise NotAllowed(f"`{digest}` cannot be released: {found.detail}", hint=found.hint)
    with opened.ledger.transaction() as connection:
        variant = thawed(snapshots.get(connection, digest))
        release = releases.start(
            connection,
            market=rules.market.id,
            feature=variant.feature,
            locale=variant.locale,
            digest=digest,
            stages=rules.market.stages,
            now=opened.clock(),
        )
        facts: dict[str, object] = {
            "digest": digest,
            "approval": found.number,
            "stage": release.stages[0].name,
            "simulated": found.simulated,
        }
        opened.ledger.record(
            connection, who=opened.who, kind="release.started", subject=release.id, body=facts
        )
    return release


def advance(opened: Opened, market: str, feature: str, locale: str) -> Release:
    """Move the release to its next stage."""
    with opened.ledger.transaction() as connection:
        release = releases.advance(
            connection, releases.current(connection, market, feature, locale)
        )
        _record(opened, connection, "release.advanced", release)
    return release


def halt(opened: Opened, market: str, feature: str, locale: str, reason: str) -> Release:
    """Stop the release at once, for a *reason* that the ledger keeps."""
    with opened.ledger.transaction() as connection:
        release = releases.halt(
            connection, releases.current(connection, market, feature, locale), reason
        )
        _record(opened, connection, "release.halted", release)
    return release


def resume(opened: Opened, market: str, feature: str, locale: str) -> Release:
    """Let a halted release serve again."""
    with opened.ledger.transaction() as connection:
        release = releases.resume(connection, releases.current(connection, market, feature, locale))
        _record(opened, connection, "release.resumed", release)
    return release


def _record(opened: Opened, connection: Connection, kind: str, release: Release) -> None:
    facts = {
        "digest": release.digest,
        "stage": release.stages[release.stage].name,
        "reason": release.reason,
    }
    opened.ledger.record(connection, who=opened.who, kind=kind, subject=release.id, body=facts)
