"""Confirming: a frozen release is measured anew against its bars; only that may turn it off."""

from collections.abc import Sequence
from datetime import UTC

import msgspec

from pratique.assessment.assess import measure
from pratique.assessment.candidates import Offer, read_packs
from pratique.assessment.findings import Finding
from pratique.assessment.planning import Plan, plan
from pratique.errors import NotAllowed
from pratique.evals.budget import Budget
from pratique.partners.catalogue import Candidate, packaged, read_partners
from pratique.rollout.freezes import freeze_of
from pratique.rollout.gate import Refusal
from pratique.rollout.guarding import guard_in_force
from pratique.rollout.releases import Release
from pratique.rollout.watch.acts import Act, known, let_go_on, note, turn_off
from pratique.serving.variant import Variant
from pratique.workspace.opened import Opened

FELL_SHORT = "watch.fell_short"
"""Kind of the decision by which a confirming run turns a release off."""

OPEN = "watch.undecided"
"""Kind of the entry of a confirming run that decided nothing: the ramp stays frozen."""


async def confirm(
    opened: Opened, release: Release, variant: Variant, candidate: Candidate, budget: Budget
) -> Act | None:
    """Measure *release*, if it is frozen and was not measured today, and do what follows.

    The samples are drawn anew, by the day; kept answers of before do not count. `meets` on every
    requirement lets the ramp go on, `falls_short` on one turns the release off, and what is
    undecided leaves it frozen until tomorrow.

    Raises:
        NotAllowed: the standard asks nothing of this feature, the model is no longer at the
            snapshot that was approved, or *budget* was used up before anything was certain.
    """
    day = opened.clock().astimezone(UTC).date()
    with opened.database.connect() as connection:
        frozen = freeze_of(connection, release.id)
        if frozen is None or known(connection, OPEN, release.id, f"{day}"):
            return None
    planned = _plan(opened, variant, candidate, day.toordinal())
    screening = guard_in_force(opened, opened.workspace.market(variant.market))
    guard = None if isinstance(screening, Refusal) else screening
    await measure(opened, planned, lambda _: None, budget=budget, guard=guard)
    findings = [planned.judge.finding(cell) for cell in planned.cells]
    says = "; ".join(_sentence(one) for one in findings)
    proof = {"findings": msgspec.to_builtins(findings)}
    key = f"{day} {frozen.seq}"
    if any(one.finding == "falls_short" for one in findings):
        return turn_off(opened, release, FELL_SHORT, key, says, **proof)
    if all(one.finding == "meets" for one in findings):
        return let_go_on(opened, release, key, says, **proof)
    if budget.bounded and any(cell.left for cell in planned.cells):
        raise NotAllowed(
            "the look's budget is used up before the confirming run decided anything: it stays frozen",
            hint="the next look goes on from there",
        )
    return note(opened, OPEN, release.id, f"{day}", says, **proof)


def _plan(opened: Opened, variant: Variant, candidate: Candidate, seed: int) -> Plan:
    market = opened.workspace.market(variant.market)
    if candidate.model.snapshot != variant.serving.snapshot:
        raise NotAllowed(
            f"`{candidate.name}` is at snapshot `{candidate.model.snapshot}`, and"
            f" `{variant.serving.snapshot}` was approved: no run can confirm it",
            hint="assess and file the new snapshot",
        )
    only = msgspec.structs.replace(
        market,
        features=(variant.feature,),
        locales=(variant.locale,),
        candidates=(candidate.name,),
    )
    planned = plan(
        opened.workspace,
        Offer(
            market=only,
            packs=read_packs(opened.workspace, only.features),
            candidates=(candidate,),
            left_out=(),
            variants=(variant,),
            partners=read_partners(opened.workspace.content("partners", packaged())),
            safeguards=variant.roles[1:],
        ),
        seed,
    )
    if not planned.cells:
        raise NotAllowed(
            f"standard `{market.standard}` asks nothing of `{variant.feature}` in"
            f" `{variant.locale}`: no run can confirm it",
            hint="write a requirement for it, or halt the release",
        )
    return planned


def _sentence(one: Finding) -> str:
    return (
        f"{one.subject}: {one.finding.replace('_', ' ')}, {one.estimate:.1%} (interval"
        f" {one.low:.1%} to {one.high:.1%}, {one.samples} samples) against {one.bar:.0%}"
    )


def frozen_releases(opened: Opened, releases: Sequence[Release]) -> tuple[str, ...]:
    """Return the ids of those *releases* whose ramp is frozen now."""
    with opened.database.connect() as connection:
        return tuple(one.id for one in releases if freeze_of(connection, one.id) is not None)
