"""Pictures over several findings: all intervals of a feature against their bars, and progress."""

from collections.abc import Sequence

from markupsafe import escape

from pratique.assessment.report.figures import Past, Row
from pratique.assessment.summary import WORDS

_LEFT, _RIGHT, _WIDTH, _LINE = 250, 560, 720, 30


def matrix(rows: Sequence[Row], name: str) -> str:
    """Return the intervals of *rows*, all of the feature *name*, on one scale, each with its bar."""
    height = 28 + _LINE * len(rows) + 22
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" role="img"'
        f' aria-label="{escape(name)}: each interval against its bar; the table below says the same">'
    ]
    parts += [
        f'<line x1="{_x(share):.1f}" x2="{_x(share):.1f}" y1="22" y2="{height - 22}"'
        f' class="axis"/><text x="{_x(share):.1f}" y="14" text-anchor="middle">{share:.0%}</text>'
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    parts += [_line(row, 28 + _LINE * place) for place, row in enumerate(rows)]
    parts.append(
        f'<text x="{_LEFT}" y="{height - 6}">● share that passed   ▬ interval   ┆ bar</text></svg>'
    )
    return "".join(parts)


def _line(row: Row, top: int) -> str:
    one, middle = row.finding, top + _LINE // 2
    mark = " (simulated)" if row.simulated else ""
    # Before the first sample there is nothing to put a dot at.
    dot = f'<circle cx="{_x(one.estimate):.1f}" cy="{middle}" r="4.5" class="dot"/>'
    dot = dot if one.samples else ""
    who = f"{one.locale} {one.candidate}{mark}"
    return (
        f'<g class="{one.finding}"><title>{escape(who)}: {one.estimate:.1%},'
        f" interval {one.low:.1%} to {one.high:.1%}, bar {one.bar:.0%}, {one.samples} samples,"
        f" {WORDS[one.finding]}</title>"
        f'<text x="4" y="{middle + 4}" class="name">{escape(_short(who))}</text>'
        f'<line x1="{_x(one.low):.1f}" x2="{_x(one.high):.1f}" y1="{middle}" y2="{middle}"'
        ' class="range"/>'
        f"{dot}"
        f'<line x1="{_x(one.bar):.1f}" x2="{_x(one.bar):.1f}" y1="{top + 4}"'
        f' y2="{top + _LINE - 4}" class="bar"/>'
        f'<text x="{_RIGHT + 22}" y="{middle + 4}" class="verdict">{WORDS[one.finding]}'
        f" · {one.samples}</text></g>"
    )


def progress(past: Sequence[Past]) -> str:
    """Return each assessment's interval against the bar it had then, oldest first; empty for one."""
    if len(past) < 2:
        return ""
    step = min(60.0, 300 / (len(past) - 1))
    parts = []
    for place, one in enumerate(past):
        found, x = one.finding, 45 + step * place
        parts.append(
            f'<g class="{found.finding}"><title>{escape(one.assessment)}: {found.estimate:.1%},'
            f" interval {found.low:.1%} to {found.high:.1%}, bar {found.bar:.0%},"
            f" {found.samples} samples</title>"
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_y(found.low):.1f}" y2="{_y(found.high):.1f}"'
            f' class="range"/><circle cx="{x:.1f}" cy="{_y(found.estimate):.1f}" r="4" class="dot"/>'
            f'<line x1="{x - 9:.1f}" x2="{x + 9:.1f}" y1="{_y(found.bar):.1f}"'
            f' y2="{_y(found.bar):.1f}" class="bar"/>'
            f'<text x="{x:.1f}" y="146" text-anchor="middle">{WORDS[found.finding][0]}</text></g>'
        )
    grid = "".join(
        f'<line x1="30" x2="350" y1="{_y(share):.1f}" y2="{_y(share):.1f}" class="axis"/>'
        f'<text x="26" y="{_y(share) + 4:.1f}" text-anchor="end">{share:.0%}</text>'
        for share in (0.0, 0.5, 1.0)
    )
    return (
        '<svg viewBox="0 0 370 150" width="370" height="150" role="img" aria-label='
        f'"the interval at each of {len(past)} assessments, oldest first">{grid}{"".join(parts)}</svg>'
    )


def _x(share: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * share


def _y(share: float) -> float:
    return 10 + 120 * (1 - share)


def _short(name: str) -> str:
    return name if len(name) <= 38 else name[:37] + "…"
