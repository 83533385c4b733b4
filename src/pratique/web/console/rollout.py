"""The rollout page: stages, who is in them, and the steps that people take."""

from collections.abc import Sequence

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from pratique.errors import NotFound
from pratique.ledger.chain import Entry, entries
from pratique.people.signoffs import SignOff
from pratique.rollout import steps
from pratique.rollout.disclosed import disclosures
from pratique.rollout.halts import Scope, list_halts
from pratique.rollout.readiness import Standing, standing
from pratique.rollout.releases import Release, list_releases
from pratique.web.console.ledger import Line, lines_of
from pratique.web.console.pages import onward, page
from pratique.web.console.roadmap import Way, ways
from pratique.web.console.visits import Fields, Here, Visit
from pratique.workspace import sign_offs
from pratique.workspace.rotation import open_person_key

HISTORY = 20
"""Decisions about one release that its page shows; the ledger has all."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A step that waits for signatures."""

    sign_off: SignOff
    """The step."""
    signed: tuple[str, ...]
    """Who signed."""
    needed: int
    """How many must."""


@get("/rollout", sync_to_thread=True)
def rollout(visit: Here, done: FromQuery[str] = "") -> Response[str]:
    """Show what is released and what could be."""
    found = ways(visit.service)
    ready = [one for one in found if _may_start(one)]
    service = visit.service
    with service.opened.database.connect() as connection:
        shown = disclosures(connection, service.rules, service.opened.clock())
        standing_halts = list_halts(connection, visit.market)
    return page(
        visit,
        "rollout.html",
        released=[one for one in found if one.release is not None],
        ready=ready,
        held=sum(one.release is None for one in found) - len(ready),
        ended=[one for one in _releases(visit) if one.state == "ended"][-20:],
        waiting=waiting(visit),
        disclosures=list(shown.values()),
        halts=standing_halts,
        partners=sorted({one.partition("/")[0] for one in service.rules.market.candidates}),
        done=done,
    )


@get("/rollout/{feature:str}/{locale:str}", sync_to_thread=True)
def release_page(
    visit: Here, feature: FromPath[str], locale: FromPath[str], done: FromQuery[str] = ""
) -> Response[str]:
    """Show one release, its stages and its history."""
    found = _way(visit, feature, locale)
    return page(
        visit,
        "release.html",
        way=found,
        may_start=_may_start(found),
        history=_history(visit, feature, locale),
        standing=_standing(visit, found),
        waiting=waiting(visit),
        done=done,
    )


@post("/rollout/{feature:str}/{locale:str}/{step:str}", status_code=303, sync_to_thread=True)
def take_step(
    visit: Here, fields: Fields, feature: FromPath[str], locale: FromPath[str], step: FromPath[str]
) -> Redirect:
    """Start, advance, halt or resume a release. A halt never waits for a second person."""
    # Who signs off a stage is an approver, and somebody else than who advances it.
    visit.require("approver" if step == "sign_off" else "operator")
    opened = visit.opened
    _way(visit, feature, locale)
    match step:
        case "start":
            digest = steps.approved_digest(opened, visit.service.rules, feature, locale)
            steps.start(opened, visit.service.rules, digest)
        case "advance":
            steps.advance(opened, visit.market, feature, locale)
        case "halt":
            steps.halt(opened, visit.market, feature, locale, fields.get("reason", "").strip())
        case "resume":
            steps.resume(opened, visit.market, feature, locale)
        case "sign_off":
            steps.sign_off(opened, visit.market, feature, locale)
        case _:
            raise NotFound(f"no step `{step[:40]}`")
    visit.service.gate.refresh()
    return onward(f"/console/rollout/{feature}/{locale}", done=step)


@post("/halts/{step:str}", status_code=303, sync_to_thread=True)
def take_halt(visit: Here, fields: Fields, step: FromPath[str]) -> Redirect:
    """Stop whatever is named, in every release, or lift such an order."""
    visit.require("operator")
    scope = Scope(
        **{
            name: fields.get(name) or None
            for name in ("feature", "locale", "app_category", "partner")
        }
    )
    match step:
        case "order":
            steps.order_halt(visit.opened, visit.market, scope, fields.get("reason", "").strip())
        case "lift":
            steps.lift_halt(visit.opened, visit.market, scope)
        case _:
            raise NotFound(f"no step `{step[:40]}`")
    visit.service.gate.refresh()
    return onward("/console/rollout", done=f"halt_{step}")


@post("/sign/{name:str}", status_code=303, sync_to_thread=True)
def sign(visit: Here, fields: Fields, name: FromPath[str]) -> Redirect:
    """Sign a step that waits, by the key of who is there; its passphrase is used once and forgotten."""
    if not visit.may("operator"):  # an operator may sign a stage
        visit.require("approver")
    opened = visit.opened
    key = open_person_key(opened, visit.account.name, fields.get("passphrase", ""))
    sign_offs.sign(opened, name, visit.account.name, key)
    return onward("/console/rollout", done="signed")


def waiting(visit: Visit) -> list[Waiting]:
    """Return the steps that wait for signatures, oldest first."""
    opened = visit.service.opened
    policy = opened.workspace.configuration.sign_off
    pending = sign_offs.pending(opened)
    with opened.database.connect() as connection:
        return [
            Waiting(
                sign_off=one,
                signed=sign_offs.signers(opened, connection, one),
                needed=policy.needed(one.kind),
            )
            for one in pending
        ]


def _standing(visit: Visit, way: Way) -> Standing | None:
    """Return how the release stands at its stage, beside the halt rules; None where there is none."""
    if way.release is None:
        return None
    opened, market = visit.service.opened, visit.service.rules.market
    with opened.database.connect() as connection:
        return standing(connection, market, way.release, visit.account.name, opened.clock())


def _may_start(way: Way) -> bool:
    return way.release is None and bool(way.number)


def _way(visit: Visit, feature: str, locale: str) -> Way:
    for one in ways(visit.service):
        if (one.feature, one.locale) == (feature, locale):
            return one
    raise NotFound(f"`{feature[:60]}` in `{locale[:20]}` is not offered in `{visit.market}`")


def _releases(visit: Visit) -> Sequence[Release]:
    with visit.service.opened.database.connect() as connection:
        return list_releases(connection, visit.market)


def _history(visit: Visit, feature: str, locale: str) -> list[Line]:
    with visit.service.opened.database.connect() as connection:
        found: list[Entry] = [
            entry
            for release in list_releases(connection, visit.market)
            if (release.feature, release.locale) == (feature, locale)
            for entry in entries(connection, subject=release.id)
        ]
    found.sort(key=lambda one: one.seq, reverse=True)
    return lines_of(found[:HISTORY])
