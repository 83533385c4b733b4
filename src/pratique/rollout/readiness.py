"""Readiness: what a release still lacks before its next stage."""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from pratique.ledger.chain import entries
from pratique.rollout.freezes import frozen_by
from pratique.rollout.halt_rules import Judged, Verdict, judge, verdict_of
from pratique.rollout.releases import Release, list_releases
from pratique.rollout.tally import Counts, counts_of
from pratique.settings.workspace import HaltRule, Market

SIGNED_OFF = "stage.signed_off"
"""Kind of the decision by which a person lets a release leave its stage."""


class Standing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a release stands at its stage."""

    release: Release
    """The release."""
    counts: Counts
    """What its requests at this stage came to."""
    control: Counts
    """What those of the release before came to; nothing where no rule asks."""
    judged: tuple[Judged, ...]
    """Each halt rule, as of now."""
    missing: tuple[str, ...]
    """What it lacks before the next stage, a sentence each; empty when it may advance."""

    @property
    def failed(self) -> tuple[Judged, ...]:
        """The rules that are established as broken."""
        return tuple(one for one in self.judged if one.verdict == "fail")


def rule_error(market: Market, release: Release) -> float:
    """Return the error that each rule may use at each stage, so that a ramp keeps the market's."""
    return market.halt_error / max(1, len(market.halt_rules) * len(release.stages))


def standing(
    connection: Connection, market: Market, release: Release, who: str, now: datetime
) -> Standing:
    """Return how *release* stands, and what *who* still lacks to advance it."""
    counts = counts_of(connection, release.id, release.entered)
    control = _control(connection, market.halt_rules, release)
    judged = judge_all(market, release, counts, control)
    return Standing(
        release=release,
        counts=counts,
        control=control,
        judged=judged,
        missing=(
            *waits(release, counts, now),
            *(one.sentence for one in judged if one.verdict != "pass"),
            *frozen_by(connection, release.id),
            *_sign_off(connection, release, who),
        ),
    )


def verdicts(
    market: Market, release: Release, counts: Counts, control: Counts
) -> tuple[Verdict, ...]:
    """Return the verdicts of `judge_all` alone."""
    error = rule_error(market, release)
    return tuple(verdict_of(rule, counts, control, error) for rule in market.halt_rules)


def judge_all(
    market: Market, release: Release, counts: Counts, control: Counts
) -> tuple[Judged, ...]:
    """Return what *counts* prove about each halt rule of *market* at the stage of *release*."""
    error = rule_error(market, release)
    return tuple(judge(rule, counts, control, error) for rule in market.halt_rules)


def _control(connection: Connection, rules: tuple[HaltRule, ...], release: Release) -> Counts:
    """Return what the release before came to; nothing where there was none, or nobody asks."""
    if all(rule.worse_by is None for rule in rules):
        return Counts()
    before = [
        one
        for one in list_releases(connection, release.market)
        if (one.feature, one.locale) == (release.feature, release.locale)
        and (one.started, one.id) < (release.started, release.id)
    ]
    return counts_of(connection, before[-1].id) if before else Counts()


def waits(release: Release, counts: Counts, now: datetime) -> tuple[str, ...]:
    """Return what *release* lacks of its stage's least time and least sample, a sentence each."""
    stage = release.stages[release.stage]
    # In a rehearsal each process begins at the same `now`: a stage entered by another may lie ahead.
    passed = max(now - datetime.fromisoformat(release.entered), timedelta(0))
    left = timedelta(hours=stage.least_hours) - passed
    missing = []
    if left > timedelta(0):
        hours = left / timedelta(hours=1)
        missing.append(f"{hours:.1f} of {stage.least_hours:g} hours at stage `{stage.name}`")
    if counts.requests < stage.least_requests:
        missing.append(
            f"{stage.least_requests - counts.requests} of {stage.least_requests} requests"
            f" at stage `{stage.name}`"
        )
    return tuple(missing)


def _sign_off(connection: Connection, release: Release, who: str) -> tuple[str, ...]:
    stage = release.stages[release.stage]
    if not stage.sign_off:
        return ()
    signed = {
        one.who
        for one in entries(connection, kind=SIGNED_OFF, subject=release.id)
        if one.facts().get("stage") == stage.name
    }
    if signed - {who}:
        return ()
    return (f"a sign-off by another person than `{who}` that stage `{stage.name}` is left",)
