"""The ledger page: every decision, and the way from each to what it rests on."""

import re
from collections.abc import Mapping, Sequence

import msgspec
from litestar import Response, get
from litestar.params import FromQuery

from pratique.ledger.chain import Entry
from pratique.ledger.looking import Wanted, kinds, look
from pratique.web.console.pages import page, query, shown
from pratique.web.console.visits import Here

PER_PAGE = 40
"""Decisions on one page."""

_RUN = re.compile(r"run-[0-9a-f]{16}")
_ASSESSMENT = re.compile(r"assessment-[0-9a-f]{16}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_RELEASE = re.compile(r"[A-Z]{2,8}-[a-z][a-z0-9_]*-[A-Za-z-]+-\d+")
_FILING = re.compile(r"[A-Z]{2,8}-\d{8}-\d+")


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of a decision."""

    name: str
    """What it is."""
    value: str
    """The fact."""
    onto: str
    """Address of what it names; empty where there is none."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One decision on the page."""

    entry: Entry
    """The decision."""
    onto: str
    """Address of its subject; empty where there is none."""
    facts: Sequence[Fact]
    """Its facts."""


@get("/ledger", sync_to_thread=True)
def ledger(
    visit: Here,
    kind: FromQuery[str] = "",
    who: FromQuery[str] = "",
    about: FromQuery[str] = "",
    at: FromQuery[int] = 1,
) -> Response[str]:
    """Show decisions, the newest first."""
    wanted = Wanted(kind=shown(kind[:100]), who=shown(who[:100]), about=shown(about[:200]))
    number = max(1, min(at, 1_000_000))
    with visit.service.opened.database.connect() as connection:
        found = look(connection, wanted, (number - 1) * PER_PAGE, PER_PAGE)
        known = kinds(connection)
    return page(
        visit,
        "ledger.html",
        lines=lines_of(found.entries),
        total=found.total,
        kinds=known,
        wanted=wanted,
        at=number,
        pages=-(-found.total // PER_PAGE),
    )


def lines_of(entries: Sequence[Entry]) -> list[Line]:
    """Return *entries* as they are shown."""
    return [
        Line(entry=one, onto=address_of(one.subject), facts=_facts(one.facts())) for one in entries
    ]


def address_of(name: str) -> str:
    """Return where the console shows what *name* names; empty where it does not."""
    if _RUN.fullmatch(name):
        return f"/console/verdict/{name}"
    if _ASSESSMENT.fullmatch(name):
        return f"/console/candidates?{query(assessment=name)}"
    if _DIGEST.fullmatch(name):
        return f"/console/trace?{query(digest=name)}"
    if _FILING.fullmatch(name):
        return f"/console/filing/{name}"
    if _RELEASE.fullmatch(name):
        return f"/console/trace?{query(release=name)}"
    if name.startswith(("selection-", "approval-", "so-")):
        return f"/console/ledger?{query(about=name)}"
    return ""


def _facts(body: Mapping[str, object]) -> list[Fact]:
    return [
        Fact(name=name, value=text, onto=address_of(text))
        for name, value in body.items()
        for text in [value if isinstance(value, str) else msgspec.json.encode(value).decode()]
        if text
    ]
