"""The state of the gate: one signed, immutable record of what may be on, and for how long it holds.

A replica builds it from the store, several times in its lease, and admits by it alone. While the
store is down, the last one holds until its lease ends; then everything is off.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, Protocol

import msgspec
from sqlalchemy import Connection

from pratique.errors import Malformed, PratiqueError, Tampered
from pratique.filing.approvals import Approval, Kept, read_approvals
from pratique.filing.filings import Filed
from pratique.ledger.chain import last_moment
from pratique.rollout.halts import Halt, list_halts
from pratique.rollout.releases import Release, list_releases
from pratique.serving.variant import Variant, thawed
from pratique.settings.workspace import Market
from pratique.store import snapshots
from pratique.store.canonical import digest

_PURPOSE = b"pratique-gate-state-1\0"
"""What keeps this signature from standing for anything else."""


class Signer(Protocol):
    """Whoever signs the state."""

    @property
    def key_id(self) -> str:
        """Name of the key."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature of *message*."""


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What the gate holds a request to, apart from what the store says."""

    market: Market
    """The market's settings."""
    workspace: str
    """Name of this workspace: approvals of another do not count."""
    rehearsal: bool
    """Whether approvals for practice count here."""
    verifies: Callable[[str, bytes, bytes], bool]
    """Checks a signature with this workspace's public keys."""


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the store said at one moment."""

    version: int = 1
    """Version of this record."""
    workspace: str
    """Workspace that it is about."""
    market: str
    """Market that it is about."""
    rehearsal: bool
    """Whether approvals for practice count there."""
    generated: datetime
    """When it was read: no clock that shows less is believed."""
    lease_ends: datetime
    """From when on it holds no more."""
    releases: tuple[Release, ...]
    """Releases that have not ended."""
    approvals: tuple[Kept, ...]
    """Approvals, each with what is wrong with it."""
    halts: tuple[Halt, ...]
    """Orders to stop that stand."""


class Sealed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A record with its signature, and the snapshots that it names."""

    body: bytes
    """The record as JSON."""
    key_id: str
    """The key that signed it."""
    signature: bytes
    """Its signature."""
    snapshots: Mapping[str, bytes]
    """Frozen variants by their digest; each must hash to its name."""


class Fallback(NamedTuple):
    """A variant that stands in while the released one does not answer; approved with it."""

    digest: str
    """Digest of the frozen variant."""
    variant: Variant
    """The variant, its bytes compared with its digest."""
    halts: tuple[Halt, ...]
    """Orders that stop it, for some app category or for all."""


class Cell(NamedTuple):
    """What the gate needs to know of one feature in one locale."""

    release: Release
    """Its release."""
    variant: Variant | None
    """The variant, its bytes compared with its digest; None where there is a fault."""
    fault: str
    """What is wrong with the snapshot."""
    approvals: tuple[Approval, ...]
    """Sound approvals of this very digest, for this market, that count here."""
    halts: tuple[Halt, ...]
    """Orders that stop it, for some app category or for all."""
    fallbacks: tuple[tuple[Fallback, ...], ...]
    """For each approval, the variants behind this one that it covers, too, in their order."""


class GateState:
    """A record laid out for asking: read from the store just now, or signed by this workspace."""

    __slots__ = ("cells", "generated", "lease_ends", "record", "rules")

    def __init__(self, record: Record, rules: Rules, variants: Mapping[str, Variant | str]) -> None:
        self.record = record
        self.rules = rules
        self.generated = record.generated
        self.lease_ends = record.lease_ends
        self.cells = {
            (one.feature, one.locale): _cell(record, rules, one, variants)
            for one in record.releases
        }

    def honoured(self, variant_digest: str) -> tuple[Approval, ...]:
        """Return the sound approvals of *variant_digest* that count in this market and workspace."""
        return _honoured(self.record, self.rules, variant_digest)


def read_record(
    connection: Connection, rules: Rules, now: datetime, lease: timedelta
) -> tuple[Record, Mapping[str, bytes]]:
    """Return what the store says, and the bytes of the snapshots as they are.

    The record is never older than the last decision: a clock that was set back since is not
    believed.
    """
    releases = tuple(
        one for one in list_releases(connection, rules.market.id) if one.state != "ended"
    )
    moment = max(now, last_moment(connection) or now)
    approvals = tuple(read_approvals(connection, rules.verifies, rules.workspace))
    data = snapshots.unverified(connection, _served(releases, approvals))
    record = Record(
        workspace=rules.workspace,
        market=rules.market.id,
        rehearsal=rules.rehearsal,
        generated=moment,
        lease_ends=moment + lease,
        releases=releases,
        approvals=approvals,
        halts=tuple(list_halts(connection, rules.market.id)),
    )
    return record, data


def seal(record: Record, data: Mapping[str, bytes], signer: Signer) -> Sealed:
    """Sign *record*."""
    body = msgspec.json.encode(record)
    return Sealed(
        body=body,
        key_id=signer.key_id,
        signature=signer.sign(_PURPOSE + body),
        snapshots=data,
    )


def state_of(record: Record, data: Mapping[str, bytes], rules: Rules) -> GateState:
    """Return *record* laid out for asking, every snapshot's bytes held to its digest."""
    named = _served(record.releases, record.approvals)
    variants = {one: _held(data.get(one), one) for one in named}
    return GateState(record, rules, variants)


def open_sealed(sealed: Sealed, rules: Rules) -> GateState:
    """Return the state in *sealed*, after holding every byte to its signature or its digest.

    Raises:
        Tampered: it was not signed by a key of this workspace, or is about another.
    """
    if not rules.verifies(sealed.key_id, _PURPOSE + sealed.body, sealed.signature):
        raise _stranger("its signature does not hold")
    try:
        record = msgspec.json.decode(sealed.body, type=Record)
    except msgspec.DecodeError:
        raise _stranger("its record cannot be read") from None
    about = (record.workspace, record.market, record.rehearsal)
    if about != (rules.workspace, rules.market.id, rules.rehearsal):
        raise _stranger(f"it is about `{record.workspace}`, market `{record.market}`")
    return state_of(record, sealed.snapshots, rules)


def read_state(connection: Connection, rules: Rules, now: datetime) -> GateState:
    """Return the state as the store has it now, for one question."""
    return state_of(*read_record(connection, rules, now, timedelta(minutes=1)), rules)


def _served(releases: Sequence[Release], approvals: Sequence[Kept]) -> set[str]:
    """Return the digests that may be served: those released, and their fallbacks."""
    return {one.digest for one in releases} | {
        behind.digest
        for one in releases
        for kept in approvals
        if kept.approval and not kept.fault
        for behind in _behind(kept.approval, one)
    }


def _behind(approval: Approval, release: Release) -> list[Filed]:
    """Return the variants behind the released one in its filing, in their order.

    What stood before it was left for a reason: nothing falls back to that.
    """
    places = [one.place for one in approval.variants if one.digest == release.digest]
    return sorted(
        (
            one
            for one in approval.variants
            if places
            and one.place > places[0]
            and (one.feature, one.locale) == (release.feature, release.locale)
        ),
        key=lambda one: one.place,
    )


def _held(data: bytes | None, name: str) -> Variant | str:
    """Return the variant in *data*, or what is wrong with it."""
    if data is None:
        return f"there is no snapshot `{name}`"
    if digest(data) != name:
        return f"the snapshot `{name}` is no longer the bytes it was named for"
    try:
        return _thawed(data)
    except Malformed as error:
        return error.message


@lru_cache(maxsize=512)
def _thawed(data: bytes) -> Variant:
    """Thaw once what is read again and again."""
    return thawed(data)


def _cell(
    record: Record, rules: Rules, release: Release, variants: Mapping[str, Variant | str]
) -> Cell:
    variant, fault = _of(release, variants[release.digest])
    approvals = _honoured(record, rules, release.digest)
    return Cell(
        release=release,
        variant=variant,
        fault=fault,
        approvals=approvals,
        halts=_halts(record, release, variant),
        fallbacks=tuple(
            tuple(
                Fallback(one.digest, found, _halts(record, release, found))
                for one in _behind(approval, release)
                for found, _ in (_of(release, variants[one.digest]),)
                if found is not None
            )
            for approval in approvals
        ),
    )


def _of(release: Release, held: Variant | str) -> tuple[Variant | None, str]:
    """Return the variant that may serve *release*; or None, and what is wrong with it."""
    if isinstance(held, str):
        return None, held
    about = (release.market, release.feature, release.locale)
    if (held.market, held.feature, held.locale) != about:
        return None, "it is a variant of something else"
    return held, ""


def _halts(record: Record, release: Release, variant: Variant | None) -> tuple[Halt, ...]:
    partner = variant.serving.partner if variant else None
    return tuple(
        one
        for one in record.halts
        if one.scope.feature in (None, release.feature)
        and one.scope.locale in (None, release.locale)
        and one.scope.partner in (None, partner)
    )


def _honoured(record: Record, rules: Rules, variant_digest: str) -> tuple[Approval, ...]:
    return tuple(
        one.approval
        for one in record.approvals
        if one.approval
        and not one.fault
        and one.approval.covers(variant_digest)
        and one.approval.market == rules.market.id
        and (rules.rehearsal or not one.approval.simulated)
    )


def _stranger(why: str) -> PratiqueError:
    return Tampered(
        f"the state of the gate does not count: {why}",
        hint="remove `state/gate-*.json` and start the service with its store",
    )
