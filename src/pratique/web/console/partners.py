"""The pages of partners: who they are, how they come along, what they carry, what they owe."""

import io
import zipfile
from collections.abc import Sequence

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from markupsafe import Markup

from pratique.assessment.brief import brief_of
from pratique.assessment.brief_files import files_of
from pratique.assessment.findings import Finding
from pratique.assessment.plans import Plan, read_plan
from pratique.assessment.promises import Kept, kept_promises
from pratique.assessment.releases import Place
from pratique.assessment.support.capacity import capacity, evidence_of, support_of
from pratique.assessment.support.notices import Retired, retired
from pratique.assessment.trend import Progress, progress_of
from pratique.errors import NotFound
from pratique.partners.catalogue import Partner
from pratique.web.console.candidates import assessment_of
from pratique.web.console.pages import HEADERS, page
from pratique.web.console.pictures import progress as progress_picture
from pratique.web.console.visits import Fields, Here, Visit

PER_PAGE = 2
"""Features, locales and suites whose progress is on one page: each release takes an interval."""


class Short(msgspec.Struct, frozen=True, kw_only=True):
    """A partner in the list."""

    partner: Partner
    """The partner."""
    models: Sequence[str]
    """Its models that are candidates here."""
    counts: dict[str, int]
    """Findings by word."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of models on one suite."""

    progress: Progress
    """How it comes along."""
    picture: Markup
    """The same, drawn."""


@get("/partners", sync_to_thread=True)
def partners(visit: Here) -> Response[str]:
    """List the partners whose models are candidates in this market."""
    made = assessment_of(visit, "")
    findings = made.findings if made else ()
    names = dict.fromkeys(one.partition("/")[0] for one in visit.service.rules.market.candidates)
    names |= dict.fromkeys(one.candidate.partition("/")[0] for one in findings)
    known = visit.service.partners
    found = [_short(visit, known[one], findings) for one in names if one in known]
    return page(visit, "partners.html", found=found)


@get("/partners/{name:str}", sync_to_thread=True)
def partner(visit: Here, name: FromPath[str], at: FromQuery[int] = 1) -> Response[str]:
    """Show one partner."""
    found = _partner(visit, name)
    opened, market = visit.service.opened, visit.market
    plan, today = read_plan(opened.workspace, market, name), opened.clock().date()
    places = _places(visit, name, plan)
    number = max(1, min(at, -(-len(places) // PER_PAGE)))
    here = frozenset(places[(number - 1) * PER_PAGE : number * PER_PAGE])
    with opened.database.connect() as connection:
        lines = progress_of(connection, market, name, plan, today, here)
        evidence = evidence_of(connection, found)
        promises: Sequence[Kept] = (
            kept_promises(connection, market, plan, today) if plan is not None else ()
        )
    carried = capacity(support_of(opened.workspace), evidence, name, opened.clock())
    notices: Sequence[Retired] = retired(evidence.partner)
    return page(
        visit,
        "partner.html",
        partner=found,
        lines=[Line(progress=one, picture=progress_picture(one)) for one in lines],
        total=len(places),
        promises=promises,
        capacity=carried,
        notices=notices,
        at=number,
        pages=-(-len(places) // PER_PAGE),
    )


@post("/partners/{name:str}/brief", status_code=200, sync_to_thread=True)
def brief(visit: Here, fields: Fields, name: FromPath[str]) -> Response[bytes]:  # noqa: ARG001
    """Download what this partner must mend. Sealed samples stay sealed."""
    visit.require("operator")
    _partner(visit, name)
    files = files_of(brief_of(visit.opened, visit.market, name))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(f"brief-{name}/{path}", text)
    return download(data.getvalue(), f"brief-{visit.market}-{name}.zip")


def download(data: bytes, name: str) -> Response[bytes]:
    """Return *data* as a file to keep, never as something that a browser opens."""
    headers = dict(HEADERS) | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, status_code=200, media_type="application/zip", headers=headers)


def _places(visit: Visit, name: str, plan: Plan | None) -> list[Place]:
    """Return what this partner was measured on, or promised something for, each once."""
    agreed = [
        (one.feature, one.locale, one.suite or one.feature)
        for one in (plan.milestones if plan else ())
    ]
    made = assessment_of(visit, "")
    measured = [
        (one.feature, one.locale, one.suite_id)
        for one in (made.findings if made else ())
        if one.candidate.partition("/")[0] == name
    ]
    return list(dict.fromkeys([*agreed, *measured]))


def _partner(visit: Visit, name: str) -> Partner:
    found = visit.service.partners.get(name)
    if found is None:
        raise NotFound(f"no partner `{name[:60]}`", hint="the page of partners lists them")
    return found


def _short(visit: Visit, found: Partner, findings: Sequence[Finding]) -> Short:
    counts: dict[str, int] = {}
    for one in findings:
        if one.candidate.partition("/")[0] == found.id:
            counts[one.finding] = counts.get(one.finding, 0) + 1
    models = [
        one for one in visit.service.rules.market.candidates if one.partition("/")[0] == found.id
    ]
    return Short(partner=found, models=models, counts=counts)
