"""Pictures of the console as SVG: made of numbers and attributes, without a style or a script."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from pratique.assessment.findings import Finding
from pratique.assessment.pictures import Point
from pratique.assessment.trend import Progress
from pratique.rollout.halt_rules import Judged
from pratique.web.console.roadmap import Mark

_WIDTH = 120


def interval(finding: Finding) -> Markup:
    """Return the interval of *finding* against its bar. The text beside it says the same."""

    def x(share: float) -> float:
        return 6 + (_WIDTH - 12) * min(1.0, max(0.0, share))

    dot = f'<circle cx="{x(finding.estimate):.1f}" cy="10" r="4" class="dot"/>'
    return Markup(  # noqa: S704  (made of numbers, and of a word of ours)
        f'<svg viewBox="0 0 {_WIDTH} 20" width="{_WIDTH}" height="20" aria-hidden="true"'
        f' class="pic {finding.finding}"><line x1="6" x2="{_WIDTH - 6}" y1="10" y2="10"'
        f' class="axis"/><line x1="{x(finding.low):.1f}" x2="{x(finding.high):.1f}" y1="10"'
        f' y2="10" class="range"/>{dot if finding.samples else ""}<line x1="{x(finding.bar):.1f}"'
        f' x2="{x(finding.bar):.1f}" y1="2" y2="18" class="bar"/></svg>'
    )


def road(marks: Sequence[Mark]) -> Markup:
    """Return the five stops on their road: a full circle with a tick, an empty one, or a square."""
    step = 44
    parts = []
    for place, one in enumerate(marks):
        x = 14 + step * place
        if place:
            reached = "done" if one.state == "done" else "open"
            parts.append(
                f'<line x1="{x - step + 10}" x2="{x - 10}" y1="14" y2="14" class="leg {reached}"/>'
            )
        parts.append(_stop(x, one.state))
    width = 28 + step * (len(marks) - 1)
    return Markup(  # noqa: S704  (made of numbers, and of words of ours)
        f'<svg viewBox="0 0 {width} 28" width="{width}" height="28" aria-hidden="true"'
        f' class="pic road">{"".join(parts)}</svg>'
    )


def _stop(x: int, state: str) -> str:
    if state == "done":
        return (
            f'<circle cx="{x}" cy="14" r="9" class="stop done"/>'
            f'<path d="M{x - 4} 14l3 3 5-6" class="tick"/>'
        )
    if state == "halted":
        return (
            f'<rect x="{x - 9}" y="5" width="18" height="18" class="stop halted"/>'
            f'<path d="M{x - 4} 10v8M{x + 4} 10v8" class="tick"/>'
        )
    return f'<circle cx="{x}" cy="14" r="8" class="stop open"/>'


def narrowing(points: Sequence[Point], finding: Finding) -> Markup:
    """Return how the interval of *finding* narrowed with each sample, and where it stopped."""
    if not points:
        return Markup("")
    most = max(finding.full_calls, 1)

    def x(n: int) -> float:
        return 36 + 420 * n / most

    kept = _thinned(points)
    upper = [f"{x(n):.1f},{_y(high):.1f}" for n, _, _, high in kept]
    lower = [f"{x(n):.1f},{_y(low):.1f}" for n, _, low, _ in kept]
    mean = " ".join(f"{x(n):.1f},{_y(value):.1f}" for n, value, _, _ in kept)
    last = points[-1][0]
    return Markup(  # noqa: S704  (made of numbers, and of a word of ours)
        f'<svg viewBox="0 0 470 200" width="470" height="200" aria-hidden="true"'
        f' class="pic {finding.finding}">{_grid(456)}'
        f'<polygon points="{" ".join(upper + lower[::-1])}" class="band"/>'
        f'<polyline points="{mean}" class="mean"/>'
        f'<line x1="36" x2="456" y1="{_y(finding.bar):.1f}" y2="{_y(finding.bar):.1f}" class="bar"/>'
        f'<line x1="{x(last):.1f}" x2="{x(last):.1f}" y1="10" y2="170" class="stop-at"/>'
        f'<text x="{x(last):.1f}" y="190" text-anchor="middle">{last}</text>'
        f"{_end(most) if x(most) - x(last) > 30 else ''}</svg>"
    )


def columns(counts: Sequence[int]) -> Markup:
    """Return how many samples had which share of their target."""
    most = max([*counts, 1])
    drawn = "".join(
        f'<rect x="{10 + 30 * place}" y="{110 - 90 * count / most:.1f}" width="24"'
        f' height="{90 * count / most:.1f}" class="column"/>'
        f'<text x="{22 + 30 * place}" y="{104 - 90 * count / most:.1f}" text-anchor="middle">'
        f"{count or ''}</text>"
        for place, count in enumerate(counts)
    )
    ends = '<text x="10" y="128">0%</text><text x="304" y="128" text-anchor="end">100%</text>'
    return Markup(  # noqa: S704  (made of numbers)
        f'<svg viewBox="0 0 314 134" width="314" height="134" aria-hidden="true" class="pic">'
        f'{drawn}<line x1="8" x2="306" y1="111" y2="111" class="axis"/>{ends}</svg>'
    )


MOST_POINTS = 300
"""Points of one line that are drawn: more are finer than a screen."""


def _thinned(points: Sequence[Point]) -> Sequence[Point]:
    step = -(-len(points) // MOST_POINTS)
    return [*points[:-1:step], points[-1]]


def _y(share: float) -> float:
    return 10 + 160 * (1 - share)


def _grid(right: int) -> str:
    return "".join(
        f'<text x="32" y="{_y(share) + 4:.1f}" text-anchor="end">{share:.0%}</text>'
        f'<line x1="36" x2="{right}" y1="{_y(share):.1f}" y2="{_y(share):.1f}" class="axis"/>'
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    )


def _end(most: int) -> str:
    return f'<text x="456" y="190" text-anchor="end">{most}</text>'


def progress(found: Progress) -> Markup:
    """Return the releases over time against the bar, with the forecast for the planned day."""
    days = found.series.by_day
    if not days:
        return Markup("")
    outlook, milestone = found.outlook, found.milestone
    ends = [
        days[-1].day,
        milestone.date if milestone else None,
        outlook.horizon if outlook else None,
    ]
    first = days[0].day.toordinal()
    last = max(one for one in ends if one is not None).toordinal()

    def x(day: date) -> float:
        return 48 + 396 * (day.toordinal() - first) / max(1, last - first)

    parts = [
        f'<line x1="{x(one.day):.1f}" x2="{x(one.day):.1f}" y1="{_y(one.low):.1f}"'
        f' y2="{_y(one.high):.1f}" class="range"/>'
        f'<circle cx="{x(one.day):.1f}" cy="{_y(one.estimate):.1f}" r="4" class="dot"/>'
        for one in days
    ]
    if milestone is not None:
        due = f"{x(milestone.date):.1f}"
        parts.append(f'<line x1="{due}" x2="{due}" y1="10" y2="170" class="stop-at"/>')
        if outlook and outlook.planned:
            middle, low, high = outlook.planned
            parts.append(
                f'<line x1="{due}" x2="{due}" y1="{_y(low):.1f}" y2="{_y(high):.1f}" class="ahead"/>'
                f'<circle cx="{due}" cy="{_y(middle):.1f}" r="4" class="ring"/>'
            )
    return Markup(  # noqa: S704  (made of numbers and days)
        f'<svg viewBox="0 0 470 200" width="470" height="200" aria-hidden="true" class="pic">'
        f'{_grid(456)}<line x1="36" x2="456" y1="{_y(found.bar):.1f}" y2="{_y(found.bar):.1f}"'
        f' class="bar"/>{"".join(parts)}<text x="36" y="190">{days[0].day}</text>'
        f'<text x="456" y="190" text-anchor="end">{date.fromordinal(last)}</text></svg>'
    )


def limit(rule: Judged) -> Markup:
    """Return the running interval of a halt rule against its bound."""
    ends = [rule.low, rule.high, rule.bound, 0.0]
    low, high = min(ends), max(ends)
    span = (high - low) * 1.05 or 1.0

    def x(value: float) -> float:
        return 6 + (_WIDTH - 12) * (value - low) / span

    dot = (
        "" if rule.mean is None else f'<circle cx="{x(rule.mean):.1f}" cy="10" r="4" class="dot"/>'
    )
    return Markup(  # noqa: S704  (made of numbers)
        f'<svg viewBox="0 0 {_WIDTH} 20" width="{_WIDTH}" height="20" aria-hidden="true"'
        f' class="pic"><line x1="6" x2="{_WIDTH - 6}" y1="10" y2="10" class="axis"/>'
        f'<line x1="{x(rule.low):.1f}" x2="{x(rule.high):.1f}" y1="10" y2="10" class="range"/>'
        f'{dot}<line x1="{x(rule.bound):.1f}" x2="{x(rule.bound):.1f}" y1="2" y2="18"'
        ' class="bar"/></svg>'
    )
