"""The trace page: from a release, or a digest, back to the run that it rests on."""

import msgspec
from litestar import Response, get
from litestar.params import FromQuery
from sqlalchemy import Connection

from pratique.assessment.decisions import Assessment, all_assessments, all_selections
from pratique.assessment.findings import Finding
from pratique.assessment.selection import Selection
from pratique.errors import NotFound
from pratique.filing.approvals import Kept, read_approvals
from pratique.filing.filings import Filing, list_filings
from pratique.rollout.releases import Release, list_releases
from pratique.web.console.pages import page
from pratique.web.console.visits import Here, Visit


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one digest rests on, from users back to the run."""

    digest: str
    """Digest of the variant."""
    releases: tuple[Release, ...]
    """Releases that serve or served it."""
    approvals: tuple[Kept, ...]
    """Approvals that cover it, also those that do not count, with the reason."""
    filings: tuple[Filing, ...]
    """Filings that froze it."""
    selections: tuple[Selection, ...]
    """Selections that those filings rest on."""
    assessments: tuple[Assessment, ...]
    """Assessments in which it was judged."""
    findings: tuple[Finding, ...]
    """What was found of it, the latest first, one a run."""


@get("/trace", sync_to_thread=True)
def trace(visit: Here, release: FromQuery[str] = "", digest: FromQuery[str] = "") -> Response[str]:
    """Show what a release, or a digest, rests on."""
    with visit.service.opened.database.connect() as connection:
        found = traced(connection, visit, digest or _digest_of(connection, visit, release))
    return page(visit, "trace.html", found=found, release=release)


def traced(connection: Connection, visit: Visit, digest: str) -> Trace:
    """Return what *digest* rests on."""
    rules = visit.service.rules
    filings = tuple(
        one
        for one in list_filings(connection, rules.market.id)
        if any(variant.digest == digest for variant in one.variants)
    )
    resting = {one.selection for one in filings}
    assessments = tuple(
        one
        for one in reversed(all_assessments(connection))
        if any(finding.digest == digest for finding in one.findings)
    )
    findings = {
        finding.run_id: finding
        for one in reversed(assessments)
        for finding in one.findings
        if finding.digest == digest
    }
    return Trace(
        digest=digest,
        releases=tuple(
            one for one in list_releases(connection, rules.market.id) if one.digest == digest
        ),
        approvals=tuple(
            one
            for one in read_approvals(connection, rules.verifies, rules.workspace)
            if one.approval is not None and one.approval.covers(digest)
        ),
        filings=filings,
        selections=tuple(one for one in all_selections(connection) if one.id in resting),
        assessments=assessments,
        findings=tuple(reversed(findings.values())),
    )


def _digest_of(connection: Connection, visit: Visit, release: str) -> str:
    for one in list_releases(connection, visit.market):
        if one.id == release:
            return one.digest
    raise NotFound(f"no release `{release[:80]}`", hint="the page of the rollout lists them")
