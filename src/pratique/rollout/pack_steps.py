"""The life of a screening pack: into force, back, signed off; each step is in the ledger."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from pratique.errors import Malformed, NotAllowed, NotFound, Tampered
from pratique.regimes.regime import load_regime
from pratique.rollout.packs import (
    KIND,
    STARTER,
    Act,
    Policy,
    acts,
    keep_act,
    keep_sign_off,
    kept_pack,
    last_act,
    last_day,
    policy_of,
    require_pack,
    rollback_target,
)
from pratique.screening.clean import Trial, require_passed, tried
from pratique.screening.compared import Comparison, compare
from pratique.screening.pack import Pack, pack_of
from pratique.screening.screen import Screen
from pratique.screening.signed import message_of, opened_pack, signed
from pratique.screening.starter import starter
from pratique.settings.workspace import Market
from pratique.store import snapshots
from pratique.store.canonical import digest as digest_of
from pratique.store.moments import stamp
from pratique.workspace.opened import Opened
from pratique.workspace.sign_offs import ask, take

NAMED = 50
"""Rule ids of a kind that an entry of the ledger names, at most; it counts them all."""


class Activation(msgspec.Struct, frozen=True, kw_only=True):
    """A version that was put into force."""

    act: Act
    """The act."""
    comparison: Comparison
    """What it changed."""
    trials: tuple[Trial, ...]
    """What it did to ordinary text."""


def activate(opened: Opened, market: Market, data: bytes) -> Activation:
    """Put the signed pack *data* into force for *market*.

    Raises:
        Malformed, Tampered: it is no pack, or not what was signed.
        NotAllowed: it is too old, in force already, refuses ordinary text, or takes something away
            and not enough people signed that off yet.
    """
    now = opened.clock()
    pack = opened_pack(data, opened.verifies)
    _require_young(pack, policy_of(market), now)
    with opened.database.connect() as connection:
        before = last_act(connection, market.id)
        comparison = _compared(opened, connection, before, pack)
        _require_new(connection, market.id, before, pack, data)
    asked = {"market": market.id, "digest": digest_of(data), "loosens": _loosened(comparison)}
    loosens = comparison is None or comparison.loosens
    if loosens:
        ask(opened, "screening_removal", pack.id, asked)
    trials = tried(Screen(pack, today=now.date()), market.locales, _bar(market))
    require_passed(trials, pack.id)
    with opened.ledger.transaction() as connection:
        if last_act(connection, market.id) != before:
            raise NotAllowed(
                "another version was put into force meanwhile", hint="look at it, and try again"
            )
        people = take(opened, connection, "screening_removal", pack.id, asked) if loosens else ()
        act = Act(
            market=market.id,
            number=before.number + 1 if before else 1,
            kind="activated",
            pack=pack.id,
            version=pack.version,
            digest=snapshots.put(connection, data, KIND),
            at=stamp(now),
            who=opened.who,
            reason="",
            signed_off=", ".join(people),
        )
        keep_act(connection, act)
        change = comparison or Comparison(added=(), removed=(), allowed=())
        facts = _facts(act, pack) | {
            "added": len(change.added),
            "removed": len(change.removed),
            "allowed": len(change.allowed),
            "named": [*change.removed[:NAMED], *change.allowed[:NAMED]],
            "compared": comparison is not None,
            "tried": {one.text: [one.refused, one.lines] for one in trials},
        }
        _record(opened, connection, "screening.activated", act, facts)
    return Activation(act=act, comparison=change, trials=trials)


def rollback(opened: Opened, market: Market, reason: str) -> Act:
    """Put the version before the one in force back at once; a second person signs off after.

    Raises:
        NotAllowed: there is none that may be used, or no reason is given.
    """
    if not reason.strip():
        raise NotAllowed("a rollback needs a reason", hint="say it in a line: the ledger keeps it")
    now = opened.clock()
    with opened.ledger.transaction() as connection:
        current = require_pack(connection, market.id)
        target = rollback_target(acts(connection, market.id))
        if target is None:
            raise NotAllowed(
                f"no version was in force for `{market.id}` before `{current.pack}`"
                f" {current.version}",
                hint="activate another one: `pratique screen activate`",
            )
        pack = kept_pack(connection, target.digest, opened.verifies)
        _require_young(pack, policy_of(market), now)
        act = msgspec.structs.replace(
            target,
            number=current.number + 1,
            kind="rolled_back",
            at=stamp(now),
            who=opened.who,
            reason=reason,
            signed_off="" if _needed(opened) else opened.who,
        )
        keep_act(connection, act)
        facts = _facts(act, pack) | {"from": current.digest, "reason": reason}
        _record(opened, connection, "screening.rolled_back", act, facts)
    return act


def sign_off(opened: Opened, market: Market) -> Act:
    """Enter that as many people as the policy asks for agree with the rollback that is in force.

    Raises:
        NotAllowed: nothing waits, or not enough people signed it yet.
    """
    with opened.database.connect() as connection:
        waiting = require_pack(connection, market.id)
    if not waiting.owed:
        raise NotAllowed(
            f"nothing waits for a sign-off in `{market.id}`",
            hint="`pratique screen list` shows what is in force",
        )
    asked = {"market": market.id, "digest": waiting.digest, "number": waiting.number}
    ask(opened, "screening_removal", waiting.pack, asked)
    with opened.ledger.transaction() as connection:
        act = require_pack(connection, market.id)
        if act != waiting:
            raise NotAllowed(
                "another version was put into force meanwhile", hint="look at it, and try again"
            )
        people = take(opened, connection, "screening_removal", act.pack, asked)
        names = ", ".join(people) or opened.who
        keep_sign_off(connection, act, names)
        facts = {"digest": act.digest, "number": act.number, "signed_off": names}
        _record(opened, connection, "screening.signed_off", act, facts)
    return msgspec.structs.replace(act, signed_off=names)


def _needed(opened: Opened) -> int:
    return opened.workspace.configuration.sign_off.needed("screening_removal")


def begin(opened: Opened) -> list[Act]:
    """Put the starter pack, as version 1 of today, into force in each market of a new workspace."""
    made = opened.clock().date().isoformat()
    pack = pack_of(starter().entries, id=STARTER, version="1", made=made)
    data = signed(pack, opened.key)
    workspace = opened.workspace
    return [activate(opened, workspace.market(one), data).act for one in workspace.markets()]


def _bar(market: Market) -> float:
    """Return the share of what must be answered that the market's regime lets be refused."""
    return load_regime(market.regime).gate("not_refuse").mark.value


def _compared(
    opened: Opened, connection: Connection, before: Act | None, pack: Pack
) -> Comparison | None:
    """Return what *pack* changes; None where the version in force can no longer be read."""
    if before is None:
        return compare((), pack.entries)
    try:
        old = kept_pack(connection, before.digest, opened.verifies)
    except (NotFound, Tampered, Malformed):
        return None
    return compare(old.entries, pack.entries)


def _loosened(comparison: Comparison | None) -> str:
    if comparison is None:
        return "the version in force cannot be read, so that nobody knows what would be lost"
    named = ", ".join(f"`{id}`" for id in (*comparison.removed, *comparison.allowed)[:5])
    return (
        f"{len(comparison.removed)} entries go or change and {len(comparison.allowed)} allow"
        f" phrases come: {named}"
    )


def _require_young(pack: Pack, policy: Policy, now: datetime) -> None:
    if not pack.made:
        raise Malformed(f"pack `{pack.id}` does not say when it was made", hint="build it anew")
    if pack.made > now.date().isoformat():
        raise NotAllowed(
            f"pack `{pack.id}` {pack.version} was made on {pack.made}, which is to come",
            hint="set the clock right where it is built",
        )
    if now.date() > last_day(pack, policy):
        raise NotAllowed(
            f"pack `{pack.id}` {pack.version} was good until {last_day(pack, policy)}",
            hint="build a new version: `pratique screen build`",
        )


def _require_new(
    connection: Connection, market: str, before: Act | None, pack: Pack, data: bytes
) -> None:
    digest = digest_of(data)
    if before is not None and before.digest == digest:
        raise NotAllowed(
            f"pack `{pack.id}` {pack.version} is in force already",
            hint="build a newer version",
        )
    for act in acts(connection, market):
        if (act.pack, act.version) == (pack.id, pack.version) and act.digest != digest:
            raise NotAllowed(
                f"another pack was in force as `{pack.id}` {pack.version}",
                hint="a version names one pack: build it with another `--version`",
            )


def _facts(act: Act, pack: Pack) -> dict[str, object]:
    return {
        "market": act.market,
        "version": act.version,
        "digest": act.digest,
        "made": pack.made,
        "entries": len(pack.entries),
        "signed_off": act.signed_off,
        # What is signed: it still holds when the key is retired.
        "record": digest_of(message_of(pack)),
    }


def _record(
    opened: Opened, connection: Connection, kind: str, act: Act, facts: dict[str, object]
) -> None:
    opened.ledger.record(connection, who=opened.who, kind=kind, subject=act.pack, body=facts)
