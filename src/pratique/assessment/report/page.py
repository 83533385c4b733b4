"""The report as one self-contained page: no outside address, no script, each sample one click away."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files

import jinja2
import msgspec
from markupsafe import Markup

from pratique.assessment.decisions import Assessment
from pratique.assessment.pictures import narrowing
from pratique.assessment.planning import Plan
from pratique.assessment.report.figures import Reported, Row, reported
from pratique.assessment.report.markdown import cost_words
from pratique.assessment.report.matrix import matrix, progress
from pratique.assessment.summary import WORDS
from pratique.evals.cells import Cell
from pratique.evals.outcomes import Result
from pratique.evals.suites import Sample
from pratique.serving.pictures import in_words

MAX_SHOWN = 4_000
"""Characters of one text that the report shows; longer ones are cut, with a mark."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One sample in the report."""

    sample: Sample
    """The sample."""
    result: Result
    """What became of it."""
    asked: str
    """The input."""
    answered: str
    """What the model wrote, or the output."""
    target: str
    """What it was held to."""
    checks: Sequence[str]
    """What each check found."""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One candidate on one suite."""

    row: Row
    """Its figures."""
    word: str
    """The finding in a shape and a word."""
    narrowing: Markup
    """Picture of how the interval narrowed, and where it stopped."""
    progress: Markup
    """Picture of how it came along over assessments; empty at the first."""
    lines: Sequence[Line]
    """The samples, failed ones first."""


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """One feature: its findings on one picture and in one table."""

    feature: str
    """Feature."""
    matrix: Markup
    """All its intervals against their bars."""
    sections: Sequence[tuple[int, Section]]
    """Its candidates, each with its number on the page."""


def html(planned: Plan, assessment: Assessment) -> str:
    """Return the report of *assessment* as one page, priced as of now."""
    return page(planned, reported(planned, assessment, datetime.now(UTC)))


def page(planned: Plan, found: Reported) -> str:
    """Return *found* as one page without outside addresses."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(files("pratique") / "assessment" / "templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("report.html").render(
        found=found,
        cost=cost_words(found),
        chapters=list(_chapters(planned, found)),
        simulated=any(row.simulated for row in found.rows),
        invented={row.finding.candidate for row in found.rows if row.simulated},
    )


def _chapters(planned: Plan, found: Reported) -> Iterator[Chapter]:
    by_feature: dict[str, list[tuple[int, Section]]] = {}
    for number, (cell, row) in enumerate(zip(planned.cells, found.rows, strict=True), 1):
        section = _section(cell, row)
        by_feature.setdefault(row.finding.feature, []).append((number, section))
    for feature, sections in by_feature.items():
        picture = matrix([one.row for _, one in sections], feature)
        # Its texts are escaped where they enter, so that marking it as safe is safe.
        yield Chapter(feature=feature, matrix=Markup(picture), sections=sections)  # noqa: S704


def _section(cell: Cell, row: Row) -> Section:
    one = row.finding
    history = narrowing(row.trace, one.bar, len(cell.order), one.finding)
    return Section(
        row=row,
        word=WORDS[one.finding],
        # Both are made of numbers, and of names that are escaped where they enter.
        narrowing=Markup(history),  # noqa: S704
        progress=Markup(progress(row.past)),  # noqa: S704
        lines=_lines(cell),
    )


def _lines(cell: Cell) -> list[Line]:
    ordered = sorted(cell.results.values(), key=lambda one: (one.passed, one.position))
    return [_line(cell.order[one.position], one) for one in ordered]


def _line(sample: Sample, result: Result) -> Line:
    return Line(
        sample=sample,
        result=result,
        asked=_shown(in_words(sample.input)),
        answered=_shown(result.output) if result.output is not None else _cut(result.draft),
        target=_shown(msgspec.to_builtins(sample.target)),
        checks=[
            f"{'✓' if check.passed else '✗'} {check.id}{': ' + check.why if check.why else ''}"
            for check in result.checks
        ],
    )


def _shown(value: object) -> str:
    if isinstance(value, Mapping) and len(value) == 1:
        value = next(iter(value.values()))
    if isinstance(value, str):
        return _cut(value)
    return _cut(msgspec.json.format(msgspec.json.encode(value), indent=1).decode())


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + " […]"
