"""The candidates page: every feature, locale and candidate, its interval against the bar."""

from collections.abc import Mapping, Sequence

import msgspec
from litestar import Response, get
from litestar.params import FromQuery
from markupsafe import Markup

from pratique.assessment.decisions import Assessment, all_assessments, latest_assessment
from pratique.assessment.findings import Finding
from pratique.errors import NotFound
from pratique.web.console.pages import page
from pratique.web.console.pictures import interval
from pratique.web.console.visits import Here, Visit

ROWS, COLUMNS = 12, 8
"""Rows and candidates on one page."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One candidate on one suite."""

    finding: Finding
    """What was found."""
    picture: Markup
    """Its interval against its bar."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One suite in one locale."""

    feature: str
    """Feature."""
    subject: str
    """The feature, and the suite where it is not its own."""
    locale: str
    """Locale."""
    cells: Sequence[Cell | None]
    """One a candidate that is shown; None where it was not tested, or is filtered out."""


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which findings are shown; what is empty shows all."""

    feature: str = ""
    """Feature."""
    locale: str = ""
    """Locale."""
    finding: str = ""
    """`meets`, `falls_short` or `undecided`."""
    partner: str = ""
    """Partner."""

    def lets(self, one: Finding) -> bool:
        """Say whether *one* is shown."""
        return (
            self.feature in ("", one.feature)
            and self.locale in ("", one.locale)
            and self.finding in ("", one.finding)
            and self.partner in ("", one.candidate.partition("/")[0])
        )


@get("/candidates", sync_to_thread=True)
def candidates(
    visit: Here,
    assessment: FromQuery[str] = "",
    feature: FromQuery[str] = "",
    locale: FromQuery[str] = "",
    finding: FromQuery[str] = "",
    partner: FromQuery[str] = "",
    at: FromQuery[int] = 1,
    across: FromQuery[int] = 1,
) -> Response[str]:
    """Show what was found of each candidate."""
    made = assessment_of(visit, assessment)
    wanted = Filter(feature=feature, locale=locale, finding=finding, partner=partner)
    found = [one for one in made.findings if wanted.lets(one)] if made else []
    names = list(dict.fromkeys(one.candidate for one in found))
    suites = list(dict.fromkeys((one.feature, one.subject, one.locale) for one in found))
    rows, columns = _page(at, len(suites), ROWS), _page(across, len(names), COLUMNS)
    shown = names[columns.start : columns.stop]
    by_place = {(one.subject, one.locale, one.candidate): one for one in found}
    every = made.findings if made else ()
    return page(
        visit,
        "candidates.html",
        made=made,
        chosen=assessment,
        wanted=wanted,
        names=shown,
        simulated=simulated(visit, shown),
        rows=[_row(place, shown, by_place) for place in suites[rows.start : rows.stop]],
        total=len(found),
        features=sorted({one.feature for one in every}),
        locales=sorted({one.locale for one in every}),
        partners=sorted({one.candidate.partition("/")[0] for one in every}),
        at=rows.start // ROWS + 1,
        pages=-(-len(suites) // ROWS),
        across=columns.start // COLUMNS + 1,
        widths=-(-len(names) // COLUMNS),
    )


def assessment_of(visit: Visit, name: str) -> Assessment | None:
    """Return the assessment called *name*, else the latest; None where there is none at all.

    Raises:
        NotFound: there is none of that name.
    """
    with visit.service.opened.database.connect() as connection:
        if not name:
            try:
                return latest_assessment(connection, visit.market)
            except NotFound:
                return None
        for one in all_assessments(connection):
            if one.id == name:
                return one
    raise NotFound(f"no assessment `{name[:80]}`", hint="the ledger names every one")


def simulated(visit: Visit, names: Sequence[str]) -> set[str]:
    """Return those of *names* whose partner is invented."""
    partners = visit.service.partners
    return {
        one
        for one in names
        if one.partition("/")[0] in partners and partners[one.partition("/")[0]].simulated
    }


def _row(
    place: tuple[str, str, str],
    names: Sequence[str],
    by_place: Mapping[tuple[str, str, str], Finding],
) -> Row:
    feature, subject, locale = place
    found = [by_place.get((subject, locale, name)) for name in names]
    return Row(
        feature=feature,
        subject=subject,
        locale=locale,
        cells=[Cell(finding=one, picture=interval(one)) if one else None for one in found],
    )


def _page(number: int, total: int, size: int) -> range:
    last = max(1, -(-total // size))
    first = (max(1, min(number, last)) - 1) * size
    return range(first, first + size)
