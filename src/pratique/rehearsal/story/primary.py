"""The first chapters: a primary partner is chosen, built with, and dropped when it improves too slowly."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from pratique.rehearsal.story import cast
from pratique.rehearsal.story.desk import MARKET, Desk
from pratique.rehearsal.story.market import write_market
from pratique.rehearsal.story.reading import (
    Chosen,
    Found,
    choices,
    findings,
    meeting,
    partners,
)
from pratique.rehearsal.story.samples import PLANNED
from pratique.rehearsal.story.telling import Telling
from pratique.store.figures import Value

RELEASES = (
    ("topsail-1", date(2027, 1, 18)),
    ("topsail-2", date(2027, 3, 15)),
    ("topsail-3", date(2027, 5, 17)),
    ("topsail-4", date(2027, 7, 12)),
    ("topsail-5", date(2027, 9, 13)),
    ("topsail-6", date(2027, 11, 15)),
    ("topsail-7", date(2028, 1, 10)),
)
"""Releases of the primary partner, with the day on which each is tested."""

MILESTONE = PLANNED[:2]
"""What the plan with the primary partner is about."""


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One release, as `progress` saw it."""

    model: str
    """Model."""
    day: date
    """Day of its test."""
    passed: int
    """Samples that it passed."""
    samples: int
    """How many there were."""

    @property
    def share(self) -> float:
        """Share of the samples that it passed."""
        return self.passed / self.samples


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """How the primary partner came along."""

    points: tuple[Point, ...]
    """Its releases."""
    bar: float
    """The bar."""
    date: date
    """The planned day."""
    milestone: str
    """Name of what was agreed."""
    planned: tuple[float, float, float] | None
    """Forecast for that day: line, lower and upper end; None with too few releases."""
    verdict: str
    """What it came to."""


def choose_primary(desk: Desk, telling: Telling, seed: int) -> tuple[Found, ...]:
    """Test the first models of all five and select the primary partner on what was found."""
    telling.begin("primary")
    write_market(desk, cast.FIRST_MODELS, "pilot", locales=MILESTONE[1:])
    assessed = desk.must("assess", "--concurrency", "1", "--seed", str(seed))
    found = findings(assessed)
    for one in found:
        telling.cite(one.about, one.figures)
    telling.see(
        "five_assessed",
        desk.today,
        "5",
        str(len({one.candidate for one in found})),
        "pratique assess",
        samples=sum(one.samples for one in found),
        full=int(str(assessed["full_calls"])),
    )
    chosen = choices(desk.must("select"))
    names = partners([one.serves for one in chosen])
    cite_choices(telling, chosen)
    telling.need(
        telling.see(
            "primary_chosen", desk.today, cast.PRIMARY, names, "pratique select", bar=found[0].bar
        )
    )
    return found


def build_together(desk: Desk, telling: Telling, seed: int) -> Course:
    """Test each release against the bar of the launch, and give the partner a brief of what to mend."""
    telling.begin("together")
    plan = (cast.content() / "plans" / f"{cast.PRIMARY}.toml").read_text(encoding="utf-8")
    desk.write(f"plans/{MARKET}/{cast.PRIMARY}.toml", plan)
    for number, (model, day) in enumerate(RELEASES, 1):
        desk.clock.wait(until=day)
        write_market(
            desk,
            [f"{cast.PRIMARY}/{model}"],
            "launch",
            features=MILESTONE[:1],
            locales=MILESTONE[1:],
        )
        desk.must("assess", "--concurrency", "1", "--seed", str(seed))
        seen = desk.run("progress", cast.PRIMARY, "--samples", "480").document
        course = _course(seen)
        _cite(telling, course)
        if number < len(RELEASES):
            _brief(desk, telling, model, number, course.points[-1].share, course.verdict)
    telling.begin("dropped")
    telling.need(
        telling.see(
            "primary_dropped",
            desk.today,
            "PROGRESS_BELOW_STANDARD",
            course.verdict,
            f"pratique progress {cast.PRIMARY}",
            low=course.planned[1] if course.planned else None,
            high=course.planned[2] if course.planned else None,
            bar=course.bar,
            date=course.date.isoformat(),
        )
    )
    return course


def _brief(
    desk: Desk, telling: Telling, model: str, number: int, share: float, verdict: str
) -> None:
    brief = desk.must("brief", cast.PRIMARY)
    telling.see(
        "release_briefed",
        desk.today,
        "a brief",
        "a brief" if brief["files"] else "no brief",
        f"pratique brief {cast.PRIMARY}",
        number=number,
        model=model,
        share=share,
        verdict=verdict,
    )


def _progress(document: Mapping[str, object]) -> Mapping[str, object]:
    """Return the milestone's part of what `progress` printed."""
    return msgspec.convert(document["progress"], list[dict[str, object]])[0]


def _cite(telling: Telling, course: Course) -> None:
    """Cite releases and forecast as `verify --figures` names them."""
    feature, locale = MILESTONE
    for one in course.points:
        about = f"{cast.PRIMARY}/{one.model}, {feature} {locale}"
        telling.cite(about, {"day": one.day.isoformat(), "passed": one.passed})
        telling.cite(about, {"samples": one.samples})
    figures: dict[str, Value] = {"verdict": course.verdict}
    if course.planned:
        names = ("planned day", "planned day, low", "planned day, high")
        figures |= dict(zip(names, course.planned, strict=True))
    telling.cite(f"{feature} {locale}, milestone `{course.milestone}`", figures)


def cite_choices(telling: Telling, chosen: Sequence[Chosen]) -> None:
    """Cite who serves what."""
    for one in chosen:
        telling.cite(f"{one.feature} {one.locale}", {"serves": one.serves})


class _Release(msgspec.Struct, frozen=True, kw_only=True):
    at: str
    finding: Found
    passed: int
    samples: int


class _Series(msgspec.Struct, frozen=True, kw_only=True):
    releases: tuple[_Release, ...]


class _Outlook(msgspec.Struct, frozen=True, kw_only=True):
    planned: tuple[float, float, float] | None


class _Milestone(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    date: date
    bar: float


class _Progress(msgspec.Struct, frozen=True, kw_only=True):
    series: _Series
    outlook: _Outlook | None
    milestone: _Milestone
    verdict: str


def _course(document: Mapping[str, object]) -> Course:
    found = msgspec.convert(_progress(document), _Progress)
    planned = found.outlook.planned if found.outlook else None
    last: dict[str, _Release] = {one.finding.candidate: one for one in found.series.releases}
    return Course(
        points=tuple(_point(one) for one in last.values()),
        bar=found.milestone.bar,
        date=found.milestone.date,
        milestone=found.milestone.id,
        planned=planned,
        verdict=found.verdict,
    )


def _point(one: _Release) -> Point:
    return Point(
        model=one.finding.candidate.partition("/")[2],
        day=date.fromisoformat(one.at[:10]),
        passed=one.passed,
        samples=one.samples,
    )


def all_met(found: Sequence[Found]) -> str:
    """Return the partners of which a model meets every bar, for a step to compare."""
    return partners(meeting(found))
