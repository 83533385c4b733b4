"""Identity: what partners say themselves of who answers; evidence of another model turns off."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from pratique.assessment.identity import fingerprint_changed, replies_changed
from pratique.errors import PratiqueError
from pratique.evals.sightings import sightings_of
from pratique.ledger.chain import entries
from pratique.partners.catalogue import Candidate
from pratique.partners.pool import Pool
from pratique.rollout.freezes import CONFIRMED
from pratique.rollout.releases import Release
from pratique.rollout.watch.acts import Act, freeze, note, turn_off
from pratique.workspace.opened import Opened

LISTED = "watch.inventory"
"""Kind of the entry that keeps what a partner lists, whenever that changed."""

SWAPPED = "watch.identity"
"""Kind of the decision that turns a release off."""


class Inventory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one partner lists now."""

    partner: str
    """The partner."""
    listed: int | None
    """How many models; None where it gave no list."""
    added: tuple[str, ...] = ()
    """Models that were not in the last list."""
    gone: tuple[str, ...] = ()
    """Models of the last list that are not in this one."""
    says: str = ""
    """Why there is no list."""


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """A release that is on, with the model that answers."""

    release: Release
    """The release."""
    candidate: Candidate
    """The model, as the catalogue has it now."""

    @property
    def upstream(self) -> str:
        """What the partner's wire calls the model."""
        return self.candidate.model.upstream or self.candidate.model.id


async def inventories(
    opened: Opened, pool: Pool, served: Sequence[Served]
) -> tuple[list[Inventory], list[Act]]:
    """Return what each partner of *served* lists beside the last time, and what was done about it.

    A model that its partner used to list and no longer does is gone: its releases go off. One that
    was never listed says nothing: some partners list no snapshots and no endpoints.
    """
    partners = sorted({one.candidate.partner.id for one in served if one.candidate.partner.wire})
    found: list[Inventory] = []
    acts: list[Act | None] = []
    for partner in partners:
        try:
            names = await pool.listed(partner)
        except PratiqueError as error:
            found.append(Inventory(partner=partner, listed=None, says=error.message))
            continue
        before = _last(opened, partner)
        added, gone = sorted(names - before), sorted(before - names)
        found.append(
            Inventory(
                partner=partner,
                listed=len(names),
                added=tuple(added) if before else (),
                gone=tuple(gone),
            )
        )
        # Off first: were this look cut short in between, the next one would see the gap again.
        acts += _gone(opened, partner, frozenset(gone), served)
        if added or gone:
            says = f"`{partner}` lists {len(names)} models: {len(added)} new, {len(gone)} gone"
            key = opened.clock().isoformat()
            acts.append(note(opened, LISTED, partner, key, says, models=sorted(names)))
    return found, [one for one in acts if one is not None]


def _gone(
    opened: Opened, partner: str, gone: frozenset[str], served: Sequence[Served]
) -> Iterator[Act | None]:
    day = opened.clock().date().isoformat()
    for one in served:
        if one.candidate.partner.id == partner and one.upstream in gone:
            says = f"`{partner}` no longer lists `{one.upstream}`, which was approved"
            yield turn_off(opened, one.release, SWAPPED, f"inventory {one.upstream} {day}", says)


def _last(opened: Opened, partner: str) -> frozenset[str]:
    """Return what *partner* listed the last time; nothing where nobody has looked yet."""
    with opened.database.connect() as connection:
        kept: Mapping[str, object] = {}
        for entry in entries(connection, kind=LISTED, subject=partner):
            kept = entry.facts()
    models = kept.get("models", [])
    return frozenset(str(one) for one in models) if isinstance(models, list) else frozenset()


def replies(opened: Opened, served: Sequence[Served]) -> list[Act]:
    """Return what was done about what kept replies say of who gave them.

    Another name than the approved model's is identity: off. A fingerprint that was not there
    before is drift: the ramp is frozen until a confirming run.
    """
    acts: list[Act | None] = []
    for one in served:
        release = one.release
        with opened.database.connect() as connection:
            signs = replies_changed(connection, release.digest)
            seen = sightings_of(connection, release.digest)
            confirmed = [e.at for e in entries(connection, kind=CONFIRMED, subject=release.id)]
        first = next((sight.model for sight in seen if sight.model), "")
        others = sorted({sight.model for sight in seen if sight.model} - {first})
        named = [sign for sign in signs if sign.kind == "identity"]
        acts += [
            turn_off(opened, release, SWAPPED, f"model {other}", sign.says)
            for other, sign in zip(others, named, strict=True)
        ]
        since = max(confirmed, default="")
        drift = fingerprint_changed([sight for sight in seen if sight.at > since])
        if drift is not None:
            acts.append(freeze(opened, release, f"fingerprint since {since}", drift.says))
    return [one for one in acts if one is not None]
