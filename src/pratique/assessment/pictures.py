"""Pictures of findings as SVG: the interval against its bar, and how it narrowed."""

from collections.abc import Sequence

Point = tuple[int, float, float, float]
"""After *n* samples: the mean, the lower and the upper end of the interval."""


def interval(estimate: float, low: float, high: float, bar: float, finding: str) -> str:
    """Return the interval on a line from 0 to 1, with a tick at the bar. 220 by 22 pixels."""

    def x(share: float) -> float:
        return 10 + 200 * share

    return (
        f'<svg viewBox="0 0 220 22" width="220" height="22" role="img" class="{finding}"'
        f' aria-label="estimate {estimate:.0%}, interval {low:.0%} to {high:.0%}, bar {bar:.0%}">'
        f'<line x1="10" x2="210" y1="11" y2="11" class="axis"/>'
        f'<line x1="{x(low):.1f}" x2="{x(high):.1f}" y1="11" y2="11" class="range"/>'
        f'<circle cx="{x(estimate):.1f}" cy="11" r="4" class="dot"/>'
        f'<line x1="{x(bar):.1f}" x2="{x(bar):.1f}" y1="2" y2="20" class="bar"/></svg>'
    )


def narrowing(trace: Sequence[Point], bar: float, population: int, finding: str) -> str:
    """Return how the interval narrowed with each sample, and where it stopped. 360 by 150 pixels."""
    if not trace:
        return ""

    def x(n: int) -> float:
        return 30 + 320 * n / max(population, 1)

    def y(share: float) -> float:
        return 10 + 120 * (1 - share)

    upper = [f"{x(n):.1f},{y(high):.1f}" for n, _, _, high in trace]
    lower = [f"{x(n):.1f},{y(low):.1f}" for n, _, low, _ in trace]
    mean = " ".join(f"{x(n):.1f},{y(value):.1f}" for n, value, _, _ in trace)
    last = trace[-1][0]
    grid = "".join(
        f'<text x="26" y="{y(share) + 4:.1f}" text-anchor="end">{share:.0%}</text>'
        f'<line x1="30" x2="350" y1="{y(share):.1f}" y2="{y(share):.1f}" class="axis"/>'
        for share in (0.0, 0.5, 1.0)
    )
    return (
        f'<svg viewBox="0 0 360 150" width="360" height="150" role="img" class="{finding}"'
        f' aria-label="the interval after each of {last} samples, against a bar of {bar:.0%}">{grid}'
        f'<polygon points="{" ".join(upper + lower[::-1])}" class="band"/>'
        f'<polyline points="{mean}" class="mean"/>'
        f'<line x1="30" x2="350" y1="{y(bar):.1f}" y2="{y(bar):.1f}" class="bar"/>'
        f'<line x1="{x(last):.1f}" x2="{x(last):.1f}" y1="10" y2="130" class="stop"/>'
        f'<text x="{x(last):.1f}" y="145" text-anchor="middle">{last}</text>'
        f'<text x="350" y="145" text-anchor="end">{population}</text></svg>'
    )
