"""Pictures of progress as SVG: releases with their intervals, the bar, and where the line leads."""

from datetime import date

from pratique.assessment.ways import Way

_WIDTH, _HEIGHT = 360, 150


def trend_picture(way: Way) -> str:
    """Return the releases of *way* over time; empty without any. 360 by 150 pixels."""
    if not way.releases:
        return ""
    first = way.releases[0].day.toordinal()
    ends = [way.releases[-1].day, way.due, way.outlook.horizon if way.outlook else None]
    last = max(one for one in ends if one is not None).toordinal()

    def x(day: date) -> float:
        return 30 + 320 * (day.toordinal() - first) / max(1, last - first)

    def y(share: float) -> float:
        return 10 + 120 * (1 - share)

    marks = [
        f'<line x1="{x(one.day):.1f}" x2="{x(one.day):.1f}" y1="{y(one.low):.1f}"'
        f' y2="{y(one.high):.1f}" class="range"/>'
        f'<circle cx="{x(one.day):.1f}" cy="{y(one.estimate):.1f}" r="4" class="dot"/>'
        for one in way.releases
    ]
    if way.due is not None:
        due = x(way.due)
        marks.append(f'<line x1="{due:.1f}" x2="{due:.1f}" y1="10" y2="130" class="stop"/>')
        if way.outlook and way.outlook.planned:
            middle, low, high = way.outlook.planned
            marks.append(
                f'<line x1="{due:.1f}" x2="{due:.1f}" y1="{y(low):.1f}" y2="{y(high):.1f}" class="ahead"/>'
                f'<circle cx="{due:.1f}" cy="{y(middle):.1f}" r="4" class="open"/>'
            )
    grid = "".join(
        f'<text x="26" y="{y(share) + 4:.1f}" text-anchor="end">{share:.0%}</text>'
        f'<line x1="30" x2="350" y1="{y(share):.1f}" y2="{y(share):.1f}" class="axis"/>'
        for share in (0.0, 0.5, 1.0)
    )
    label = f"{len(way.releases)} × {way.releases[0].day} – {way.releases[-1].day}, {way.bar:.0%}"
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" role="img"'
        f' aria-label="{label}">{grid}'
        f'<line x1="30" x2="350" y1="{y(way.bar):.1f}" y2="{y(way.bar):.1f}" class="bar"/>'
        f"{''.join(marks)}"
        f'<text x="30" y="146">{way.releases[0].day}</text>'
        f'<text x="350" y="146" text-anchor="end">{date.fromordinal(last)}</text></svg>'
    )
