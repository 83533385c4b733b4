"""The report of an assessment: one self-contained HTML file, each sample one click away."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

import jinja2
import msgspec
from markupsafe import Markup

from pratique import __version__
from pratique.assessment.assess import Plan
from pratique.assessment.decisions import Assessment
from pratique.assessment.findings import Finding
from pratique.assessment.pictures import interval, narrowing
from pratique.assessment.summary import WORDS
from pratique.errors import Unavailable
from pratique.evals.outcomes import Result
from pratique.evals.runs import Cell
from pratique.evals.suites import Sample
from pratique.evals.trends import Trend, trends
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

    finding: Finding
    """The finding."""
    word: str
    """The finding in a shape and a word."""
    interval: Markup
    """Picture of the interval."""
    narrowing: Markup
    """Picture of how it narrowed."""
    outcomes: Mapping[str, int]
    """How many samples came to each outcome."""
    trends: Sequence[Trend]
    """What the field's own metrics say."""
    lines: Sequence[Line]
    """The samples, failed ones first."""


def write_report(path: Path, planned: Plan, assessment: Assessment) -> None:
    """Write the report of *assessment* to *path*, whole or not at all.

    Raises:
        Unavailable: it cannot be written.
    """
    partial = path.with_name(f".{path.name}.new")
    try:
        partial.write_text(html(planned, assessment), encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise Unavailable(
            f"cannot write `{path}`: {error.strerror}", hint="name another file with `--report`"
        ) from None


def html(planned: Plan, assessment: Assessment) -> str:
    """Return the report of *assessment* as one page without outside addresses."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(files("pratique") / "assessment" / "templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("report.html").render(
        version=__version__,
        assessment=assessment,
        standard=planned.standard,
        sections=list(_sections(planned, assessment)),
        calls=sum(one.calls for one in assessment.findings),
        full_calls=planned.full_calls,
    )


def _sections(planned: Plan, assessment: Assessment) -> Iterator[Section]:
    for cell, one in zip(planned.cells, assessment.findings, strict=True):
        sequence = planned.judge.sequence(cell)
        population = len(cell.order)
        picture = interval(one.estimate, one.low, one.high, one.bar, one.finding)
        history = narrowing(sequence.trace, one.bar, population, one.finding)
        yield Section(
            finding=one,
            word=WORDS[one.finding],
            # Both pictures are made of numbers alone, so that marking them as safe is safe.
            interval=Markup(picture),  # noqa: S704
            narrowing=Markup(history),  # noqa: S704
            outcomes=_outcomes(cell),
            trends=trends(cell),
            lines=_lines(cell),
        )


def _outcomes(cell: Cell) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for result in cell.results.values():
        found[result.outcome] = found.get(result.outcome, 0) + 1
    return dict(sorted(found.items()))


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
