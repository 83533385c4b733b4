"""States of the gate by chance, and what each must say, worked out another way."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import msgspec

from pratique.assessment.candidates import offer
from pratique.filing.approvals import Approval, Kept
from pratique.filing.filings import Filed
from pratique.rollout.cohorts import place
from pratique.rollout.gate import Admission, Context, Rules, admit
from pratique.rollout.halts import Halt, Scope
from pratique.rollout.releases import Release
from pratique.rollout.state import Record, open_sealed, seal
from pratique.serving.variant import digest_of, frozen
from pratique.settings.workspace import Stage
from pratique.store.canonical import digest
from pratique.workspace.opened import Opened

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
PLACES = [("summarize", "en"), ("summarize", "zh-Hans"), ("proofread", "en")]


class Material(NamedTuple):
    """What states are made of."""

    opened: Opened
    rules: Rules
    data: dict[str, bytes]
    """Frozen variants by digest: of every place, one that serves and one that extends."""


def material(opened: Opened, rules: Rules) -> Material:
    """Return the variants of a few places, in both roles."""
    found = {}
    for feature, locale in PLACES:
        variant = offer(opened.workspace, "CN").variant(feature, locale, "embedded/rules")
        extending = msgspec.structs.replace(
            variant, roles=(msgspec.structs.replace(variant.serving, role="extend"),)
        )
        for one in (variant, extending):
            found[digest_of(one)] = frozen(one)
    return Material(opened, rules, found)


class Drawn(NamedTuple):
    """One state, one question, and the bytes as they were found."""

    record: Record
    data: dict[str, bytes]
    rules: Rules
    feature: str
    locale: str
    context: Context
    now: datetime
    consented: bool


def draw(of: Material, chance: random.Random) -> Drawn:
    """Draw a state; each thing that can be wrong is wrong now and then, so that many are a yes."""
    pick = chance.choice

    def rare() -> bool:
        return chance.random() < 0.04

    rehearsal = chance.random() < 0.7
    digests = sorted(of.data)
    releases = tuple(_release(of, chance, feature, locale) for feature, locale in PLACES)
    approvals = tuple(
        Kept(
            approval=_approval(of, chance, pick(digests), rehearsal),
            id=f"approval-{n}",
            fault="its signature does not hold" if rare() else "",
        )
        for n in range(chance.randrange(1, 7))
    ) + tuple(
        Kept(approval=_approval(of, chance, one.digest, rehearsal), id=one.id)
        for one in releases
        if not rare()
    )
    record = Record(
        workspace=of.rules.workspace,
        market="CN",
        rehearsal=rehearsal,
        generated=NOON + timedelta(seconds=pick([0] * 9 + [100_000])),
        lease_ends=NOON + timedelta(seconds=pick([-1] + [300] * 5 + [200_000] * 4)),
        releases=releases,
        approvals=approvals,
        halts=tuple(_halt(chance, n) for n in range(pick([0] * 7 + [1, 2]))),
    )
    data = dict(of.data)
    if rare():
        name = pick(digests)
        data[name] = data[name] + b" "
    if rare():
        del data[pick(digests)]
    market = of.rules.market
    if rare():
        market = msgspec.structs.replace(market, features=("priority",))
    if chance.random() < 0.3:
        market = msgspec.structs.replace(market, locations=("CN",))
    feature, locale = pick([*PLACES, *PLACES, *PLACES, ("summarize", "fr"), ("", "en")])
    context = Context(
        device_region=pick(["CN"] * 9 + ["US"]),
        account_region=pick(["CN"] * 9 + [""]),
        location=pick(["CN"] * 8 + ["US", ""]),
        app_category=pick(["mail", "notes", ""]),
        targeting_key=f"device-{chance.randrange(1000)}",
    )
    rules = msgspec.structs.replace(of.rules, market=market, rehearsal=rehearsal)
    now = NOON + timedelta(seconds=pick([0, 10, 299, 0, -3600, 300, 86_400]))
    return Drawn(record, data, rules, feature, locale, context, now, chance.random() < 0.7)


def _release(of: Material, chance: random.Random, feature: str, locale: str) -> Release:
    digests = sorted(of.data)
    own = [one for one in digests if f'"feature":"{feature}"'.encode() in of.data[one]]
    own = [one for one in own if f'"locale":"{locale}"'.encode() in of.data[one]]
    return Release(
        id=f"CN-{feature}-{locale}-1",
        market="CN",
        feature=feature,
        locale=locale,
        digest=chance.choice(digests if chance.random() < 0.05 else own),
        stages=(Stage(name="half", user_fraction=0.5), Stage(name="all", user_fraction=1.0)),
        stage=chance.choice([0, 1, 1]),
        state="halted" if chance.random() < 0.1 else "on",
        reason="",
        started="",
        entered="",
    )


def _approval(of: Material, chance: random.Random, about: str, rehearsal: bool) -> Approval:
    issued = date(2026, 11, 2) + timedelta(days=chance.choice([0, 0, -30, -30, 1]))
    return Approval(
        workspace=of.rules.workspace,
        filing="CN-1",
        market=chance.choice(["CN"] * 9 + ["EU"]),
        variants=(Filed(feature="summarize", locale="en", digest=about),),
        number="1",
        issued=issued,
        expires=issued + timedelta(days=chance.choice([0, 90, 90, 90, 10])),
        document_sha256="a" * 64,
        entered_by="ada",
        simulated=rehearsal if chance.random() < 0.9 else not rehearsal,
    )


def _halt(chance: random.Random, number: int) -> Halt:
    pick = chance.choice
    scope = Scope(
        feature=pick([None, "summarize", "proofread"]),
        locale=pick([None, "en", "zh-Hans"]),
        app_category=pick([None, "mail"]),
        partner=pick([None, "embedded", "other"]),
    )
    return Halt(
        id=str(number),
        market="CN",
        scope=scope,
        reason="r",
        ordered_by="ada",
        ordered="",
        lifted=None,
    )


def says_yes(of: Material, drawn: Drawn) -> bool:
    """Ask the gate, through the signature as a replica does."""
    sealed = seal(drawn.record, drawn.data, of.opened.key)
    state = open_sealed(sealed, drawn.rules)
    found = admit(
        state,
        drawn.feature,
        drawn.locale,
        drawn.context,
        drawn.now,
        consented=drawn.consented,
    )
    return isinstance(found, Admission)


def must_be_on(of: Material, drawn: Drawn) -> bool:
    """Return whether it may be on, as plainly as it can be said."""
    record, context = drawn.record, drawn.context
    moment = max(drawn.now, record.generated)
    release = next(
        (r for r in record.releases if (r.feature, r.locale) == (drawn.feature, drawn.locale)), None
    )
    if release is None or moment >= record.lease_ends:
        return False
    data = drawn.data.get(release.digest)
    if data is None or digest(data) != release.digest:
        return False
    variant = msgspec.json.decode(data)
    role, partner = variant["roles"][0]["role"], variant["roles"][0]["partner"]
    in_force = [
        kept.approval
        for kept in record.approvals
        if kept.fault == ""
        and kept.approval is not None
        and kept.approval.market == "CN"
        and release.digest in [one.digest for one in kept.approval.variants]
        and kept.approval.issued <= moment.date() <= kept.approval.expires
        and (drawn.rules.rehearsal or not kept.approval.simulated)
    ]
    stops = [
        halt
        for halt in record.halts
        if halt.scope.feature in (None, drawn.feature)
        and halt.scope.locale in (None, drawn.locale)
        and halt.scope.partner in (None, partner)
        and (halt.scope.app_category is None or context.app_category in ("", "mail"))
    ]
    fraction = (0.5, 1.0)[release.stage]
    return (
        bool(in_force)
        and (variant["feature"], variant["locale"]) == (drawn.feature, drawn.locale)
        and drawn.feature in drawn.rules.market.features
        and drawn.locale in drawn.rules.market.locales
        and context.device_region == context.account_region == "CN"
        and (not drawn.rules.market.locations or context.location == "CN")
        and release.state == "on"
        and not stops
        and place("CN", drawn.feature, context.targeting_key) < fraction * 1_000_000
        and (role != "extend" or drawn.consented)
    )
