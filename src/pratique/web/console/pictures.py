"""Pictures of the console as SVG: made of numbers and attributes, without a style or a script."""

from collections.abc import Sequence

from markupsafe import Markup

from pratique.assessment.findings import Finding
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
