"""The page of a verdict: how the interval narrowed, and the cases behind it, worst first."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import Connection

from pratique.errors import Malformed, NotFound
from pratique.evals.casebook import (
    beside,
    distribution,
    key_of_run,
    results_by_sample,
    runs_beside,
    worst_first,
)
from pratique.evals.judges.rubrics import Rubric, read_rubric
from pratique.evals.judges.rubrics import packaged as packaged_rubrics
from pratique.evals.outcomes import Result, RunKey
from pratique.evals.ratings.drawing import words_of
from pratique.evals.ratings.marking import case_batch, mark
from pratique.evals.suites import Sample
from pratique.serving.pictures import in_words
from pratique.web.console.candidates import simulated
from pratique.web.console.differences import Part, differences
from pratique.web.console.pages import onward, page, shown
from pratique.web.console.pictures import columns, narrowing
from pratique.web.console.sources import finding_of, samples, trace
from pratique.web.console.visits import Fields, Here, Visit

PER_PAGE = 15
"""Cases on one page."""

RUBRIC = "usefulness"
"""What a mark at the console answers."""


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """What one run answered to a sample."""

    result: Result
    """What became of it."""
    parts: Sequence[Part]
    """The answer, in pieces that differ from the other side's or not."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One sample of a run."""

    own: Side
    """What this run answered."""
    other: Side | None
    """What the run beside it answered."""
    asked: str
    """The request; empty where the suite was changed since."""
    target: str
    """What was wanted."""
    why: str
    """What a user would mind."""


@get("/verdict/{run:str}", sync_to_thread=True)
def verdict(
    visit: Here,
    run: FromPath[str],
    other: FromQuery[str] = "",
    differ: FromQuery[str] = "",
    at: FromQuery[int] = 1,
    done: FromQuery[str] = "",
) -> Response[str]:
    """Show one run and its cases."""
    number = max(1, min(at, 1_000_000))
    with visit.service.opened.database.connect() as connection:
        key = key_of_run(connection, run)
        finding = finding_of(connection, run)
        known = runs_beside(connection, key)
        second = next((one for one in known if one.id == other), None)
        only = second.id if second and differ else ""
        found, total = worst_first(connection, run, (number - 1) * PER_PAGE, PER_PAGE, only)
        points = trace(connection, finding)
        spread = distribution(connection, run)
        cases = _cases(connection, visit, key, second, found)
        compared = beside(connection, run, second.id) if second else None
    return page(
        visit,
        "verdict.html",
        key=key,
        finding=finding,
        simulated=bool(simulated(visit, [key.candidate])),
        narrowing=narrowing(points, finding),
        spread=spread,
        columns=columns(spread.shares),
        known=known,
        second=second,
        differ=bool(only),
        compared=compared,
        cases=cases,
        total=total,
        rubric=_rubric(visit),
        speaks=words_of(visit.words.language, key.locale),
        at=number,
        pages=-(-total // PER_PAGE),
        done=done,
    )


@post("/verdict/{run:str}/mark", status_code=303, sync_to_thread=True)
def mark_case(visit: Here, fields: Fields, run: FromPath[str]) -> Redirect:
    """Keep what a reviewer gives for one case."""
    visit.require("reviewer")
    name = fields.get("sample", "")
    try:
        value = int(fields.get("value", ""))
    except ValueError:
        raise Malformed("a mark needs a grade", hint="choose one of the grades") from None
    with visit.service.opened.database.connect() as connection:
        key = key_of_run(connection, run)
        result = results_by_sample(connection, run, [name]).get(name)
    sample = samples(visit.service, key).get(name)
    if result is None or sample is None:
        raise NotFound(f"run `{run[:60]}` has no sample `{name[:80]}` that can be rated")
    batch = case_batch(key, sample, result, _rubric(visit), visit.words.language)
    with visit.service.opened.database.begin() as connection:
        note = fields.get("note", "").strip()
        mark(connection, batch, name, visit.account.name, value, note, visit.service.opened.clock())
    return onward(f"/console/verdict/{run}", done="rated", at=fields.get("at", ""))


def _cases(
    connection: Connection,
    visit: Visit,
    key: RunKey,
    second: RunKey | None,
    found: Sequence[Result],
) -> list[Case]:
    known = samples(visit.service, key)
    names = [one.sample_id for one in found]
    theirs = results_by_sample(connection, second.id, names) if second else {}
    return [_case(one, theirs.get(one.sample_id), known.get(one.sample_id)) for one in found]


def _case(own: Result, other: Result | None, sample: Sample | None) -> Case:
    ours, theirs = differences(_answer(own), _answer(other)) if other else ([], [])
    return Case(
        own=Side(result=own, parts=ours or [(_answer(own), False)]),
        other=Side(result=other, parts=theirs) if other else None,
        asked=_text(in_words(sample.input)) if sample else "",
        target=_text(msgspec.to_builtins(sample.target)) if sample else "",
        why=sample.why if sample else "",
    )


def _answer(result: Result) -> str:
    """Return what a person reads of an answer, already fit to be shown."""
    return shown(_raw(result.output) if result.output is not None else result.draft)


def _text(value: object) -> str:
    return shown(_raw(value))


def _raw(value: object) -> str:
    if isinstance(value, Mapping):
        value = {name: one for name, one in value.items() if one not in (None, [], "", ())}
        if len(value) == 1:
            value = next(iter(value.values()))
    return "\n".join(_lines(value))


def _lines(value: object) -> Iterator[str]:
    """Yield a value as lines: `name: value`, a dash before each of several."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            below = list(_lines(one))
            if isinstance(one, Mapping | list | tuple) and below:
                yield f"{name}:"
                yield from (f"  {line}" for line in below)
            else:
                yield f"{name}: {below[0] if below else '–'}"
                yield from (f"  {line}" for line in below[1:])
    elif isinstance(value, list | tuple):
        for one in value:
            first, *rest = list(_lines(one)) or ["–"]
            yield f"– {first}"
            yield from (f"  {line}" for line in rest)
    else:
        yield from str(value).split("\n")


def _rubric(visit: Visit) -> Rubric:
    folders = visit.service.opened.workspace.content("rubrics", packaged_rubrics())
    return read_rubric(folders, RUBRIC)
