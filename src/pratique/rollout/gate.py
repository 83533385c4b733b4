"""The gate: the one place that says yes, and says why not in all other cases."""

from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import Connection

from pratique.filing.approvals import Approval
from pratique.rollout.cohorts import is_in
from pratique.rollout.halts import Halt
from pratique.rollout.releases import Release
from pratique.rollout.state import Cell, Fallback, GateState, Rules, read_state
from pratique.serving.variant import Variant

__all__ = [
    "Admission",
    "Context",
    "Fallback",
    "Reason",
    "Refusal",
    "Rules",
    "admit",
    "approved",
    "ask",
    "digest_approval",
    "off",
]

Reason = Literal[
    "not_approved",
    "locale_not_supported",
    "region_not_eligible",
    "feature_halted",
    "not_in_stage",
    "consent_required",
    "quota_reached",
]
"""Why a feature is off for a request, in the order in which it is asked; the last one by `web`."""


class Context(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of the device, believed only from the maker's back end or its signed token."""

    device_region: str
    """Region in which the device was sold."""
    account_region: str
    """Region of the user's account."""
    location: str = ""
    """Region in which the device is now, where the market's policy asks; empty for unknown."""
    app_category: str = ""
    """Category of the app that asks, such as `mail`; empty for unknown."""
    targeting_key: str
    """Stable, pseudonymous name of the device; decides its cohort and goes nowhere else."""


class Admission(msgspec.Struct, frozen=True, kw_only=True):
    """Yes: what is served."""

    release: Release
    """The release."""
    variant: Variant
    """The frozen variant, its bytes compared with its digest."""
    approval: Approval
    """The approval in force."""
    fallbacks: tuple[Fallback, ...] = ()
    """What may answer where that variant does not, in this order; under the same approval."""


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """No, and why."""

    reason: Reason
    """Which question failed."""
    detail: str
    """What was found, for a person."""
    hint: str
    """What to do next."""


def admit(
    state: GateState,
    feature: str,
    locale: str,
    context: Context,
    now: datetime,
    *,
    consented: bool = False,
) -> Admission | Refusal:
    """Say whether *feature* may be served in *locale* to *context* at *now*, and on what.

    *consented* says that the user agreed to send this very request to a partner that extends.
    It depends on the arguments alone. Whatever is not known is a no.
    """
    found = approved(state, feature, locale, now)
    if isinstance(found, Refusal):
        return found
    refusal = (
        _not_offered(state, feature, locale)
        or _not_eligible(state, context)
        or _halted(state.cells[feature, locale], context.app_category)
        or _not_in_stage(state, found.release, context)
        or _without_consent(found.variant, consented)
    )
    return refusal or _with_fallbacks(state.cells[feature, locale], found, context, consented)


def ask(
    connection: Connection,
    rules: Rules,
    feature: str,
    locale: str,
    context: Context,
    now: datetime,
    *,
    consented: bool = False,
) -> Admission | Refusal:
    """Ask `admit` by what the store says at this very moment."""
    state = read_state(connection, rules, now)
    return admit(state, feature, locale, context, now, consented=consented)


def approved(state: GateState, feature: str, locale: str, now: datetime) -> Admission | Refusal:
    """Ask the first question only: is what is released approved, as it is, now?"""
    # A clock that was set back since the state was read is not believed.
    moment = max(now, state.generated)
    if moment >= state.lease_ends:
        return _no(
            "not_approved",
            f"the last known state is of {state.generated:%Y-%m-%d %H:%M:%S} UTC, and its lease ended",
            "bring the store back: nothing stays on longer without it",
        )
    cell = state.cells.get((feature, locale))
    if cell is None:
        return _no(
            "not_approved",
            f"no release of `{feature}` in `{locale}` for `{state.rules.market.id}`",
            "file it, enter the regulator's approval, then `pratique rollout start`",
        )
    approval = _in_force(cell.approvals, moment)
    if approval is None:
        return _unapproved(state, cell.release.digest, moment)
    if cell.variant is None:
        return _no(
            "not_approved",
            f"the snapshot of release `{cell.release.id}` is not what was approved: {cell.fault}",
            "restore it from a backup; `pratique verify` names every file and record that changed",
        )
    return Admission(release=cell.release, variant=cell.variant, approval=approval)


def off(state: GateState, feature: str, locale: str, now: datetime) -> Refusal | None:
    """Return why *feature* is off for everybody in *locale*; None where it is on for some device."""
    found = approved(state, feature, locale, now)
    if isinstance(found, Refusal):
        return found
    return _not_offered(state, feature, locale) or _halted(state.cells[feature, locale], None)


def digest_approval(state: GateState, digest: str, now: datetime) -> Approval | Refusal:
    """Return the approval in force of *digest*, or why there is none."""
    moment = max(now, state.generated)
    return _in_force(state.honoured(digest), moment) or _unapproved(state, digest, moment)


def _in_force(approvals: tuple[Approval, ...], moment: datetime) -> Approval | None:
    """Return the one that counts: the only place that asks whether an approval still holds."""
    for one in approvals:
        if one.state_on(moment) == "in_force":
            return one
    return None


def _with_fallbacks(cell: Cell, found: Admission, context: Context, consented: bool) -> Admission:
    """Return *found* with what stands behind it, as far as nothing speaks against that now."""
    behind = cell.fallbacks[cell.approvals.index(found.approval)]
    if not behind:
        return found
    may = tuple(
        one
        for one in behind
        if not any(_concerns(halt, context.app_category) for halt in one.halts)
        and _without_consent(one.variant, consented) is None
    )
    return msgspec.structs.replace(found, fallbacks=may)


def _not_offered(state: GateState, feature: str, locale: str) -> Refusal | None:
    market = state.rules.market
    if feature in market.features and locale in market.locales:
        return None
    return _no(
        "locale_not_supported",
        f"`{feature}` in `{locale}` is not offered in `{market.id}`",
        "ask in another locale",
    )


def _not_eligible(state: GateState, context: Context) -> Refusal | None:
    market = state.rules.market
    if context.device_region not in market.device_regions:
        return _no(
            "region_not_eligible",
            "the device was sold in another region",
            "the feature is for devices of this market",
        )
    if context.account_region not in market.account_regions:
        return _no(
            "region_not_eligible",
            "the account belongs to another region",
            "the feature is for accounts of this market",
        )
    if market.locations and context.location not in market.locations:
        return _no(
            "region_not_eligible",
            "the device is in another region, or nobody knows where",
            "the feature is for devices that are in this market now",
        )
    return None


def _halted(cell: Cell, app_category: str | None) -> Refusal | None:
    release = cell.release
    if release.state != "on":
        return _no(
            "feature_halted",
            f"release `{release.id}` is {release.state}: {release.reason}",
            "an operator resumes it with `pratique rollout resume`",
        )
    for one in cell.halts:
        if _concerns(one, app_category):
            return _no(
                "feature_halted",
                f"`{one.id}` stops {one.scope}: {one.reason}",
                "an operator lifts it with `pratique rollout resume`",
            )
    return None


def _concerns(halt: Halt, app_category: str | None) -> bool:
    """Say whether *halt* stops an app of this category; one of an unknown category ("") is stopped.

    None asks for all apps together: a halt on one category does not stop them.
    """
    return halt.scope.app_category is None or app_category in ("", halt.scope.app_category)


def _not_in_stage(state: GateState, release: Release, context: Context) -> Refusal | None:
    market, feature = state.rules.market.id, release.feature
    if is_in(market, feature, context.targeting_key, release.user_fraction):
        return None
    return _no(
        "not_in_stage",
        f"stage `{release.stages[release.stage].name}` does not include this device",
        "later stages include more devices",
    )


def _without_consent(variant: Variant, consented: bool) -> Refusal | None:
    if variant.serving.role != "extend" or consented:
        return None
    return _no(
        "consent_required",
        "the user has not consented to this request",
        "ask the user, then send a consent token for this very input",
    )


def _unapproved(state: GateState, digest: str, moment: datetime) -> Refusal:
    """Say why no approval of *digest* is in force."""
    known = state.record.approvals
    sound = [one.approval for one in known if one.approval and not one.fault]
    stopped = [
        (one.fault, one.standing)
        for one in known
        if one.standing and one.fault and one.approval and one.approval.covers(digest)
    ]
    faults = [f"approval `{one.id}`: {one.fault}" for one in known if one.changed]
    here = state.honoured(digest)
    if here:
        ends = ", ".join(
            f"`{one.number}` {one.state_on(moment).replace('_', ' ')} ({one.issued} to {one.expires})"
            for one in here
        )
        return _no(
            "not_approved",
            f"no approval is in force: {ends}",
            "enter the extension with `pratique approve`",
        )
    if any(one.covers(digest) for one in sound):
        return _no(
            "not_approved",
            "its approval is for practice or for another market",
            "enter this market's approval with `pratique approve`",
        )
    if stopped:
        ended = all(standing.revoked for _, standing in stopped)
        return _no(
            "not_approved",
            f"approval {'; '.join(fault for fault, _ in stopped)}",
            "nothing follows a revocation: file again, and enter the regulator's new answer"
            if ended
            else "`pratique approve NUMBER --now resumed` enters that the regulator lets it go on",
        )
    if faults:
        return _no("not_approved", "; ".join(faults), "`pratique verify` says what changed")
    return _no(
        "not_approved",
        f"no approval covers `{digest}`",
        "file this variant and enter the regulator's approval",
    )


def _no(reason: Reason, detail: str, hint: str) -> Refusal:
    return Refusal(reason=reason, detail=detail, hint=hint)
