"""The gate: the one place that says yes, and says why not in all other cases."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import Connection

from pratique.errors import Malformed, NotFound, Tampered
from pratique.filing.approvals import Approval, Kept, read_approvals
from pratique.rollout.cohorts import is_in
from pratique.rollout.releases import Release, list_releases
from pratique.serving.variant import Variant, thawed
from pratique.settings.workspace import Market
from pratique.store import snapshots

Reason = Literal[
    "not_approved",
    "locale_not_supported",
    "region_not_eligible",
    "feature_halted",
    "not_in_stage",
    "consent_required",
]
"""Why a feature is off for a request, in the order in which the gate asks."""


class Context(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of the device, believed only from the maker's back end or its signed token."""

    device_region: str
    """Region in which the device was sold."""
    account_region: str
    """Region of the user's account."""
    targeting_key: str
    """Stable, pseudonymous name of the device; decides its cohort and goes nowhere else."""


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


class Admission(msgspec.Struct, frozen=True, kw_only=True):
    """Yes: what is served."""

    release: Release
    """The release."""
    variant: Variant
    """The frozen variant, its bytes just compared with its digest."""
    approval: Approval
    """The approval in force."""


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """No, and why."""

    reason: Reason
    """Which question failed."""
    detail: str
    """What was found, for a person."""
    hint: str
    """What to do next."""


def admit(
    connection: Connection,
    rules: Rules,
    feature: str,
    locale: str,
    context: Context,
    now: datetime,
    *,
    consented: bool = False,
) -> Admission | Refusal:
    """Say whether *feature* may be served in *locale* to *context* at *now*, and on what.

    *consented* says that the user agreed to send this very request to a partner that extends.

    Everything is read from the store at each request: an approval that ran out, a byte changed in
    a snapshot or a halt counts from the next request on. Whatever is not known is a no.
    """
    found = approved(connection, rules, feature, locale, now)
    if isinstance(found, Refusal):
        return found
    if locale not in rules.market.locales or found.variant.locale != locale:
        return _no(
            "locale_not_supported",
            f"`{locale}` is not offered in `{rules.market.id}`",
            "ask in another locale",
        )
    if context.device_region not in rules.market.device_regions:
        return _no(
            "region_not_eligible",
            "the device was sold in another region",
            "the feature is for devices of this market",
        )
    if context.account_region not in rules.market.account_regions:
        return _no(
            "region_not_eligible",
            "the account belongs to another region",
            "the feature is for accounts of this market",
        )
    if found.release.state != "on":
        return _no(
            "feature_halted",
            f"release `{found.release.id}` is {found.release.state}: {found.release.reason}",
            "an operator resumes it with `pratique rollout resume`",
        )
    if not is_in(rules.market.id, feature, context.targeting_key, found.release.user_fraction):
        return _no(
            "not_in_stage",
            f"stage `{found.release.stages[found.release.stage].name}` does not include this device",
            "later stages include more devices",
        )
    if found.variant.serving.role == "extend" and not consented:
        return _no(
            "consent_required",
            "the user has not consented to this request",
            "ask the user, then send a consent token for this very input",
        )
    return found


def approved(
    connection: Connection, rules: Rules, feature: str, locale: str, now: datetime
) -> Admission | Refusal:
    """Ask the first question only: is what is released approved, as it is, now?"""
    release = _released(connection, rules.market.id, feature, locale)
    if release is None:
        return _no(
            "not_approved",
            f"no release of `{feature}` in `{locale}` for `{rules.market.id}`",
            "file it, enter the regulator's approval, then `pratique rollout start`",
        )
    approval = digest_approval(connection, rules, release.digest, now)
    if isinstance(approval, Refusal):
        return approval
    try:
        variant = thawed(snapshots.get(connection, release.digest))
    except (Tampered, NotFound, Malformed) as error:
        return _no(
            "not_approved",
            f"the snapshot of release `{release.id}` is not what was approved: {error.message}",
            "restore it from a backup; `pratique verify` names every file and record that changed",
        )
    if (variant.market, variant.feature, variant.locale) != (rules.market.id, feature, locale):
        return _no(
            "not_approved",
            f"release `{release.id}` points to a variant of something else",
            "start the release anew",
        )
    return Admission(release=release, variant=variant, approval=approval)


def digest_approval(
    connection: Connection, rules: Rules, digest: str, now: datetime
) -> Approval | Refusal:
    """Return the approval in force of *digest*, or why there is none."""
    known = read_approvals(connection, rules.verifies, rules.workspace)
    sound = [
        one.approval
        for one in known
        if one.approval and not one.fault and one.approval.covers(digest)
    ]
    here = [
        one
        for one in sound
        if one.market == rules.market.id and (rules.rehearsal or not one.simulated)
    ]
    for one in here:
        if one.state_on(now) == "in_force":
            return one
    return _unapproved(digest, known, sound, here, now)


def _unapproved(
    digest: str,
    known: Sequence[Kept],
    sound: Sequence[Approval],
    here: Sequence[Approval],
    now: datetime,
) -> Refusal:
    faults = [f"approval `{one.id}`: {one.fault}" for one in known if one.fault]
    if here:
        ends = ", ".join(
            f"`{one.number}` {one.state_on(now).replace('_', ' ')} ({one.issued} to {one.expires})"
            for one in here
        )
        return _no(
            "not_approved",
            f"no approval is in force: {ends}",
            "enter the extension with `pratique approve`",
        )
    if sound:
        return _no(
            "not_approved",
            "its approval is for practice or for another market",
            "enter this market's approval with `pratique approve`",
        )
    if faults:
        return _no("not_approved", "; ".join(faults), "`pratique verify` says what changed")
    return _no(
        "not_approved",
        f"no approval covers `{digest}`",
        "file this variant and enter the regulator's approval",
    )


def _released(connection: Connection, market: str, feature: str, locale: str) -> Release | None:
    for one in list_releases(connection, market):
        if (one.feature, one.locale) == (feature, locale) and one.state != "ended":
            return one
    return None


def _no(reason: Reason, detail: str, hint: str) -> Refusal:
    return Refusal(reason=reason, detail=detail, hint=hint)
